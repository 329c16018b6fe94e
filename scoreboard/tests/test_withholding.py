"""Nothing hidden can be reckoned from the published: an attack by linear algebra on random trees."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from common.sources import Counts
from scoreboard.live import Piece, steps_of
from scoreboard.withholding import Family, grain, hidden_units

MINIMUM, DAYS = 10, 7
DAYS_A_MONTH = 2


def tree(parents):
    """Children of each unit, where `parents[k]` stands above unit k + 1."""
    children = {}
    for child, parent in enumerate(parents, start=1):
        children.setdefault(parent, []).append(child)
    return children


def in_span(wanted, known):
    """Whether a vector is a combination of others, by exact elimination."""
    return not any(reduced(wanted, basis_of(known)))


def basis_of(known):
    basis = []
    for vector in known:
        rest = reduced(vector, basis)
        if any(rest):
            basis.append(rest)
    return basis


def reduced(vector, basis):
    rest = [Fraction(each) for each in vector]
    for row in basis:
        pivot = next(index for index, each in enumerate(row) if each)
        factor = rest[pivot] / row[pivot]
        rest = [each - factor * other for each, other in zip(rest, row, strict=True)]
    return rest


@st.composite
def quarters(draw, largest=8):
    """A tree of units and the answers that each got itself in each of three months; most are few."""
    size = draw(st.integers(1, largest))
    parents = [draw(st.integers(0, child - 1)) for child in range(1, size)]
    numbers = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 60))
    own = [[draw(numbers) for _unit in range(size)] for _month in range(3)]
    return tree(parents), own


def families(children, own):
    months = [Family(0, children, dict(enumerate(month))) for month in own]
    summed = {unit: sum(month[unit] for month in own) for unit in range(len(own[0]))}
    return Family(0, children, summed), months


def published(children, own):
    """The shown cells, each as (unit, its months), by the rule of the product."""
    quarter, months = families(children, own)
    if grain(quarter, months, MINIMUM) == "quarter":
        return [(unit, (0, 1, 2)) for unit in shown(quarter)]
    return [(unit, (number,)) for number, month in enumerate(months) for unit in shown(month)]


@st.composite
def running(draw):
    """A quarter, and the days after it: few answers a day, or many."""
    children, own = draw(quarters(largest=3))
    numbers = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, 30))
    days = [[draw(numbers) for _unit in own[0]] for _day in range(DAYS)]
    return children, own, days


def live(children, own, days, months_ago=0):
    """The slots of time that the figure of the public page is made of, by the rule of the product.

    Slots 0 to 2 are the months of a published quarter; those after it are days, of which three months are
    the next quarter, and what comes after it the one after that. `months_ago` is how many of the months
    have left the page.
    """
    quarter, months = families(children, own)
    if grain(quarter, months, MINIMUM) == "quarter":
        rows = [(0, 1, 2)] if 0 in shown(quarter) else []
    else:
        rows = [(slot,) for slot in (0, 1, 2) if 0 in shown(months[slot])]
    for first in range(0, DAYS, 3 * DAYS_A_MONTH):
        numbers = range(first, min(first + 3 * DAYS_A_MONTH, len(days)))
        rows += [tuple(each.counts.values) for each in steps_of(map(piece(days), numbers), MINIMUM).pieces]
    return tuple(slot for row in rows if any(month(slot) >= months_ago for slot in row) for slot in row)


def month(slot):
    return slot if slot < 3 else 3 + (slot - 3) // DAYS_A_MONTH


def piece(days):
    """The day of a number. Its counts say by `values` of which slots they are."""

    def made(number):
        on = date(2026, 10, 1) + timedelta(days=number)
        return Piece(on, on + timedelta(days=1), Counts(n=sum(days[number]), values={3 + number: 1}))

    return made


def shown(family):
    return set(family.answered()) - set(hidden_units(family, MINIMUM))


class Attacker:
    """Knows every number of answers, and every shown value; looks for values that are not shown."""

    def __init__(self, children, own):
        slots, units = range(len(own)), range(len(own[0]))
        self.atoms = [(unit, month) for month in slots for unit in units if own[month][unit]]
        self.own = own
        self.below = {unit: set(Family(unit, children, {}).units()) for unit in range(len(own[0]))}

    def vector(self, units, months):
        return [int(unit in units and month in months) for unit, month in self.atoms]

    def answers(self, units, months):
        return sum(self.own[month][unit] for unit, month in self.atoms if unit in units and month in months)

    def targets(self):
        """Every unit with and without what stands below it, in every month, two months, and the quarter."""
        spans = [(0,), (1,), (2,), (0, 1), (1, 2), (0, 2), (0, 1, 2)]
        for unit, below in self.below.items():
            for units in (below, {unit}, below - {unit}):
                for months in spans:
                    yield units, months

    def days(self):
        """Every run of days, of every unit with and without what stands below it."""
        for unit, below in self.below.items():
            for first in range(3, 3 + DAYS):
                for last in range(first, 3 + DAYS):
                    yield below, range(first, last + 1)
                    yield {unit}, range(first, last + 1)


@settings(deadline=None, max_examples=40)
@given(quarters())
def test_no_figure_of_too_few_answers_can_be_reckoned_from_the_published(case):
    children, own = case
    attacker = Attacker(children, own)
    known = [attacker.vector(attacker.below[unit], months) for unit, months in published(children, own)]
    for units, months in attacker.targets():
        n = attacker.answers(units, months)
        if 0 < n < MINIMUM:
            assert not in_span(attacker.vector(units, months), known), (units, months, n)


@settings(deadline=None, max_examples=40)
@given(quarters())
def test_no_hidden_cell_of_the_files_can_be_reckoned_from_the_shown_ones(case):
    """Those hidden to protect another are not to be found either."""
    children, own = case
    attacker = Attacker(children, own)
    cells = published(children, own)
    known = [attacker.vector(attacker.below[unit], months) for unit, months in cells]
    quarter, months = families(children, own)
    is_by_quarter = grain(quarter, months, MINIMUM) == "quarter"
    spans = [(0, 1, 2)] if is_by_quarter else [(0,), (1,), (2,)]
    for unit, below in attacker.below.items():
        for span in spans:
            if (unit, span) not in cells and attacker.answers(below, span):
                assert not in_span(attacker.vector(below, span), known), (unit, span)


@settings(deadline=None, max_examples=10)
@given(running())
def test_no_figure_of_few_answers_can_be_reckoned_from_the_files_and_the_pages_of_many_days(case):
    """Of whoever notes the page every day, over the ends of months and of a quarter: neither of a day, nor
    of some days, nor of the months that the pages and the files share."""
    children, own, days = case
    attacker = Attacker(children, own + days)
    cells = [(unit, months) for unit, months in published(children, own)]
    known = [attacker.vector(attacker.below[unit], months) for unit, months in cells]
    for yesterday in range(DAYS):
        for today in {month(3 + yesterday), month(4 + yesterday)}:
            page = live(children, own, days[: yesterday + 1], months_ago=today - 2)
            known.append(attacker.vector(attacker.below[0], page))
    basis = basis_of(known)
    for units, slots in [*attacker.targets(), *attacker.days()]:
        n = attacker.answers(units, slots)
        if 0 < n < MINIMUM:
            assert any(reduced(attacker.vector(units, slots), basis)), (units, slots, n)


def test_the_attacker_finds_the_answers_of_a_day_on_a_careless_page():
    """The months of the files, and a page that adds the three cards of today."""
    attacker = Attacker({}, [[40], [40], [40], [3]])
    known = [attacker.vector({0}, (slot,)) for slot in range(3)]
    assert in_span(attacker.vector({0}, (3,)), [*known, attacker.vector({0}, (1, 2, 3))])


def test_the_page_moves_when_enough_has_come_together():
    days = [[3], [4], [5]]
    own = [[40], [40], [40]]
    pages = [live({}, own, days[:number], months_ago=1) for number in range(1, 4)]
    assert pages == [(1, 2), (1, 2), (1, 2, 3, 4, 5)]


def test_the_attacker_finds_what_what_a_careless_publisher_gives_away():
    """Months of one unit beside the quarter of another: what a file must never hold."""
    attacker = Attacker({0: [1, 2]}, [[0, 6, 20], [0, 40, 0], [0, 0, 0]])
    known = [attacker.vector({0, 1, 2}, (0,)), attacker.vector({2}, (0, 1, 2))]
    assert in_span(attacker.vector({1}, (0,)), known)


def test_months_are_published_where_every_unit_has_enough_in_each():
    quarter, months = families({0: [1, 2]}, [[0, 12, 20], [0, 15, 30], [0, 11, 10]])
    assert grain(quarter, months, MINIMUM) == "months"


def test_the_quarter_is_published_as_one_where_a_month_of_one_unit_has_too_few():
    quarter, months = families({0: [1, 2]}, [[0, 6, 20], [0, 15, 30], [0, 11, 10]])
    assert grain(quarter, months, MINIMUM) == "quarter"
    assert hidden_units(quarter, MINIMUM) == {}


def test_results_that_span_more_than_a_month_are_published_by_quarter():
    quarter = Family(0, {}, {0: 90})
    assert grain(quarter, [Family(0, {}, {0: 30}) for _month in range(2)], MINIMUM) == "quarter"


def test_the_next_smallest_joins_a_single_unit_with_too_few():
    family = Family(0, {0: [1, 2, 3]}, {1: 6, 2: 12, 3: 90})
    assert hidden_units(family, MINIMUM) == {1: "too_few", 2: "with_another"}


def test_nothing_below_a_hidden_unit_is_shown():
    family = Family(0, {0: [1, 2], 1: [3, 4]}, {2: 6, 3: 11, 4: 12})
    assert hidden_units(family, MINIMUM) == {
        1: "with_another",
        2: "too_few",
        3: "below_hidden",
        4: "below_hidden",
    }
