"""Two questions side by side: how those who answered one answered the other.

A row with fewer answers than the minimum is hidden, and the next smallest with it where it could be found as
what is left of all. Of employees' answers only blocks are counted in which each row has none or enough; they
are made of the blocks that the results show, so that the two pages together tell no more than each alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _

from common.period import Period
from feedback.models import Answer, Question, Response
from feedback.results import (
    MINIMUM,
    Scope,
    countable_answers,
    is_confidential,
    places_above,
    places_in,
)
from feedback.said import label_of
from feedback.withheld import Portion, blocks, merged_classes, shown
from organisation.models import User

EVER = Period(date(2000, 1, 1), date(2200, 1, 1))
UNANSWERED = "unanswered"
OTHERS = "others"


@dataclass(frozen=True)
class Cell:
    count: int
    share: float


@dataclass(frozen=True)
class Row:
    """Those who gave one answer to the first question. Hidden: no cells."""

    label: str
    n: int | None
    cells: list[Cell]

    @property
    def is_hidden(self) -> bool:
        return not self.cells


@dataclass(frozen=True)
class Cross:
    """Rows: answers to `first`; columns: answers to `second`. `total` is over all rows, hidden ones too."""

    first: Question
    second: Question
    columns: list[str]
    rows: list[Row]
    total: Row


def cross_of(scope: Scope, first: Question, second: Question, *, user: User, today: date) -> Cross:
    """Countable answers to both questions, in their present series. Two queries at most."""
    if is_confidential(scope.questionnaire):
        table, labels = _confidential(scope, first, second, today)
    else:
        table, labels = _counted(scope, first, second, user), _labels(first)
    values = list(_values(second))
    sizes = {each: sum(table[each].values()) for each in labels if each in table}
    hidden = hidden_rows(sizes)
    rows = [_row(labels[each], table[each], values, each in hidden) for each in labels if each in table]
    everybody: Counter[int] = Counter()
    for counts in table.values():
        everybody.update(counts)
    is_hidden = bool(hidden) and sum(everybody.values()) < MINIMUM
    total = _row(_("All"), everybody, values, is_hidden or not sum(everybody.values()))
    return Cross(first, second, [label_of(second, value) for value in values], rows, total)


def hidden_rows(sizes: Mapping[Any, int], minimum: int = MINIMUM) -> set[Any]:
    """Rows with too few answers, and the next smallest ones until what is hidden is enough together."""
    smallest_first = sorted((size, str(each), each) for each, size in sizes.items() if size)
    hidden = {each for size, _name, each in smallest_first if size < minimum}
    missing = sum(sizes[each] for each in hidden)
    for size, _name, each in smallest_first:
        if not 0 < missing < minimum:
            break
        if each not in hidden:
            hidden.add(each)
            missing += size
    return hidden


def _row(label: str, counts: Counter[int], values: list[int], is_hidden: bool) -> Row:
    n = sum(counts.values())
    if is_hidden or not n:
        return Row(label, None, [])
    return Row(label, n, [Cell(counts[value], 100 * counts[value] / n) for value in values])


def _values(question: Question) -> Iterable[int]:
    low, high = question.scale_low or 0, question.scale_high or 0
    return range(high, low - 1, -1)


def _labels(question: Question) -> dict[Any, str]:
    """The rows: answers on a scale, the best first, or options."""
    found: dict[Any, str] = {value: label_of(question, value) for value in _values(question)}
    if question.kind == Question.Kind.CHOICE:
        found = {option.key: str(option) for option in question.options.all()}
    return {**found, UNANSWERED: _("no answer, or does not apply")}


def _pairs(scope: Scope, first: Question, second: Question, period: Period) -> Any:
    """Answers to the second question, with what was answered to the first in `gave`: a value or an option."""
    same: Any = Answer.objects.filter(
        response=OuterRef("response"), question__key=first.key, series=first.series, is_na=False
    )
    answers = countable_answers(scope, period).filter(
        question__key=second.key, series=second.series, is_na=False
    )
    gave = "chosen__option__key" if first.kind == Question.Kind.CHOICE else "value"
    return answers.annotate(gave=Subquery(same.values(gave)[:1]))


def _counted(scope: Scope, first: Question, second: Question, user: User) -> dict[Any, Counter[int]]:
    mine = Response.objects.visible_to(user).filter(unit__in=scope.units)
    if scope.collector:
        mine = mine.filter(collector=scope.collector)
    pairs = _pairs(scope, first, second, scope.period).filter(response__in=mine.order_by().values("pk"))
    table: dict[Any, Counter[int]] = defaultdict(Counter)
    for gave, value, many in pairs.values_list("gave", "value").annotate(many=Count("pk")):
        table[UNANSWERED if gave is None else gave][value] += many
    return table


def _confidential(
    scope: Scope, first: Question, second: Question, today: date
) -> tuple[dict[Any, Counter[int]], dict[Any, str]]:
    """The rows that exist in the whole organisation with enough answers; the small ones stand together."""
    cells = _cells(scope, first, second)
    totals: Counter[Any] = Counter()
    for counts in cells.values():
        for (gave, _value), many in counts.items():
            totals[gave] += many
    named = merged_classes(totals, MINIMUM)
    above = places_above(scope.questionnaire, today)
    made = crossed_blocks(_portions(cells), above, lambda gave: named[gave])
    table: dict[Any, Counter[int]] = defaultdict(Counter)
    for (gave, value), many in shown(
        made, places_in(scope, above), scope.period.start, scope.period.end
    ).items():
        table[OTHERS if named[gave] is None else gave][value] += many
    return table, {**_labels(first), OTHERS: _("the others together")}


def _cells(scope: Scope, first: Question, second: Question) -> dict[tuple[int, date], Counter[Any]]:
    """Collector and day → (first answer, second answer) → how many; of all years, for every reader alike."""
    fields = ("response__collector", "day", "gave", "value")
    pairs = _pairs(scope, first, second, EVER).values_list(*fields).annotate(many=Count("pk"))
    cells: dict[tuple[int, date], Counter[Any]] = defaultdict(Counter)
    for collector, day, gave, value, many in pairs:
        cells[collector, day][UNANSWERED if gave is None else gave, value] += many
    return cells


def _portions(cells: Mapping[tuple[int, date], Counter[Any]]) -> list[Portion]:
    found = []
    for (collector, day), counts in cells.items():
        place = ("collector", collector)
        answered = Counter({"answered": counts.total()})
        found.append(Portion(place, frozenset({place}), day, day, answered, counts))
    return found


def crossed_blocks(
    portions: list[Portion], above: Any, class_of: Callable[[Any], Any], minimum: int = MINIMUM
) -> list[Portion]:
    """Blocks in which every row has none or enough, each made of whole blocks of the results.

    `counts` of the portions are by (answer to the first question, answer to the second).
    """
    fine = blocks(portions, above, minimum)
    rowed = []
    for block in fine:
        classes: Counter[Any] = Counter()
        for (gave, _value), many in block.counts.items():
            classes[class_of(gave)] += many
        rowed.append(Portion(block.home, block.places, block.first, block.last, classes, block.counts))
    return blocks(rowed, above, minimum)
