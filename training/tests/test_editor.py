"""Writing a course in the browser, without any script."""

import pytest
from django.urls import reverse

from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.models import Course, Lesson, Question

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    InstallationFactory()
    return UnitFactory()


@pytest.fixture
def manager(client, unit):
    manager = person_in(unit, "manager", "middle")
    client.force_login(manager)
    return manager


def url(name, *args):
    return reverse(f"training:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


def begin(client, unit):
    data = {"title": "Our counter", "summary": "You greet first.", "language": "en", "unit": unit.slug}
    client.post(url("course_add"), data)
    return Course.objects.get()


LESSON = {"title": "The greeting", "body": "Say your **name**.", "minutes": "5"}


def test_a_manager_writes_a_course_from_nothing_to_the_release(client, manager, unit):
    course = begin(client, unit)
    assert course.key == "our-counter"
    client.post(url("module_add", course.key), {"title": "First things"})
    client.post(url("lesson_add", course.key, "first-things", "text"), LESSON)
    again = LESSON | {"title": "Before you open", "items": "Lights on\nForms there\n"}
    client.post(url("lesson_add", course.key, "first-things", "checklist"), again)
    question = {
        "text": "What comes first?",
        "points": "1",
        "shape": "4",
        "o0_text": "The greeting",
        "o0_correct": "on",
        "o1_text": "The number",
    }
    client.post(url("question_add", course.key, "single"), question)
    assert "The greeting" in text_of(client.get(url("course_preview", course.key)))
    released = client.post(url("release", course.key), {"note": "The first one", "draft": "1"})
    assert released["Location"] == url("course", course.key)
    course.refresh_from_db()
    assert course.state == "released"
    assert [str(lesson) for lesson in course.current_version().lessons()] == [
        "The greeting",
        "Before you open",
    ]
    assert Lesson.objects.get(kind="checklist").text().content == {"items": ["Lights on", "Forms there"]}
    assert [question.current.text().text for question in Question.objects.drawable()] == ["What comes first?"]
