"""What people do about a gap, each step on a small page of its own."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from common.policy import policy, require
from organisation.access import person_of
from organisation.forms import posted
from organisation.views.people import units_managed_by
from strategy.actions import gaps as actions
from strategy.forms.gaps import MergeForm, OpenForm, PromiseForm, ReasonForm, ReportForm, TrainingForm
from strategy.models import Gap
from strategy.views.doors import change_row, saved, step_page, take_refusal, take_step, today
from strategy.views.gaps import gap_for


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def gap_add(request: HttpRequest) -> HttpResponse:
    """A gap that a person has seen; `?measure=` and `?unit=` fill the form."""
    person = person_of(request)
    asked = {name: request.GET.get(name, "") for name in ("measure", "unit")}
    form = ReportForm(
        posted(request),
        user=person,
        units=units_managed_by(person),
        initial={"owner": person.reference} | asked,
    )
    if request.method == "POST" and form.is_valid():
        wanted = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            gap = actions.report_gap(by=person, **wanted)
        except ValidationError as refused:
            take_refusal(form, refused)
        else:
            return saved(request, gap, _("The gap is open."))
    words: dict[str, Any] = {
        "title": _("Open a gap"),
        "intro": _("For what no rule has found: something that customers or colleagues have told you."),
        "about": _("Gaps"),
        "back": reverse("strategy:gaps"),
        "do": _("Open the gap"),
        "room": "gaps",
    }
    return step_page(request, form, **words)


MOVED_ON = gettext_noop("A colleague has changed this gap meanwhile. Please look again.")


def _step(
    request: HttpRequest, gap: Gap, form: forms.Form, act: Callable[..., Any], **words: Any
) -> HttpResponse:
    """A step of the gap: the fields of the form are what the action `act` is told."""

    def do(wanted: dict[str, Any]) -> None:
        told = {name: value for name, value in wanted.items() if name != "version"}
        act(gap, by=person_of(request), **told)

    return take_step(request, form, do, to=gap, moved_on=_(MOVED_ON), **_about(gap), **words)


def _not_now(request: HttpRequest, gap: Gap, states: Sequence[str], figure: str = "") -> HttpResponse | None:
    """The way back where the step cannot be taken in the gap's state, or because its own figure decides
    (`figure` says so). What was sent already is left to the action, which refuses it with the words kept."""
    if request.method == "POST":
        return None
    if gap.state not in states:
        messages.info(request, _("This gap is now: %(state)s.") % {"state": gap.get_state_display()})
    elif figure and gap.is_measured(today()):
        messages.info(request, _(figure))
    else:
        return None
    return redirect(gap)


def _about(gap: Gap) -> dict[str, Any]:
    return {"about": gap.title, "back": gap.get_absolute_url(), "room": "gaps"}


def _managed(request: HttpRequest, reference: str) -> Gap:
    gap = gap_for(request, reference)
    require(request.user, "strategy.manage", gap)
    return gap


def _worked_on(request: HttpRequest, reference: str) -> Gap:
    gap = gap_for(request, reference)
    require(request.user, "strategy.work", gap)
    return gap


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def gap_open(request: HttpRequest, reference: str) -> HttpResponse:
    gap, person = _managed(request, reference), person_of(request)
    if back := _not_now(request, gap, [Gap.State.PROPOSED]):
        return back
    owner = gap.measure.standard.owner if gap.measure and gap.measure.standard.owner else person
    form = OpenForm(posted(request), user=person, gap=gap, initial={"owner": owner.reference})

    return _step(
        request,
        gap,
        form,
        actions.open_gap,
        title=_("Open this gap"),
        do=_("Open the gap"),
        intro=_("You say who sees to it and by when. The figure says when it is closed."),
        done=_("The gap is open. Answer it with an action, with training, or with another promise."),
    )


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def gap_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Another owner, day or cause; 409 where somebody else has saved since the form was opened."""
    gap, person = _worked_on(request, reference), person_of(request)
    if back := _not_now(request, gap, [Gap.State.OPEN]):
        return back
    form = OpenForm(posted(request), user=person, gap=gap, initial=_stored(gap) | {"version": gap.version})

    def save() -> None:
        names = ("owner", "due_on", "why")
        wanted = {name: form.cleaned_data[name] for name in names}
        actions.change_gap(gap, by=person, expected_version=form.expected_version, **wanted)

    def stands() -> tuple[int, dict[str, Any], Any] | None:
        gap.refresh_from_db()
        now = {"owner": gap.owner, "due_on": gap.due_on, "why": gap.why}
        last = gap.events.select_related("by").last()
        return (gap.version, now, last) if gap.state == Gap.State.OPEN else None

    return change_row(
        request,
        form,
        save,
        to=gap,
        stands=stands,
        moved_on=_("The gap is not open any more."),
        title=_("Change this gap"),
        do=_("Save"),
        done=_("Saved."),
        **_about(gap),
    )


