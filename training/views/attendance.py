"""One date with its seats: who has one, who waits for one, who came; and the list on paper."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.policy import policy, require
from organisation.access import person_of
from training.actions import meetings
from training.actions.turns import NotOpen
from training.forms.sessions import CancelForm
from training.models import Assignment, InPersonSession, Seat
from training.seats import without_seat
from training.views.doors import session_led

MOST_SHOWN = 50


@policy("training.lead_session")
@require_safe
def session(request: HttpRequest, reference: str) -> HttpResponse:
    """One date: its seats, who still needs one, and afterwards who came."""
    return session_page(request, session_led(request.user, reference))


def _seats(found: InPersonSession) -> list[Seat]:
    rows = found.bookings.select_related("assignment__person", "recorded_by")
    rows = rows.prefetch_related("assignment__person__memberships__unit")
    return list(rows.order_by("assignment__person__name", "pk"))


def session_page(
    request: HttpRequest, found: InPersonSession, status: int = 200, **more: Any
) -> HttpResponse:
    """`ticked` and `cancel` of `more` are what was sent and is shown again."""
    now = timezone.now()
    seats: list[Any] = _seats(found)
    needing = without_seat(found, request.user, now)
    waiting = list(needing[:MOST_SHOWN]) if found.starts_at > now else []
    ticked: dict[int, bool] = more.get("ticked", {})
    for seat in seats:
        seat.is_ticked = ticked.get(seat.pk, bool(seat.attended))
    context = {
        "session": found,
        "seats": seats,
        "sheet": [seat for seat in seats if seat.assignment.person_id != request.user.pk],
        "came": sum(bool(seat.attended) for seat in seats),
        "is_kept": any(seat.attended is not None for seat in seats),
        "seen": meetings.list_as_kept(found),
        "waiting": waiting,
        "more_waiting": needing.count() - MOST_SHOWN if len(waiting) == MOST_SHOWN else 0,
        "has_begun": found.has_begun(now),
        "cancel": more.get("cancel") or CancelForm(),
    }
    return render(request, "training/session_detail.html", context, status=status)


@policy("training.lead_session")
@require_POST
def attendance(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the list: whoever is not ticked did not come."""
    found = session_led(request.user, reference)
    ticked = set(request.POST.getlist("came"))
    by = person_of(request)
    kept = {
        seat.pk: seat.assignment.reference in ticked
        for seat in _seats(found)
        if seat.assignment.person_id != by.pk
    }
    if found.cancelled_at is not None:
        messages.warning(request, _("This meeting was called off, so nobody came."))
        return redirect(found)
    seen = request.POST.get("seen", "-")
    try:
        meetings.record_attendance(found, attended=kept, by=by, seen=seen)
    except meetings.TooEarlyToTell:
        messages.warning(request, _("The meeting has not begun: who came can be noted afterwards."))
    except meetings.ListChanged:
        words = _("A colleague has changed this list meanwhile. Look at your ticks, and save again.")
        messages.warning(request, words)
        return session_page(request, session_led(request.user, reference), status=409, ticked=kept)
    else:
        messages.success(request, _("The list is kept."))
    return redirect(found)


@policy("training.lead_session")
@require_POST
def seat_give(request: HttpRequest, reference: str) -> HttpResponse:
    """Book a seat for somebody whom one looks after."""
    found = session_led(request.user, reference)
    rows = Assignment.objects.visible_to(request.user).filter(course=found.course_id)
    asked = request.POST.get("assignment", "").replace("\x00", "")[:20]
    held = get_object_or_404(rows.select_related("person"), reference=asked)
    require(request.user, "training.look_after", held)
    try:
        meetings.book_seat(found, assignment=held, by=person_of(request))
        messages.success(request, _("%(person)s has a seat.") % {"person": held.person})
    except meetings.NoSeatLeft:
        messages.warning(request, _("No seat is left, or the meeting has begun or was called off."))
    except NotOpen:
        messages.warning(request, _("This person does not need the course any more."))
    return redirect(found)


@policy("training.lead_session")
@require_POST
def seat_take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Free a seat for somebody else."""
    found = session_led(request.user, reference)
    asked = request.POST.get("assignment", "").replace("\x00", "")[:20]
    seat = get_object_or_404(found.bookings.select_related("assignment"), assignment__reference=asked)
    if found.has_begun(timezone.now()) or not meetings.give_up_seat(seat, by=person_of(request)):
        messages.warning(request, _("The list is kept already, so this seat stays."))
    else:
        messages.success(request, _("The seat is free for somebody else."))
    return redirect(found)


@policy("training.lead_session")
@require_safe
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The list on paper, to be signed."""
    found = session_led(request.user, reference)
    return render(request, "training/session_sheet.html", {"session": found, "seats": _seats(found)})
