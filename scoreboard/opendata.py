"""The results that anybody may have: of published editions, with nothing in them that must stay hidden.

A quarter is published once it is settled, month by month or as one (`withholding.grain`), for the unit
of the charter and for those below it. Editions fix what is published: wording, minimum and goal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from charter.fixed import as_fixed, fixed_goal
from charter.models import Edition, Measure
from common.period import Period
from common.sources import Counts
from organisation.models import Unit
from scoreboard import pooling, withholding
from scoreboard.figures import Figure, hide, make_figure
from scoreboard.models import PublishedResult
from scoreboard.opendata_counts import Own, counted_in, own_counts, sums_of
from scoreboard.settled import settled_quarters
from scoreboard.withholding import Family

QUARTERS = 8
HIDDEN = {
    withholding.TOO_FEW: PublishedResult.Hidden.TOO_FEW,
    withholding.WITH_ANOTHER: PublishedResult.Hidden.REVEALING,
    withholding.BELOW_HIDDEN: PublishedResult.Hidden.REVEALING,
}


@dataclass(frozen=True)
class Promised:
    """A measure as one edition fixed it."""

    measure: Measure
    edition: Edition
    content: Mapping[str, Any]
    promise: Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """What is needed of units: the tree of any day, and the units by key."""

    placements: pooling.Placements
    units: Mapping[int, Unit]

    def family(self, top: int, period: Period, own: Mapping[int, Counts]) -> Family:
        """The tree below `top`. Where a unit moved inside the period, the top alone stands for all."""
        numbers = {unit: counts.n for unit, counts in own.items()}
        if self.placements.moves_inside(period):
            return Family(top, {}, {top: sum(numbers.values())})
        tree = self.placements.tree_on(period.start)
        return Family(top, {unit: tree.children.get(unit, []) for unit in tree.subtree(top)}, numbers)


@dataclass(frozen=True)
class Kept:
    """How a block stands in the files: in months or as one, and which cells (unit, first day) are shown."""

    grain: str
    shown: frozenset[tuple[int, date]]


Key = tuple[int, int, date]
"""Measure, series, first day of the quarter."""


@dataclass(frozen=True)
class Block:
    """The rows of one measure and series in a quarter: they are published together."""

    key: Key
    is_full_count: bool
    rows: list[PublishedResult]

    @property
    def kept(self) -> Kept:
        return kept_of(self.rows)


def kept_of(rows: Sequence[PublishedResult]) -> Kept:
    is_whole = any(len(list(row.period.month_starts())) > 1 for row in rows)
    shown = frozenset((row.unit_id, row.start) for row in rows if not row.hidden)
    return Kept("quarter" if is_whole else "months", shown)


@dataclass(frozen=True)
class Publication:
    """What may be published as of a day: definitions, and the blocks of the last quarters."""

    measures: list[dict[str, Any]]
    blocks: list[Block]


def publication_of(today: date, kept: Mapping[Key, Kept]) -> Publication:
    """Everything that the public files may say. A block that is `kept` stays in its grain, unless it hides
    nothing anyway."""
    quarters = settled_quarters(today, QUARTERS)
    place = Place(pooling.Placements.read(), Unit.objects.in_bulk())
    editions = list(
        Edition.objects.select_related("charter__unit").order_by("charter", "in_force_from", "number")
    )
    measures = _measures(editions)
    promised = [each for edition in editions for each in _promised(edition, measures)]
    own = own_counts(list(measures.values()), quarters, place.placements)
    blocks = [each for quarter in quarters for each in _quarter(quarter, promised, own, place, kept)]
    return Publication(_definitions(promised, today), blocks)


def _contents(edition: Edition) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each measure of an edition with its standard's texts."""
    for standard in edition.content.get("standards", []):
        for measure in standard["measures"]:
            yield measure, standard["texts"]


def _measures(editions: Iterable[Edition]) -> dict[str, Measure]:
    keys = {content["key"] for edition in editions for content, _texts in _contents(edition)}
    found = Measure.objects.filter(key__in=keys).select_related("standard__charter").order_by("pk")
    return {measure.key: measure for measure in found}


def _promised(edition: Edition, measures: Mapping[str, Measure]) -> Iterator[Promised]:
    for content, texts in _contents(edition):
        if content["key"] in measures:
            yield Promised(as_fixed(measures[content["key"]], content), edition, content, texts)


