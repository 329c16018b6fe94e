"""The figures of the public page beside the public files."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from charter.actions.publish import edition_of
from charter.models import Goal
from charter.tests.factories import CharterFactory, MeasureFactory, RecordedResultFactory, StandardFactory
from organisation.tests.factories import InstallationFactory, UnitFactory
from scoreboard.actions.opendata import publish_open_data
from scoreboard.live import live_figures
from scoreboard.models import MonthlyTally
from scoreboard.tests.factories import tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def measure(root):
    return MeasureFactory(standard=StandardFactory(charter=CharterFactory(unit=root)), goal=90)


def publish(measure, on=date(2026, 1, 1)):
    edition = edition_of(measure.standard.charter, on)
    edition.note = "First"
    edition.save()


def files_of(day):
    publish_open_data(at=datetime(day.year, day.month, day.day, 14, tzinfo=UTC))


def live(measure, today, *, goal=90, since=None):
    found = live_figures(
        [measure],
        measure.standard.charter.unit,
        today,
        goals={measure.pk: Goal(measure=measure, target=Decimal(goal))},
        since={measure.pk: since} if since else {},
    )
    return found[measure.pk]


def test_the_cards_of_a_day_wait_until_they_are_enough_to_be_no_figure_of_their_own(measure, root):
    publish(measure)
    for month in (7, 8, 9):
        tally(measure, root, date(2026, month, 10), 38, 40)
    tally(measure, root, date(2026, 10, 2), 1, 3)
    files_of(date(2026, 10, 3))
    assert (live(measure, date(2026, 10, 3)).n, live(measure, date(2026, 10, 3)).high_count) == (80, 76)
    tally(measure, root, date(2026, 10, 5), 6, 7, month=False)
    assert live(measure, date(2026, 10, 6)).n == 90


def test_the_cards_of_today_are_on_the_page_tomorrow(measure, root):
    """Or the page would move by one card at a time while they come in."""
    publish(measure)
    tally(measure, root, date(2026, 10, 5), 12, 12)
    assert live(measure, date(2026, 10, 5)).hidden_reason == "No answers yet, we publish from 10."
    assert live(measure, date(2026, 10, 6)).n == 12


def test_what_is_left_over_at_the_end_of_a_month_waits_for_more(measure, root):
    """Or the first of the month would give away the last cards of the one before."""
    publish(measure)
    for day, n in ((10, 10), (20, 10), (31, 3)):
        tally(measure, root, date(2026, 10, day), n, n, month=False)
    MonthlyTally.objects.create(
        measure=measure,
        unit=root,
        month=date(2026, 10, 1),
        series=1,
        **dict.fromkeys(("n", "total", "squares", "high"), 23),
        low=0,
        na=0,
        values={"1": 23},
    )
    assert live(measure, date(2026, 10, 31)).n == 20
    assert live(measure, date(2026, 11, 1)).n == 20
    tally(measure, root, date(2026, 11, 2), 6, 7)
    assert live(measure, date(2026, 11, 3)).n == 30


def test_what_leaves_the_page_is_a_whole_step(measure, root):
    """Not the six cards of July, when July is over three months ago and August is not."""
    publish(measure)
    tally(measure, root, date(2026, 7, 10), 5, 6)
    tally(measure, root, date(2026, 8, 10), 36, 40)
    july, august = live(measure, date(2026, 9, 30)), live(measure, date(2026, 10, 1))
    assert (july.n, august.n, str(august.period)) == (46, 46, "10 July 2026 to 31 October 2026")
    assert live(measure, date(2026, 11, 1)).n == 0


def test_before_the_first_files_the_page_shows_what_there_is(measure, root):
    publish(measure)
    tally(measure, root, date(2026, 9, 10), 28, 30)
    tally(measure, root, date(2026, 10, 2), 9, 10)
    assert live(measure, date(2026, 10, 3)).n == 40


def test_a_quarter_that_was_published_as_one_is_on_the_page_as_one(measure, root):
    publish(measure)
    tally(measure, root, date(2026, 7, 10), 5, 6)
    tally(measure, root, date(2026, 8, 10), 36, 40)
    files_of(date(2026, 10, 3))
    figure = live(measure, date(2026, 10, 3))
    assert (figure.n, str(figure.period)) == (46, "July 2026 to October 2026")
    assert live(measure, date(2026, 12, 3)).n == 0


def test_what_comes_late_to_a_published_month_is_not_added(measure, root):
    publish(measure)
    for month in (7, 8, 9):
        tally(measure, root, date(2026, month, 10), 38, 40)
    files_of(date(2026, 10, 3))
    MonthlyTally.objects.filter(month=date(2026, 9, 1)).update(n=41, high=38)
    assert live(measure, date(2026, 10, 4)).n == 80


def test_a_quarter_that_is_hidden_in_the_files_is_not_on_the_page_either(measure, root):
    publish(measure)
    tally(measure, root, date(2026, 9, 10), 5, 6)
    tally(measure, root, date(2026, 10, 2), 3, 3)
    files_of(date(2026, 10, 3))
    assert live(measure, date(2026, 10, 3)).hidden_reason == "3 answers so far, we publish from 10."
    tally(measure, root, date(2026, 10, 5), 9, 9, month=False)
    assert live(measure, date(2026, 10, 6)).n == 12


def test_a_goal_is_held_against_the_days_it_was_promised_for_to_the_day(measure, root):
    tally(measure, root, date(2026, 9, 10), 80, 100)
    tally(measure, root, date(2026, 10, 20), 10, 10)
    tally(measure, root, date(2026, 10, 28), 29, 30, month=False)
    MonthlyTally.objects.filter(month=date(2026, 10, 1)).update(n=40, high=39)
    figure = live(measure, date(2026, 11, 18), since=date(2026, 10, 25))
    assert (figure.n, figure.high_count, figure.goal) == (30, 29, 90)
    assert figure.period.start == date(2026, 10, 25)


def test_until_there_are_answers_to_a_new_goal_the_older_ones_are_held_against_none(measure, root):
    tally(measure, root, date(2026, 9, 10), 80, 100)
    tally(measure, root, date(2026, 11, 17), 3, 4)
    figure = live(measure, date(2026, 11, 18), since=date(2026, 11, 16))
    assert (figure.n, figure.goal, figure.verdict) == (100, None, "no_goal")


def test_without_older_answers_a_new_goal_waits_for_its_own(measure, root):
    tally(measure, root, date(2026, 11, 17), 3, 4)
    figure = live(measure, date(2026, 11, 18), since=date(2026, 11, 16))
    assert (figure.n, figure.goal) == (4, 90)
    assert figure.hidden_reason == "4 answers so far, we publish from 10."


def test_a_log_of_all_cases_is_shown_whole_and_judged_from_the_new_goal_on(root):
    log = MeasureFactory(
        standard=StandardFactory(charter=CharterFactory(unit=root)),
        method="share_met",
        source="results",
        goal=90,
    )
    for month, met in ((9, 1), (10, 2)):
        days = {"start": date(2026, month, 1), "end": date(2026, month + 1, 1)}
        RecordedResultFactory(measure=log, unit=root, met=met, total=4, **days)
    assert (live(log, date(2026, 11, 3)).n, live(log, date(2026, 11, 3)).goal) == (8, 90)
    later = live(log, date(2026, 11, 3), since=date(2026, 10, 1))
    assert (later.n, later.high_count, later.goal) == (4, 2, 90)
    mixed = live(log, date(2026, 11, 3), since=date(2026, 11, 1))
    assert (mixed.n, mixed.goal) == (8, None)


def test_a_sample_of_recorded_results_beside_its_published_quarter_waits_too(root):
    sample = MeasureFactory(
        standard=StandardFactory(charter=CharterFactory(unit=root)),
        method="share_met",
        source="results",
        is_sample=True,
        goal=90,
    )
    publish(sample)
    quarter = {"start": date(2026, 7, 1), "end": date(2026, 10, 1)}
    RecordedResultFactory(measure=sample, unit=root, met=30, total=40, **quarter)
    october = {"start": date(2026, 10, 1), "end": date(2026, 11, 1)}
    few = RecordedResultFactory(measure=sample, unit=root, met=2, total=3, **october)
    files_of(date(2026, 10, 3))
    assert live(sample, date(2026, 11, 3)).n == 40
    few.delete()
    RecordedResultFactory(measure=sample, unit=root, met=9, total=12, **october)
    assert live(sample, date(2026, 11, 2)).n == 40
    assert live(sample, date(2026, 11, 3)).n == 52


def test_recorded_samples_of_the_month_that_runs_wait_until_it_is_settled(root):
    """Or what is typed in for a week would be the difference of two pages."""
    sample = MeasureFactory(
        standard=StandardFactory(charter=CharterFactory(unit=root)),
        method="share_met",
        source="results",
        is_sample=True,
        goal=90,
    )
    days = {"start": date(2026, 10, 1), "end": date(2026, 11, 1)}
    RecordedResultFactory(measure=sample, unit=root, met=9, total=12, **days)
    days = {"start": date(2026, 11, 2), "end": date(2026, 11, 9)}
    RecordedResultFactory(measure=sample, unit=root, met=2, total=2, **days)
    assert live(sample, date(2026, 11, 18)).n == 12


def test_more_measures_and_units_cost_no_more_queries(root, measure, django_assert_max_num_queries):
    tally(measure, root, date(2026, 10, 10), 36, 40)
    measures = [measure, *(MeasureFactory(standard=measure.standard) for _each in range(20))]
    for each in measures[1:]:
        tally(each, UnitFactory(parent=root), date(2026, 10, 10), 36, 40)
    for some in (measures[:2], measures):
        with django_assert_max_num_queries(5):
            live_figures(some, root, date(2026, 11, 3), goals=dict.fromkeys(m.pk for m in some), since={})
