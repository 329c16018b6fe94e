"""Meetings in person: a seat, and the date for one's own calendar."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.policy import policy
from organisation.access import person_of
from training.actions.meetings import NoSeatLeft, book_seat, give_up_seat
from training.actions.turns import NotOpen
from training.calendar_file import calendar_file
from training.models import InPersonSession, Seat
from training.views.doors import own_lesson


@policy("training.learn")
@require_POST
def seat_book(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Take a seat on one of the dates."""
    assignment, lesson = own_lesson(request.user, reference, key)
    dates = InPersonSession.objects.for_lesson(lesson)
    session = get_object_or_404(dates, reference=request.POST.get("session", "").replace("\x00", ""))
    try:
        book_seat(session, assignment=assignment)
        messages.success(request, _("You have a seat. Put the date into your calendar."))
    except NoSeatLeft:
        messages.warning(request, _("No seat is left on this date. Please choose another one."))
    except NotOpen:
        return redirect(assignment)
    return redirect("training:lesson", reference, key)


@policy("training.learn")
@require_POST
def seat_give_up(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Let somebody else have it."""
    assignment, lesson = own_lesson(request.user, reference, key)
    dates = InPersonSession.objects.for_lesson(lesson)
    for seat in Seat.objects.filter(assignment=assignment, session__in=dates, attended__isnull=True):
        give_up_seat(seat, by=person_of(request))
    messages.success(request, _("Your seat is free for somebody else."))
    return redirect("training:lesson", reference, key)


@policy("training.learn")
@require_safe
def session_calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The date as a calendar file."""
    sessions = InPersonSession.objects.visible_to(request.user).select_related("course", "unit")
    session = get_object_or_404(sessions.prefetch_related("course__texts"), reference=reference)
    response = HttpResponse(calendar_file(session), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="training-{session.reference}.ics"'
    return response
