"""Listening sessions: written down, found again, and read by whom they concern."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.actions import listening as actions
from feedback.models import ListeningSession
from feedback.tests.factories import a_session
from feedback.tests.test_inbox import page_for
from organisation.tests.factories import UnitFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Any:
    return UnitFactory()


def typed(unit: Any, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "round_table",
        "whom": "customers",
        "title": "The new forms",
        "unit": unit.slug,
        "held_on": "2026-11-04",
        "place": "Library",
        "groups": "Parents: 5\nNewcomers: 3",
        "questions": "What is hard?\nWhat helped?",
        "version": "1",
        **changes,
    }


def test_a_session_is_written_down_in_the_browser_with_its_finding(client: Client, unit: Any) -> None:
    client.force_login(person_in(unit, "manager"))
    answer = client.post("/feedback/listening/add/", typed(unit))
    session = ListeningSession.objects.get()
    assert answer["Location"] == session.get_absolute_url()
    assert session.heads == 8
    finding = {"need": "Forms in plain words", "severity": "3", "quote": "I gave up on page two."}
    client.post(f"{session.get_absolute_url()}findings/add/", finding)
    page = page_for(person_in(unit, "staff"), path=session.get_absolute_url())
    for words in ("Parents: 5", "What helped?", "Forms in plain words", "keeps people from us", "page two"):
        assert words in page


@pytest.mark.parametrize("groups", ["Parents", "Parents: none", ": 5", "Parents: 0", "Parents: 99999"])
def test_who_took_part_is_said_with_a_number(client: Client, unit: Any, groups: str) -> None:
    client.force_login(person_in(unit, "manager"))
    answer = client.post("/feedback/listening/add/", typed(unit, groups=groups))
    assert answer.status_code == 422
    assert "does not say how many" in answer.content.decode()
    assert "The new forms" in answer.content.decode()


def test_the_second_of_two_who_change_it_is_told(client: Client, unit: Any) -> None:
    session = a_session(unit)
    client.force_login(person_in(unit, "manager"))
    address = f"{session.get_absolute_url()}edit/"
    assert client.post(address, typed(unit)).status_code == 302
    answer = client.post(address, typed(unit, title="Mine"))
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()


def test_words_of_few_colleagues_are_read_by_their_managers_only(unit: Any) -> None:
    staff, manager = person_in(unit, "staff"), person_in(unit, "manager")
    for number, is_read in ((7, False), (8, True)):
        session = a_session(unit, ("Counter", number), whom="colleagues")
        fields = {"need": "A second printer", "quote": f"We queue, all {number} of us"}
        actions.save_finding(session, None, fields=fields, by=None)
        path = session.get_absolute_url()
        assert (fields["quote"] in page_for(staff, path=path)) is is_read
        assert fields["quote"] in page_for(manager, path=path)
        assert "A second printer" in page_for(staff, path=path)
    exported = page_for(staff, "?export=csv", "/feedback/listening/")
    assert "all 7 of us" not in exported
    assert "all 8 of us" in exported


def test_files_and_words_of_few_colleagues_are_found_by_their_managers_only(
    unit: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    staff, manager = person_in(unit, "staff"), person_in(unit, "manager")
    for number, is_read in ((7, False), (8, True)):
        session = a_session(unit, ("Counter", number), whom="colleagues", title=f"Printers of {number}")
        fields = {"need": "A second printer", "quote": "We queue every morning"}
        actions.save_finding(session, None, fields=fields, by=None)
        file = SimpleUploadedFile("minutes.txt", b"Ann queued")
        kept = actions.add_file(session, file, name="minutes.txt", content_type="text/plain", by=None)
        path = session.get_absolute_url()
        for reader, may in ((staff, is_read), (manager, True)):
            client = Client()
            client.force_login(reader)
            status = client.get(f"{path}files/{kept.file.reference}/").status_code
            assert status == (200 if may else 404)
            assert ("minutes.txt" in page_for(reader, path=path)) is may
            found = page_for(reader, "?q=every+MORNING", "/feedback/listening/")
            assert (f"Printers of {number}" in found) is may
            needed = page_for(reader, "?q=second+printer", "/feedback/listening/")
            assert f"Printers of {number}" in needed


def test_a_finding_and_a_session_can_be_brought_back(client: Client, unit: Any) -> None:
    session = a_session(unit)
    finding = actions.save_finding(session, None, fields={"need": "A bench"}, by=None)
    client.force_login(person_in(unit, "manager"))
    move = f"{session.get_absolute_url()}findings/{finding.reference}/move/"
    client.post(move)
    assert "Taken away: A bench" in client.get(session.get_absolute_url()).content.decode()
    client.post(move, {"back": "1"})
    assert "Taken away" not in client.get(session.get_absolute_url()).content.decode()
    client.post(f"{session.get_absolute_url()}archive/")
    assert "The waiting room" not in page_for(person_in(unit, "manager"), path="/feedback/listening/")
    client.post(f"{session.get_absolute_url()}restore/")
    assert "The waiting room" in page_for(person_in(unit, "manager"), path="/feedback/listening/")


def test_a_file_is_given_back_as_a_download_and_other_kinds_are_refused(
    client: Client, unit: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    session = a_session(unit)
    client.force_login(person_in(unit, "manager"))
    address = f"{session.get_absolute_url()}files/add/"
    evil = SimpleUploadedFile("page.html", b"<script>alert(1)</script>")
    assert client.post(address, {"file": evil}).status_code == 422
    assert client.post(address, {"file": SimpleUploadedFile("notes.txt", b"Six chairs")}).status_code == 302
    kept = session.files.get()
    path = f"{session.get_absolute_url()}files/{kept.file.reference}/"
    answer = client.get(path)
    assert b"".join(answer.streaming_content) == b"Six chairs"
    assert answer["Content-Disposition"].startswith("attachment")
    client.post(f"{path}move/")
    assert client.get(path).status_code == 404


def test_the_list_is_filtered_by_words_kind_and_day_order(unit: Any) -> None:
    a_session(unit, title="Chairs", held_on=date(2026, 1, 1))
    older = a_session(unit, title="Lifts", held_on=date(2025, 1, 1), kind="interview")
    actions.save_finding(older, None, fields={"need": "A handrail"}, by=UserFactory())
    manager = person_in(unit, "manager")
    found = page_for(manager, "?kind=interview&q=HANDRAIL", "/feedback/listening/")
    assert "Lifts" in found
    assert "Chairs" not in found
    ordered = page_for(manager, "?sort=oldest", "/feedback/listening/")
    assert ordered.index("Lifts") < ordered.index("Chairs")


def test_twenty_sessions_cost_no_more_queries_than_two(unit: Any) -> None:
    client = Client()
    client.force_login(person_in(unit, "manager"))

    def queries(count: int) -> int:
        for _number in range(count):
            actions.save_finding(a_session(unit), None, fields={"need": "A bench"}, by=None)
        with CaptureQueriesContext(connection) as captured:
            client.get("/feedback/listening/")
        return len(captured)

    assert queries(2) == queries(18)
