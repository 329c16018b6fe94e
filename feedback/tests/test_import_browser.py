"""Earlier responses come in by the browser: CSV or XLSX, mapped, tried, taken in, undone."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from charter.models import StaleBucket
from feedback.forms.imports import codes_in
from feedback.models import Answer, Response
from feedback.tests.cards import WAYS, a_place, a_survey
from feedback.tests.imports import define
from organisation.actions.imports import ask_to_check, ask_to_take
from organisation.actions.jobs import run_due_jobs
from organisation.imports import ImportRefused, begin_import, shipped_mappings
from organisation.models import Import, ImportMapping
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
LATER = datetime(2100, 1, 1, tzinfo=UTC)
EXCERPTS = Path(__file__).parent / "excerpts"


@pytest.fixture(autouse=True)
def files_of_their_own(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(client: Client, name: str, content: bytes) -> Import:
    file = SimpleUploadedFile(name, content)
    answer = client.post("/results/imports/add/", {"kind": "responses", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.get()


def workbook(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


HEADER = ["Branch", "Date", "Id", "How was it?", "Words"]
ROWS = [["Harbour", datetime(2026, 11, 4), 1, 1, "I waited"], ["Harbour", datetime(2026, 11, 5), 2, 9, ""]]


def test_a_workbook_goes_from_upload_to_counting_answers_and_back(client: Client) -> None:
    InstallationFactory()
    place = a_place(unit=UnitFactory(name="Harbour"))
    client.force_login(person_in(place.collector.unit, "manager"))
    import_ = send(client, "cards.xlsx", workbook([HEADER, *ROWS]))
    page = reverse("charter:import_map", args=[import_.reference])
    typed = {
        "questionnaire": place.collector.questionnaire.key,
        "language": "en",
        "unit": "Branch",
        "day": "Date",
        "date_format": "%Y-%m-%d",
        "reference": "Id",
    }
    first = client.post(page, typed)
    assert first.status_code == 422
    assert "column-visit" in first.content.decode()
    typed |= {"column-visit": "How was it?", "codes-visit": "1=5, 9=", "column-comment": "Words"}
    refused = client.post(page, typed)
    assert refused.status_code == 422
    typed |= {"codes-visit": "1=5, 9=1", "save_as": "Our old cards"}
    assert client.post(page, typed).status_code == 302
    run_due_jobs(at=LATER)
    import_.refresh_from_db()
    assert import_.counts["taken"] == 2
    assert "1=5, 9=1" in client.get(page).content.decode()
    assert client.post(reverse("charter:import_take", args=[import_.reference])).status_code == 302
    run_due_jobs(at=LATER)
    assert Response.objects.countable().count() == 2
    assert set(Answer.objects.countable().filter(question=place.visit).values_list("value", flat=True)) == {
        5,
        1,
    }
    assert ImportMapping.objects.get().name == "Our old cards"
    StaleBucket.objects.all().delete()
    client.post(reverse("charter:import_undo", args=[import_.reference]))
    assert Response.objects.countable().count() == 0
    assert StaleBucket.objects.count() == 2


def test_rows_of_units_that_the_person_does_not_manage_cannot_be_taken(client: Client) -> None:
    place = a_place(unit=UnitFactory(name="Harbour"))
    hill: Any = UnitFactory(name="Hill")
    manager = person_in(hill, "manager")
    content = b"unit,day,visit\nHarbour,2026-11-04,5\nHill,2026-11-04,4\n"
    import_ = begin_import(ContentFile(content, name="cards.csv"), kind="responses", by=manager)
    mapping = {
        "questionnaire": place.collector.questionnaire.key,
        "unit": "unit",
        "date": {"column": "day"},
        "questions": {"visit": "visit"},
    }
    ask_to_check(import_, mapping=mapping, by=manager)
    run_due_jobs(at=LATER)
    import_.refresh_from_db()
    assert (import_.counts["taken"], import_.counts["bad.unit"]) == (1, 1)


def test_options_are_taken_by_their_words(client: Client) -> None:
    place = a_survey(("way", "choice", {"options": WAYS}), unit=UnitFactory(name="Harbour"))
    manager = person_in(place.collector.unit, "manager")
    content = b"unit,day,way\nHarbour,2026-11-04,by telephone\nHarbour,2026-11-04,pigeon\n"
    import_ = begin_import(ContentFile(content, name="cards.csv"), kind="responses", by=manager)
    mapping = {
        "questionnaire": place.collector.questionnaire.key,
        "unit": "unit",
        "date": {"column": "day"},
        "questions": {"way": "way"},
    }
    ask_to_check(import_, mapping=mapping, by=manager)
    run_due_jobs(at=LATER)
    import_.refresh_from_db()
    assert (import_.counts["taken"], import_.counts["bad.answer"]) == (1, 1)
    ask_to_take(import_, skip_bad=True, by=manager)
    run_due_jobs(at=LATER)
    assert [chosen.option.key for chosen in Answer.objects.get().chosen.all()] == ["phone"]


@pytest.mark.parametrize(
    ("questionnaire", "mapping", "file"),
    [
        ("patient_card", "patient_comment_cards", "patient_comment_cards.csv"),
        ("airport_survey", "airport_2015", "airport_survey_2015.csv"),
        ("airport_survey", "airport_2016", "airport_survey_2016.csv"),
    ],
)
def test_the_mappings_that_come_with_the_product_are_offered_and_work(
    client: Client, questionnaire: str, mapping: str, file: str
) -> None:
    root = InstallationFactory().root
    define(questionnaire)
    client.force_login(person_in(root, "administrator"))
    import_ = send(client, file, (EXCERPTS / file).read_bytes())
    page = reverse("charter:import_map", args=[import_.reference])
    assert re.search(rf'value="shipped:{mapping}"', client.get(page).content.decode())
    assert client.post(page, {"saved": f"shipped:{mapping}"}).status_code == 302
    run_due_jobs(at=LATER)
    import_.refresh_from_db()
    assert import_.state == "checked", import_.message
    assert import_.counts["taken"] > 0
    assert mapping in shipped_mappings("responses")


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", workbook([])[:200], workbook([])])
def test_a_broken_or_empty_workbook_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(ImportRefused):
        begin_import(ContentFile(content, name="cards.xlsx"), kind="responses", by=None)


def test_a_workbook_that_swells_is_refused(settings: Any) -> None:
    content = workbook([["a" * 30_000] * 5] * 20)
    settings.IMPORT_MAX_BYTES = len(content) + 1
    with pytest.raises(ImportRefused, match="unpacked"):
        begin_import(ContentFile(content, name="cards.xlsx"), kind="responses", by=None)


def test_codes_are_read_as_they_are_typed() -> None:
    assert codes_in("1=5, 9 = NA,x=phone,") == {"1": 5, "9": "na", "x": "phone"}


def test_the_pages_of_a_file_of_responses_belong_to_the_room_of_feedback(client: Client) -> None:
    root = InstallationFactory().root
    client.force_login(person_in(root, "administrator"))
    import_ = send(client, "cards.csv", b"unit,day,visit\nHarbour,2026-11-04,5\n")
    mapping, detail = (
        reverse(f"charter:import_{page}", args=[import_.reference]) for page in ("map", "detail")
    )
    for page in ("/results/imports/add/?kind=responses", mapping, detail):
        html = client.get(page).content.decode()
        assert re.findall(r'href="([^"]+)" aria-current="page"', html) == ["/feedback/"], page


def test_a_mapping_whose_questionnaire_is_missing_says_which_file_it_needs_and_where_it_goes(
    client: Client,
) -> None:
    root = InstallationFactory().root
    client.force_login(person_in(root, "administrator"))
    import_ = send(client, "airport_survey_2015.csv", (EXCERPTS / "airport_survey_2015.csv").read_bytes())
    page = reverse("charter:import_map", args=[import_.reference])
    marked = "airport survey 2015 (something it needs is missing)"
    assert marked in client.get(page).content.decode()
    refused = client.post(page, {"saved": "shipped:airport_2015"})
    assert refused.status_code == 422
    told = refused.content.decode()
    assert "mappings/airport_survey_questionnaire.json" in told
    assert "Import a questionnaire" in told
    define("airport_survey")
    assert marked not in client.get(page).content.decode()
