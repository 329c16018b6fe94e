"""Figures of counts and rates, and of a source that no room here knows."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Template

from charter.models import Goal, Measure
from charter.tests.factories import MeasureFactory, RecordedResultFactory
from common import sources
from common.period import Period
from common.sources import Counts, TotalsSource
from organisation.tests.factories import UnitFactory
from scoreboard.board import fed, measures_of
from scoreboard.figures import changes, figures_for, trend
from scoreboard.scores import round_top

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
OCTOBER = Period.parse("2026-10")
AUTUMN = Period.parse("2026-09-01..2026-11-30")


def measure_of(method, **kwargs):
    words = {"counted": "complaints", "exposure": "visitors"}
    settled = {"source": Measure.Source.RESULTS, "direction": Measure.Direction.LOWER}
    return MeasureFactory(method=method, **(words | settled | kwargs))


def recorded(measure, unit, month, met, total=None):
    period = Period.parse(month)
    return RecordedResultFactory(
        measure=measure,
        unit=unit,
        start=period.start,
        end=period.end,
        method=measure.method,
        met=met,
        total=total,
    )


def figure(measure, unit, period=OCTOBER, **kwargs):
    return figures_for([measure], unit, period, **({"today": TODAY} | kwargs))[measure.pk]


def public_words(found):
    template = Template("{% load charterwell %}{% plain_figure figure %}")
    return template.render(Context({"figure": found}))


@pytest.fixture
def unit():
    return UnitFactory()


def test_a_rate_is_pooled_per_thousand_and_has_no_interval(unit):
    rate, child = measure_of("rate", goal=15), UnitFactory(parent=unit)
    recorded(rate, unit, "2026-10", 30, 1500)
    recorded(rate, child, "2026-10", 6, 1500)
    found = figure(rate, unit)
    assert (found.value, found.low, found.high, found.n, found.verdict) == (12.0, None, None, 3000, "met")
    assert found.interval_text == "complaints per 1,000 visitors"


def test_the_public_reads_a_rate_in_plain_words(unit):
    rate = measure_of("rate", goal=15)
    recorded(rate, unit, "2026-10", 12, 1000)
    words = public_words(figure(rate, unit, public=True))
    assert "<b>12</b> complaints per 1,000 visitors; our goal is at most 15." in words


@pytest.mark.parametrize(
    ("met", "total", "verdict", "shown"),
    [
        (1500, 100_000, "met", "15"),
        (1501, 100_000, "not_met", "15.01"),
        (1499, 100_000, "met", "15"),
        (2, 1000, "met", "2.0"),
        (0, 1000, "met", "0.0"),
    ],
)
def test_the_unrounded_rate_decides_and_rounding_never_hides_it(unit, met, total, verdict, shown):
    rate = measure_of("rate", goal=15)
    recorded(rate, unit, "2026-10", met, total)
    found = figure(rate, unit)
    assert (found.verdict, found.value_text) == (verdict, shown)


def test_a_rate_where_higher_is_better_mirrors_it(unit):
    rate = measure_of("rate", goal=15, direction=Measure.Direction.HIGHER)
    recorded(rate, unit, "2026-10", 12, 1000)
    assert figure(rate, unit).verdict == "not_met"


def test_counts_add_up_and_nought_counts(unit):
    count = measure_of("count", goal=5)
    recorded(count, unit, "2026-10", 0)
    assert (figure(count, unit).value, figure(count, unit).verdict) == (0.0, "met")
    recorded(count, unit, "2026-09", 4)
    found = figure(count, unit, Period.parse("2026-09-01..2026-10-31"))
    assert (found.value, found.n) == (4.0, 2)


def test_a_count_that_nobody_kept_is_not_tracked(unit):
    count = measure_of("count", goal=5)
    recorded(count, unit, "2026-10", None)
    assert figure(count, unit).verdict == "not_tracked"


def test_the_goal_of_a_count_is_a_months_goal_times_the_months_that_were_counted(unit):
    count = measure_of("count", goal=5)
    for month, number in (("2026-09", 6), ("2026-10", 8)):
        recorded(count, unit, month, number)
    whole = figure(count, unit, Period.parse("2026-09-01..2026-10-31"))
    assert (whole.goal, whole.verdict, whole.uncounted_months) == (10, "not_met", 0)
    running = figure(count, unit, AUTUMN)
    assert (running.goal, running.verdict, running.uncounted_months) == (10, "not_met", 1)
    assert "<b>14</b> complaints; our goal is at most 10 in 2 months." in public_words(running)
    october = public_words(figure(count, unit))
    assert "<b>8</b> complaints; our goal is at most 5 in a month." in october


def test_on_the_first_of_a_month_a_count_is_not_held_against_a_month_that_has_just_begun(unit):
    count = measure_of("count", goal=100, direction=Measure.Direction.HIGHER)
    for month in ("2026-08", "2026-09", "2026-10"):
        recorded(count, unit, month, 100)
    for today in (date(2026, 10, 31), date(2026, 11, 1)):
        assert figure(count, unit, Period.months(today, 3), today=today).verdict == "met"


def test_a_month_that_nobody_tracked_is_no_month_without_complaints(unit):
    count = measure_of("count", goal=5)
    recorded(count, unit, "2026-08", 12)
    for month in ("2026-09", "2026-10"):
        recorded(count, unit, month, None)
    found = figure(count, unit, Period.parse("2026-08-01..2026-10-31"))
    assert (found.goal, found.verdict) == (5, "not_met")


def test_a_count_of_a_quarter_is_held_against_three_months_and_two_units_against_the_same(unit):
    count, child = measure_of("count", goal=5), UnitFactory(parent=unit)
    recorded(count, unit, "2026-Q3", 9)
    recorded(count, child, "2026-07", 5)
    found = figure(count, unit, Period.parse("2026-Q3"))
    assert (found.value, found.goal, found.verdict) == (14.0, 15, "met")


def test_over_anything_but_whole_months_a_count_of_days_is_held_against_nothing(unit):
    count, cut = measure_of("count", goal=5), Period.parse("2026-09-28..2026-11-04")
    recorded(count, unit, "2026-10-05", 8)
    found = figure(count, unit, cut)
    assert (found.value, found.goal, found.verdict) == (8.0, None, "no_goal")


def test_a_count_by_month_is_held_against_the_goal_of_the_whole_months_inside(unit):
    count, cut = measure_of("count", goal=5), Period.parse("2026-09-28..2026-11-04")
    recorded(count, unit, "2026-10", 8)
    found = figure(count, unit, cut)
    assert (found.value, found.goal, found.verdict) == (8.0, 5, "not_met")


def test_a_count_is_not_compared_with_one_of_more_months(unit):
    count, rate = measure_of("count", goal=5), measure_of("rate", goal=5)
    for month in ("2026-08", "2026-09", "2026-10"):
        recorded(count, unit, month, 8)
        recorded(rate, unit, month, 8, 1000)
    both = [count, rate]
    now = figures_for(both, unit, AUTUMN, today=TODAY)
    before = figures_for(both, unit, AUTUMN.before(), today=TODAY)
    found = changes(now, before)
    assert found[count.pk] is None
    assert found[rate.pk].difference == 0
    done = figures_for([count], unit, Period.parse("2026-09"), today=TODAY)
    assert changes(done, figures_for([count], unit, Period.parse("2026-08"), today=TODAY))[count.pk]


def test_the_track_of_a_rate_ends_at_a_round_number_over_figure_and_goal(unit):
    rate = measure_of("rate", goal=15)
    recorded(rate, unit, "2026-10", 31, 1000)
    assert (figure(rate, unit).scale_low, figure(rate, unit).scale_high) == (0, 40)
    assert [round_top(number) for number in (0, 0.95, 1, 9, 13, 95)] == [1, 1.5, 1.5, 10, 15, 150]


def test_months_of_recorded_results_are_read_in_one_query(unit, django_assert_num_queries):
    rate = measure_of("rate", goal=15)
    for month in ("2026-08", "2026-09", "2026-10"):
        recorded(rate, unit, month, 12, 1000)
    recorded(rate, unit, "2026-07-10..2026-08-20", 12, 1000)
    list(rate.goals.all())
    with django_assert_num_queries(3):
        points = trend([rate], unit, date(2026, 10, 1), 24)[rate.pk]
    assert [point.value for point in points][-4:] == [None, 12.0, 12.0, 12.0]


class Clocks(TotalsSource):
    """Cases that some other room has closed: 8 of 10 in time in every month."""

    def pooled(self, measure_ids, unit_ids, start, end):
        return {pk: {1: Counts(n=10, high=8)} for pk in measure_ids}

    def feeding(self):
        return Measure.objects.filter(key="in-time").values("pk")


@pytest.fixture
def clocks():
    sources.register_totals("clocks", "Complaints answered in time", Clocks())
    yield
    sources.unregister("clocks")


def test_a_new_source_needs_nothing_from_the_scoreboard(clocks, unit):
    of_clocks = {"source": "clocks", "method": "share_met", "goal": 90}
    measure = MeasureFactory(key="in-time", **of_clocks, standard__charter__unit=unit)
    idle = MeasureFactory(key="idle", **of_clocks, standard=measure.standard)
    found = figure(measure, unit)
    assert (found.value, found.low, found.verdict) == (80.0, None, "not_met")
    assert {point.value for point in trend([measure], unit, date(2026, 10, 1))[measure.pk]} == {80.0}
    assert [each.is_fed for each in measures_of(unit, TODAY)] == [True, False]
    assert list(Measure.objects.filter(fed())) == [measure]
    assert idle.get_source_display() == "Complaints answered in time"


def test_a_goal_of_one_unit_wins_over_that_for_all(unit):
    rate = measure_of("rate", goal=15)
    Goal.objects.create(measure=rate, unit=unit, starts_on=date(2020, 1, 1), target=Decimal(11))
    recorded(rate, unit, "2026-10", 12, 1000)
    assert figure(rate, unit).verdict == "not_met"
