"""The editor of one standard: the promise, the guidance and the proof on one page."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from charter import actions
from charter.forms.charters import MoveForm
from charter.forms.fields import language_of
from charter.forms.standards import StandardForm, stored
from charter.models import Charter, Goal, Measure, Standard
from charter.views.doors import acting, own_charter, own_standard, posted
from charter.views.translating import words_context
from common.policy import policy
from organisation.drafting import settle


def to_standard(standard: Standard) -> HttpResponseRedirect:
    """Back to the editor, at the standard."""
    return redirect(f"{standard.charter.get_absolute_url()}#standard-{standard.key}")


def proof_of(standard: Standard) -> tuple[Measure | None, Goal | None]:
    """The measure that the standard's page edits, the first active one, and its goal for every unit."""
    active = [each for each in standard.measures.all() if each.archived_at is None and not each.is_of_need]
    if not active:
        return None, None
    return active[0], active[0].goal_for([], standard.charter.local_day(timezone.now()))


def warn_of_past_goal(request: HttpRequest, charter: Charter, starts_on: date | None) -> None:
    """A goal in the past is history: it judges figures that stand already."""
    if starts_on and starts_on < charter.local_day(timezone.now()):
        messages.warning(
            request,
            _("The goal begins in the past: figures from %(day)s on are now held against it, too.")
            % {"day": formats.date_format(starts_on)},
        )


def warn_of_goal(request: HttpRequest, measure: Measure, target: Decimal | None) -> None:
    if target is not None and measure.is_out_of_reach(target):
        messages.warning(
            request,
            _(
                "A goal of %(goal)s can never be met from a sample: "
                "however good the answers are, chance leaves a gap."
            )
            % {"goal": f"{target:f}"},
        )


def _page(
    request: HttpRequest,
    charter: Charter,
    standard: Standard | None,
    form: StandardForm,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    measures = list(standard.measures.all()) if standard else []
    context = words_context(request, standard, form, form.words_names)
    context |= {
        "charter": charter,
        "standard": standard,
        "further": [each for each in measures if each != form.measure and each.archived_at is None],
        "archived": [each for each in measures if each.archived_at],
    }
    status = status or (422 if form.errors else 200)
    return render(request, "charter/standard_form.html", context | more, status=status)


def _save(
    request: HttpRequest,
    charter: Charter,
    standard: Standard | None,
    form: StandardForm,
    goal: Goal | None = None,
) -> Standard:
    """`goal` is the one that stood when the form came.

    Raises StandardChangedMeanwhile, or ValidationError where the proof is refused.
    """
    saved = actions.save_standard(
        charter=charter,
        standard=standard,
        language=language_of(request.GET.get("language")),
        words=form.words,
        fields=form.standard_fields,
        proof=form.proof,
        expected_version=form.expected_version,
        by=acting(request),
    )
    messages.success(request, _("Saved in the draft. The public sees it with the next edition."))
    if form.proof and form.proof.target is not None:
        warn_of_past_goal(request, charter, form.proof.starts_on)
    elif goal:
        messages.warning(
            request,
            _("The goal %(goal)s ends today: from now on no goal holds for every unit.") % {"goal": goal},
        )
    for measure in saved.measures.all():
        if form.proof and measure.name == form.proof.fields["name"]:
            warn_of_goal(request, measure, form.proof.target)
    return saved


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def standard_add(request: HttpRequest, unit: str) -> HttpResponse:
    charter = own_charter(request.user, unit)
    language = language_of(request.GET.get("language"))
    form = StandardForm(posted(request), charter=charter, user=request.user, language=language)
    if form.is_valid():
        try:
            saved = _save(request, charter, None, form)
            return settle(request, to_standard(saved), language=language)
        except ValidationError as refusal:
            form.take_refusal(refusal)
    return _page(request, charter, None, form)


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def standard_edit(request: HttpRequest, key: str) -> HttpResponse:
    standard = own_standard(request.user, key)
    charter = standard.charter
    language = language_of(request.GET.get("language"))
    measure, goal = proof_of(standard)
    form = StandardForm(
        posted(request),
        charter=charter,
        user=request.user,
        standard=standard,
        measure=measure,
        goal=goal,
        language=language,
    )
    if form.is_valid():
        try:
            saved = _save(request, charter, standard, form, goal)
            return settle(request, to_standard(saved), language=language)
        except actions.StandardChangedMeanwhile:
            return _conflict_page(request, key, form, language)
        except ValidationError as refusal:
            form.take_refusal(refusal)
    return _page(request, charter, standard, form)


def _conflict_page(request: HttpRequest, key: str, form: StandardForm, language: str) -> HttpResponse:
    """409: what was typed, beside what stands now and who wrote it."""
    standard = own_standard(request.user, key)
    form.measure, goal = proof_of(standard)
    changed = form.keep_over(standard.version, stored(standard, form.measure, goal, language))
    last = standard.events.select_related("by").first()
    return _page(
        request, standard.charter, standard, form, status=409, conflict=True, changed=changed, last=last
    )


@policy("charter.edit")
@require_POST
def standard_move(request: HttpRequest, key: str) -> HttpResponse:
    standard = own_standard(request.user, key)
    form = MoveForm(request.POST)
    if not form.is_valid() or standard.archived_at:
        raise Http404
    actions.move_standard(standard=standard, up=form.is_up, by=acting(request))
    return to_standard(standard)


@policy("charter.edit")
@require_POST
def standard_archive(request: HttpRequest, key: str) -> HttpResponse:
    standard = own_standard(request.user, key)
    actions.archive_standard(standard=standard, by=acting(request))
    messages.success(request, _("The standard is archived. You find it under “Archived standards”."))
    return redirect(standard.charter)


@policy("charter.edit")
@require_POST
def standard_restore(request: HttpRequest, key: str) -> HttpResponse:
    standard = own_standard(request.user, key)
    actions.restore_standard(standard=standard, by=acting(request))
    messages.success(request, _("The standard is back in the draft."))
    return to_standard(standard)
