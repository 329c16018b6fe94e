"""Marks with vectors: what is right, how much of it, and when it is enough."""

from decimal import Decimal

import pytest

from training import marking

D = Decimal
FIVE = {"options": [{"correct": flag} for flag in (True, True, True, False, False)]}
ORDER = {"items": ["greet", "listen", "repeat"]}
PAIRS = {"pairs": [["letter", "two days"], ["visit", "at once"], ["e-mail", "two days"]]}
NUMBER = {"answer": "2.5", "tolerance": "0.1"}
SHORT = {"answers": ["Two working days", "2 working days"]}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([0, 1, 2], 1),
        ([0, 1], D(2) / 3),
        ([0, 1, 3], D(1) / 3),
        ([0, 3], 0),
        ([0, 3, 4], 0),
        ([3, 4], 0),
        ([0, 1, 2, 3, 4], D(1) / 3),
        ([], 0),
    ],
)
def test_right_minus_wrong_is_floored_at_nothing(chosen, expected):
    assert marking.share_right("multiple", FIVE, chosen, "right_minus_wrong") == expected


@pytest.mark.parametrize(("chosen", "expected"), [([0, 1, 2], 1), ([0, 1], 0), ([0, 1, 2, 3], 0)])
def test_all_or_nothing_wants_exactly_the_right_ones(chosen, expected):
    assert marking.share_right("multiple", FIVE, chosen, "all_or_nothing") == expected


@pytest.mark.parametrize(
    ("kind", "content", "answer", "expected"),
    [
        ("single", FIVE, [1], 1),
        ("single", FIVE, [4], 0),
        ("true_false", {"answer": False}, "false", 1),
        ("true_false", {"answer": False}, "true", 0),
        ("ordering", ORDER, [0, 1, 2], 1),
        ("ordering", ORDER, [1, 0, 2], 0),
        ("matching", PAIRS, [0, 1, 2], 1),
        ("matching", PAIRS, [2, 1, 0], 1),  # equal words on the right
        ("matching", PAIRS, [1, 1, None], D(1) / 3),
        ("numeric", NUMBER, "2.6", 1),
        ("numeric", NUMBER, "2,4", 1),
        ("numeric", NUMBER, "2.61", 0),
        ("numeric", NUMBER, "about two", 0),
        ("numeric", NUMBER, "9e9999999", 0),
        ("numeric", {"answer": "1500", "tolerance": "0"}, "1,500", 1),
        ("numeric", {"answer": "1500", "tolerance": "0"}, "1 500", 1),
        ("numeric", {"answer": "1500", "tolerance": "0"}, "1.500", 1),
        ("numeric", {"answer": "1500000", "tolerance": "0"}, "-1,500,000", 0),
        ("numeric", {"answer": "1500000", "tolerance": "0"}, "1.500.000", 1),
        ("numeric", {"answer": "1500.5", "tolerance": "0"}, "1.500,5", 1),
        ("numeric", {"answer": "1500.5", "tolerance": "0"}, "1,500.5", 1),
        ("numeric", {"answer": "1.5", "tolerance": "0"}, "1,500", 1),
        ("numeric", {"answer": "15", "tolerance": "0"}, "1,5", 0),
        ("numeric", {"answer": "1234", "tolerance": "0"}, "1,2,3,4", 0),
        ("numeric", {"answer": "123.4", "tolerance": "0"}, "1,2,3.4", 0),
        ("numeric", {"answer": "-3", "tolerance": "0"}, "\N{MINUS SIGN}3", 1),
        ("numeric", {"answer": "1", "tolerance": "0"}, "NaN", 0),
        ("short", SHORT, "  two   WORKING days ", 1),
        ("short", SHORT, "two days", 0),
    ],
)
def test_each_kind_is_marked_by_its_rule(kind, content, answer, expected):
    assert marking.share_right(kind, content, answer) == expected


def test_an_open_answer_waits_for_a_person_and_an_empty_one_does_not():
    assert marking.mark("open", {}, "I would call back.", points=D(3), marking="") is None
    assert marking.mark("open", {}, "", points=D(3), marking="") == 0


def test_points_weigh_the_share():
    assert marking.mark("multiple", FIVE, [0, 1, 3], points=D("1.5"), marking="") == D("0.5")


def test_three_thirds_are_a_whole_again():
    third = D(1) / 3
    assert marking.percentage([third, third, third], [D(1), D(0), D(0)]) == 100


def test_the_unrounded_percentage_decides():
    """7,999 of 10,000 is shown as 80 %, and is not 80 %."""
    percent = marking.percentage([D(7999)], [D(10000)])
    assert marking.result([percent], "highest", D(80)) == marking.FAILED
    assert marking.result([marking.percentage([D(4)], [D(5)])], "highest", D(80)) == marking.PASSED


@pytest.mark.parametrize(
    ("counting", "expected"), [("highest", 90), ("average", 70), ("first", 50), ("last", 70)]
)
def test_the_attempt_that_counts(counting, expected):
    assert marking.counts([D(50), D(90), D(70)], counting) == expected


@pytest.mark.parametrize(
    ("percentages", "counting", "expected"),
    [
        ([], "highest", marking.NONE),
        ([None], "highest", marking.AWAITING),
        ([D(90), None], "highest", marking.PASSED),
        ([D(50), None], "highest", marking.AWAITING),
        ([D(50), None], "first", marking.FAILED),
        ([D(90), None], "last", marking.AWAITING),
        ([D(90), None], "average", marking.AWAITING),
        ([D(90), D(50)], "average", marking.FAILED),
    ],
)
def test_what_waits_for_marks_is_neither_passed_nor_failed(percentages, counting, expected):
    assert marking.result(percentages, counting, D(80)) == expected
