"""The cases behind a figure: what they come to, the list, one case, and the file in the browser."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from charter.case_summary import summary_of
from charter.forms.cases import guess_format
from charter.models import Case, Measure
from charter.tests.factories import CaseFactory, cases_measure, done_import
from organisation.actions import calendars
from organisation.actions.jobs import run_due_jobs
from organisation.models import Import
from organisation.tests.factories import CalendarFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
RECEIVED = datetime(2026, 11, 2, 9, tzinfo=UTC)
HEADER = "Case ID,Department,Received,Due,Closed,In time\n"
ROWS = (
    "L-1,parks,02/11/2026 09:00,09/11/2026 18:00,05/11/2026 12:00,yes\n"
    "L-2,parks,03/11/2026 09:00,10/11/2026 18:00,12/11/2026 12:00,yes\n"
)


@pytest.fixture
def measure() -> Measure:
    return cases_measure()


@pytest.fixture
def person(client: Any) -> Any:
    client.force_login(person_in(UnitFactory(), "staff"))
    return client


def many(measure: Measure, hours: list[int | None], **kwargs: Any) -> None:
    """A case for each number of hours that it took (None: still open), due after 24 hours."""
    batch = done_import("cases")
    for taken in hours:
        done = None if taken is None else RECEIVED + timedelta(hours=taken)
        due = RECEIVED + timedelta(hours=24)
        given = {"received_at": RECEIVED, "due_at": due, "done_at": done, "batch": batch, **kwargs}
        CaseFactory(measure=measure, **given)


def listed(person: Any, **filters: Any) -> list[str]:
    page = person.get(reverse("charter:case_list"), filters)
    assert page.status_code == 200
    return [case.external_reference for case in page.context["page"]]


def test_the_summary_counts_every_outcome_and_sets_the_open_ones_apart(measure: Measure) -> None:
    many(measure, [1, 24, 25, None])
    many(measure, [None], due_at=datetime(2027, 1, 1, tzinfo=UTC))
    many(measure, [5], due_at=None)
    summary = summary_of(Case.objects.all())
    assert (summary.met, summary.missed, summary.overdue) == (2, 2, 1)
    assert (summary.open, summary.without_limit, summary.total) == (1, 1, 6)
    assert (summary.closed, summary.percent) == (3, 50.0)


@pytest.mark.parametrize(
    ("hours", "median", "ninetieth"),
    [
        ([7], 7, 7),
        ([1, 2], 1.5, 2),
        ([3, 1, 2], 2, 3),
        (list(range(1, 11)), 5.5, 9),
        (list(range(1, 12)), 6, 10),
    ],
)
def test_median_and_ninetieth_percentile_are_times_that_people_waited(
    measure: Measure, hours: list[int | None], median: float, ninetieth: float
) -> None:
    many(measure, [*hours, None])
    summary = summary_of(Case.objects.all())
    assert (summary.median, summary.ninetieth) == (timedelta(hours=median), timedelta(hours=ninetieth))


def test_nothing_comes_to_nothing() -> None:
    summary = summary_of(Case.objects.none())
    assert (summary.percent, summary.median, summary.total) == (None, None, 0)


def test_the_list_is_filtered_by_what_the_address_says(person: Any, measure: Measure) -> None:
    above = UnitFactory()
    below = UnitFactory(parent=above, slug="parks")
    CaseFactory(measure=measure, unit=below, external_reference="Été-1", search="été-1")
    CaseFactory(external_reference="other", received_at=RECEIVED, done_at=None)
    assert listed(person, measure="lights") == ["Été-1"]
    assert listed(person, unit=above.slug) == ["Été-1"]
    assert listed(person, q="ÉTÉ") == ["Été-1"]
    assert listed(person, outcome="missed") == ["other"]
    assert listed(person, last="2026-11-02") == ["other"]
    assert listed(person, first="2026-11-03") == ["Été-1"]
    assert listed(person, last="9999-12-31") == ["Été-1", "other"]
    assert listed(person, sort="oldest") == ["other", "Été-1"]
    assert person.get(reverse("charter:case_list"), {"outcome": "moon"}).status_code == 422


def test_the_list_finds_cases_of_which_the_file_says_otherwise(person: Any) -> None:
    CaseFactory(external_reference="same", said_on_time=True)
    CaseFactory(external_reference="silent")
    CaseFactory(external_reference="good", said_on_time=False)
    CaseFactory(external_reference="bad", said_on_time=True, done_at=datetime(2026, 11, 25, tzinfo=UTC))
    assert set(listed(person, outcome="differs")) == {"good", "bad"}


def test_cases_of_a_staged_file_and_superseded_ones_are_out_of_sight(person: Any) -> None:
    staged = CaseFactory()
    Import.objects.filter(pk=staged.batch_id).update(state=Import.State.STAGING)
    CaseFactory(superseded_by=done_import("cases"))
    assert listed(person) == []
    assert person.get(staged.get_absolute_url()).status_code == 404


def test_the_export_holds_what_the_list_shows(person: Any) -> None:
    CaseFactory(external_reference="=L-1", said_on_time=True)
    text = b"".join(person.get(reverse("charter:case_list"), {"export": "csv"})).decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 2
    assert "'=L-1" in lines[1]
    assert "2026-11-23T17:00:00+00:00" in lines[1]


def test_a_longer_list_needs_no_more_queries(person: Any, measure: Measure) -> None:
    def queries(count: int) -> int:
        many(measure, [1] * (count - Case.objects.count()))
        with CaptureQueriesContext(connection) as captured:
            assert len(listed(person)) == count
        return len(captured)

    assert queries(2) == queries(20)


def test_the_page_of_a_case_says_why_it_was_due_then(person: Any) -> None:
    calendar = CalendarFactory()
    calendars.set_day(calendar, day=datetime(2026, 11, 19).date(), name="Fair", hours=[], by=None)
    limit = {"amount": 5, "unit": "working_days"}
    case = CaseFactory(limit=limit, calendar=calendar.freeze(), due_at=datetime(2026, 11, 24, 17, tzinfo=UTC))
    words = person.get(case.get_absolute_url()).content.decode()
    assert "Due on <b>Tuesday 24 November 2026, 17:00</b>" in words
    assert "Thu 19 Nov 2026: Fair" in words
    assert "itself says" in person.get(CaseFactory().get_absolute_url()).content.decode()
    assert "no time limit" in person.get(CaseFactory(due_at=None).get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("texts", "pattern"),
    [
        (["01/02/2015 10:37:47 AM", ""], "%m/%d/%Y %I:%M:%S %p"),
        (["02/11/2026 09:00", "13/11/2026 09:00"], "%d/%m/%Y %H:%M"),
        (["11/30/2026 09:00"], "%m/%d/%Y %H:%M"),
        (["soon"], "%Y-%m-%d %H:%M"),
        ([], "%Y-%m-%d %H:%M"),
    ],
)
def test_the_way_of_writing_times_is_guessed_from_the_first_rows(texts: list[str], pattern: str) -> None:
    assert guess_format(texts) == pattern


def test_a_file_of_cases_goes_from_upload_to_the_list_in_the_browser(
    client: Any, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 1, 9, tzinfo=UTC))
    unit = UnitFactory(slug="parks")
    client.force_login(person_in(unit, "manager"))
    file = ContentFile((HEADER + ROWS).encode(), name="lights.csv")
    client.post(reverse("charter:import_add"), {"kind": "cases", "file": file})
    import_ = Import.objects.get(kind="cases")
    form = client.get(reverse("charter:import_map", args=[import_.reference])).context["form"]
    guessed = {name: form[name].value() or "" for name in form.fields}
    assert (guessed["received"], guessed["due"], guessed["done"]) == ("Received", "Due", "Closed")
    typed = {**guessed, "one_measure": "lights", "as_of": "2026-11-30T12:00"}
    client.post(reverse("charter:import_map", args=[import_.reference]), typed)
    run_due_jobs()
    page = client.get(reverse("charter:import_detail", args=[import_.reference])).content.decode()
    assert "The file says otherwise about being in time" in page
    client.post(reverse("charter:import_take", args=[import_.reference]))
    run_due_jobs()
    assert listed(client, measure="lights") == ["L-2", "L-1"]
    assert listed(client, outcome="met") == ["L-1"]
    client.post(reverse("charter:import_undo", args=[import_.reference]))
    assert listed(client) == []


def mapping_page(client: Any) -> tuple[str, dict[str, Any]]:
    """A file was sent: the address of its mapping, and what the form guesses and would send."""
    client.force_login(person_in(UnitFactory(slug="parks"), "manager"))
    file = ContentFile((HEADER + ROWS).encode(), name="lights.csv")
    client.post(reverse("charter:import_add"), {"kind": "cases", "file": file})
    address = reverse("charter:import_map", args=[Import.objects.get(kind="cases").reference])
    form = client.get(address).context["form"]
    return address, {name: form[name].value() or "" for name in form.fields} | {"one_measure": "lights"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"one_measure": ""}, "measure"),
        ({"due": ""}, "due"),
        ({"due_way": "limit"}, "limit_amount"),
        ({"received": ""}, "received"),
        ({"as_of": "soon"}, "as_of"),
        ({"unit": ""}, "unit"),
    ],
)
def test_a_mapping_that_leaves_something_open_is_refused_beside_its_field(
    client: Any, measure: Measure, change: dict[str, str], field: str
) -> None:
    address, typed = mapping_page(client)
    answer = client.post(address, typed | change)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"due_way": "standard", "due": ""},
        {"due_way": "limit", "due": "", "limit_amount": "90", "limit_unit": "business_minutes"},
        {"unit": "", "one_unit": "parks", "zone": "Asia/Tokyo", "on_time_text": "ONTIME"},
    ],
    ids=["column", "standard", "limit", "one_unit"],
)
def test_a_file_that_is_mapped_again_comes_with_what_was_chosen(
    client: Any, measure: Measure, change: dict[str, str]
) -> None:
    address, typed = mapping_page(client)
    typed |= {"as_of": "2026-11-20T12:00", "reference": "", "blank": "NA, none", **change}
    assert client.post(address, typed).status_code == 302
    again = client.get(address).context["form"]
    chosen = {name: "" if again[name].value() is None else str(again[name].value()) for name in typed}
    ignored = {"save_as", "due", "limit_unit"} if not change.get("limit_amount") else {"save_as", "due"}
    expected = {**typed, "as_of": "2026-11-20 12:00:00"}
    assert {n: v for n, v in chosen.items() if n not in ignored} == {
        n: v for n, v in expected.items() if n not in ignored
    }
    assert 'value="2026-11-20T12:00"' in str(again["as_of"])


def test_a_mapping_that_says_nothing_about_flags_is_offered_again(client: Any, measure: Measure) -> None:
    address, typed = mapping_page(client)
    client.post(address, typed)
    import_ = Import.objects.get()
    import_.mapping |= {"on_time": None}
    import_.save()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("pattern", "formats"),
    [
        ("%Y-%m-%dT%H:%M:%S", ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
        ("%m/%d/%Y %I:%M:%S %p", ["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y"]),
        ("%d/%m/%Y", ["%d/%m/%Y"]),
    ],
)
def test_bare_dates_are_read_beside_times(
    client: Any, measure: Measure, pattern: str, formats: list[str]
) -> None:
    address, typed = mapping_page(client)
    client.post(address, typed | {"time_format": pattern})
    assert Import.objects.get(kind="cases").mapping["formats"] == formats
