"""Nobody is found out by subtraction: an attack by linear algebra on whatever a reader may ask for.

The attacker asks for every unit, every place, and every period, alone and crossed with another question, and
adds and subtracts what is shown.
"""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.crossing import crossed_blocks, hidden_rows
from feedback.withheld import Portion, blocks, merged_classes, shown

MINIMUM = 5
FIRST = date(2026, 11, 1)
DAYS = 4
ROWS = ("yes", "no")


@st.composite
def answers(draw):
    """Up to five places in a tree, and the answers of each row on each of four days; most are few."""
    size = draw(st.integers(1, 5))
    above = {0: None} | {place: draw(st.integers(0, place - 1)) for place in range(1, size)}
    few = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 12))
    given_ = {(place, day, row): draw(few) for place in above for day in range(DAYS) for row in ROWS}
    return above, given_


def day(number):
    return FIRST + timedelta(days=number)


def portions_of(above, given_):
    found = []
    for place in above:
        for number in range(DAYS):
            counts = Counter({(row, (place, number)): given_[place, number, row] for row in ROWS})
            if counts.total():
                classes = Counter({"answered": counts.total()})
                found.append(Portion(place, frozenset({place}), day(number), day(number), classes, counts))
    return found


def subtree(top, above):
    found = {top}
    while more := {place for place, parent in above.items() if parent in found} - found:
        found |= more
    return found


def spans():
    return [(start, end) for start in range(DAYS) for end in range(start + 1, DAYS + 1)]


class Attacker:
    """Writes every shown sum as a vector over the cells (place, day, row) and looks for small sets."""

    def __init__(self, above, given_, *, knows_empty_cells):
        places_with_answers = {
            (place, number)
            for place in above
            for number in range(DAYS)
            if any(given_[place, number, row] for row in ROWS)
        }
        self.cells = [
            cell
            for cell in given_
            if (given_[cell] if knows_empty_cells else cell[:2] in places_with_answers)
        ]
        self.above, self.given = above, given_

    def vector(self, block, rows=ROWS):
        """The cells of a block; each count of it knows the place and day that it came from."""
        return [
            int((row, (place, number)) in block.counts and row in rows) for place, number, row in self.cells
        ]

    def targets(self):
        for top in self.above:
            below = subtree(top, self.above)
            for places in (below, {top}, below - {top}):
                for start, end in spans():
                    for rows in (ROWS, *[(row,) for row in ROWS]):
                        yield places, start, end, rows

    def finds_a_small_group(self, known):
        basis = reduced_basis(known)
        for places, start, end, rows in self.targets():
            wanted = [
                int(place in places and start <= number < end and row in rows)
                for place, number, row in self.cells
            ]
            n = sum(self.given[cell] for cell, is_wanted in zip(self.cells, wanted, strict=True) if is_wanted)
            if 0 < n < MINIMUM and not any(reduced(wanted, basis)):
                return places, start, end, rows, n
        return None


def reduced_basis(known):
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
        if factor:
            rest = [each - factor * other for each, other in zip(rest, row, strict=True)]
    return rest


def asked(above, made):
    """Every answer of the product: the shown sums for each unit and period, as sets of blocks."""
    for top in above:
        for start, end in spans():
            inside = [block for block in made if block.lies_in(subtree(top, above), day(start), day(end))]
            if inside:
                yield inside


def summed(attacker, of, rows=ROWS):
    vectors = [attacker.vector(block, rows) for block in of]
    return [sum(column) for column in zip(*vectors, strict=True)]


@settings(deadline=None, max_examples=40)
@given(answers())
def test_no_few_answers_can_be_reckoned_from_units_and_periods(case):
    above, given_ = case
    attacker = Attacker(above, given_, knows_empty_cells=True)
    made = blocks(portions_of(above, given_), above, MINIMUM)
    known = [summed(attacker, of) for of in asked(above, made)]
    assert attacker.finds_a_small_group(known) is None


@settings(deadline=None, max_examples=40)
@given(answers())
def test_nor_from_the_rows_of_crossed_questions_together_with_the_results(case):
    above, given_ = case
    attacker = Attacker(above, given_, knows_empty_cells=False)
    portions = portions_of(above, given_)
    totals = Counter()
    for (_place, _day, row), many in given_.items():
        totals[row] += many
    named = merged_classes(totals, MINIMUM)
    fine = blocks(portions, above, MINIMUM)
    crossed = crossed_blocks(portions, above, lambda row: named[row], MINIMUM)
    known = [summed(attacker, of) for of in asked(above, fine)]
    for of in asked(above, crossed):
        for name in set(named.values()):
            known.append(summed(attacker, of, [row for row in ROWS if named[row] == name]))
    assert attacker.finds_a_small_group(known) is None


def test_the_attacker_finds_what_a_careless_page_gives_away():
    """A parent beside its only other child: what plain counts over the minimum would show."""
    above = {0: None, 1: 0, 2: 0}
    given_ = dict.fromkeys(
        ((place, number, row) for place in above for number in range(DAYS) for row in ROWS), 0
    )
    given_ |= {(1, 0, "yes"): 20, (2, 0, "yes"): 2}
    attacker = Attacker(above, given_, knows_empty_cells=True)
    everybody, child = [1, 1], [1, 0]
    assert [cell[0] for cell in attacker.cells] == [1, 2]
    assert attacker.finds_a_small_group([everybody, child])


def test_every_answer_is_shown_at_the_top_but_what_is_too_little():
    above = {0: None, 1: 0, 2: 0}
    given_ = {(place, number, row): 1 for place in above for number in range(DAYS) for row in ROWS}
    made = blocks(portions_of(above, given_), above, MINIMUM)
    whole = shown(made, set(above), day(0), day(DAYS))
    assert sum(given_.values()) - whole.total() < MINIMUM
    assert shown(made, {1}, day(0), day(DAYS)).total() in (0, 5, 6, 8)


def test_the_year_is_not_left_for_the_sake_of_a_few():
    place = Portion(
        0, frozenset({0}), date(2026, 12, 31), date(2026, 12, 31), Counter(answered=3), Counter(a=3)
    )
    later = Portion(0, frozenset({0}), date(2027, 1, 1), date(2027, 1, 1), Counter(answered=3), Counter(a=3))
    assert blocks([place, later], {0: None}, MINIMUM) == []


def test_the_next_smallest_row_is_hidden_with_a_single_small_one():
    assert hidden_rows({"a": 3, "b": 7, "c": 30}, 5) == {"a", "b"}
    assert hidden_rows({"a": 3, "b": 4, "c": 30}, 5) == {"a", "b"}
    assert hidden_rows({"a": 9, "b": 7}, 5) == set()
    assert hidden_rows({"a": 3}, 5) == {"a"}
