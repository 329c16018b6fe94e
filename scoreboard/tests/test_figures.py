"""Figures of a unit and a period: pooled subtrees, months and days, series, goals, what is hidden."""

from datetime import date
from decimal import Decimal

import pytest

from charter.models import Goal, Measure
from charter.tests.factories import MeasureFactory, RecordedResultFactory
from common.period import Period
from organisation.models import UnitPlacement
from organisation.tests.factories import UnitFactory
from scoreboard.figures import changes, figures_for, figures_of_units, trend
from scoreboard.tests.factories import counted, question_for, tally

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
AUTUMN = Period(date(2026, 9, 1), date(2026, 12, 1))


@pytest.fixture
def measure():
    return MeasureFactory(goal=90)


@pytest.fixture
def root():
    return UnitFactory()


def figure(measure, unit, period=AUTUMN, **kwargs):
    return figures_for([measure], unit, period, **({"today": TODAY} | kwargs))[measure.pk]


def test_a_figure_says_value_interval_n_goal_and_verdict(measure, root):
    tally(measure, root, date(2026, 9, 10), 90, 100)
    tally(measure, root, date(2026, 10, 10), 192, 200)
    found = figure(measure, root)
    assert (found.n, found.high_count, found.value, found.goal) == (300, 282, 94.0, 90)
    assert (found.verdict, found.is_indicative, found.older_series) == ("met", False, False)
    assert (found.value_text, found.interval_text) == ("94 %", "91 to 96")


def test_counts_are_pooled_never_averaged(measure, root):
    """10 of 10 and 0 of 90 are 10 %, not 50."""
    child, other = UnitFactory(parent=root), UnitFactory(parent=root)
    tally(measure, child, date(2026, 9, 10), 10, 10)
    tally(measure, other, date(2026, 9, 10), 0, 90)
    assert figure(measure, root).value == 10.0


def test_a_unit_does_not_see_its_sisters_answers(measure, root):
    child, other = UnitFactory(parent=root), UnitFactory(parent=root)
    tally(measure, child, date(2026, 9, 10), 10, 10)
    tally(measure, other, date(2026, 9, 10), 0, 90)
    assert figure(measure, child).n == 10


def test_a_moved_unit_counts_each_month_where_it_stood(measure, root):
    north, south = UnitFactory(parent=root), UnitFactory(parent=root)
    branch = UnitFactory(parent=north)
    UnitPlacement.objects.create(unit=branch, parent=south, starts_on=date(2026, 10, 1))
    for month, n in ((9, 10), (10, 20), (11, 40)):
        tally(measure, branch, date(2026, month, 5), n, n)
    assert figure(measure, north).n == 10
    assert figure(measure, south).n == 60
    assert figure(measure, root).n == 70


def test_a_unit_that_left_and_came_back_counts_for_both_stays(measure, root):
    north, south = UnitFactory(parent=root), UnitFactory(parent=root)
    branch = UnitFactory(parent=north)
    UnitPlacement.objects.create(unit=branch, parent=south, starts_on=date(2026, 10, 1))
    UnitPlacement.objects.create(unit=branch, parent=north, starts_on=date(2026, 11, 1))
    for month, n in ((9, 10), (10, 20), (11, 40)):
        tally(measure, branch, date(2026, month, 5), n, n)
    assert figure(measure, north).n == 50
    assert figure(measure, south).n == 20


def test_a_part_month_counts_its_days_only(measure, root):
    question = question_for(measure)
    for day, n in ((1, 5), (14, 6), (15, 7), (30, 8)):
        counted(question, root, date(2026, 9, day), {1: n})
    counted(question, root, date(2026, 10, 31), {1: 9})
    counted(question, root, date(2026, 11, 2), {1: 11})
    assert figure(measure, root, Period(date(2026, 9, 14), date(2026, 9, 15))).n == 6
    assert figure(measure, root, Period(date(2026, 9, 15), date(2026, 11, 3))).n == 7 + 8 + 9 + 11
    assert figure(measure, root, Period(date(2026, 9, 1), date(2026, 9, 30))).n == 18
    assert figure(measure, root, Period(date(2026, 9, 15), date(2026, 10, 15))).n == 15


