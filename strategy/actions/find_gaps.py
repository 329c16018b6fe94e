"""What the job does about gaps: propose them, close them, open them again. Twice has one effect."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from charter.models import Measure
from common.period import Period
from organisation.actions.ticks import claim_period, is_claimed
from organisation.models import Unit
from scoreboard import scores
from scoreboard.figures import Figure, Point, figures_for, trend
from scoreboard.settled import local_date, settled_month
from strategy.finders import FINDERS, Proposal
from strategy.models import Gap, GapEvent, GapEvidence

logger = logging.getLogger(__name__)

VERDICT_MONTHS = 3
PERIODS_RUNNING = 3
SETTLE = "settle gaps"
MET = gettext_noop("The goal is met.")
THREE_RUNNING = gettext_noop("The figure has been at the goal or better for three months running.")
NOT_MET_AGAIN = gettext_noop("The goal is not met again.")

State, What, Kind = Gap.State, GapEvent.What, GapEvidence.Kind


def look_for_gaps(*, at: datetime | None = None) -> int:
    """Propose what the rules find; returns how many causes were new. Neither a bad rule nor a bad cause
    stops the rest."""
    at = at or timezone.now()
    new = 0
    for finder in FINDERS:
        try:
            proposals = list(finder(at))
        except Exception:
            logger.exception("gaps could not be looked for by %s", finder.__name__)
            continue
        new += take_proposals(proposals, at=at)
    return new


def take_proposals(proposals: Iterable[Proposal], *, at: datetime) -> int:
    """Keep the causes; returns how many were new. A bad one never stops the rest."""
    new = 0
    for proposal in proposals:
        try:
            new += take_proposal(proposal, at=at)
        except Exception:
            logger.exception("a gap of unit %s could not be proposed", proposal.unit.slug)
    return new


@transaction.atomic
def take_proposal(proposal: Proposal, *, at: datetime) -> bool:
    """Keep the cause, with the gap it belongs to. False where it was known.

    A standing gap of the same unit and subject takes it in; so does a dismissed one whose figure has not
    been good since, for a cause of a kind that was dismissed with it. A closed one is opened again, but
    only by a goal that is not met.
    """
    if GapEvidence.objects.filter(kind=proposal.kind, key=proposal.key).exists():
        return False
    gap = _gap_for(proposal, at)
    _told, is_new = GapEvidence.objects.get_or_create(
        kind=proposal.kind,
        key=proposal.key,
        defaults={"gap": gap, "text": proposal.text, "url": proposal.url, "at": at},
    )
    return is_new


def _gap_for(proposal: Proposal, at: datetime) -> Gap:
    same = Gap.objects.filter(unit=proposal.unit, subject=proposal.subject)
    found = _followed(same.standing().first() or same.order_by("-found_at", "-pk").first())
    if found and (found.is_standing or _stays_dismissed(found, proposal)):
        GapEvent.objects.create(gap=found, what=What.MORE, note=proposal.text[:500], at=at)
        return found
    if found and found.state == State.CLOSED and proposal.kind == Kind.NOT_MET and found.owner_id:
        _reopen(found, proposal.month, at)
        return found
    gap = Gap(
        unit=proposal.unit,
        measure=proposal.measure,
        subject=proposal.subject,
        title=proposal.title,
        judged_month=proposal.month,
        found_at=at,
    )
    gap.save()
    GapEvent.objects.create(gap=gap, what=What.PROPOSED, note=proposal.text[:500], at=at)
    return gap


def _followed(gap: Gap | None) -> Gap | None:
    """What was merged goes on in the other one."""
    while gap is not None and gap.merged_into is not None:
        gap = gap.merged_into
    return gap


def _stays_dismissed(gap: Gap, proposal: Proposal) -> bool:
    if gap.state != State.DISMISSED or gap.cleared_at is not None:
        return False
    if proposal.anew_since and gap.settled_at and gap.settled_at < proposal.anew_since:
        return False
    return gap.evidence.filter(kind=proposal.kind).exists()


@transaction.atomic
def _reopen(gap: Gap, month: date, at: datetime) -> bool:
    won = Gap.objects.filter(pk=gap.pk, state=State.CLOSED).update(
        state=State.OPEN, settled_at=None, reason="", judged_month=month, version=F("version") + 1
    )
    if won:
        GapEvent.objects.create(gap=gap, what=What.REOPENED, note=NOT_MET_AGAIN, at=at)
    return bool(won)


# ------------------------------------------------------------- by the figures


def settle_gaps_nightly(*, at: datetime | None = None) -> int | None:
    """Once after each night; None where it was done already."""
    at = at or timezone.now()
    if is_claimed(job=SETTLE, period=f"{at:%Y-%m-%d}"):
        return None
    settled = settle_gaps(at=at)
    claim_period(job=SETTLE, period=f"{at:%Y-%m-%d}", at=at)
    return settled


def settle_gaps(*, at: datetime | None = None) -> int:
    """Close, reopen and clear by the figures of settled months; returns how many changed. Neither a bad unit
    nor a bad gap stops the rest.

    The number of queries grows with the units that have gaps, not with the gaps.
    """
    at = at or timezone.now()
    rows = Gap.objects.filter(measure__in=Measure.objects.active())
    rows = rows.exclude(state=State.MERGED).filter(cleared_at__isnull=True)
    rows = rows.select_related("unit", "measure__standard__charter").order_by("unit", "found_at", "pk")
    by_unit: dict[Unit, list[Gap]] = defaultdict(list)
    for gap in _last_of_each(rows):
        by_unit[gap.unit].append(gap)
    changed = 0
    for unit, gaps in by_unit.items():
        try:
            changed += _settle_unit(unit, gaps, at)
        except Exception:
            logger.exception("gaps of unit %s could not be settled", unit.slug)
    return changed


def _last_of_each(gaps: Iterable[Gap]) -> Iterable[Gap]:
    """One gap a unit and subject: the standing one, else the newest. `gaps` come oldest first."""
    last: dict[tuple[int, str], Gap] = {}
    for gap in gaps:
        key = (gap.unit_id, gap.subject)
        if gap.is_standing or key not in last or not last[key].is_standing:
            last[key] = gap
    return last.values()


def _settle_unit(unit: Unit, gaps: Sequence[Gap], at: datetime) -> int:
    month = settled_month(local_date(unit, at))
    late = [gap for gap in gaps if gap.judged_month < month]
    measures = list({gap.measure_id: gap.measure for gap in late if gap.measure}.values())
    if not measures:
        return 0
    period = Period.months(month, VERDICT_MONTHS)
    figures = figures_for(measures, unit, period, today=period.last_day)
    months = trend(measures, unit, period.last_day, PERIODS_RUNNING)
    changed = 0
    for gap in late:
        if gap.measure_id is None:
            continue
        try:
            changed += _settle(gap, figures[gap.measure_id], months[gap.measure_id], month, at)
        except Exception:
            logger.exception("gap %s could not be settled", gap.reference)
    return changed


def _settle(gap: Gap, figure: Figure, points: Sequence[Point], month: date, at: datetime) -> bool:
    reason = why_closed(gap, figure, points)
    if gap.state == State.CLOSED:
        again = figure.verdict == scores.NOT_MET and gap.owner_id is not None
        return again and _reopen(gap, month, at)
    if not reason:
        return False
    if gap.state == State.DISMISSED:
        return bool(Gap.objects.filter(pk=gap.pk, cleared_at__isnull=True).update(cleared_at=at))
    return close_by_figure(gap, reason, month, at)


def why_closed(gap: Gap, figure: Figure, points: Sequence[Point]) -> str:
    """Met, or at the goal or better in three periods running, all of them after the last one judged."""
    if figure.verdict == scores.MET:
        return MET
    good = [each for each in points if each.month > gap.judged_month and is_at_goal(each.figure)]
    return THREE_RUNNING if len(good) >= PERIODS_RUNNING else ""


def is_at_goal(figure: Figure) -> bool:
    """The unrounded figure, whatever its interval, is at the goal or better."""
    if figure.exact is None or figure.goal is None:
        return False
    if figure.measure.direction == Measure.Direction.LOWER:
        return bool(figure.exact <= figure.goal)
    return bool(figure.exact >= figure.goal)


@transaction.atomic
def close_by_figure(gap: Gap, reason: str, month: date, at: datetime) -> bool:
    won = (
        Gap.objects.standing()
        .filter(pk=gap.pk)
        .update(
            state=State.CLOSED, settled_at=at, reason=reason, judged_month=month, version=F("version") + 1
        )
    )
    if won:
        GapEvent.objects.create(gap=gap, what=What.CLOSED, note=reason, at=at)
    return bool(won)
