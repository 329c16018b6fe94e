"""A look at a course file: it tells what taking it in would do, and writes nothing."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charter.tests.factories import StandardFactory
from organisation.tests.factories import UnitFactory
from training.actions.courses import release_version, write_words
from training.actions.import_course import import_course
from training.course_file import FileRefused, LessonPart, ModulePart, QuizPart, read_course
from training.export_course import course_file_of, whole_course
from training.fitness import changes_of
from training.import_plan import plan_course
from training.models import Lesson
from training.tests.test_courses import TELEPHONE

pytestmark = pytest.mark.django_db

FILE = read_course(TELEPHONE.read_bytes())
MODULE = replace(FILE.modules[0], lessons=FILE.lessons())
FILE = replace(FILE, modules=[MODULE])
EXTRA = LessonPart("extra", "One more", "text", 5, False, False, "Read this.", {})
OWN = replace(EXTRA, key="own", must_fill=True)


@pytest.fixture
def taught(now):
    """The telephone course as it is taught, with a lesson of the house and half of it in German."""
    StandardFactory(key="next-step")
    file = replace(FILE, modules=[replace(MODULE, lessons=[*MODULE.lessons, replace(OWN, is_filled=True)])])
    draft = import_course(file, unit=UnitFactory(), by=None, at=now).draft
    for lesson in Lesson.objects.filter(module__version=draft)[:2]:
        words = lesson.text("en").words | {"title": f"{lesson.key} auf Deutsch"}
        write_words(lesson, language="de", first="en", words=words)
    return release_version(draft, by=None, at=now)


def in_module(*lessons):
    return [replace(MODULE, lessons=list(lessons))]


def question(number, **change):
    return [replace(each, **change) if place == number else each for place, each in enumerate(FILE.questions)]


CHANGES = [
    {},
    {"modules": in_module(*MODULE.lessons, OWN)},
    {"modules": in_module(*MODULE.lessons[:2], EXTRA)},
    {"modules": in_module(*MODULE.lessons[::-1])},
    {"modules": in_module(replace(MODULE.lessons[0], minutes=59), *MODULE.lessons[1:])},
    {"modules": [replace(MODULE, title="Another"), ModulePart("more", "More", [EXTRA])]},
    {"modules": [replace(MODULE, lessons=MODULE.lessons[:1]), ModulePart("m", "M", MODULE.lessons[1:])]},
    {"quiz": None, "questions": []},
    {"quiz": QuizPart("What stays", draw=3)},
    {"questions": question(0, text="The telephone rings. And now?")},
    {"questions": [*FILE.questions[1:], replace(FILE.questions[0], key="new", text="New?")]},
    {"standards": ["nowhere"], "values": ["nothing"], "questions": question(0, standard="nowhere")},
]


def told(changes):
    return sorted((each.what, str(each.kind), each.title) for each in changes)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("has_draft", [False, True])
def test_a_look_tells_what_taking_in_does(taught, now, change, has_draft):
    unit = taught.course.unit
    if has_draft:
        before = replace(FILE, modules=in_module(MODULE.lessons[0], EXTRA), questions=question(1, text="?"))
        import_course(before, unit=unit, by=None, at=now)
    file = replace(FILE, **change)
    plan = plan_course(file, unit=unit)
    done = import_course(file, unit=unit, by=None, at=now)
    assert sorted(plan.notes) == sorted(done.notes)
    assert told(plan.changes) == told(changes_of(done.draft))


def test_a_look_at_a_translation_tells_what_taking_in_does(taught, now):
    file = replace(course_file_of(taught, "de"), title="Am Telefon")
    file = replace(file, questions=[replace(file.questions[0], text="Es klingelt?")], quiz=file.quiz)
    plan = plan_course(file, unit=taught.course.unit)
    done = import_course(file, unit=taught.course.unit, by=None, at=now)
    assert (sorted(plan.notes), told(plan.changes)) == (sorted(done.notes), told(changes_of(done.draft)))


def test_a_look_refuses_what_taking_in_refuses(taught):
    german = replace(course_file_of(taught, "de"), modules=in_module(*MODULE.lessons))
    with pytest.raises(FileRefused, match="lesson “own”"):
        plan_course(german, unit=taught.course.unit)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_look_writes_nothing(taught, language):
    file = whole_course(taught) if language == "en" else course_file_of(taught, language)
    with CaptureQueriesContext(connection) as asked:
        plan_course(file, unit=taught.course.unit)
        plan_course(replace(FILE, key="another"), unit=taught.course.unit)
    assert {each["sql"].split()[0] for each in asked} == {"SELECT"}
