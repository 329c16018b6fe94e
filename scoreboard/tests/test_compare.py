"""The nightly comparison: what differs from the answers is told once, and mended."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter.models import Measure, StaleBucket
from charter.tests.factories import CaseFactory, MeasureFactory, cases_measure, done_import
from feedback.models import Answer
from organisation.actions.jobs import run_due_jobs
from organisation.models import Job
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.actions import (
    ask_for_nightly_comparison,
    compare_tallies,
    rebuild_tallies,
    recompute_stale_results,
)
from scoreboard.models import DailyTally, MonthlyTally, TallyCheck, TallyDifference
from scoreboard.tests.factories import answers, counted, question_for

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)
NIGHT = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)


@pytest.fixture
def measure() -> Measure:
    return MeasureFactory()


@pytest.fixture
def question(measure: Measure) -> Any:
    return question_for(measure)


@pytest.fixture
def unit() -> Any:
    return UnitFactory()


def told() -> list[tuple[date, bool, int, int]]:
    rows = TallyDifference.objects.order_by("pk")
    return list(rows.values_list("day", "is_month", "stood", "counted"))


def test_tallies_that_say_what_the_answers_say_do_not_differ(question: Any, unit: Any) -> None:
    counted(question, unit, DAY, {1: 3, 0: 1, None: 2})
    counted(question, unit, date(2026, 9, 30), {1: 1})
    check = compare_tallies(at=NIGHT)
    assert (check.compared, check.differing) == (2, 0)
    assert not StaleBucket.objects.exists()


def test_a_daily_tally_that_lies_is_told_and_mended(question: Any, unit: Any) -> None:
    counted(question, unit, DAY, {1: 3, 0: 1})
    DailyTally.objects.update(n=9)
    assert compare_tallies(at=NIGHT).differing == 1
    assert told() == [(DAY, False, 9, 4)]
    recompute_stale_results()
    assert DailyTally.objects.get().n == 4
    assert compare_tallies(at=NIGHT).differing == 0


def test_a_monthly_tally_that_lies_is_told_and_mended(question: Any, unit: Any) -> None:
    counted(question, unit, DAY, {1: 3, 0: 1})
    MonthlyTally.objects.update(high=9, n=9)
    compare_tallies(at=NIGHT)
    assert told() == [(date(2026, 11, 1), True, 9, 4)]
    recompute_stale_results()
    assert (MonthlyTally.objects.get().n, MonthlyTally.objects.get().high) == (4, 3)


def test_answers_without_a_tally_and_a_tally_without_answers_are_found(question: Any, unit: Any) -> None:
    counted(question, unit, DAY, {1: 1})
    counted(question, unit, date(2026, 5, 3), {1: 2})
    Answer.objects.filter(day=DAY).delete()
    DailyTally.objects.filter(day=date(2026, 5, 3)).delete()
    compare_tallies(at=NIGHT)
    assert set(told()) == {(date(2026, 5, 3), False, 0, 2), (DAY, False, 1, 0)}
    recompute_stale_results()
    assert [tally.day for tally in DailyTally.objects.all()] == [date(2026, 5, 3)]
    assert [tally.month for tally in MonthlyTally.objects.all()] == [date(2026, 5, 1)]


def test_two_days_of_one_month_are_both_mended(question: Any, unit: Any) -> None:
    for day in (1, 2, 30):
        counted(question, unit, date(2026, 11, day), {1: 1})
    DailyTally.objects.update(n=9)
    MonthlyTally.objects.update(n=27)
    assert compare_tallies(at=NIGHT).differing == 3
    recompute_stale_results()
    assert (MonthlyTally.objects.get().n, compare_tallies(at=NIGHT).differing) == (3, 0)


def test_the_answers_by_value_are_compared_too(question: Any, unit: Any) -> None:
    counted(question, unit, DAY, {1: 3, 0: 1})
    DailyTally.objects.update(values={"1": 1, "0": 3})
    assert compare_tallies(at=NIGHT).differing == 1


def test_what_is_stale_is_no_difference_for_it_is_owed_already(question: Any, unit: Any) -> None:
    answers(question, unit, DAY, {1: 3})
    assert compare_tallies(at=NIGHT).differing == 0
    assert StaleBucket.objects.count() == 1


def test_asked_twice_before_it_is_mended_a_difference_is_told_once(question: Any, unit: Any) -> None:
    counted(question, unit, DAY, {1: 3})
    DailyTally.objects.update(n=9)
    compare_tallies(at=NIGHT)
    compare_tallies(at=NIGHT)
    assert (TallyDifference.objects.count(), StaleBucket.objects.count()) == (1, 1)


def test_one_month_of_one_measure_is_read_at_a_time(question: Any, unit: Any) -> None:
    def queries(months: int) -> int:
        for month in range(1, months + 1):
            if not DailyTally.objects.filter(day=date(2026, month, 3)).exists():
                counted(question, unit, date(2026, month, 3), {1: 1})
        with CaptureQueriesContext(connection) as captured:
            compare_tallies(at=NIGHT)
        return len(captured)

    few = queries(2)
    assert queries(4) - few == 2 * 3


def test_cases_are_compared_and_rebuilt_like_answers(unit: Any) -> None:
    measure, batch = cases_measure(), done_import("cases")
    for done in (17, 25, None):
        at = datetime(2026, 11, done, tzinfo=UTC) if done else None
        CaseFactory(measure=measure, unit=unit, done_at=at, batch=batch)
    CaseFactory(measure=measure, unit=unit, due_at=None, batch=batch)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    CaseFactory(measure=measure, unit=unit, due_at=later, done_at=None, batch=batch)
    assert compare_tallies(at=NIGHT).differing == 1
    recompute_stale_results()
    tally = DailyTally.objects.get()
    assert (tally.n, tally.high, tally.na, tally.values) == (3, 1, 1, {"0": 2, "1": 1})
    before = list(MonthlyTally.objects.values("n", "high", "na", "values"))
    MonthlyTally.objects.all().delete()
    rebuild_tallies()
    assert before == list(MonthlyTally.objects.values("n", "high", "na", "values"))
    assert compare_tallies(at=NIGHT).differing == 0


def test_it_is_asked_for_once_a_night_after_two(question: Any, unit: Any) -> None:
    assert not ask_for_nightly_comparison(at=NIGHT.replace(hour=1))
    assert ask_for_nightly_comparison(at=NIGHT)
    assert not ask_for_nightly_comparison(at=NIGHT.replace(hour=5))
    run_due_jobs(at=NIGHT)
    assert Job.objects.get().state == Job.State.DONE
    assert TallyCheck.objects.count() == 1
    assert ask_for_nightly_comparison(at=NIGHT.replace(day=20))


def test_the_command_says_what_differed(question: Any, unit: Any, capsys: Any) -> None:
    counted(question, unit, DAY, {1: 3})
    DailyTally.objects.update(n=9)
    call_command("check_tallies")
    printed = capsys.readouterr().out
    assert f"{unit.slug} 2026-11-18: 9 in the total, 3 counted" in printed
    assert "Differing: 1." in printed


def test_administrators_see_it_on_the_page_of_background_work(client: Any, question: Any, unit: Any) -> None:
    def page_of(person: Any) -> str:
        client.force_login(person)
        return client.get(reverse("organisation:job_list")).content.decode()

    administrator = person_in(InstallationFactory().root, "administrator")
    assert "first night is still to come" in page_of(administrator)
    counted(question, unit, DAY, {1: 3})
    DailyTally.objects.update(n=9)
    compare_tallies()
    assert "1 of 1 daily totals differed" in page_of(administrator)
    assert "agree with the answers" not in page_of(person_in(unit, "manager"))
