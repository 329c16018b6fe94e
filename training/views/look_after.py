"""Somebody's courses as their manager sees them: how they stand, what was done, and what is decided."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.days import local_day, organisation_day
from training.actions import assign
from training.actions.turns import ChangedMeanwhile, NotOpen
from training.asking import asked
from training.forms.look_after import ExtendForm, WaiveForm
from training.models import Assignment, Seat, TrainingEvent
from training.standing import course_page
from training.views.certificates import history_header, history_of, history_rows
from training.views.doors import (
    assignment_looked_after,
    attempt_looked_after,
    person_looked_after,
)

EVENTS_SHOWN = 100


@policy("training.look_after")
@require_safe
def person(request: HttpRequest, reference: str) -> HttpResponseBase:
    """All cycles of a person, and what happened in them."""
    found = person_looked_after(request.user, reference)
    history = history_of(found)
    if request.GET.get("export") in ("csv", "xlsx"):
        return table_response(request.GET["export"], "training", history_header(), history_rows(history))
    events = TrainingEvent.objects.filter(assignment__person=found)
    events = events.select_related("by", "course").prefetch_related("course__texts")
    context = {
        "person": found,
        "places": found.memberships.select_related("unit"),
        "history": history,
        "events": page_of(request, events, EVENTS_SHOWN),
        "today": local_day(found, timezone.now()),
        "is_oneself": found == request.user,
    }
    return render(request, "training/person.html", context)


@policy("training.look_after")
@require_safe
def manage(request: HttpRequest, reference: str) -> HttpResponse:
    """One cycle: what the learner did, and what may be decided about it."""
    return _page(request, assignment_looked_after(request.user, reference))


def _page(request: HttpRequest, found: Assignment, status: int = 200, **forms: Any) -> HttpResponse:
    now = timezone.now()
    today = local_day(found.person, now)
    fresh: dict[str, Any] = {"assignment": found, "today": today}
    proof = found.proof
    opens = proof.renewal_opens() if proof else None
    context = {
        **fresh,
        "page": course_page(found, now),
        "extend": forms.get("extend") or ExtendForm(**fresh),
        "waive": forms.get("waive") or WaiveForm(**fresh),
        "wrong": next(iter(forms), ""),
        "may_decide": request.user.has_perm("training.decide", found),
        "may_waive": found.is_open or found.state == Assignment.State.FAILED,
        "is_newest": not Assignment.objects.filter(
            person=found.person_id, course=found.course_id, cycle__gt=found.cycle
        ).exists(),
        "opens": opens,
        "may_renew": opens is not None and opens <= today,
        "observations": _observations(found),
        "seats": Seat.objects.filter(assignment=found).select_related("session__unit"),
        "events": found.events.select_related("by", "course")[:EVENTS_SHOWN],
    }
    return render(request, "training/manage.html", context, status=status)


def _observations(found: Assignment) -> list[dict[str, Any]]:
    """What was seen of the practices, in the words of their items."""
    rows = found.observations.select_related("lesson", "seen_by").prefetch_related("lesson__texts")
    seen = []
    for row in rows:
        words: Any = row.lesson.text()
        items = words.content.get("items", []) if words else []
        seen.append({"row": row, "words": items[row.item] if row.item < len(items) else str(row.lesson)})
    return seen


def _to_decide(request: HttpRequest, reference: str) -> tuple[Assignment, dict[str, Any]]:
    found = assignment_looked_after(request.user, reference, to_decide=True)
    return found, {"assignment": found, "today": local_day(found.person, timezone.now())}


def _changed(request: HttpRequest, reference: str, name: str, form: Any) -> HttpResponse:
    """Somebody else was quicker: what was typed stays, beside what stands now."""
    found, fresh = _to_decide(request, reference)
    data = form.data.copy()
    data["seen"] = found.stand
    words = _("A colleague has decided something meanwhile. Look at it, and save again if it still fits.")
    messages.warning(request, words)
    return _page(request, found, status=409, **{name: type(form)(data, **fresh)})


@policy("training.decide")
@require_POST
def extend(request: HttpRequest, reference: str) -> HttpResponse:
    """More time, with a reason."""
    found, fresh = _to_decide(request, reference)
    form = ExtendForm(request.POST, **fresh)
    if not form.is_valid():
        if form["seen"].value() != found.stand and found.is_open:
            return _changed(request, reference, "extend", form)
        return _page(request, found, status=422, extend=form)
    try:
        assign.extend_due(found, by=person_of(request), **form.cleaned_data)
    except ChangedMeanwhile:
        return _changed(request, reference, "extend", form)
    except NotOpen:
        messages.warning(request, _("The course is over, so there is nothing to extend."))
        return redirect("training:manage", reference)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _page(request, found, status=422, extend=form)
    day = date_format(form.cleaned_data["due_on"], "DATE_FORMAT")
    messages.success(request, _("There is time until %(day)s now.") % {"day": day})
    return redirect("training:manage", reference)


@policy("training.decide")
@require_POST
def waive(request: HttpRequest, reference: str) -> HttpResponse:
    """The course is not owed, with a reason."""
    found, fresh = _to_decide(request, reference)
    form = WaiveForm(request.POST, **fresh)
    if not form.is_valid():
        return _page(request, found, status=422, waive=form)
    try:
        assign.waive(found, by=person_of(request), **form.cleaned_data)
        messages.success(request, _("The course is waived."))
    except ChangedMeanwhile:
        return _changed(request, reference, "waive", form)
    except NotOpen:
        messages.warning(request, _("The course is over, so there is nothing to waive."))
    except ValidationError as refused:
        form.add_error(None, refused)
        return _page(request, found, status=422, waive=form)
    return redirect("training:manage", reference)


@policy("training.decide")
@require_POST
def waiver_end(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a waiver back: the course is owed again."""
    found, _fresh = _to_decide(request, reference)
    if assign.end_waiver(found, by=person_of(request)):
        found.refresh_from_db()
        day = date_format(found.due_on, "DATE_FORMAT")
        if found.is_open:
            messages.success(request, _("The course is owed again, by %(day)s.") % {"day": day})
        else:
            messages.success(request, _("The waiver is taken back."))
    else:
        messages.info(request, _("The course is not waived any more, or a newer cycle has begun."))
    return redirect("training:manage", reference)


