"""From stale buckets to tallies: recomputed from the answers, never added up."""

from datetime import date
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charter.models import Measure, StaleBucket
from charter.tests.factories import MeasureFactory
from common.sources import answer_sources
from feedback.models import Answer
from organisation.tests.factories import UnitFactory
from scoreboard.actions import rebuild_tallies, recompute_stale_results
from scoreboard.models import DailyTally, MonthlyTally
from scoreboard.tests.factories import answers, counted, question_for, stale

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 18)
SUMS = ("n", "total", "squares", "high", "low", "na", "values")


@pytest.fixture
def measure():
    return MeasureFactory(goal=90)


@pytest.fixture
def question(measure):
    return question_for(measure)


@pytest.fixture
def unit():
    return UnitFactory()


def sums(model, **where):
    rows = model.objects.filter(**where).order_by("n", "pk")
    return [{name: getattr(row, name) for name in SUMS} for row in rows]


def test_a_stale_bucket_becomes_the_tally_of_its_day_and_its_month(question, unit):
    counted(question, unit, DAY, {1: 3, 0: 1, None: 2})
    expected = {
        "n": 4,
        "total": 3,
        "squares": 3,
        "high": 3,
        "low": 0,
        "na": 2,
        "values": {"0": 1, "1": 3},
    }
    assert sums(DailyTally, day=DAY) == [expected]
    assert sums(MonthlyTally, month=date(2026, 11, 1)) == [expected]
    assert not StaleBucket.objects.exists()


def test_a_month_is_the_sum_of_its_days(question, unit):
    counted(question, unit, date(2026, 11, 1), {1: 2})
    counted(question, unit, date(2026, 11, 30), {0: 1, 1: 1})
    (month,) = sums(MonthlyTally)
    assert (month["n"], month["high"], month["values"]) == (4, 3, {"0": 1, "1": 3})


def test_a_bucket_that_is_stale_many_times_is_counted_once(measure, question, unit):
    answers(question, unit, DAY, {1: 2})
    for _each in range(5):
        stale(measure, unit, DAY)
    assert recompute_stale_results() == 6
    assert DailyTally.objects.get().n == 2


def test_running_again_changes_nothing(measure, question, unit):
    counted(question, unit, DAY, {1: 2, 0: 1})
    before = sums(DailyTally) + sums(MonthlyTally)
    stale(measure, unit, DAY)
    recompute_stale_results()
    assert sums(DailyTally) + sums(MonthlyTally) == before


@pytest.mark.parametrize(
    ("method", "scale", "high", "low"),
    [
        (Measure.Method.NPS, (0, 10), 2, 7),
        (Measure.Method.CES, (1, 7), 3, 0),
        (Measure.Method.TOP_BOX, (1, 3), 1, 0),
        (Measure.Method.TOP_BOX, (1, 5), 2, 0),
        (Measure.Method.TOP_BOX, (1, 10), 3, 0),
    ],
)
def test_high_and_low_are_counted_by_the_method(unit, method, scale, high, low):
    measure = MeasureFactory(method=method, scale_low=scale[0], scale_high=scale[1])
    one_each = dict.fromkeys(range(scale[0], scale[1] + 1), 1)
    counted(question_for(measure), unit, DAY, one_each)
    tally = DailyTally.objects.get(measure=measure)
    assert (tally.high, tally.low) == (high, low)


@pytest.mark.parametrize(
    "flag",
    [
        {"is_spam": True},
        {"is_test": True},
        {"deleted_at": "2026-11-19T00:00:00Z"},
    ],
)
def test_what_does_not_count_leaves_no_cell_behind(measure, question, unit, flag):
    (kept,) = answers(question, unit, DAY, {1: 1})
    recompute_stale_results()
    assert DailyTally.objects.count() == MonthlyTally.objects.count() == 1
    type(kept.response).objects.filter(pk=kept.response_id).update(**flag)
    stale(measure, unit, DAY)
    recompute_stale_results()
    assert not DailyTally.objects.exists()
    assert not MonthlyTally.objects.exists()


def test_an_erased_card_still_counts(measure, question, unit):
    """Erasure takes the person and the words; the value stays, unlinked."""
    (kept,) = answers(question, unit, DAY, {1: 1})
    type(kept.response).objects.filter(pk=kept.response_id).update(erased_at="2026-11-19T00:00:00Z")
    recompute_stale_results()
    assert DailyTally.objects.get().n == 1


def test_a_new_series_has_cells_of_its_own(measure, question, unit):
    answers(question, unit, DAY, {1: 2})
    answers(question_for(measure, series=2), unit, DAY, {0: 3})
    recompute_stale_results()
    assert sorted(DailyTally.objects.values_list("series", "n", "high")) == [(1, 2, 2), (2, 3, 0)]
    assert sorted(MonthlyTally.objects.values_list("series", "n", "high")) == [(1, 2, 2), (2, 3, 0)]


def test_a_series_whose_last_answer_is_gone_is_dropped_and_the_other_stays(measure, question, unit):
    answers(question, unit, DAY, {1: 2})
    answers(question_for(measure, series=2), unit, DAY, {0: 1})
    recompute_stale_results()
    Answer.objects.filter(series=2).delete()
    stale(measure, unit, DAY)
    recompute_stale_results()
    assert list(DailyTally.objects.values_list("series", flat=True)) == [1]
    assert list(MonthlyTally.objects.values_list("series", flat=True)) == [1]


