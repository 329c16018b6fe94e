"""Further measures of a standard, and goals of single units."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from charter import actions
from charter.forms.fields import take_refusal
from charter.forms.measures import GoalForm, MeasureForm, initial_of
from charter.models import Measure, Standard
from charter.views.doors import acting, own_measure, own_standard, posted
from charter.views.standards import to_standard, warn_of_goal, warn_of_past_goal
from common.navigation import rendered_slot
from common.policy import policy
from organisation.drafting import offer, settle

GOAL = "goal"
"""The part of a measure's page whose words are kept apart from those of the measure."""


def _page(
    request: HttpRequest,
    standard: Standard,
    measure: Measure | None,
    *,
    form: MeasureForm | None = None,
    goal_form: GoalForm | None = None,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    today = standard.charter.local_day(timezone.now())
    failed = [each for each in (form, goal_form) if each is not None and each.errors]
    form = form or MeasureForm(standard=standard, measure=measure)
    goal_form = goal_form or _goal_form(request, standard, None, {"starts_on": today})
    page = reverse("charter:measure_edit", args=[measure.key]) if measure else ""
    context = {
        "charter": standard.charter,
        "standard": standard,
        "measure": measure,
        "form": form,
        "draft": offer(request, form, page=page),
        "goal_form": goal_form,
        "goal_draft": offer(request, goal_form, page=page, part=GOAL),
        "goals": measure.goals.all() if measure else [],
        "guests": rendered_slot("charter.measure", measure) if measure else [],
        "today": today,
    }
    return render(
        request, "charter/measure_form.html", context | more, status=status or (422 if failed else 200)
    )


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def measure_add(request: HttpRequest, key: str) -> HttpResponse:
    standard = own_standard(request.user, key)
    form = MeasureForm(posted(request), standard=standard)
    if not form.is_valid():
        return _page(request, standard, None, form=form)
    measure = actions.save_measure(
        standard=standard,
        measure=None,
        fields=form.measure_fields,
        by=acting(request),
    )
    messages.success(request, _("The measure is added. Now give it a goal."))
    return settle(request, redirect("charter:measure_edit", measure.key))


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def measure_edit(request: HttpRequest, key: str) -> HttpResponse:
    measure = own_measure(request.user, key)
    standard = measure.standard
    form = MeasureForm(posted(request), standard=standard, measure=measure)
    if form.is_valid():
        try:
            actions.save_measure(
                standard=standard,
                measure=measure,
                fields=form.measure_fields,
                expected_version=form.expected_version,
                by=acting(request),
            )
        except actions.StandardChangedMeanwhile:
            return _conflict_page(request, key, form)
        except ValidationError as refusal:
            take_refusal(form, refusal)
        else:
            messages.success(request, _("Saved in the draft. The public sees it with the next edition."))
            return settle(request, to_standard(standard))
    return _page(request, standard, measure, form=form)


def _conflict_page(request: HttpRequest, key: str, form: MeasureForm) -> HttpResponse:
    """409: what was typed, beside what stands now and who wrote it."""
    measure = own_measure(request.user, key)
    changed = form.keep_over(measure.standard.version, initial_of(measure))
    last = measure.standard.events.select_related("by").first()
    return _page(
        request, measure.standard, measure, form=form, status=409, conflict=True, changed=changed, last=last
    )


def _goal_form(request: HttpRequest, standard: Standard, data: Any, initial: Any = None) -> GoalForm:
    charter = standard.charter
    today = charter.local_day(timezone.now())
    return GoalForm(data, user=request.user, charter=charter, today=today, initial=initial)


@policy("charter.edit")
@require_POST
def goal_add(request: HttpRequest, key: str) -> HttpResponse:
    """A goal from a day on; the one that stood for the same unit ends there."""
    measure = own_measure(request.user, key)
    form = _goal_form(request, measure.standard, request.POST)
    if form.is_valid():
        try:
            actions.set_goal(measure=measure, **form.cleaned_data, by=acting(request))
        except ValidationError as refusal:
            take_refusal(form, refusal)
        else:
            messages.success(request, _("The goal is set in the draft."))
            warn_of_goal(request, measure, form.cleaned_data["target"])
            warn_of_past_goal(request, measure.standard.charter, form.cleaned_data["starts_on"])
            page = reverse("charter:measure_edit", args=[measure.key])
            return settle(request, redirect(page), page=page, part=GOAL)
    return _page(request, measure.standard, measure, goal_form=form)


@policy("charter.edit")
@require_POST
def measure_archive(request: HttpRequest, key: str) -> HttpResponse:
    measure = own_measure(request.user, key)
    actions.archive_measure(measure=measure, by=acting(request))
    messages.success(request, _("The measure is archived; its figures stay."))
    return redirect("charter:standard_edit", measure.standard.key)


@policy("charter.edit")
@require_POST
def measure_restore(request: HttpRequest, key: str) -> HttpResponse:
    measure = own_measure(request.user, key)
    actions.restore_measure(measure=measure, by=acting(request))
    messages.success(request, _("The measure is back."))
    return redirect("charter:standard_edit", measure.standard.key)
