"""Recorded results: what is refused, what counts, deletion with undo."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from charter import actions
from charter.models import Measure, RecordedResult, Standard
from charter.sources import RecordedResults
from charter.tests.factories import MeasureFactory, RecordedResultFactory, StandardFactory
from common.sources import totals_sources
from organisation.models import Attachment, Import
from organisation.tests.factories import UnitFactory, UserFactory, person_in

OCTOBER, NOVEMBER, DECEMBER = date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)


def measure_of(discretion):
    return MeasureFactory(
        method=Measure.Method.SHARE_MET,
        source=Measure.Source.RESULTS,
        standard=StandardFactory(discretion=discretion),
    )


@pytest.fixture
def measure(db):
    return measure_of(Standard.Discretion.RIGID)


@pytest.fixture
def unit(db):
    return UnitFactory()


def record(measure, unit, **more):
    told = {"start": OCTOBER, "end": NOVEMBER, "met": 8, "total": 10} | more
    return actions.record_result(measure=measure, unit=unit, by=UserFactory(), **told)


def why(refusal):
    return {field: errors[0].code for field, errors in refusal.value.error_dict.items()}


def test_more_met_than_cases_is_refused_and_nothing_is_kept(measure, unit):
    with pytest.raises(actions.ResultRefused) as refusal:
        record(measure, unit, met=11, total=10)
    assert why(refusal) == {"met": "met_over_total"}
    assert "11 met of 10 cases" in str(refusal.value)
    assert not RecordedResult.objects.exists()


@pytest.mark.parametrize("numbers", [(0, 0), (None, None), (None, 0)])
def test_no_cases_are_not_tracked_and_never_a_nought(measure, unit, numbers):
    result = record(measure, unit, met=numbers[0], total=numbers[1])
    assert (result.met, result.total, result.is_tracked) == (None, None, False)


@pytest.mark.parametrize("numbers", [(5, None), (0, None), (None, 10)])
def test_one_number_without_the_other_is_refused(measure, unit, numbers):
    with pytest.raises(actions.ResultRefused):
        record(measure, unit, met=numbers[0], total=numbers[1])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2025, 10, 31), DECEMBER),
        (date(2025, 9, 1), date(2025, 10, 2)),
        (date(2025, 10, 5), date(2025, 10, 6)),
        (OCTOBER, NOVEMBER),
    ],
)
def test_days_that_are_recorded_already_are_refused_with_the_others_dates(measure, unit, start, end):
    record(measure, unit)
    with pytest.raises(actions.ResultRefused) as refusal:
        record(measure, unit, start=start, end=end)
    told = f"{date_format(OCTOBER)} to {date_format(date(2025, 10, 31))}"
    assert told in str(refusal.value)
    assert RecordedResult.objects.count() == 1


def test_the_next_month_another_unit_and_another_series_do_not_overlap(measure, unit):
    record(measure, unit)
    record(measure, unit, start=NOVEMBER, end=DECEMBER)
    record(measure, UnitFactory())
    record(measure, unit, series=2)
    assert RecordedResult.objects.count() == 4


@pytest.mark.django_db
@pytest.mark.parametrize("discretion", ["rigid", "full"])
def test_only_a_flexible_standard_accepts_departures(unit, discretion):
    with pytest.raises(actions.ResultRefused) as refusal:
        record(measure_of(discretion), unit, departures=1, reason="Snow")
    assert why(refusal) == {"departures": "departures_refused"}


def test_departures_need_a_reason(unit):
    with pytest.raises(actions.ResultRefused) as refusal:
        record(measure_of("flexible"), unit, departures=1, reason=" ")
    assert why(refusal) == {"departure_reason": "reason_needed"}


def test_met_and_departures_together_stay_within_the_cases(unit):
    with pytest.raises(actions.ResultRefused):
        record(measure_of("flexible"), unit, met=8, total=10, departures=3, reason="Snow")


def test_a_measure_fed_by_answers_takes_no_results(unit):
    with pytest.raises(actions.ResultRefused):
        record(MeasureFactory(), unit)


def test_a_span_that_ends_before_it_begins_is_refused(measure, unit):
    with pytest.raises(actions.ResultRefused):
        record(measure, unit, start=NOVEMBER, end=NOVEMBER)


def test_a_correction_keeps_what_stood_before_as_an_event(measure, unit):
    result = record(measure, unit)
    actions.correct_result(result=result, start=OCTOBER, end=NOVEMBER, met=9, total=10, by=UserFactory())
    assert RecordedResult.objects.get().met == 9
    assert [(event.what, event.met) for event in result.events.all()] == [("recorded", 8), ("corrected", 9)]


def test_a_correction_after_a_colleagues_correction_is_refused(measure, unit):
    result = record(measure, unit)
    told = {"result": result, "start": OCTOBER, "end": NOVEMBER, "total": 10, "by": UserFactory()}
    actions.correct_result(met=9, seen_events=1, **told)
    with pytest.raises(actions.ResultRefused) as refusal:
        actions.correct_result(met=7, seen_events=1, **told)
    assert why(refusal) == {"met": "changed"}
    assert RecordedResult.objects.get().met == 9


def test_a_correction_may_not_move_onto_another_results_days(measure, unit):
    record(measure, unit)
    other = record(measure, unit, start=NOVEMBER, end=DECEMBER)
    with pytest.raises(actions.ResultRefused):
        actions.correct_result(result=other, start=OCTOBER, end=NOVEMBER, met=1, total=2, by=UserFactory())


def test_a_deleted_result_leaves_the_figures_and_comes_back(measure, unit):
    result = record(measure, unit)
    assert actions.delete_result(result=result, by=UserFactory())
    assert not actions.delete_result(result=result, by=UserFactory())
    assert not RecordedResult.objects.countable().exists()
    assert actions.undelete_result(result=result, by=UserFactory())
    assert RecordedResult.objects.countable().get() == result


def test_a_deleted_result_does_not_come_back_over_its_successor(measure, unit):
    result = record(measure, unit)
    actions.delete_result(result=result, by=UserFactory())
    record(measure, unit, met=1)
    with pytest.raises(actions.ResultRefused):
        actions.undelete_result(result=result, by=UserFactory())
    assert RecordedResult.objects.countable().get().met == 1


def test_results_are_pooled_by_measure_and_series_in_one_query(unit, django_assert_num_queries):
    first, second = measure_of("flexible"), measure_of("rigid")
    other = UnitFactory()
    record(first, unit, met=8, total=12, departures=2, reason="Snow")
    record(first, other, met=90, total=100)
    record(first, unit, start=NOVEMBER, end=DECEMBER, met=1, total=2)
    record(first, unit, series=2, met=1, total=4)
    record(second, unit, met=3, total=4)
    record(second, other, met=0, total=0)
    record(second, UnitFactory(), met=1, total=1)
    with django_assert_num_queries(1):
        found = RecordedResults().pooled([first.pk, second.pk], [unit.pk, other.pk], OCTOBER, NOVEMBER)
    counts = {
        (measure, series): (each.n, each.high, each.na)
        for measure, by_series in found.items()
        for series, each in by_series.items()
    }
    assert counts == {(first.pk, 1): (110, 98, 2), (first.pk, 2): (4, 1, 0), (second.pk, 1): (4, 3, 0)}


def test_a_span_that_reaches_over_the_periods_edge_is_not_pooled(measure, unit):
    record(measure, unit, start=date(2025, 9, 30))
    assert RecordedResults().pooled([measure.pk], [unit.pk], OCTOBER, NOVEMBER) == {}


@pytest.mark.parametrize("state", [state for state in Import.State if state != Import.State.DONE])
def test_a_result_of_an_import_under_way_does_not_count(state, measure, unit):
    file = Attachment.objects.create(name="a.csv", content_type="text/csv", size=1, sha256="0" * 64, file="a")
    batch = Import.objects.create(kind="results", file=file, state=state)
    RecordedResultFactory(measure=measure, unit=unit, batch=batch)
    assert RecordedResults().pooled([measure.pk], [unit.pk], OCTOBER, NOVEMBER) == {}


def test_recorded_results_are_registered_as_a_source():
    assert isinstance(totals_sources()["results"], RecordedResults)


def typed(measure, unit, **changes):
    told = {
        "measure": measure.key,
        "unit": unit.slug,
        "start": "2025-10-01",
        "last_day": "2025-10-31",
        "met": "8",
        "total": "10",
    }
    return told | changes


def test_the_form_takes_the_last_day_as_included(client, measure, unit):
    client.force_login(person_in(unit, "manager"))
    assert client.post(reverse("charter:result_add"), typed(measure, unit)).status_code == 302
    result = RecordedResult.objects.get()
    assert (result.start, result.end, result.met, result.total) == (OCTOBER, NOVEMBER, 8, 10)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"met": "11"}, "met"),
        ({"met": "-1"}, "met"),
        ({"total": "9" * 30}, "total"),
        ({"met": ""}, "met"),
        ({"last_day": "2025-09-30"}, "last_day"),
        ({"last_day": "9999-12-31"}, "last_day"),
        ({"start": "yesterday"}, "start"),
        ({"departures": "1"}, "departures"),
        ({"measure": "none"}, "measure"),
        ({"departure_reason": "a\x00b"}, "departure_reason"),
    ],
)
def test_what_cannot_be_true_is_refused_beside_its_field(client, measure, unit, changes, field):
    client.force_login(person_in(unit, "manager"))
    response = client.post(reverse("charter:result_add"), typed(measure, unit) | changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not RecordedResult.objects.exists()


def test_a_manager_records_only_for_the_own_units(client, measure, unit):
    client.force_login(person_in(UnitFactory(), "manager"))
    response = client.post(reverse("charter:result_add"), typed(measure, unit))
    assert list(response.context["form"].errors) == ["unit"]


def test_the_form_of_a_result_that_was_corrected_meanwhile_keeps_what_was_typed(client, measure, unit):
    result = record(measure, unit)
    client.force_login(person_in(unit, "manager"))
    url = reverse("charter:result_edit", args=[result.reference])
    seen = client.get(url).context["form"].initial["seen"]
    actions.correct_result(result=result, start=OCTOBER, end=NOVEMBER, met=9, total=10, by=UserFactory())
    form = typed(measure, unit, met="7", seen=seen)
    response = client.post(url, form)
    assert response.status_code == 422
    assert "just made it 9 of 10" in response.content.decode()
    assert client.post(url, response.context["form"].data).status_code == 302
    assert RecordedResult.objects.get().met == 7


def test_a_deletion_can_be_undone_from_the_page_that_follows(client, measure, unit):
    result = record(measure, unit)
    client.force_login(person_in(unit, "manager"))
    page = client.post(reverse("charter:result_delete", args=[result.reference]), follow=True)
    undo = reverse("charter:result_undelete", args=[result.reference])
    assert undo in page.content.decode()
    client.post(undo)
    assert RecordedResult.objects.countable().get() == result


def test_a_typing_mistake_does_not_hide_a_colleagues_correction(client, measure, unit):
    result = record(measure, unit)
    client.force_login(person_in(unit, "manager"))
    url = reverse("charter:result_edit", args=[result.reference])
    typed = client.get(url).context["form"].initial | {"start": "2025-10-01", "last_day": "2025-10-31"}
    typed = {name: "" if value is None else value for name, value in typed.items()}
    actions.correct_result(result=result, start=OCTOBER, end=NOVEMBER, met=9, total=10, by=UserFactory())
    mistaken = client.post(url, typed | {"met": 11})
    assert mistaken.status_code == 422
    typed["seen"] = mistaken.context["form"]["seen"].value()
    again = client.post(url, typed | {"met": 7})
    assert again.status_code == 422
    assert "A colleague has just made it 9 of 10" in again.content.decode()
    result.refresh_from_db()
    assert result.met == 9


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Tokyo"])
def test_a_result_ends_at_the_latest_on_the_units_own_today(measure, zone):
    unit, evening = UnitFactory(timezone=zone), datetime(2026, 11, 18, 22, 0, tzinfo=UTC)
    its_today = date(2026, 11, 19) if zone == "Asia/Tokyo" else date(2026, 11, 18)
    told = {"measure": measure, "unit": unit, "met": 8, "total": 10, "by": None, "at": evening}
    with pytest.raises(actions.ResultRefused, match="has not come yet"):
        actions.record_result(start=date(2026, 11, 1), end=its_today + timedelta(days=2), **told)
    assert actions.record_result(start=date(2026, 11, 1), end=its_today + timedelta(days=1), **told).pk
