"""What is noticed, once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from charter.models import Measure
from charter.tests.factories import CharterFactory, MeasureFactory, RecordedResultFactory, StandardFactory
from common.period import add_months
from feedback.tests.factories import CollectorFactory
from organisation.models import UnitPlacement
from organisation.tests.factories import UnitFactory
from scoreboard.actions.signals import (
    scan_signals,
    scan_signals_nightly,
)
from scoreboard.models import DatedChange, Signal
from scoreboard.signal_words import sentence_of
from scoreboard.tests.factories import tally
from scoreboard.tests.signals.given import AT, USUAL, cards, months, noticed, one

pytestmark = pytest.mark.django_db


def test_a_month_outside_its_usual_range_is_noticed_once(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    assert [scan_signals(at=AT), scan_signals(at=AT)] == [1, 0]
    assert noticed() == [("point", "harbour-branch")]
    assert sentence_of(one("point")) == (
        "October 2026: 40 %, below its usual range (54 to 89 %), from 100 answers."
    )


def test_eight_months_on_one_side_are_noticed_as_one_run(measure, branch):
    months(measure, branch, [(1, 60), (2, 60), *((month, 80) for month in range(3, 11))])
    scan_signals(at=AT)
    assert one("run").period == date(2026, 3, 1)
    tally(measure, branch, date(2026, 11, 10), 80, 100)
    scan_signals(at=AT + timedelta(days=20))
    assert noticed("run") == [("run", "harbour-branch")]


def test_under_six_months_nothing_is_unusual(measure, branch):
    months(measure, branch, [*USUAL[-4:], (10, 20)])
    scan_signals(at=AT)
    assert noticed() == []


def test_a_month_is_looked_at_from_the_third_day_of_the_next(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    assert scan_signals(at=datetime(2026, 11, 2, 12, tzinfo=UTC)) == 0
    assert scan_signals(at=datetime(2026, 11, 3, 12, tzinfo=UTC)) == 1


def test_a_unit_with_the_months_of_one_unit_below_is_not_told_twice(measure, branch, root):
    months(measure, branch, [*USUAL, (10, 40)])
    scan_signals(at=AT)
    assert noticed() == [("point", "harbour-branch")]
    tally(measure, root, date(2026, 10, 11), 1, 1)
    scan_signals(at=AT)
    assert noticed() == [("point", "harbour-branch"), ("point", "harbour-city")]


def test_an_archived_unit_is_not_looked_at(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    branch.archived_at = AT
    branch.save()
    scan_signals(at=AT)
    assert noticed() == [("point", "harbour-city")]


def test_after_a_move_each_unit_keeps_the_months_it_held(measure, branch, root):
    region = UnitFactory(name="North", slug="north", parent=root)
    UnitPlacement.objects.create(unit=branch, parent=region, starts_on=date(2026, 10, 1))
    months(measure, branch, [*USUAL, (10, 40)])
    scan_signals(at=AT)
    assert noticed() == [("point", "harbour-branch")]


def test_after_a_marked_change_the_usual_range_is_reckoned_anew(measure, branch):
    DatedChange.objects.create(measure=measure, unit=branch, on=date(2026, 10, 1), words="A second counter")
    months(measure, branch, [*USUAL, (10, 40)])
    scan_signals(at=AT)
    assert noticed() == []


def test_an_unusual_count_says_what_was_counted(branch, root):
    standard = StandardFactory(charter=CharterFactory(unit=root))
    measure = MeasureFactory(
        standard=standard,
        method=Measure.Method.RATE,
        source=Measure.Source.RESULTS,
        counted="complaints",
        exposure="visitors",
    )
    for month, met in enumerate((5, 6, 5, 6, 5, 6, 5, 6, 5, 60), start=1):
        RecordedResultFactory(
            measure=measure,
            unit=branch,
            start=date(2026, month, 1),
            end=add_months(date(2026, month, 1), 1),
            met=met,
            total=1000,
        )
    scan_signals(at=AT)
    assert "60, above its usual range" in sentence_of(one("point"))
    assert "from 1,000 visitors" in sentence_of(one("point"))


def test_a_missed_goal_is_told_when_it_begins_and_not_every_month(branch, root):
    standard = StandardFactory(charter=CharterFactory(unit=root))
    measure = MeasureFactory(standard=standard, goal=90)
    months(measure, branch, [(8, 72), (9, 72), (10, 72), (11, 72)])
    scan_signals(at=AT)
    assert sentence_of(one("missed")) == (
        "The goal is missed: 72 %, between 67 and 77, from 300 answers; the goal is 90"
        " (August 2026 to October 2026)."
    )
    scan_signals(at=datetime(2026, 12, 5, tzinfo=UTC))
    assert noticed("missed") == [("missed", "harbour-branch")]


def test_a_changed_verdict_is_told(branch, root):
    standard = StandardFactory(charter=CharterFactory(unit=root))
    measure = MeasureFactory(standard=standard, goal=70)
    months(measure, branch, [(7, 62), (8, 72), (9, 72), (10, 95)])
    scan_signals(at=AT)
    assert sentence_of(one("verdict")).startswith("From “too close to call” to “met”: 80 %, between 75")


def test_too_few_answers_are_told_where_there_were_enough_before(measure, branch):
    months(measure, branch, [(9, 15)], n=20)
    months(measure, branch, [(10, 2)], n=3)
    scan_signals(at=AT)
    assert sentence_of(one("too_few")) == (
        "3 answers in October 2026, after 20 the month before; a figure needs 10."
    )


def test_a_result_that_nobody_recorded_is_told(measure, branch):
    RecordedResultFactory(
        measure__standard=measure.standard,
        measure__source=Measure.Source.RESULTS,
        unit=branch,
        start=date(2026, 9, 1),
        end=date(2026, 10, 1),
    )
    scan_signals(at=AT)
    assert sentence_of(one("too_few")).startswith("No result is recorded for October 2026")


def test_a_place_that_has_gone_silent_is_told_once_for_each_silence(branch):
    place = CollectorFactory(unit=branch, name="At the door")
    cards(place, *(datetime(2026, 10, day, 12, tzinfo=UTC) for day in (1, 3, 5, 8, 10, 15)))
    assert scan_signals(at=datetime(2026, 10, 28, tzinfo=UTC)) == 0
    assert scan_signals(at=datetime(2026, 10, 30, tzinfo=UTC)) == 1
    assert scan_signals(at=datetime(2026, 11, 18, tzinfo=UTC)) == 0
    assert sentence_of(one("silent")) == (
        "No answer since 15 October 2026: 15 days when it was noticed. Before, the longest pause was 5 days."
    )


def test_a_place_that_never_brought_many_answers_has_no_silence(branch):
    place = CollectorFactory(unit=branch)
    cards(place, *(datetime(2026, 9, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4)))
    assert scan_signals(at=AT) == 0


def test_a_bad_unit_never_stops_the_rest(measure, branch, root, monkeypatch):
    from scoreboard import watch

    other = UnitFactory(name="Broken", slug="broken", parent=root)
    months(measure, branch, [*USUAL, (10, 40)])
    real = watch.measures_of

    def breaking(unit, on):
        if unit == other:
            raise RuntimeError("no")
        return real(unit, on)

    monkeypatch.setattr(watch, "measures_of", breaking)
    assert scan_signals(at=AT) == 1


def test_twenty_measures_cost_no_more_queries_than_two(root, branch, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    standard = StandardFactory(charter=CharterFactory(unit=root))

    def add(count):
        for _number in range(count):
            months(MeasureFactory(standard=standard, goal=90), branch, [*USUAL, (10, 40)])

    def cost():
        Signal.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            scan_signals(at=AT)
        return len(captured)

    add(2)
    few = cost()
    add(18)
    assert cost() == few


def test_two_schedulers_look_once_a_night(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    assert [scan_signals_nightly(at=AT), scan_signals_nightly(at=AT + timedelta(hours=5))] == [1, None]
    assert scan_signals_nightly(at=AT + timedelta(days=1)) == 0
