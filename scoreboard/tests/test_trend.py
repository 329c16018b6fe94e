"""The control chart behind a figure: limits, splits, what is unusual, and the changes that are marked."""

from datetime import UTC, date, datetime

import pytest
from auditlog.models import LogEntry

from charter.models import Measure
from charter.tests.factories import MeasureFactory, RecordedResultFactory
from common import control
from common.period import Period, add_months
from organisation.models import UnitPlacement
from organisation.tests.factories import UnitFactory, UserFactory
from scoreboard import actions
from scoreboard.chart import chart_of, last_complete_month
from scoreboard.figures import history
from scoreboard.models import DatedChange
from scoreboard.moves import moves_inside
from scoreboard.pooling import Placements
from scoreboard.tests.factories import tally
from scoreboard.unusual import unusual_in

pytestmark = pytest.mark.django_db

LAST = date(2026, 10, 1)
AT = datetime(2026, 11, 18, 12, tzinfo=UTC)


def month(back):
    return add_months(LAST, -back)


@pytest.fixture
def unit():
    return UnitFactory(name="Harbour branch")


@pytest.fixture
def rate():
    return MeasureFactory(
        method=Measure.Method.RATE,
        source=Measure.Source.RESULTS,
        direction=Measure.Direction.LOWER,
        counted="complaints",
        exposure="visitors",
        goal=15,
    )


def record(measure, unit, values):
    """Per-thousand figures of the last months, oldest first."""
    for back, value in zip(range(len(values) - 1, -1, -1), values, strict=True):
        RecordedResultFactory(
            measure=measure,
            unit=unit,
            start=month(back),
            end=add_months(month(back), 1),
            method=measure.method,
            met=value,
            total=1000,
        )


def chart(measure, unit):
    return chart_of(measure, unit, LAST, [unit.pk])


def mark(unit, on, **told):
    return actions.mark_change(unit=unit, on=on, **({"words": "A greeter", "by": None, "at": AT} | told))


def test_firm_limits_stay_however_many_months_have_passed(unit, rate):
    record(rate, unit, [8, 12] * 10 + [20, 24] * 30)
    early = chart_of(rate, unit, month(59).replace(day=1), [unit.pk]).segments[-1].limits[-1]
    chart = chart_of(rate, unit, month(0), [unit.pk])
    assert chart.segments[-1].limits[-1] == early
    assert len(chart.segments[-1].readings) == 80


def test_a_run_of_years_keeps_its_first_month(unit, rate):
    """Read from a moving beginning, the same run would be another one each month."""
    record(rate, unit, [8, 12] * 10 + [20, 24] * 35)
    begun = set()
    for back in (0, 1, 5):
        points = history([rate], unit, month(back))[rate.pk]
        begun |= {
            each.first for each in unusual_in(rate, points, [], month(back)) if each.what == control.RUN
        }
    assert begun == {month(70)}


def test_the_newest_sixty_months_are_shown_with_the_limits_of_the_whole(unit, rate):
    record(rate, unit, [8, 12] * 10 + [20, 24] * 30)
    chart = chart_of(rate, unit, month(0), [unit.pk])
    assert [chart.rows[-1].point.month, len(chart.rows), len(chart.drawing.marks)] == [month(59), 60, 60]
    assert chart.rows[0].limits == chart.segments[-1].limits[-1]
    assert len(chart.unusual) == len(set(chart.unusual)) > 0


def test_the_chart_begins_where_figures_begin_and_says_how_many_months_it_needs(rate, unit):
    record(rate, unit, [12, 13, 12])
    found = chart(rate, unit)
    assert [point.month for point in found.points] == [month(2), month(1), month(0)]
    assert found.summary == ["3 complete months so far: a usual range needs six."]
    assert found.unusual == []


def test_the_usual_range_and_what_it_says_of_the_goal_are_told_in_words(rate, unit):
    record(rate, unit, [11, 12] * 4)
    first, second = chart(rate, unit).summary
    assert "Since March 2026 the usual range is 9 to 14, on average 12, from 8 months: provisional" in first
    assert second == "Everything usual meets the goal of 15: left as it is, it will go on meeting it."


def test_an_unusual_month_is_named_once_and_marked_in_chart_and_table(rate, unit):
    record(rate, unit, [*[11, 12] * 11, 40, 11])
    found = chart(rate, unit)
    assert found.unusual == ["September 2026: 40, above the usual range of 9 to 14."]
    assert [row.point.month for row in found.rows if row.is_unusual] == [month(1)]
    assert [bool(each.is_unusual) for each in found.drawing.marks].count(True) == 1


def test_a_marked_change_splits_the_chart_and_the_old_range_stays(rate, unit):
    record(rate, unit, [17, 18] * 4 + [11, 12] * 4)
    before = chart(rate, unit)
    mark(unit, month(7), measure=rate)
    after = chart(rate, unit)
    assert (len(before.segments), len(after.segments)) == (1, 2)
    assert after.segments[0].centre == 17.5
    assert len(after.drawing.splits) == 1
    assert "Since March 2026" in after.summary[0]


