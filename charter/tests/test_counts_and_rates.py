"""Counts and rates: what is recorded, imported and asked for in the forms."""

from datetime import date
from decimal import Decimal

import pytest

from charter import actions
from charter.models import Measure, RecordedResult
from charter.tests.factories import MeasureFactory, StandardFactory
from charter.tests.imports import checked, taken
from charter.tests.test_results import record, why
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db

Method, Source = Measure.Method, Measure.Source
FILE = "unit,measure,period,met,total\n"
MAPPING = {
    "unit": "unit",
    "measure": {"key": "measure"},
    "period": {"period": "period"},
    "met": "met",
    "total": "total",
}


def measure_of(method, **kwargs):
    words = {"counted": "complaints", "exposure": "visitors" if method == Method.RATE else ""}
    return MeasureFactory(method=method, source=Source.RESULTS, **(words | kwargs))


@pytest.fixture
def unit():
    return UnitFactory(name="Harbour branch", slug="harbour-branch")


@pytest.fixture
def rate():
    return measure_of(Method.RATE, key="complaints-rate")


@pytest.fixture
def count():
    return measure_of(Method.COUNT, key="complaints")


def test_a_rate_keeps_numerator_and_exposure_and_may_be_over_one(rate, unit):
    result = record(rate, unit, met=12, total=10)
    assert (result.method, result.met, result.total, result.is_tracked) == ("rate", 12, 10, True)


def test_a_count_is_one_number_and_nought_is_a_number(count, unit):
    result = record(count, unit, met=0, total=None)
    assert (result.method, result.met, result.total, result.is_tracked) == ("count", 0, None, True)
    unknown = record(count, unit, start=date(2025, 9, 1), end=date(2025, 10, 1), met=None, total=None)
    assert not unknown.is_tracked


@pytest.mark.parametrize(
    ("method", "numbers", "refused"),
    [
        ("count", {"met": 3, "total": 10}, {"total": "total_refused"}),
        ("count", {"met": -1, "total": None}, {"met": "negative"}),
        ("count", {"met": 3, "total": None, "departures": 1}, {"departures": "departures_refused"}),
        ("rate", {"met": 3, "total": None}, {"met": "half_given"}),
        ("rate", {"met": None, "total": 3}, {"met": "half_given"}),
        ("rate", {"met": 3, "total": 0}, {"total": "no_exposure"}),
        ("rate", {"met": 3, "total": 10, "departures": 1}, {"departures": "departures_refused"}),
    ],
)
def test_numbers_that_do_not_fit_the_method_are_refused(unit, method, numbers, refused):
    with pytest.raises(actions.ResultRefused) as refusal:
        record(measure_of(method), unit, **numbers)
    assert why(refusal) == refused
    assert not RecordedResult.objects.exists()


def test_a_corrected_count_stays_a_count(count, unit):
    result = record(count, unit, met=4, total=None)
    days = {"start": result.start, "end": result.end}
    corrected = actions.correct_result(result=result, **days, met=5, total=None, by=None)
    assert (corrected.met, corrected.total) == (5, None)


def test_a_file_brings_counts_without_cases_and_rates_with_their_exposure(count, rate, unit):
    rows = "Harbour branch,complaints,2026-10,7,\nHarbour branch,complaints-rate,2026-10,1200,1000\n"
    taken(FILE + rows, MAPPING)
    found = RecordedResult.objects.countable().order_by("measure__key")
    assert [(each.method, each.met, each.total) for each in found] == [
        ("count", 7, None),
        ("rate", 1200, 1000),
    ]


def test_a_file_of_counts_needs_no_column_of_cases(count, unit):
    mapping = {name: column for name, column in MAPPING.items() if name != "total"}
    taken("unit,measure,period,met\nHarbour branch,complaints,2026-10,7\n", mapping)
    assert RecordedResult.objects.countable().get().met == 7


def test_without_a_column_of_cases_the_row_of_a_share_is_refused(unit):
    measure_of(Method.SHARE_MET, key="letters")
    mapping = {name: column for name, column in MAPPING.items() if name != "total"}
    import_ = checked("unit,measure,period,met\nHarbour branch,letters,2026-10,7\n", mapping)
    assert not RecordedResult.objects.exists()
    assert import_.counts["bad"] == 1


def test_a_rate_without_an_exposure_in_the_file_is_refused(rate, unit):
    import_ = checked(FILE + "Harbour branch,complaints-rate,2026-10,12,0\n", MAPPING)
    assert import_.counts["bad"] == 1


@pytest.fixture
def manager(client):
    installation = InstallationFactory()
    client.force_login(person_in(installation.root, "administrator", "leadership"))
    return client


def measure_page(manager, **told):
    standard = StandardFactory()
    data = {
        "name": "Complaints",
        "source": "results",
        "method": "rate",
        "minimum_n": 10,
        "direction": "lower",
        "counted": "complaints",
        "per": 100,
        "exposure": "visitors",
        "version": standard.version,
    } | told
    return manager.post(f"/standards/{standard.key}/measures/add/", data)


def test_a_manager_adds_a_rate(manager):
    assert measure_page(manager, is_sample="on").status_code == 302
    measure = Measure.objects.get()
    assert (measure.per, measure.is_full_count, measure.is_sample) == (100, True, False)
    assert measure.unit_words == "complaints per 100 visitors"


@pytest.mark.parametrize("missing", ["counted", "exposure"])
def test_a_rate_without_its_words_is_refused_beside_the_field(manager, missing):
    response = measure_page(manager, **{missing: ""})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [missing]


@pytest.mark.parametrize(("source", "method"), [("answers", "count"), ("results", "nps")])
def test_a_method_needs_a_source_that_can_give_it(manager, source, method):
    response = measure_page(manager, source=source, method=method, scale="0-10")
    assert response.status_code == 422
    assert "method" in response.context["form"].errors


def test_the_form_of_a_recorded_count_asks_for_one_number_in_its_own_words(manager, count, unit):
    result = record(count, unit, met=4, total=None)
    html = manager.get(f"/results/{result.reference}/edit/").content.decode()
    assert "complaints" in html
    assert 'name="total"' not in html
    assert 'name="departures"' not in html
    answer = manager.post(
        f"/results/{result.reference}/edit/",
        {"start": "2025-10-01", "last_day": "2025-10-31", "met": 6, "seen": 1},
    )
    assert answer.status_code == 302
    result.refresh_from_db()
    assert (result.met, result.total) == (6, None)


def test_the_list_shows_a_count_without_cases(manager, count, unit):
    record(count, unit, met=4321, total=None)
    html = manager.get("/results/").content.decode()
    assert "4,321" in html


def test_a_goal_of_a_rate_has_no_upper_end_but_a_lower_one(rate):
    actions.set_goal(measure=rate, target=Decimal(15000), starts_on=date(2026, 1, 1), by=None)
    with pytest.raises(actions.GoalOutOfRange):
        actions.set_goal(measure=rate, target=Decimal(-1), starts_on=date(2026, 1, 1), by=None)