def test_the_last_day_of_a_quarter_is_in_the_quarter(measure, root):
    counted(question_for(measure), root, date(2026, 9, 30), {1: 5})
    assert figure(measure, root, Period.parse("2026-Q3")).n == 5
    assert figure(measure, root, Period.parse("2026-Q4")).n == 0


def test_series_are_never_pooled_and_the_newest_counts(measure, root):
    tally(measure, root, date(2026, 9, 10), 0, 50)
    tally(measure, root, date(2026, 10, 10), 40, 40, series=2)
    found = figure(measure, root)
    assert (found.n, found.value, found.series, found.older_series) == (40, 100.0, 2, True)


def test_a_change_is_never_counted_across_series(measure, root):
    tally(measure, root, date(2026, 8, 10), 10, 50)
    tally(measure, root, date(2026, 9, 10), 50, 50, series=2)
    now = figures_for([measure], root, AUTUMN, today=TODAY)
    before = figures_for([measure], root, AUTUMN.before(), today=TODAY)
    assert changes(now, before) == {measure.pk: None}


@pytest.mark.parametrize(("n", "verdict", "value"), [(4, "too_few", None), (5, "unsure", 100.0)])
def test_inside_five_answers_are_enough(measure, root, n, verdict, value):
    tally(measure, root, date(2026, 9, 10), n, n)
    found = figure(measure, root)
    assert (found.verdict, found.value, found.hidden_reason) == (verdict, value, "")


def test_in_public_the_measures_minimum_hides_with_its_reason(measure, root):
    tally(measure, root, date(2026, 9, 10), 5, 6)
    found = figure(measure, root, public=True)
    assert (found.verdict, found.value, found.high_count) == ("too_few", None, 0)
    assert found.hidden_reason == "6 answers so far, we publish from 10."


def test_under_30_answers_a_figure_is_indicative(measure, root):
    tally(measure, root, date(2026, 9, 10), 29, 29)
    assert figure(measure, root).is_indicative
    tally(measure, root, date(2026, 10, 10), 1, 1)
    assert not figure(measure, root).is_indicative


def test_without_a_goal_there_is_a_figure_and_no_verdict(root):
    measure = MeasureFactory()
    tally(measure, root, date(2026, 9, 10), 29, 30)
    found = figure(measure, root)
    assert (found.goal, found.verdict) == (None, "no_goal")
    assert found.value is not None


def test_the_nearest_units_goal_of_the_periods_last_day_counts(measure, root):
    child = UnitFactory(parent=root)
    tally(measure, child, date(2026, 9, 10), 290, 300)
    Goal.objects.create(measure=measure, unit=root, starts_on=date(2026, 10, 1), target=Decimal(80))
    Goal.objects.create(measure=measure, unit=child, starts_on=date(2026, 11, 1), target=Decimal(99))
    assert figure(measure, child).goal == 99
    assert figure(measure, root).goal == 80
    assert figure(measure, root, Period.parse("2026-09")).goal == 90


def test_the_goal_of_a_running_period_is_todays(measure, root):
    Goal.objects.create(measure=measure, unit=root, starts_on=date(2026, 11, 25), target=Decimal(80))
    assert figure(measure, root).goal == 90
    assert figure(measure, root, today=date(2026, 11, 25)).goal == 80


def test_recorded_results_are_pooled_as_a_full_count(root):
    measure = MeasureFactory(method=Measure.Method.SHARE_MET, source=Measure.Source.RESULTS, goal=90)
    child = UnitFactory(parent=root)
    RecordedResultFactory(
        measure=measure, unit=child, start=date(2026, 9, 1), end=date(2026, 10, 1), met=8, total=10
    )
    RecordedResultFactory(
        measure=measure, unit=root, start=date(2026, 10, 1), end=date(2026, 12, 1), met=90, total=90
    )
    found = figure(measure, root)
    assert (found.n, found.value, found.low, found.verdict) == (100, 98.0, None, "met")
    assert (found.value_text, found.interval_text) == ("98.0 %", "all cases")
    assert figure(measure, root, Period.parse("2026-11")).verdict == "not_tracked"


