"""Progress, expectation, status and roll-up: the arithmetic of rules.md, section 9."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy import progress
from strategy.progress import Node, Step, standings

F = Fraction
SHARES = st.integers(0, 1000).map(lambda part: Fraction(part, 1000))
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 11)
MIDDLE = date(2026, 11, 6)


def node(key=1, parent=None, **fields):
    given = {"weight": 10, "starts_on": FIRST, "ends_on": LAST, "state": "started"}
    given |= {"checked_on": MIDDLE, "current": F(50)}
    return Node(key=key, parent=parent, **(given | fields))


@pytest.mark.parametrize(
    ("baseline", "target", "current", "found"),
    [
        (48, 24, 30, F(3, 4)),
        (0, 100, 40, F(2, 5)),
        (72, 90, 91, F(19, 18)),
        (48, 24, 54, F(-1, 4)),
        (24, 48, 24, F(0)),
    ],
)
def test_progress_is_right_in_both_directions(baseline, target, current, found):
    assert progress.progress(F(baseline), F(target), F(current)) == found


def test_a_way_of_no_length_is_refused():
    with pytest.raises(ValueError, match="the same"):
        progress.progress(F(5), F(5), F(5))


@pytest.mark.parametrize(
    ("day", "found"),
    [(date(2026, 10, 1), 0), (FIRST, 0), (MIDDLE, F(1, 2)), (LAST, 1), (date(2027, 1, 1), 1)],
)
def test_what_is_expected_grows_in_a_line_from_start_to_end(day, found):
    assert progress.expected(FIRST, LAST, day) == found


def test_an_action_of_one_day_is_expected_whole_on_that_day():
    assert progress.expected(FIRST, FIRST, FIRST) == 1


def test_milestones_are_expected_from_the_day_after_theirs():
    steps = [Step(FIRST, 30, True), Step(MIDDLE, 70, False)]
    days = (FIRST, FIRST + timedelta(1), MIDDLE, MIDDLE + timedelta(1))
    found = [progress.expected_by_steps(steps, day) for day in days]
    assert found == [0, F(3, 10), F(3, 10), 1]


@pytest.mark.parametrize(
    ("reached", "expected", "status"),
    [
        (F(69, 100), F(1), "behind"),
        (F(7, 10), F(1), "at_risk"),
        (F(8999, 10000), F(1), "at_risk"),
        (F(9, 10), F(1), "on_track"),
        (F(1), F(1, 2), "on_track"),
        (F(0), F(0), "on_track"),
        (F(0), F(1, 100), "behind"),
        (None, F(1, 2), "no_information"),
    ],
)
def test_status_falls_into_half_open_bands(reached, expected, status):
    assert progress.status(reached, expected) == status


@given(SHARES, SHARES)
def test_every_pair_of_figures_has_exactly_one_status(reached, expected):
    assert progress.status(reached, expected) in {"behind", "at_risk", "on_track"}


def test_what_is_not_begun_before_its_day_is_not_started():
    planned = node(state="planned", current=None, checked_on=None)
    assert progress.standing_of(planned, FIRST - timedelta(1)).status == "not_started"
    assert progress.standing_of(planned, MIDDLE).status == "behind"


def test_what_is_not_begun_is_not_on_track_on_its_first_day_nor_before_its_first_milestone():
    planned = node(state="planned", current=None, checked_on=None)
    assert progress.standing_of(planned, FIRST).status == "not_started"
    assert progress.standing_of(planned, FIRST + timedelta(1)).status == "behind"
    steps = [Step(MIDDLE, 1, False), Step(LAST, 1, False)]
    planned = node(state="planned", current=None, checked_on=None, steps=steps)
    assert progress.standing_of(planned, MIDDLE).status == "not_started"
    assert progress.standing_of(planned, MIDDLE + timedelta(1)).status == "behind"
    assert progress.standing_of(node(current=F(0), checked_on=FIRST), FIRST).status == "on_track"


def test_no_report_within_the_period_and_its_grace_is_no_information():
    begun = node(checked_on=FIRST, rhythm=timedelta(days=7), ends_on=date(2027, 1, 31))
    last_good = FIRST + timedelta(days=7) + progress.GRACE
    assert progress.standing_of(begun, last_good).status == "on_track"
    assert progress.standing_of(begun, last_good + timedelta(1)).status == "no_information"


def test_a_figure_beyond_its_end_counts_as_whole_and_is_shown_as_it_is():
    found = progress.standing_of(node(current=F(120)), MIDDLE)
    assert (found.raw, found.progress) == (F(6, 5), 1)


def test_a_whole_is_the_weighted_mean_of_its_parts():
    parts = [node(2, 1, weight=30, current=F(100)), node(3, 1, weight=10, current=F(20))]
    found = standings([node(1, current=F(3)), *parts], MIDDLE)[1]
    assert (found.progress, found.expected, found.worst) == (F(8, 10), F(1, 2), 3)


def test_what_is_finished_without_a_figure_ever_reported_is_whole():
    assert progress.standing_of(node(current=F(0), state="done"), MIDDLE).progress == 1
    assert progress.standing_of(node(current=F(60), state="done"), MIDDLE).progress == F(6, 10)


def test_a_cancelled_part_leaves_the_sum():
    parts = [node(2, 1, current=F(100)), node(3, 1, current=F(0), state="cancelled")]
    assert standings([node(1), *parts], MIDDLE)[1].progress == 1


def test_a_whole_whose_parts_are_all_cancelled_stands_by_itself():
    assert standings([node(1, current=F(30)), node(2, 1, state="cancelled")], MIDDLE)[1].progress == F(3, 10)


def test_a_part_of_which_nothing_is_known_is_left_out_and_counted():
    parts = [node(2, 1, current=F(60)), node(3, 1, current=None, checked_on=None)]
    found = standings([node(1), *parts], MIDDLE)[1]
    assert (found.progress, found.unknown) == (F(6, 10), 1)


def test_nothing_known_is_never_nought():
    found = standings([node(1), node(2, 1, current=None, checked_on=None)], MIDDLE)[1]
    assert (found.progress, found.status) == (None, "no_information")


def test_parts_of_parts_are_rolled_up_from_below():
    rows = [node(1), node(2, 1, weight=50), node(3, 1, weight=50, current=F(0))]
    rows += [node(4, 2, weight=1, current=F(100)), node(5, 2, weight=3, current=F(60))]
    assert standings(rows, MIDDLE)[1].progress == F(7, 20)


def test_a_status_set_by_hand_stands_in_for_the_arithmetic():
    found = progress.standing_of(node(current=F(0), override="at_risk"), MIDDLE)
    assert (found.status, found.is_overridden, found.progress) == ("at_risk", True, 0)


def test_a_circle_in_damaged_rows_ends_and_leaves_everybody_a_standing():
    assert set(standings([node(1, 2), node(2, 1), node(3, 2)], MIDDLE)) == {1, 2, 3}


@given(st.lists(st.tuples(st.integers(1, 100), SHARES), min_size=1, max_size=8))
def test_a_whole_lies_between_its_worst_and_its_best_part(parts):
    found = progress.pooled(parts)
    assert min(value for _w, value in parts) <= found <= max(value for _w, value in parts)