def test_an_answer_that_moves_to_another_day_leaves_the_old_one(measure, question, unit):
    (moved,) = answers(question, unit, DAY, {1: 1})
    recompute_stale_results()
    later = date(2026, 12, 1)
    Answer.objects.filter(pk=moved.pk).update(day=later)
    stale(measure, unit, DAY)
    stale(measure, unit, later)
    recompute_stale_results()
    assert list(DailyTally.objects.values_list("day", flat=True)) == [later]
    assert list(MonthlyTally.objects.values_list("month", flat=True)) == [later]


def test_a_source_that_holds_totals_has_no_tallies(unit):
    measure = MeasureFactory(source=Measure.Source.RESULTS, method=Measure.Method.SHARE_MET)
    stale(measure, unit, DAY)
    assert recompute_stale_results() == 1
    assert not StaleBucket.objects.exists()
    assert not DailyTally.objects.exists()


def test_the_limit_leaves_the_rest_for_the_next_run(measure, unit):
    for number in range(1, 6):
        stale(measure, unit, date(2026, 11, number))
    assert recompute_stale_results(limit=3) == 3
    assert StaleBucket.objects.count() == 2


def test_a_failure_leaves_tallies_and_stale_rows_as_they_were(question, unit):
    answers(question, unit, DAY, {1: 1})
    with mock.patch.object(MonthlyTally._default_manager, "bulk_create", side_effect=OSError):
        assert recompute_stale_results() == 0
    assert StaleBucket.objects.count() == 1
    assert not DailyTally.objects.exists()
    assert recompute_stale_results() == 1
    assert DailyTally.objects.get().n == 1


def test_a_bad_bucket_does_not_stop_the_rest(question, unit):
    days = [date(2026, 11, number) for number in range(1, 6)]
    for day in days:
        answers(question, unit, day, {1: 1})
    source = answer_sources()["answers"]
    read = source.values_in

    def values_in(buckets):
        if days[2] in [day for _measure, _unit, day in buckets]:
            raise OSError("bad bucket")
        return read(buckets)

    with mock.patch.object(source, "values_in", values_in):
        assert recompute_stale_results() == 4
    assert list(StaleBucket.objects.values_list("day", flat=True)) == [days[2]]
    assert DailyTally.objects.count() == 4


def test_more_buckets_than_a_batch_are_all_done(measure, unit):
    for _each in range(450):
        stale(measure, unit, DAY)
    assert recompute_stale_results() == 450
    assert not StaleBucket.objects.exists()


def test_many_days_of_a_place_take_as_many_queries_as_one(question, unit):
    """A year of cards that comes in at once is counted in seconds."""
    queries = []
    for days in ([DAY], [date(2026, 10, number) for number in range(1, 21)]):
        for day in days:
            answers(question, unit, day, {1: 2, 0: 1})
        with CaptureQueriesContext(connection) as captured:
            assert recompute_stale_results() == len(days)
        queries.append(len(captured))
    assert queries[0] == queries[1]
    assert DailyTally.objects.filter(n=3, high=2).count() == 21


def test_nothing_stale_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert recompute_stale_results() == 0


def test_a_rebuild_gives_what_the_recompute_gave(question, unit):
    answers(question, unit, DAY, {1: 3, 0: 1, None: 1})
    answers(question, UnitFactory(), date(2026, 10, 31), {1: 1})
    recompute_stale_results()
    expected = sums(DailyTally) + sums(MonthlyTally)
    DailyTally.objects.all().delete()
    MonthlyTally.objects.update(n=99)
    rebuild_tallies()
    assert sums(DailyTally) + sums(MonthlyTally) == expected


def test_a_rebuild_drops_cells_without_answers(measure, question, unit):
    counted(question, unit, DAY, {1: 1})
    Answer.objects.all().delete()
    rebuild_tallies()
    assert not DailyTally.objects.exists()
    assert not MonthlyTally.objects.exists()


def test_the_command_says_how_much_it_counted(question, unit, capsys):
    answers(question, unit, DAY, {1: 3})
    call_command("rebuild_tallies")
    assert "Days counted: 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("method", "scale"),
    [
        (Measure.Method.NPS, (0, 10)),
        (Measure.Method.CES, (1, 7)),
        (Measure.Method.MEAN, (1, 5)),
    ],
)
def test_a_rebuild_counts_every_method_as_the_recompute_does(unit, method, scale):
    measure = MeasureFactory(method=method, scale_low=scale[0], scale_high=scale[1])
    each_once = {value: 1 + value % 3 for value in range(scale[0], scale[1] + 1)}
    for series in (1, 2):
        question = question_for(measure, series=series)
        for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30)):
            answers(question, unit, day, each_once | {None: series})
        answers(question, unit, DAY, {scale[1]: 5}, is_spam=True)
        answers(question, UnitFactory(), DAY, {None: 2})
    recompute_stale_results()
    order = ("unit", "series")
    expected = [
        list(model.objects.order_by(*order, on).values(*order, on, *SUMS))
        for model, on in ((DailyTally, "day"), (MonthlyTally, "month"))
    ]
    MonthlyTally.objects.update(high=99)
    rebuild_tallies()
    assert expected == [
        list(model.objects.order_by(*order, on).values(*order, on, *SUMS))
        for model, on in ((DailyTally, "day"), (MonthlyTally, "month"))
    ]