def test_two_cases_of_a_full_count_are_enough_in_public(root):
    measure = MeasureFactory(method=Measure.Method.SHARE_MET, source=Measure.Source.RESULTS, goal=90)
    RecordedResultFactory(measure=measure, unit=root, met=1, total=2)
    found = figure(measure, root, public=True)
    assert (found.verdict, found.value) == ("not_met", 50.0)


def test_a_sample_of_cases_has_an_interval_and_a_minimum(root):
    measure = MeasureFactory(
        method=Measure.Method.SHARE_MET, source=Measure.Source.RESULTS, is_sample=True, goal=90
    )
    RecordedResultFactory(measure=measure, unit=root, met=8, total=10)
    found = figure(measure, root)
    assert (found.verdict, round(found.low, 2), round(found.high, 2)) == ("unsure", 49.02, 94.33)


def test_a_result_of_a_moved_unit_counts_where_it_stood_all_the_time(root):
    measure = MeasureFactory(method=Measure.Method.SHARE_MET, source=Measure.Source.RESULTS)
    north, south = UnitFactory(parent=root), UnitFactory(parent=root)
    branch = UnitFactory(parent=north)
    UnitPlacement.objects.create(unit=branch, parent=south, starts_on=date(2026, 10, 1))
    RecordedResultFactory(
        measure=measure, unit=branch, start=date(2026, 9, 1), end=date(2026, 12, 1), met=9, total=10
    )
    RecordedResultFactory(
        measure=measure, unit=branch, start=date(2026, 10, 1), end=date(2026, 12, 1), met=1, total=1
    )
    assert figure(measure, root).n == 11
    assert figure(measure, north).n == 0
    assert figure(measure, south).n == 1


def test_a_trend_has_a_point_each_month_and_marks_the_seam(measure, root):
    tally(measure, root, date(2026, 8, 10), 10, 10)
    tally(measure, root, date(2026, 10, 10), 0, 10, series=2)
    tally(measure, root, date(2026, 11, 10), 5, 10, series=2)
    points = trend([measure], root, TODAY, 4)[measure.pk]
    assert [point.value for point in points] == [100.0, None, 0.0, 50.0]
    assert [point.new_series for point in points] == [False, False, True, False]


def test_the_trend_of_recorded_results_has_their_months(root):
    measure = MeasureFactory(method=Measure.Method.SHARE_MET, source=Measure.Source.RESULTS)
    RecordedResultFactory(measure=measure, unit=root, met=8, total=10)
    assert [point.value for point in trend([measure], root, TODAY, 3)[measure.pk]] == [None, 80.0, None]


def test_sister_units_have_each_their_own_figure(measure, root):
    north, south = UnitFactory(parent=root), UnitFactory(parent=root)
    branch = UnitFactory(parent=north)
    UnitPlacement.objects.create(unit=branch, parent=south, starts_on=date(2026, 10, 1))
    question = question_for(measure)
    counted(question, branch, date(2026, 9, 5), {1: 10})
    counted(question, branch, date(2026, 10, 5), {1: 20})
    counted(question, south, date(2026, 11, 5), {0: 7})
    period = Period(date(2026, 9, 1), date(2026, 11, 10))
    found = figures_of_units([measure], [north, south], period, today=TODAY)[measure.pk]
    assert {key: each.n for key, each in found.items()} == {north.pk: 10, south.pk: 27}


@pytest.mark.parametrize("period", [AUTUMN, Period(date(2026, 9, 5), date(2026, 11, 10))])
def test_the_number_of_queries_depends_on_neither_measures_nor_units(
    root, period, django_assert_max_num_queries, django_assert_num_queries
):
    def measured(measures, units):
        made = [MeasureFactory(goal=90) for _each in range(measures)]
        for _each in range(units):
            unit = UnitFactory(parent=root)
            for measure in made:
                tally(measure, unit, date(2026, 10, 10), 9, 10)
        return [Measure.objects.get(pk=measure.pk) for measure in made]

    few, many = measured(2, 2), measured(20, 20)
    with django_assert_max_num_queries(5) as used:
        figures_for(few, root, period, today=TODAY)
    with django_assert_num_queries(len(used)):
        figures_for(many, root, period, today=TODAY)
