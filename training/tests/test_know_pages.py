"""Know our charter in the browser: the review of what was prepared, and the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter.tests.factories import CharterFactory
from organisation.tests.factories import UnitFactory, person_in
from training.actions.course_words import write_lesson
from training.actions.courses import open_draft
from training.actions.know import prepare_editions
from training.models import Question
from training.tests.editions import (
    AT,
    a_charter,
    content,
    prepared,
    publish,
    standard,
)


@pytest.fixture
def charter(db):
    return a_charter()


@pytest.fixture
def manager(client, charter):
    person = person_in(charter.unit, "manager", "middle")
    client.force_login(person)
    return person


def test_the_page_shows_each_question_with_its_source_and_keeps_the_ticks(client, charter, manager):
    preparation = prepared(
        charter, 1, content(standard("lights", need=""), standard("letters"), standard("queue"))
    )
    address = reverse("training:know_detail", args=["harbour", 1])
    page = client.get(address).text
    assert "From the edition:" in page
    assert "at most: 5 working days" in page
    assert "Where no good question could be made" in page
    assert "waiting for your review" in client.get(reverse("training:know_list")).text
    client.post(address, {"accepted": "limit-lights", "due_days": 14, "keep": "1"})
    assert [row.key for row in preparation.questions.filter(is_accepted=True)] == ["limit-lights"]
    client.post(address, {"accepted": "limit-lights", "due_days": 14, "ready": "1"})
    assert Question.objects.drawable().count() == 1
    assert preparation.course.current_version().renewal_due_days == 14


def test_what_a_colleague_has_changed_in_the_draft_is_shown_before_it_is_released_along(
    client, charter, manager
):
    prepared(charter, 1, content())
    client.post(reverse("training:know_detail", args=["harbour", 1]), {"due_days": 14, "ready": "1"})
    preparation = prepared(charter, 2, content(standard("lights", need="Seen by night")))
    course = preparation.course
    assert "The lights of the quay" not in client.get(preparation.get_absolute_url()).text
    words = {"title": "The lights of the quay", "body": "New.", "content": {}}
    lesson = open_draft(course).modules.first().lessons.first()
    write_lesson(course, key=lesson.key, language=course.language, words=words, by=manager)
    page = client.get(preparation.get_absolute_url()).text
    assert "goes out with it" in page
    assert "The lights of the quay" in page


def test_bad_input_keeps_the_ticks_and_changes_nothing(client, charter, manager):
    preparation = prepared(charter, 1, content())
    answer = client.post(
        preparation.get_absolute_url(), {"accepted": "limit-lights", "due_days": "0", "ready": "1"}
    )
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 1
    preparation.refresh_from_db()
    assert preparation.is_waiting


def titles(response):
    return [str(row.edition.charter.unit) for row in response.context["page"]]


def test_the_list_is_searched_by_unit_narrowed_to_a_state_and_sorted(client, charter, manager):
    address = reverse("training:know_list")
    prepared(charter, 1, content())
    prepared(charter, 2, content(standard("lights", promise="We mend lights at once")))
    other = CharterFactory(unit=UnitFactory(name="Ärmelkanal", parent=charter.unit))
    prepared(other, 1, content())
    here = str(charter.unit)
    assert titles(client.get(address, {"sort": "unit"})) == [here, "Ärmelkanal"]
    assert titles(client.get(address, {"state": "all", "q": "HARB"})) == [here, here]
    assert titles(client.get(address, {"state": "superseded"})) == [here]
    assert titles(client.get(address, {"q": "ÄRMEL"})) == ["Ärmelkanal"]
    assert "Nothing that was prepared fits these filters." in client.get(address, {"q": "moon"}).text
    assert client.get(address, {"state": "x", "q": "a\0"}).status_code == 422


def test_the_list_goes_out_with_its_filters(client, charter, manager):
    prepared(charter, 1, content(standard("lights")))
    prepared(CharterFactory(unit=UnitFactory(name="Elsewhere", parent=charter.unit)), 1, content())
    sent = client.get(reverse("training:know_list"), {"q": str(charter.unit), "export": "csv"})
    lines = b"".join(sent.streaming_content).decode().splitlines()
    assert lines[0].lstrip("\ufeff").startswith("Unit,Edition,State,Prepared on")
    assert len(lines) == 2
    assert str(charter.unit) in lines[1]


def test_the_list_asks_the_database_as_often_for_twenty_as_for_two(client, manager):
    counts = []
    for number in (2, 18):
        for _each in range(number):
            unit = UnitFactory(parent=manager.memberships.get().unit)
            publish(CharterFactory(unit=unit), 1, content(standard("lights")))
        prepare_editions(at=AT)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("training:know_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
