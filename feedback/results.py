"""Live results of a questionnaire: counts, figure and interval for each question, by unit and place.

Two populations are never mixed. Of customers' answers a reader counts those that the reader may open in the
inbox, one by one. Answers of employees lead to nobody: everybody sees the same blocks (`feedback.withheld`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from common.period import Period
from feedback.models import Answer, ChosenOption, Collector, Question, Questionnaire, Response
from feedback.models.response import CONFIDENTIAL
from feedback.said import label_of
from feedback.scales import Changed, Scored, changed, scored
from feedback.withheld import Place, Portion, blocks, shown
from organisation.models import Tree, Unit, User

MINIMUM = 5
NA = "na"
Key = tuple[str, int]
"""A question over versions: its key and its series."""
CHOSE = "chose"
"""Of a question with options: that somebody answered it at all, beside a count for each option."""


@dataclass(frozen=True)
class Bar:
    """One answer of the scale: how many gave it, and their share of all who answered (0 to 100)."""

    label: str
    value: int | str
    count: int
    share: float


@dataclass(frozen=True)
class Part:
    """A unit's or a place's share of a question. Without a figure where too few answered."""

    name: str
    n: int | None
    figure: Scored | None


@dataclass(frozen=True)
class Result:
    """What was answered to one question. `n` is without those whom it did not concern (`na`)."""

    question: Question
    n: int
    na: int
    bars: list[Bar]
    figure: Scored | None
    change: Changed | None
    units: list[Part]
    places: list[Part]
    is_older: bool = False

    @property
    def is_too_few(self) -> bool:
        return not self.bars


@dataclass(frozen=True)
class Scope:
    """Whose answers are asked for: units (with what stands below), a place or None, a period, and one to
    compare with or None."""

    questionnaire: Questionnaire
    units: frozenset[int]
    collector: Collector | None
    period: Period
    before: Period | None = None


@dataclass
class Tally:
    """The answers to one question in the scope: by value or “na”, in all and by part."""

    now: Counter[Any] = field(default_factory=Counter)
    before: Counter[Any] = field(default_factory=Counter)
    by_unit: dict[int, Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))
    by_place: dict[int, Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))


def results_of(scope: Scope, *, user: User, today: date) -> list[Result]:
    """A result for each question that can be counted, in the order of the newest version."""
    questions = counted_questions(scope.questionnaire)
    if is_confidential(scope.questionnaire):
        tallies = _confidential(scope, questions, today)
    else:
        tallies = _counted(scope, user)
    names = dict(Unit.objects.values_list("pk", "name"))
    places = dict(places_of(scope.questionnaire).values_list("pk", "name"))
    newest = {question.key: question.series for question in questions.values() if question.is_newest}
    return [
        _result(question, tallies[key], names, places, is_older=newest.get(key[0]) != key[1])
        for key, question in questions.items()
        if tallies[key].now or newest.get(key[0]) == key[1]
    ]


def is_confidential(questionnaire: Questionnaire) -> bool:
    """Answered by employees, of whom nobody may be found out."""
    return questionnaire.kind == CONFIDENTIAL


def counted_questions(questionnaire: Questionnaire) -> dict[Key, Any]:
    """Key and series → the question on a scale or with options, as it was worded last; the newest version's
    first, in its order.

    `is_newest` says that it stands in the version that is asked now.
    """
    asked = (
        Question.objects.filter(
            Q(scale_low__isnull=False) | Q(kind__in=Question.CHOOSING),
            version__questionnaire=questionnaire,
            version__published_at__isnull=False,
        )
        .exclude(kind=Question.Kind.MATRIX)
        .order_by("-version__number", "position", "pk")
        .select_related("version", "matrix")
        .prefetch_related("texts", "options__texts", "matrix__texts")
    )
    found: dict[Key, Any] = {}
    newest = 0
    question: Any
    for question in asked:
        newest = newest or question.version.number
        question.is_newest = question.version.number == newest
        found.setdefault((question.key, question.series), question)
    return found


def countable_answers(scope: Scope, period: Period) -> Any:
    """Answers that can be counted in the scope and a period, whoever may count them."""
    answers = Answer.objects.countable().filter(
        Q(question__scale_low__isnull=False) | Q(question__kind__in=Question.CHOOSING),
        question__version__questionnaire=scope.questionnaire,
        day__gte=period.start,
        day__lt=period.end,
    )
    return answers.order_by()


def _counted(scope: Scope, user: User) -> Mapping[Key, Tally]:
    """Answer by answer, of the responses that the reader may open. Two queries a period."""
    tallies: dict[Key, Tally] = defaultdict(Tally)
    mine = Response.objects.visible_to(user).filter(unit__in=scope.units)
    if scope.collector:
        mine = mine.filter(collector=scope.collector)
    for row in _grouped(scope, scope.period, mine):
        tally = tallies[row["key"]]
        for counter in (tally.now, tally.by_unit[row["unit"]], tally.by_place[row["place"]]):
            counter[row["answer"]] += row["many"]
    if scope.before:
        for row in _grouped(scope, scope.before, mine):
            tallies[row["key"]].before[row["answer"]] += row["many"]
    return tallies


def _grouped(scope: Scope, period: Period, mine: Any) -> Iterable[dict[str, Any]]:
    answers = countable_answers(scope, period).filter(response__in=mine.order_by().values("pk"))
    for key, series, unit, place, answer, many in counted_by(answers, "unit", "response__collector"):
        yield {"key": (key, series), "unit": unit, "place": place, "answer": answer, "many": many}


def counted_by(answers: Any, *parts: str) -> Iterator[tuple[Any, ...]]:
    """(key, series, *parts, answer, how many): a value, “na” or `CHOSE`; and (`CHOSE`, option) for options.

    Two queries.
    """
    fields = ("question__key", "series", *parts)
    for *where, is_na, value, many in answers.values_list(*fields, "is_na", "value").annotate(
        many=Count("pk")
    ):
        yield (*where, NA if is_na else CHOSE if value is None else value, many)
    chosen = ChosenOption.objects.filter(answer__in=answers.values("pk")).order_by()
    of_answer = [f"answer__{name}" for name in fields]
    counted = chosen.values_list(*of_answer, "option__key").annotate(many=Count("pk"))
    for *where, option, many in counted:
        yield (*where, (CHOSE, option), many)


def _confidential(scope: Scope, questions: Iterable[Key], today: date) -> Mapping[Key, Tally]:
    """The blocks that lie in the scope; the same ones for every reader."""
    above = places_above(scope.questionnaire, today)
    by_question = portions_of(scope)
    inside = places_in(scope, above)
    below = {unit: _below(("unit", unit), above) & inside for unit in scope.units}
    tallies: dict[Key, Tally] = {}
    for key in questions:
        made = blocks(by_question.get(key, []), above, MINIMUM)
        tally = tallies[key] = Tally()
        tally.now = shown(made, inside, scope.period.start, scope.period.end)
        if scope.before:
            tally.before = shown(made, inside, scope.before.start, scope.before.end)
        for unit, places in below.items():
            tally.by_unit[unit] = shown(made, places, scope.period.start, scope.period.end)
    return tallies


def places_above(questionnaire: Questionnaire, today: date) -> dict[Place, Place | None]:
    """Each collector stands in its unit, each unit in its parent, as the tree is today."""
    above: dict[Place, Place | None] = {
        ("unit", unit): ("unit", parent) if parent else None
        for unit, parent in Tree.on(today).parents.items()
    }
    for collector, unit in places_of(questionnaire).values_list("pk", "unit"):
        above["collector", collector] = ("unit", unit)
    return above


def places_of(questionnaire: Questionnaire) -> Any:
    """Where it is asked, and where it was asked before the place was given another one."""
    asked = Response.objects.filter(version__questionnaire=questionnaire).order_by()
    once = Q(pk__in=asked.values("collector"))
    return Collector.objects.filter(Q(questionnaire=questionnaire) | once).order_by("pk")


def places_in(scope: Scope, above: Mapping[Place, Place | None]) -> set[Place]:
    if scope.collector:
        return {("collector", scope.collector.pk)}
    return {place for place in above if _unit_above(place, above) in scope.units}


def _unit_above(place: Any, above: Mapping[Place, Place | None]) -> int:
    unit: Any = place if place[0] == "unit" else above[place]
    return int(unit[1])


def _below(place: Place, above: Mapping[Place, Place | None]) -> set[Place]:
    """The place and everything in it."""
    found = {place}
    while more := {each for each, parent in above.items() if parent in found} - found:
        found |= more
    return found


def portions_of(scope: Scope) -> dict[Key, list[Portion]]:
    """All answers of the years that the scope touches, by question, collector and day. Two queries."""
    periods = [scope.period, *([scope.before] if scope.before else [])]
    first = date(min(period.start for period in periods).year, 1, 1)
    after = date(min(max(period.last_day for period in periods).year, 9998) + 1, 1, 1)
    answers = countable_answers(scope, Period(first, after))
    cells: dict[tuple[Key, int, date], Counter[Any]] = defaultdict(Counter)
    for key, series, collector, day, answer, many in counted_by(answers, "response__collector", "day"):
        cells[(key, series), collector, day][answer] += many
    found: dict[Key, list[Portion]] = defaultdict(list)
    for (question, collector, day), counts in cells.items():
        place = ("collector", collector)
        answered = Counter({"answered": answered_in(counts)})
        found[question].append(Portion(place, frozenset({place}), day, day, answered, counts))
    return found


def answered_in(counts: Counter[Any]) -> int:
    """How many answered: without “does not apply”, and whoever chose several options once."""
    return sum(many for answer, many in counts.items() if answer != NA and not isinstance(answer, tuple))


def _result(
    question: Question, tally: Tally, names: dict[int, str], places: dict[int, str], *, is_older: bool
) -> Result:
    n, n_before = answered_in(tally.now), answered_in(tally.before)
    is_shown, is_compared = n >= MINIMUM, n_before >= MINIMUM
    has_scale = question.kind not in Question.CHOOSING
    values, before = _values(tally.now), _values(tally.before)
    return Result(
        question=question,
        n=n,
        na=tally.now[NA],
        bars=_bars(question, tally.now, n) if is_shown else [],
        figure=scored(question, values) if is_shown and has_scale else None,
        change=changed(question, values, before) if is_shown and is_compared and has_scale else None,
        units=_parts(question, tally.by_unit, names) if has_scale else [],
        places=_parts(question, tally.by_place, places) if has_scale else [],
        is_older=is_older,
    )


def _bars(question: Question, counts: Counter[Any], n: int) -> list[Bar]:
    """The best answer first; options in their order, with those that only older versions had at the end."""
    if question.kind not in Question.CHOOSING:
        low, high = question.scale_low or 0, question.scale_high or 0
        values = range(high, low - 1, -1)
        return [Bar(label_of(question, each), each, counts[each], 100 * counts[each] / n) for each in values]
    options = {option.key: str(option) for option in question.options.all()}
    older = sorted(each[1] for each in counts if isinstance(each, tuple) and each[1] not in options)
    labels = {**options, **{key: key for key in older}}
    return [
        Bar(label, key, counts[CHOSE, key], 100 * counts[CHOSE, key] / n) for key, label in labels.items()
    ]


def _values(counts: Counter[Any]) -> Counter[int]:
    return Counter({answer: many for answer, many in counts.items() if isinstance(answer, int)})


def _parts(question: Question, by_part: Mapping[int, Counter[Any]], names: dict[int, str]) -> list[Part]:
    """By name; those without any answer are left out."""
    found = []
    for part, counts in by_part.items():
        values = _values(counts)
        if n := sum(values.values()):
            found.append(Part(names.get(part, "–"), n, scored(question, values) if n >= MINIMUM else None))
    return sorted(found, key=lambda each: each.name)