def test_a_change_of_a_standard_or_of_a_unit_above_splits_too_but_not_one_of_a_sister(rate, unit):
    record(rate, unit, [17, 18] * 8)
    root, sister = UnitFactory(), UnitFactory()
    mark(sister, month(3), measure=rate)
    assert len(chart_of(rate, unit, LAST, [root.pk, unit.pk]).segments) == 1
    mark(root, month(7), standard=rate.standard)
    assert len(chart_of(rate, unit, LAST, [root.pk, unit.pk]).segments) == 2


def test_another_series_is_a_seam_with_limits_of_its_own(unit):
    measure = MeasureFactory(goal=90)
    for back in range(15, -1, -1):
        tally(measure, unit, month(back), 80 + back % 2, 100, series=1 if back > 7 else 2)
    assert [len(segment.readings) for segment in chart(measure, unit).segments] == [8, 8]


def test_samples_of_uneven_size_get_a_p_chart_and_full_counts_do_not(rate, unit):
    measure = MeasureFactory(goal=90)
    for back in range(7, -1, -1):
        tally(measure, unit, month(back), 80, 100 if back else 300)
    assert chart(measure, unit).is_p_chart
    record(rate, unit, [12] * 8)
    assert not chart(rate, unit).is_p_chart


def test_a_month_without_answers_is_a_gap_and_divides_nothing_by_nought(unit):
    measure = MeasureFactory(goal=90)
    for back in (8, 7, 6, 3, 2, 1, 0):
        tally(measure, unit, month(back), 80, 100)
    found = chart(measure, unit)
    assert len(found.points) == 9
    assert len(found.segments[0].readings) == 7
    assert len(found.drawing.runs) == 2
    assert chart(MeasureFactory(), unit).drawing.marks == []


def test_the_running_month_is_not_in_the_chart():
    assert last_complete_month(date(2026, 11, 30), date(2026, 11, 18)) == date(2026, 10, 1)
    assert last_complete_month(date(2026, 10, 31), date(2026, 11, 18)) == date(2026, 10, 1)
    assert last_complete_month(date(2026, 10, 30), date(2026, 11, 18)) == date(2026, 9, 1)
    assert last_complete_month(date(2026, 11, 30), date(2026, 11, 30)) == date(2026, 10, 1)


@pytest.mark.parametrize(("on", "code"), [(date(2026, 11, 19), "future"), (date(1989, 1, 1), "too_long_ago")])
def test_a_change_on_an_impossible_day_is_refused(rate, unit, on, code):
    with pytest.raises(actions.ChangeRefused) as refused:
        mark(unit, on, measure=rate)
    assert refused.value.error_dict["on"][0].code == code
    assert not DatedChange.objects.exists()


def test_a_second_change_on_the_same_day_is_refused_until_the_first_is_taken_away(rate, unit):
    first = mark(unit, month(3), measure=rate)
    with pytest.raises(actions.ChangeRefused):
        mark(unit, month(3), measure=rate)
    assert actions.archive_change(change=first, by=None, at=AT)
    mark(unit, month(3), measure=rate)
    with pytest.raises(actions.ChangeRefused):
        actions.restore_change(change=first, by=None)


def test_a_change_that_is_taken_away_is_kept_can_be_put_back_and_is_in_the_audit_trail(rate, unit):
    record(rate, unit, [17, 18] * 8)
    change = mark(unit, month(7), measure=rate)
    assert actions.archive_change(change=change, by=UserFactory(), at=AT)
    assert not actions.archive_change(change=change, by=None, at=AT)
    assert len(chart(rate, unit).segments) == 1
    change.refresh_from_db()
    assert actions.restore_change(change=change, by=UserFactory())
    assert len(chart(rate, unit).segments) == 2
    assert LogEntry.objects.get_for_object(change).count() == 3


def test_a_unit_that_moves_in_mid_year_shows_the_seam_in_words():
    root = UnitFactory(name="City")
    north, south = UnitFactory(name="North", parent=root), UnitFactory(name="South", parent=root)
    pier = UnitFactory(name="Pier", parent=north)
    UnitPlacement.objects.create(unit=pier, parent=south, starts_on=date(2026, 7, 1))
    placements, year = Placements.read(), Period.parse("2026")

    def told(unit, period=year):
        return moves_inside(placements, unit, period)

    assert told(south) == ["Since 1 July 2026 the figure holds Pier, which moved here."]
    assert told(north) == ["Since 1 July 2026 the figure is without Pier, which moved away."]
    assert told(pier) == ["Pier stood under North until 1 July 2026, and under South since."]
    assert told(root) == []
    assert told(south, Period.parse("2026-H2")) == []
