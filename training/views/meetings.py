"""Dates of lessons in person for whoever sets them: list, plan, change, call off."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter.forms.fields import take_refusal
from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.days import organisation_day
from organisation.forms import posted
from organisation.views.people import units_managed_by
from training.actions import sessions as actions
from training.forms.lists import SessionSearch
from training.forms.sessions import CancelForm, SessionForm
from training.models import Course, InPersonSession
from training.views.attendance import session_page
from training.views.doors import session_led


@policy("training.lead_session")
@require_safe
def session_list(request: HttpRequest) -> HttpResponseBase:
    """The dates in the units that one manages."""
    now = timezone.now()
    search = SessionSearch(request.GET, user=request.user, units=units_managed_by(request.user))
    mine = InPersonSession.objects.managed_by(request.user).select_related("course", "unit")
    rows = search.filter(mine.prefetch_related("course__texts"), now, organisation_day(now))
    found = search.found(rows) if request.GET.get("q") else rows
    if request.GET.get("export") in ("csv", "xlsx"):
        return table_response(request.GET["export"], "meetings", _header(), _lines(found))
    context = {
        "search": search,
        "page": page_of(request, found),
        "now": now,
        "is_filtered": any(request.GET.get(name) for name in search.fields),
    }
    return render(request, "training/session_list.html", context)


def _header() -> list[Any]:
    return [
        *(_("Course"), _("Unit"), _("Place"), _("Begins"), _("Ends"), _("Led by")),
        *(_("Seats"), _("Taken"), _("Called off")),
    ]


def _lines(found: Any) -> Iterator[list[Any]]:
    for each in found:
        yield [
            *(str(each.course), each.unit.name, each.place),
            *(each.starts_at.isoformat(timespec="minutes"), each.ends_at.isoformat(timespec="minutes")),
            *(each.led_by, each.seats, each.taken, each.cancel_reason if each.cancelled_at else ""),
        ]


@policy("training.lead_session")
@require_http_methods(["GET", "POST"])
def session_add(request: HttpRequest) -> HttpResponse:
    """Set a date."""
    form = SessionForm(posted(request), units=units_managed_by(request.user))
    if request.method == "POST" and form.is_valid():
        key, _slash, lesson = form.cleaned_data["lesson"].partition("/")
        session = InPersonSession(course=Course.objects.get(key=key), lesson_key=lesson)
        try:
            made = actions.plan_session(form.fill(session), by=person_of(request))
        except actions.SessionRefused as refused:
            take_refusal(form, refused)
        else:
            messages.success(request, _("The date is set. Whoever takes the course can book a seat now."))
            return redirect(made)
    context = {"form": form, "session": None}
    return render(request, "training/session_form.html", context, status=422 if form.is_bound else 200)


@policy("training.lead_session")
@require_http_methods(["GET", "POST"])
def session_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change a date that is still to come."""
    session = session_led(request.user, reference)
    form = SessionForm(posted(request), units=units_managed_by(request.user), session=session)
    if request.method == "POST" and form.is_valid():
        try:
            letters = actions.change_session(
                form.fill(session), seen=form.cleaned_data["seen"], by=person_of(request)
            )
        except actions.SessionRefused as refused:
            session = session_led(request.user, reference)
            if getattr(refused, "code", "") == "changed":
                return _changed(request, form, session)
            _take(form, refused)
        else:
            messages.success(request, _told(letters) if letters else _("Saved."))
            return redirect(session)
    context = {"form": form, "session": session}
    return render(request, "training/session_form.html", context, status=422 if form.is_bound else 200)


def _changed(request: HttpRequest, form: SessionForm, session: InPersonSession) -> HttpResponse:
    """Somebody else was quicker: what was typed stays, beside what stands now."""
    typed = request.POST.copy()
    typed["seen"] = session.terms()
    form.data = typed
    context = {"form": form, "session": session, "is_changed": True}
    return render(request, "training/session_form.html", context, status=409)


def _take(form: Any, refused: ValidationError) -> None:
    if hasattr(refused, "error_dict"):
        take_refusal(form, refused)
    else:
        form.add_error(None, refused)


def _told(letters: int) -> str:
    text = ngettext(
        "Saved. %(count)d person with a seat gets a letter.",
        "Saved. %(count)d people with a seat get a letter.",
        letters,
    )
    return text % {"count": letters}


@policy("training.lead_session")
@require_POST
def session_cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Call it off, with a reason that everybody with a seat reads."""
    session = session_led(request.user, reference)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return session_page(request, session, cancel=form, status=422)
    try:
        done = actions.cancel_session(session, reason=form.cleaned_data["reason"], by=person_of(request))
    except ValidationError as refused:
        form.add_error(None, refused)
        return session_page(request, session_led(request.user, reference), cancel=form, status=422)
    if done:
        messages.success(request, _("The meeting is called off. Everybody with a seat gets a letter."))
    else:
        messages.info(request, _("A colleague has already called it off."))
    return redirect("training:session", reference)