def _definitions(promised: Iterable[Promised], today: date) -> list[dict[str, Any]]:
    """Each measure as the newest edition that names it says it."""
    names = (
        *("method", "direction", "source", "scale_low", "scale_high", "minimum_n", "is_sample"),
        *("counted", "per", "exposure"),
    )
    found: dict[str, dict[str, Any]] = {}
    for each in promised:
        if each.edition.in_force_from <= today:
            found[each.measure.key] = {
                "key": each.measure.key,
                "name": each.measure.name,
                "promise": {language: words["promise"] for language, words in each.promise.items()},
                "unit": each.edition.charter.unit.slug,
                "edition": each.edition.number,
                "goal": each.content.get("goal"),
                **{name: getattr(each.measure, name) for name in names},
            }
    return list(found.values())


def _quarter(
    quarter: Period, promised: Sequence[Promised], own: Own, place: Place, kept: Mapping[Key, Kept]
) -> Iterator[Block]:
    for each in _in_force(promised, quarter.last_day):
        is_full_count = each.measure.is_full_count
        for series in own.series_of(each.measure.pk, quarter):
            key = (each.measure.pk, series, quarter.start)
            grain = kept[key].grain if key in kept and not is_full_count else ""
            if rows := list(_rows(each, series, quarter, promised, own, place, grain)):
                yield Block(key, is_full_count, rows)


def _in_force(promised: Iterable[Promised], on: date) -> list[Promised]:
    """The measures of the editions in force on a day, by charter and measure."""
    standing: dict[int, int] = {}
    for each in promised:
        if each.edition.in_force_from <= on:
            standing[each.edition.charter_id] = each.edition.pk
    return [each for each in promised if standing.get(each.edition.charter_id) == each.edition.pk]


def _rows(
    promised: Promised,
    series: int,
    quarter: Period,
    every: Sequence[Promised],
    own: Own,
    place: Place,
    grain: str,
) -> Iterator[PublishedResult]:
    """The rows of one measure and series in a quarter, in the grain told, else in the finest there may be."""
    top = promised.edition.charter.unit_id
    minimum = 1 if promised.measure.is_full_count else promised.measure.minimum_n
    months = [Period.months(month, 1) for month in quarter.month_starts()]
    counts = {each: own.below(promised.measure.pk, series, each, top) for each in [quarter, *months]}
    families = {each: place.family(top, each, counts[each]) for each in counts}
    grain = grain or withholding.grain(families[quarter], [families[month] for month in months], minimum)
    for period in [quarter] if grain == "quarter" else months:
        stands = _standing(promised, every, period.last_day)
        if stands is None:
            continue
        family = families[period]
        hidden = withholding.hidden_units(family, minimum)
        pooled = counted_in(family, counts[period])
        for unit in family.answered():
            figure = _figure(stands, place, unit, period, {series: pooled[unit]})
            row = _row(stands, figure, series, quarter, hidden.get(unit, ""))
            row.counts = sums_of(pooled[unit]) if unit == top else None
            yield row


def _standing(promised: Promised, every: Sequence[Promised], on: date) -> Promised | None:
    """The measure as the edition in force on the day has it; None where that one does not name it.

    The minimum is the one of the quarter's last day, so that one quarter is judged by one rule.
    """
    for each in _in_force(every, on):
        if each.measure.pk == promised.measure.pk and each.edition.charter_id == promised.edition.charter_id:
            return each
    return None


def _figure(
    promised: Promised, place: Place, unit: int, period: Period, by_series: pooling.BySeries
) -> Figure:
    path = place.placements.tree_on(period.last_day).path(unit)
    slugs = [place.units[each].slug for each in path]
    target = fixed_goal(promised.measure, promised.content, path=path, slugs=slugs)
    return make_figure(promised.measure, place.units[unit], period, by_series, target, public=True)


def _row(promised: Promised, figure: Figure, series: int, quarter: Period, hidden: str) -> PublishedResult:
    """One result. A hidden one says how many answers there are and why nothing more is said."""
    if hidden:
        figure = hide(figure, hidden)
    return PublishedResult(
        quarter=quarter.start,
        measure=promised.measure,
        unit=figure.unit,
        start=figure.period.start,
        end=figure.period.end,
        series=series,
        edition=promised.edition,
        n=figure.n,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        goal=None if figure.goal is None else float(figure.goal),
        hidden=HIDDEN.get(hidden, ""),
    )
