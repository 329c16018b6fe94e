"""Gaps: the list, one gap, and the job that looks for more."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.export import table_response
from common.listing import page_of
from common.period import Period
from common.policy import policy
from organisation.access import person_of
from organisation.actions.jobs import enqueue_job
from scoreboard.figures import figures_for
from scoreboard.settled import local_date, settled_month
from strategy.forms.gaps import GapSearch
from strategy.gap_job import EVERYWHERE, LOOK_JOB
from strategy.models import Gap, GapAnswer
from strategy.views.doors import all_units, today
from training.models import Assignment


@policy("strategy.read")
@require_safe
def gap_list(request: HttpRequest) -> HttpResponseBase:
    on = today()
    search = GapSearch(request.GET, user=person_of(request), units=all_units(request.user), today=on)
    found = search.filter(Gap.objects.visible_to(request.user).with_words())
    if request.GET.get("export") in ("csv", "xlsx"):
        return table_response(request.GET["export"], "gaps", _header(), _lines(found))
    page = page_of(request, found)
    for gap in page.object_list:
        gap.late = gap.is_overdue(on)
    context = {
        "search": search,
        "page": page,
        "may_manage": request.user.has_perm("strategy.manage"),
        "is_filtered": search.is_filtered,
        "is_empty": not Gap.objects.exists(),
    }
    return render(request, "strategy/gaps.html", context, status=422 if search.errors else 200)


def _header() -> list[Any]:
    return [
        *(_("Code"), _("What is amiss"), _("Unit"), _("Measure"), _("State"), _("Owner")),
        *(_("To be closed by"), _("Answers"), _("Reason"), _("Found")),
    ]


def _lines(found: Any) -> Iterator[list[Any]]:
    for gap in found:
        yield [
            *(gap.reference, gap.title, gap.unit.name, gap.measure.name if gap.measure else ""),
            *(gap.get_state_display(), str(gap.owner or ""), gap.due_on, gap.answered),
            *(gap.reason, local_date(gap.unit, gap.found_at)),
        ]


def gap_for(request: HttpRequest, reference: str) -> Gap:
    return get_object_or_404(Gap.objects.visible_to(request.user).with_words(), reference=reference)


@policy("strategy.read")
@require_safe
def gap_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """The gap with its figure of today, what was told of it, and what is done about it."""
    gap = gap_for(request, reference)
    user, why_undecided = request.user, gap.why_undecided(today())
    context = {
        "gap": gap,
        "is_measured": gap.measure is not None and not why_undecided,
        "why_undecided": why_undecided and _(why_undecided),
        "figure": _figure(gap),
        "evidence": gap.evidence.all(),
        "answers": [_with_state(each) for each in _answers(gap)],
        "events": gap.events.select_related("by"),
        "merged": gap.merged.all(),
        "is_late": gap.is_overdue(today()),
        "may_work": user.has_perm("strategy.work", gap),
        "may_manage": user.has_perm("strategy.manage", gap),
    }
    return render(request, "strategy/gap.html", context)


def _figure(gap: Gap) -> Any:
    if gap.measure is None:
        return None
    period = Period.months(settled_month(today()), 3)
    return figures_for([gap.measure], gap.unit, period, today=period.last_day)[gap.measure.pk]


def _answers(gap: Gap) -> Any:
    rows = gap.answers.select_related("action__owner", "course", "batch", "edition__charter__unit", "by")
    return rows.prefetch_related("course__texts")


def _with_state(answer: GapAnswer) -> GapAnswer:
    """A course given in answer says how many have completed it since."""
    if answer.batch is not None and answer.course is not None:
        people = answer.batch.people.values("pk")
        answer.asked = answer.batch.people.count()  # type: ignore[attr-defined]
        answer.completed = (  # type: ignore[attr-defined]
            Assignment.objects.filter(
                course=answer.course, person__in=people, state=Assignment.State.COMPLETED
            )
            .values("person")
            .distinct()
            .count()
        )
    return answer


@policy("strategy.manage")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look again now, as background work."""
    job = enqueue_job(kind=LOOK_JOB, subject=EVERYWHERE, by=person_of(request))
    return redirect("organisation:job_detail", reference=job.reference)
