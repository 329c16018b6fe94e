"""The release gives out what its page showed, and a look at a course file says where nothing differs."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organisation.tests.factories import person_in
from training.actions import course_words
from training.actions.courses import EditedMeanwhile, open_draft, release_version
from training.actions.questions import save_question
from training.course_file import QuestionPart
from training.fitness import draft_imprint
from training.models import Course
from training.tests.factories import OPTIONS, a_course

pytestmark = pytest.mark.django_db
SENT = {"note": "Newer words", "draft": "2", "renewal_due_days": "30"}


@pytest.fixture
def course(manager, unit):
    return a_course(unit=unit)


def url(name, *args):
    return reverse(f"training:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


def rename(course, title, by):
    words = {"title": title, "body": "Smile.", "content": {}}
    fields = {"minutes": 5, "must_fill": False}
    course_words.write_lesson(
        course, module="m", kind="text", key="text-1", language="en", words=words, fields=fields, by=by
    )


def ask(course, text, by):
    part = QuestionPart("asked", "single", "", text, Decimal(1), "", "", OPTIONS)
    question = course_words.questions_of(course).filter(key="q1").first()
    save_question(
        course, question=question, language="en", part=part, standard=None, quiz_title="Quiz", by=by
    )


def seen_on(page):
    found = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("edit", [rename, ask])
def test_a_release_of_a_draft_that_a_colleague_has_changed_since_releases_nothing(
    client, course, manager, unit, edit
):
    edit(course, "The first words", manager)
    seen = seen_on(client.get(url("release", course.key)))
    colleague = person_in(unit, "manager", "middle", name="Ines Colleague")
    edit(course, "The later words", colleague)
    refused = client.post(url("release", course.key), SENT | {"seen": seen})
    page = text_of(refused)
    assert refused.status_code == 409
    assert "A colleague has saved this meanwhile" in page
    assert "Ines Colleague saved it" in page
    assert "The later words" in page
    assert "Newer words" in page
    assert course.current_version().number == 1
    client.post(url("release", course.key), SENT | {"seen": seen_on(refused)})
    assert course.current_version().number == 2


def test_a_release_of_what_was_seen_goes_through(client, course, manager):
    rename(course, "A new greeting", manager)
    seen = seen_on(client.get(url("release", course.key)))
    client.post(url("release", course.key), SENT | {"seen": seen})
    assert course.current_version().number == 2


def test_a_refused_release_leaves_the_draft_as_it_is(course, manager):
    rename(course, "The first words", manager)
    draft = course.draft()
    seen = draft_imprint(draft)
    rename(course, "The later words", manager)
    with pytest.raises(EditedMeanwhile):
        release_version(draft, by=manager, seen=seen)
    draft.refresh_from_db()
    assert draft.released_at is None


def test_an_archived_course_is_brought_back_before_it_is_changed_or_released(client, course, manager):
    open_draft(course)
    assert url("release", course.key) in text_of(client.get(url("course", course.key)))
    client.post(url("course_archive", course.key))
    page = text_of(client.get(url("course", course.key)))
    assert "Bring it back" in page
    assert url("draft", course.key) not in page
    assert url("release", course.key) not in page
    refused = client.post(url("release", course.key), SENT, follow=True)
    assert "bring it back before you release" in text_of(refused)
    editor = client.get(url("draft", course.key), follow=True)
    assert "bring it back before you change it" in text_of(editor)
    assert editor.redirect_chain[0][0] == url("course", course.key)
    course.refresh_from_db()
    assert course.state == Course.State.ARCHIVED


def look_at(client, unit, content):
    file = SimpleUploadedFile("course.toml", content, "application/toml")
    return text_of(client.post(url("course_import"), {"file": file, "unit": unit.slug}))


NOTHING = "Nothing differs from what is taught now."


def test_a_look_at_an_unchanged_file_says_that_nothing_differs(client, course, unit):
    out = client.get(url("course_file", course.key)).content
    assert NOTHING in look_at(client, unit, out)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Course telephone", b"Another name"),
        (b"minutes = 30", b"minutes = 31"),
        (b"Lesson text-1", b"A better title"),
    ],
)
def test_a_look_at_a_changed_file_does_not_say_so(client, course, unit, before, after):
    out = client.get(url("course_file", course.key)).content
    assert before in out
    page = look_at(client, unit, out.replace(before, after, 1))
    assert NOTHING not in page
    assert 'class="chip">changed' in page


def test_a_look_at_the_file_of_a_course_that_is_not_taught_yet_compares_nothing(client, manager, unit):
    client.post(url("library_take_in", "telephone"))
    out = client.get(url("course_file", "telephone")).content
    assert NOTHING not in look_at(client, unit, out)
