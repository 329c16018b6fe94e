"""The pages of the import: upload, mapping, dry run, taking in, undo."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from charter.actions import imports as actions
from charter.models import Measure, RecordedResult
from charter.tests.imports import HEADER, SIMPLE, begin, checked, results_measure, taken
from organisation.actions.jobs import run_due_jobs
from organisation.imports import move_import
from organisation.models import Import, ImportMapping, Job, Unit
from organisation.tests.factories import UnitFactory, person_in

pytestmark = pytest.mark.django_db
LINE = "letters-office,letters-in-time,2026-10,8,10,,,\n"
BAD = "letters-office,letters-in-time,2026-11,11,10,,,\n"
COLUMNS = {
    "unit": "unit",
    "measure": "measure",
    "period_way": "period",
    "period": "period",
    "met": "met",
    "total": "total",
    "not_tracked": "NA",
}


@pytest.fixture
def office() -> Unit:
    return UnitFactory(slug="letters-office", name="Letters and e-mail")


@pytest.fixture
def measure(office: Unit) -> Measure:
    return results_measure(standard__charter__unit=office)


@pytest.fixture
def manager(office: Unit) -> Any:
    return person_in(office, "manager")


@pytest.fixture
def person(client: Client, manager: Any) -> Client:
    client.force_login(manager)
    return client


def page(person: Client, name: str, import_: Import, data: Any = None, **headers: str) -> Any:
    url = reverse(f"charter:{name}", args=[import_.reference])
    return person.get(url, headers=headers) if data is None else person.post(url, data)


def send(person: Client, content: str | bytes) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return person.post(
        reverse("charter:import_add"), {"kind": "results", "file": ContentFile(data, name="results.csv")}
    )


def test_a_file_goes_from_upload_to_result_in_the_browser(person: Client, measure: Measure) -> None:
    response = send(person, HEADER + LINE)
    import_ = Import.objects.get()
    assert response["Location"] == reverse("charter:import_map", args=[import_.reference])
    response = page(person, "import_map", import_, COLUMNS)
    assert response["Location"] == reverse("charter:import_detail", args=[import_.reference])
    assert b"<progress" in page(person, "import_detail", import_).content
    run_due_jobs()
    assert b"What would come of it" in page(person, "import_detail", import_).content
    assert not RecordedResult.objects.exists()
    page(person, "import_take", import_, {})
    run_due_jobs()
    assert b"What came of it" in page(person, "import_detail", import_).content
    assert RecordedResult.objects.countable().count() == 1
    page(person, "import_undo", import_, {})
    assert not RecordedResult.objects.countable().exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "not a CSV file"),
        (b"met,met\n1,2\n", "Two columns have the same name"),
        (b"met\n1\x00\n", "invisible character"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    person: Client, content: bytes, words: str
) -> None:
    response = send(person, content)
    assert (response.status_code, words in response.content.decode()) == (422, True)
    assert not Import.objects.exists()


def test_too_large_a_file_is_refused(person: Client, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 100
    response = send(person, HEADER + LINE * 10)
    assert (response.status_code, b"too large" in response.content) == (422, True)


def test_columns_are_guessed_from_their_names(person: Client, manager: Any) -> None:
    import_ = begin("Department,Measure,Fiscal year,On time,Cases,Target\na,b,2026,1,2,90\n", by=manager)
    form = page(person, "import_map", import_).context["form"]
    assert {
        name: form[name].value() for name in ("unit", "measure", "period", "period_way", "met", "total")
    } == {
        "unit": "Department",
        "measure": "Measure",
        "period": "Fiscal year",
        "period_way": "fiscal_year",
        "met": "On time",
        "total": "Cases",
    }


@pytest.mark.parametrize("lacking", ["unit", "measure", "period", "met", "total", "period_way"])
def test_a_mapping_that_lacks_something_is_refused_beside_the_field(
    person: Client, manager: Any, lacking: str
) -> None:
    import_ = begin(HEADER + LINE, by=manager)
    response = page(person, "import_map", import_, {**COLUMNS, lacking: ""})
    assert response.status_code == 422
    assert lacking in response.context["form"].errors
    import_.refresh_from_db()
    assert import_.state == Import.State.UPLOADED


def test_a_mapping_is_kept_by_name_and_used_again(person: Client, manager: Any, measure: Measure) -> None:
    page(person, "import_map", begin(HEADER + LINE, by=manager), {**COLUMNS, "save_as": "Letters"})
    kept = ImportMapping.objects.get()
    assert kept.name == "Letters"
    second = begin(HEADER + BAD, by=manager)
    page(person, "import_map", second, {"saved": f"kept:{kept.pk}"})
    second.refresh_from_db()
    assert (second.state, second.mapping) == (Import.State.CHECKING, kept.mapping)


def test_a_saved_mapping_that_does_not_fit_the_file_is_refused(person: Client, manager: Any) -> None:
    import_ = begin(HEADER + LINE, by=manager)
    response = page(person, "import_map", import_, {"saved": "shipped:canada_service_standards"})
    assert response.status_code == 422
    assert "no column called" in response.content.decode()


@pytest.mark.parametrize("given", ["letters-in-time", "Letters in time"])
def test_one_unit_and_one_measure_may_stand_for_all_rows(
    person: Client, manager: Any, measure: Measure, office: Unit, given: str
) -> None:
    import_ = begin("period,met,total\n2026-10,8,10\n", by=manager)
    data = {**COLUMNS, "unit": "", "measure": "", "one_unit": office.slug, "one_measure": given}
    page(person, "import_map", import_, data)
    run_due_jobs()
    import_.refresh_from_db()
    assert (import_.state, import_.counts["taken"]) == (Import.State.CHECKED, 1)


def test_a_measure_that_nobody_knows_is_refused_beside_the_field(
    person: Client, manager: Any, measure: Measure
) -> None:
    import_ = begin("period,met,total\n2026-10,8,10\n", by=manager)
    response = page(
        person,
        "import_map",
        import_,
        {**COLUMNS, "unit": "", "one_unit": "letters-office", "measure": "", "one_measure": "Letters"},
    )
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["one_measure"])


def test_bad_rows_are_shown_with_their_reason_and_come_as_a_file(
    person: Client, manager: Any, measure: Measure
) -> None:
    import_ = checked(HEADER + LINE + BAD, by=manager)
    content = page(person, "import_detail", import_).content.decode()
    assert "More met than there were cases: 11 of 10." in content
    response = page(person, "import_bad_rows", import_)
    assert response["Content-Disposition"].startswith("attachment")
    assert b"letters-office" in b"".join(response)


def test_bad_rows_are_left_out_only_when_the_person_says_so(
    person: Client, manager: Any, measure: Measure
) -> None:
    import_ = checked(HEADER + LINE + BAD, by=manager)
    page(person, "import_take", import_, {})
    assert not Job.objects.exists()
    page(person, "import_take", import_, {"skip_bad": "on"})
    run_due_jobs()
    assert RecordedResult.objects.countable().count() == 1


def test_the_same_file_is_noticed_with_a_link_to_the_first(
    person: Client, manager: Any, measure: Measure
) -> None:
    first = taken(HEADER + LINE, by=manager)
    second = begin(HEADER + LINE, by=manager)
    link = reverse("charter:import_detail", args=[first.reference])
    for name in ("import_map", "import_detail"):
        content = page(person, name, second).content.decode()
        assert "Exactly this file has been taken in" in content
        assert link in content


def test_progress_survives_a_reload_and_polling_ends_with_the_whole_page(
    person: Client, manager: Any, measure: Measure
) -> None:
    import_ = begin(HEADER + LINE, by=manager)
    actions.ask_to_check(import_, mapping=SIMPLE, by=manager)
    Job.objects.update(state=Job.State.RUNNING, done=500, total=2000)
    for headers in ({}, {"HX-Request": "true"}):
        assert "500 of 2,000 (25 %)" in page(person, "import_detail", import_, **headers).content.decode()
    actions.check_import(import_)
    response = page(person, "import_detail", import_, **{"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"
    assert b"<html" not in response.content


def test_a_hostile_file_name_and_cell_are_shown_as_text(
    person: Client, manager: Any, measure: Measure
) -> None:
    import_ = checked(HEADER + "<script>x</script>,letters-in-time,2026-10,8,10,,,\n", by=manager)
    import_.file.name = "<img src=x>.csv"
    import_.file.save()
    content = page(person, "import_detail", import_).content.decode()
    assert "<script>x" not in content
    assert "<img src" not in content
    assert "&lt;script&gt;" in content


def test_an_import_of_somebody_else_is_not_found(client: Client, manager: Any, measure: Measure) -> None:
    import_ = checked(HEADER + LINE + BAD, by=manager)
    client.force_login(person_in(UnitFactory(), "manager"))
    for name in ("import_detail", "import_map", "import_bad_rows"):
        assert page(client, name, import_).status_code == 404
    for name in ("import_take", "import_undo"):
        assert page(client, name, import_, {}).status_code == 404


def test_what_is_taken_in_cannot_be_mapped_again(person: Client, manager: Any, measure: Measure) -> None:
    import_ = taken(HEADER + LINE, by=manager)
    response = page(person, "import_map", import_, COLUMNS)
    assert response.status_code == 302
    import_.refresh_from_db()
    assert import_.state == Import.State.DONE


def test_an_early_click_on_take_in_or_undo_does_no_harm(
    person: Client, manager: Any, measure: Measure
) -> None:
    import_ = begin(HEADER + LINE, by=manager)
    for name in ("import_take", "import_undo"):
        assert page(person, name, import_, {}).status_code == 302
    import_.refresh_from_db()
    assert (import_.state, RecordedResult.objects.count()) == (Import.State.UPLOADED, 0)


def test_the_list_searches_filters_and_exports_alike(person: Client, manager: Any, measure: Measure) -> None:
    first, second = begin(HEADER + LINE, by=manager), begin(HEADER + BAD, by=manager)
    move_import(second, to=Import.State.DONE, out_of=[Import.State.UPLOADED])
    url = reverse("charter:import_list")
    assert list(person.get(url).context["page"]) == [second, first]
    assert list(person.get(url, {"state": "done"}).context["page"]) == [second]
    assert list(person.get(url, {"q": first.reference.lower()}).context["page"]) == [first]
    lines = b"".join(person.get(url, {"state": "done", "export": "csv"})).decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [second.reference]
    assert person.get(url, {"state": "nonsense"}).status_code == 422


def test_the_list_asks_as_often_for_twenty_files_as_for_two(
    person: Client, manager: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            person.get(reverse("charter:import_list"))
        return len(captured)

    for number in range(2):
        begin(HEADER + LINE * (number + 1), by=manager)
    few = queries()
    for number in range(18):
        begin(HEADER + BAD * (number + 1), by=manager)
    assert queries() == few


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"one_unit": "letters-office", "unit": ""},
        {"period_way": "dates", "period_end": "reason", "date_format": "%d/%m/%Y"},
        {
            "standard": "reason",
            "promise": "reason",
            "measure": "",
            "channel": "target",
            "create_missing": "on",
        },
    ],
    ids=["period", "one_unit", "dates", "standard"],
)
def test_a_file_that_is_mapped_again_comes_with_what_was_chosen(
    person: Client, manager: Any, measure: Measure, change: dict[str, str]
) -> None:
    import_ = begin(HEADER + LINE, by=manager, mapping={})
    typed = {**COLUMNS, "departures": "departures", "not_tracked": "NA, none", **change}
    assert page(person, "import_map", import_, typed).status_code == 302
    form = page(person, "import_map", import_).context["form"]
    assert {name: form[name].value() for name in typed} == {
        name: text == "on" or text for name, text in typed.items()
    }


def test_the_pages_of_a_file_lead_back_to_the_list_of_its_kind(person: Client) -> None:
    file = ContentFile(b"case,received\n1,2026-10-01\n", name="cases.csv")
    person.post(reverse("charter:import_add"), {"kind": "cases", "file": file})
    reference = Import.objects.get().reference
    crumb = f'<a href="{reverse("charter:case_list")}">Cases with a time limit</a>'
    for page in (
        reverse("charter:import_add") + "?kind=cases",
        reverse("charter:import_map", args=[reference]),
        reverse("charter:import_detail", args=[reference]),
    ):
        html = person.get(page).content.decode()
        assert crumb in html, page
        assert ">Recorded results</a>" not in html, page
    assert ">Recorded results</a>" in person.get(reverse("charter:import_add")).content.decode()


def test_a_file_of_days_leads_on_to_files_and_days_of_its_kind(person: Client, manager: Any) -> None:
    import_ = begin("unit,day,served\nletters-office,2026-10-01,5\n", by=manager, kind="activity", mapping={})
    Import.objects.update(state=Import.State.FAILED)
    assert (
        'href="/results/imports/add/?kind=activity"'
        in page(person, "import_detail", import_).content.decode()
    )
    Import.objects.update(state=Import.State.DONE)
    done = page(person, "import_detail", import_).content.decode()
    assert f'<a class="button" href="{reverse("customers:activity_list")}">See the days</a>' in done
    assert "Customers served, day by day" in person.get(reverse("charter:import_list")).content.decode()