def _stored(gap: Gap) -> dict[str, Any]:
    return {"owner": gap.owner.reference if gap.owner else "", "due_on": gap.due_on, "why": gap.why}


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def gap_dismiss(request: HttpRequest, reference: str) -> HttpResponse:
    gap = _managed(request, reference)
    if back := _not_now(request, gap, Gap.STANDING):
        return back

    return _step(
        request,
        gap,
        ReasonForm(posted(request)),
        actions.dismiss_gap,
        title=_("Call this a false alarm"),
        do=_("It is a false alarm"),
        intro=_("It stays one, whatever is found later, until the goal has been met and is missed anew."),
        done=_("Put aside. It does not come back by itself."),
    )


@policy("strategy.manage")
@require_POST
def gap_take_up(request: HttpRequest, reference: str) -> HttpResponse:
    gap = _managed(request, reference)
    try:
        actions.take_up_gap(gap, by=person_of(request))
        messages.success(request, _("It is a proposal again."))
    except actions.GapMovedOn:
        messages.warning(request, _("It is not dismissed any more."))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(gap)


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def gap_merge(request: HttpRequest, reference: str) -> HttpResponse:
    gap = _managed(request, reference)
    if back := _not_now(request, gap, Gap.STANDING, actions.NOT_MERGED):
        return back

    return _step(
        request,
        gap,
        MergeForm(posted(request), gap=gap),
        actions.merge_gaps,
        title=_("Merge with another gap"),
        do=_("Merge"),
        intro=_("Evidence and answers move over; this one remains to be read."),
        done=_("Merged."),
    )


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def gap_close(request: HttpRequest, reference: str) -> HttpResponse:
    gap = _worked_on(request, reference)
    why = gap.why_undecided(today())
    if gap.measure is not None:
        require(request.user, "strategy.manage", gap)
    if back := _not_now(request, gap, [Gap.State.OPEN], actions.CLOSED_BY_FIGURE):
        return back

    return _step(
        request,
        gap,
        ReasonForm(posted(request), initial={"reason": _("The promise was changed.") if why else ""}),
        actions.close_gap,
        title=_("Close this gap"),
        do=_("Close the gap"),
        intro=_(why) if why else _("Nothing measures it, so you say what shows that it is closed."),
        done=_("The gap is closed."),
    )


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def gap_train(request: HttpRequest, reference: str) -> HttpResponse:
    gap, person = _managed(request, reference), person_of(request)
    if back := _not_now(request, gap, [Gap.State.OPEN]):
        return back
    form = TrainingForm(posted(request), gap=gap, user=person)

    intro = _("Everybody in %(unit)s and below who has not got the course gets it.") % {"unit": gap.unit.name}
    if form.teaches:
        intro += " " + _("These teach the promise: %(courses)s.") % {"courses": ", ".join(form.teaches)}
    return _step(
        request,
        gap,
        form,
        actions.answer_with_training,
        title=_("Answer with training"),
        do=_("Assign the course"),
        intro=intro,
        done=_("The course is assigned."),
    )


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def gap_promise(request: HttpRequest, reference: str) -> HttpResponse:
    gap = _managed(request, reference)
    if back := _not_now(request, gap, [Gap.State.OPEN]):
        return back

    return _step(
        request,
        gap,
        PromiseForm(posted(request), gap=gap),
        actions.answer_with_promise,
        title=_("Answer with another promise"),
        do=_("This edition answers it"),
        intro=_(
            "Where the promise was wrong, change it: in an edition that named people have signed off."
            " Such editions, published since the gap was found, stand here."
        ),
        done=_("The edition answers the gap."),
    )
