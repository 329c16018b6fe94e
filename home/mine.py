"""What My work shows to one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from charter.models import Charter, Edition, Measure, Standard
from common.navigation import rendered_slot
from common.period import Period
from feedback.models import Person, Response
from feedback.said import comment_of, written
from home.published import Promise, PublishedCharter, read
from organisation.models import Tree, Unit, User
from scoreboard.figures import Figure, figures_for
from scoreboard.live import MONTHS_SHOWN
from strategy.actions.messages import part_of

COMMENTS_SHOWN = 3


@dataclass(frozen=True)
class KeptPromise:
    """A promise that the person keeps, with its figures in the person's unit."""

    promise: Promise
    figures: list[Figure]


@dataclass(frozen=True)
class Comment:
    """What one customer wrote, with personal data taken out."""

    response: Response
    text: str


def local_day(unit: Unit | None, at: datetime) -> date:
    return at.astimezone(ZoneInfo(unit.timezone)).date() if unit else at.date()


def charters_above(unit: Unit, today: date) -> list[PublishedCharter]:
    """The editions in force of the unit's own charter and of those above it, the nearest first."""
    path = Tree.on(today).path(unit.pk)
    editions = Edition.objects.filter(charter__unit__in=path).in_force(today).select_related("charter__unit")
    nearest = {unit_id: depth for depth, unit_id in enumerate(path)}
    found: dict[int, Edition] = {}
    for edition in editions:
        found.setdefault(edition.charter.unit_id, edition)
    own_first = sorted(found, key=lambda unit_id: nearest[unit_id], reverse=True)
    return [read(found[unit_id], found[unit_id].charter.unit) for unit_id in own_first]


def promises_kept_by(
    user: User, unit: Unit, charters: Sequence[PublishedCharter], today: date
) -> list[KeptPromise]:
    """The charters' promises that the person's role and unit keep, with their figures in the unit."""
    promises = [promise for charter in charters for promise in charter.promises]
    path = set(Tree.on(today).path(unit.pk))
    roles = {membership.role for membership in user.roles}
    standards = (
        Standard.objects.active()
        .filter(key__in=[promise.key for promise in promises])
        .prefetch_related(
            "keeper_units",
            Prefetch("measures", Measure.objects.active().select_related("standard__charter")),
        )
    )
    kept = {standard.key: standard for standard in standards if _keeps(standard, roles, path)}
    measures = [measure for standard in kept.values() for measure in standard.measures.all()]
    figures = _figures(measures, unit, today)
    return [
        KeptPromise(promise, [figures[measure.pk] for measure in kept[promise.key].measures.all()])
        for promise in promises
        if promise.key in kept
    ]


def _keeps(standard: Standard, roles: set[str], path: set[int]) -> bool:
    """No role and no unit named means everybody."""
    units = {unit.pk for unit in standard.keeper_units.all()}
    return (not standard.keeper_role or standard.keeper_role in roles) and (not units or bool(units & path))


def _figures(measures: Sequence[Measure], unit: Unit, today: date) -> dict[int, Figure]:
    period = Period.months(today, MONTHS_SHOWN)
    return figures_for(measures, unit, period, today=today) if measures else {}


def latest_comments(user: User, unit: Unit, today: date) -> list[Comment]:
    """What customers of the person's own unit, and of those below it, wrote last."""
    responses = (
        Response.objects.visible_to(user)
        .countable()
        .filter(unit__in=Tree.on(today).subtree(unit.pk), has_comment=True)
        .select_related("unit", "person")
        .prefetch_related(written())
        .order_by("-received_at", "-pk")[:COMMENTS_SHOWN]
    )
    return [Comment(each, comment_of(each, mask=True, person=_person(each))) for each in responses]


def _person(response: Response) -> Person | None:
    try:
        return response.person
    except Person.DoesNotExist:
        return None


def our_part(user: User, unit: Unit, charters: Sequence[PublishedCharter]) -> dict[str, Any] | None:
    """Why it matters: what the nearest charter says, and what the person's own team says of its part."""
    charter, part = (charters[0] if charters else None), part_of(unit)
    may_write = user.has_perm("strategy.manage", unit)
    if part is None and not may_write and (charter is None or not charter.words.get("why")):
        return None
    return {"charter": charter, "part": part, "may_write": may_write}


def my_work(user: User, at: datetime) -> dict[str, Any]:
    """The variables of the page."""
    unit = user.home_unit
    today = local_day(unit, at)
    if unit is None:
        return {"unit": None, "today": today}
    charters = charters_above(unit, today)
    return {
        "unit": unit,
        "today": today,
        "period": Period.months(today, MONTHS_SHOWN),
        "charters": charters,
        "kept": promises_kept_by(user, unit, charters, today),
        "our_part": our_part(user, unit, charters),
        "draft_begun": not charters and Charter.objects.filter(unit=unit).exists(),
        "due": rendered_slot("my.due", user, at),
        "comments": latest_comments(user, unit, today),
    }
