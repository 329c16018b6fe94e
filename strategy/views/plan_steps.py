"""What people do about an action, each step on a page of its own or by one button."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from common.policy import policy, require
from organisation.access import person_of
from organisation.forms import posted
from organisation.models import User
from organisation.views.people import units_managed_by
from strategy.actions import gaps, plan
from strategy.forms.gaps import ReasonForm
from strategy.forms.plan import (
    ActionForm,
    CheckInForm,
    MilestoneFormSet,
    OverrideForm,
    initial,
    milestones_of,
    stored,
)
from strategy.models import Action, Gap
from strategy.views.doors import (
    change_row,
    change_table,
    differing,
    saved,
    step_page,
    take_refusal,
    take_step,
    today,
)
from strategy.views.plan import action_for

PAGE = "strategy/action_form.html"
CANCELLED = gettext_noop("This action is cancelled. Take it up again before you change it.")
MOVED_ON = gettext_noop("A colleague has changed this action meanwhile. Please look again.")


def _own(request: HttpRequest, reference: str) -> Action:
    action = action_for(request, reference)
    require(request.user, "strategy.work", action)
    return action


def _gap_asked(request: HttpRequest) -> Gap | None:
    """The open gap that a new action shall answer."""
    reference = request.GET.get("gap", "")
    if not reference.isalnum():
        return None
    gap = Gap.objects.visible_to(request.user).open().filter(reference=reference[:20]).first()
    return gap if gap and request.user.has_perm("strategy.work", gap) else None


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def action_add(request: HttpRequest) -> HttpResponse:
    """A new action; with `?gap=` it answers that gap, with `?parent=` it is a part of that action."""
    person, gap = person_of(request), _gap_asked(request)
    start: dict[str, Any] = {
        "owner": person.reference,
        "starts_on": today(),
        "weight": 10,
        "baseline": 0,
        "target": 100,
        "rhythm": Action.Rhythm.MONTHLY,
        "parent": request.GET.get("parent", ""),
    }
    if gap is not None:
        start |= {"unit": gap.unit.slug, "measure": gap.measure.key if gap.measure else ""}
        start |= {"ends_on": gap.due_on, "owner": gap.owner.reference if gap.owner else person.reference}
    form = ActionForm(posted(request), user=person, units=units_managed_by(person), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            action = plan.add_action(fields=form.action_fields, by=person)
        except ValidationError as refused:
            take_refusal(form, refused)
        else:
            _answer(request, gap, action, person)
            return saved(request, action, _("The action is planned."))
    return step_page(request, form, template=PAGE, gap=gap)


def _answer(request: HttpRequest, gap: Gap | None, action: Action, person: User) -> None:
    if gap is None:
        return
    try:
        gaps.answer_with_action(gap, action=action, by=person)
    except (gaps.GapMovedOn, ValidationError):
        messages.warning(request, _("The gap is not open any more; the action stands by itself."))


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def action_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """409 where somebody else has saved since the form was opened."""
    action, person = _own(request, reference), person_of(request)
    if action.state == Action.State.CANCELLED and request.method == "GET":
        messages.info(request, _(CANCELLED))
        return redirect(action)
    form = ActionForm(
        posted(request),
        user=person,
        units=units_managed_by(person),
        standing=action,
        initial=initial(action),
    )

    def save() -> None:
        fields, version = form.action_fields, form.expected_version
        plan.change_action(action, fields=fields, by=person, expected_version=version)

    def stands() -> tuple[int, dict[str, Any], Any] | None:
        standing = action_for(request, reference)
        last = standing.events.select_related("by").last()
        is_over = standing.state == Action.State.CANCELLED
        return None if is_over else (standing.version, stored(standing), last)

    return change_row(
        request,
        form,
        save,
        to=action,
        stands=stands,
        moved_on=_(CANCELLED),
        done=_("Saved."),
        template=PAGE,
        action=action,
    )


def _step(
    request: HttpRequest, action: Action, form: forms.Form, act: Callable[[dict[str, Any]], Any], **words: Any
) -> HttpResponse:
    about: dict[str, Any] = {"about": action.title, "back": action.get_absolute_url(), "room": "plan"}
    return take_step(request, form, act, to=action, moved_on=_(MOVED_ON), **about, **words)


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def action_check_in(request: HttpRequest, reference: str) -> HttpResponse:
    action = _own(request, reference)
    if action.state != Action.State.STARTED:
        messages.info(request, _("Report once it is under way."))
        return redirect(action)
    form = CheckInForm(
        posted(request),
        action=action,
        has_steps=action.milestones.exists(),
        initial={"value": None if action.current is None else f"{action.current.normalize():f}"},
    )

    def act(wanted: dict[str, Any]) -> None:
        plan.check_in(action, value=wanted.get("value"), note=wanted["note"], by=person_of(request))

    words = {"title": _("How far is it?"), "do": _("Report"), "done": _("Reported.")}
    return _step(request, action, form, act, **words)


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def action_override(request: HttpRequest, reference: str) -> HttpResponse:
    action = _own(request, reference)

    def act(wanted: dict[str, Any]) -> None:
        plan.override_status(action, by=person_of(request), **wanted)

    return _step(
        request,
        action,
        OverrideForm(posted(request)),
        act,
        title=_("Set the status by hand"),
        do=_("Set it"),
        intro=_("Your judgement stands in for the arithmetic until the day you name, with your name on it."),
        done=_("The status is set by hand."),
    )


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def action_cancel(request: HttpRequest, reference: str) -> HttpResponse:
    action = _own(request, reference)

    def act(wanted: dict[str, Any]) -> None:
        plan.cancel_action(action, reason=wanted["reason"], by=person_of(request))

    return _step(
        request,
        action,
        ReasonForm(posted(request)),
        act,
        title=_("Cancel this action"),
        do=_("Cancel the action"),
        danger=True,
        intro=_("It leaves the sums, and can be taken up again."),
        done=_("The action is cancelled."),
    )


MOVES: dict[str, tuple[Callable[..., None], str]] = {
    "start": (plan.start_action, gettext_noop("It is under way.")),
    "back": (plan.take_back_start, gettext_noop("It is planned again.")),
    "finish": (plan.finish_action, gettext_noop("Done.")),
    "resume": (plan.resume_action, gettext_noop("It goes on.")),
    "by-figures": (plan.drop_override, gettext_noop("The status follows the figures again.")),
}


@policy("strategy.work")
@require_POST
def action_move(request: HttpRequest, reference: str) -> HttpResponse:
    """One of `MOVES`, from the page of the action or from the board (`?next=board`)."""
    action = _own(request, reference)
    move = MOVES.get(request.POST.get("move", ""))
    if move is None:
        messages.error(request, _("Nothing was chosen to be done with the action."))
        return redirect(action)
    act, done = move
    try:
        act(action, by=person_of(request))
        messages.success(request, f"{_(done)}{_kept(action) if act is plan.start_action else ''}")
    except plan.ActionMovedOn:
        messages.warning(request, _(MOVED_ON))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(_next(request, action))


def _kept(action: Action) -> str:
    """That a figure before the start is kept, where there was one."""
    has_figure = action.frozen is not None and action.frozen["value"] is not None
    return f" {_('What the measure was before is kept.')}" if has_figure else ""


def _next(request: HttpRequest, action: Action) -> str:
    """Back to the board with its filters, where the button stood there."""
    wanted = request.POST.get("next", "")
    board = reverse("strategy:board")
    is_ours = wanted.startswith(board) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else action.get_absolute_url()


@policy("strategy.work")
@require_POST
def milestone_tick(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    action = _own(request, reference)
    milestone = get_object_or_404(action.milestones, key=key)
    try:
        plan.reach_milestone(
            milestone, is_reached=request.POST.get("reached") == "yes", by=person_of(request)
        )
    except plan.ActionMovedOn:
        messages.warning(request, _(MOVED_ON))
    return redirect(action)


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def action_milestones(request: HttpRequest, reference: str) -> HttpResponse:
    """All milestones of an action in one table; a row without words is left out. 409 where somebody else has
    changed the action since the table was opened."""
    action = _own(request, reference)
    formset: Any = MilestoneFormSet(posted(request), initial=milestones_of(action), prefix="m")

    def save(version: int) -> None:
        plan.set_milestones(action, rows=formset.rows, by=person_of(request), expected_version=version)

    def stands() -> tuple[int, list[tuple[str, str]], Any] | None:
        standing = action_for(request, reference)
        if not standing.is_live:
            return None
        last = standing.events.select_related("by").last()
        now, typed = (list(map(_milestone_words, rows)) for rows in (milestones_of(standing), formset.rows))
        return standing.version, differing(now, typed), last

    return change_table(
        request,
        formset,
        save,
        to=action,
        stands=stands,
        version=action.version,
        moved_on=_(MOVED_ON),
        done=_("The milestones are saved."),
        template="strategy/milestones.html",
        action=action,
    )


def _milestone_words(row: dict[str, Any]) -> tuple[str, str]:
    words = {"day": date_format(row["due_on"], "DATE_FORMAT"), "weight": row["weight"]}
    return row["title"], _("due on %(day)s, weight %(weight)d") % words