@policy("training.decide")
@require_POST
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the next cycle now."""
    found, _fresh = _to_decide(request, reference)
    try:
        opened = assign.renew(found, by=person_of(request))
    except assign.TooEarly as early:
        day = date_format(early.args[0], "DATE_FORMAT")
        messages.warning(request, _("It can be renewed from %(day)s on.") % {"day": day})
    except NotOpen:
        messages.warning(request, _("There is no certificate that expires, so there is nothing to renew."))
    except assign.AssigningRefused as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The next cycle is open."))
        return redirect("training:manage", opened.reference)
    return redirect("training:manage", reference)


@policy("training.look_after")
@require_safe
def attempt_answers(request: HttpRequest, reference: str) -> HttpResponse:
    """An attempt with its answers. One that is under way shows nothing yet, and the own one is read where
    learners read theirs: right answers are told there once nothing depends on them."""
    found = attempt_looked_after(request.user, reference)
    if not request.user.has_perm("training.decide", found.assignment):
        return redirect(found)
    rows = found.questions.select_related("version", "marked_by").prefetch_related(
        "version__texts", "corrections__by"
    )
    context = {
        "attempt": found,
        "questions": [] if found.is_open else [asked(row) for row in rows],
        "may_mark": request.user.has_perm("training.decide", found.assignment),
        "today": organisation_day(timezone.now()),
    }
    return render(request, "training/attempt_answers.html", context)
