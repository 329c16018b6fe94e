"""What the editor writes: a course's own words and facts, its modules, lessons, quiz and pictures.

Everything but the course's words goes into its draft, which is begun by the first change. Whoever saves
says by an imprint what the form was opened on; where that has moved on, ChangedMeanwhile is raised and
nothing is written.
"""

from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.imprint import imprint
from organisation.models import Attachment, Unit, User
from training.actions.courses import hold_draft, save_lesson, write_words
from training.actions.turns import What, record
from training.models import Course, CoursePicture, CourseVersion, Lesson, Module, Question, QuestionBank, Quiz

FACTS = ("levels", "minutes", "refresh_months", "renewal_days")
SETTINGS = ("draw", "pass_mark", "attempts", "wait_hours", "minutes", "counting", "shuffle")
LESSON_FIELDS = ("minutes", "must_fill", "file_id")


class ChangedMeanwhile(Exception):
    """Somebody saved this after the form was opened. Nothing was written."""


def free_key(title: str, taken: Any, *, otherwise: str) -> str:
    """A short name made of the title that is not among the taken ones."""
    base = slugify(title)[:50].strip("-_") or otherwise
    if not base[0].isalnum():
        base = otherwise
    known, key, number = set(taken), base, 2
    while key in known:
        key, number = f"{base}-{number}", number + 1
    return key


def _words_of(owner: Any, language: str) -> Any:
    row = owner.texts.filter(language=language).first()
    return row.words if row else None


def _refuse_old(expected: str | None, stands: str) -> None:
    if expected is not None and expected != stands:
        raise ChangedMeanwhile


# ------------------------------------------------------------------ courses


def course_imprint(course: Course | None, language: str) -> str:
    """What a form of the course's own words and facts is opened on."""
    if course is None:
        return ""
    links = [sorted(links.values_list("pk", flat=True)) for links in (course.standards, course.values)]
    return imprint([_words_of(course, language), [getattr(course, name) for name in FACTS], links])


@transaction.atomic
def create_course(
    *, unit: Unit, language: str, words: dict[str, Any], by: User | None, at: datetime | None = None
) -> Course:
    """A course with an empty draft. Its key is made of the title."""
    key = free_key(words["title"], Course.objects.values_list("key", flat=True), otherwise="course")
    course = Course.objects.create(key=key, unit=unit, language=language)
    write_words(course, language=language, first=language, words=words)
    course.set_search()
    hold_draft(course)
    record(course, What.EDITED, by=by, at=at or timezone.now(), note=_("Begun"))
    return course


@transaction.atomic
def save_course(
    course: Course,
    *,
    language: str,
    words: dict[str, Any],
    facts: dict[str, Any] | None = None,
    standards: Any = None,
    values: Any = None,
    expected: str | None = None,
    by: User | None,
    at: datetime | None = None,
) -> None:
    """The course's words in one language, and what does not depend on the language. It holds at once, for
    every version. Raises ChangedMeanwhile."""
    Course.objects.filter(pk=course.pk).update(key=F("key"))
    course.refresh_from_db()
    _refuse_old(expected, course_imprint(course, language))
    write_words(course, language=language, first=course.language, words=words)
    for name, value in (facts or {}).items():
        setattr(course, name, value)
    course.save()
    if standards is not None:
        course.standards.set(standards)
    if values is not None:
        course.values.set(values)
    course.set_search()
    record(course, What.EDITED, by=by, at=at or timezone.now(), note=words["title"])


# ------------------------------------------------------- modules and lessons


def module_imprint(module: Module | None, language: str) -> str:
    return "" if module is None else imprint(_words_of(module, language))


def lesson_imprint(lesson: Lesson | None, language: str) -> str:
    if lesson is None:
        return ""
    return imprint([_words_of(lesson, language), [getattr(lesson, name) for name in LESSON_FIELDS]])


@transaction.atomic
def write_module(
    course: Course,
    *,
    key: str | None = None,
    language: str,
    title: str,
    expected: str | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Module:
    """A module of the draft with this title; a new one at the end where no key is given.

    Raises ChangedMeanwhile, and Module.DoesNotExist where the draft has no such module any more.
    """
    draft = hold_draft(course)
    if key is None:
        key = free_key(title, draft.modules.values_list("key", flat=True), otherwise="module")
        module = Module.objects.create(version=draft, key=key, position=_behind(draft.modules.all()))
    else:
        module = draft.modules.get(key=key)
        _refuse_old(expected, module_imprint(module, language))
    write_words(module, language=language, first=course.language, words={"title": title})
    record(course, What.EDITED, by=by, at=at or timezone.now(), note=title)
    return module


def lessons_in(draft: CourseVersion) -> Any:
    return Lesson.objects.filter(module__version=draft).select_related("module__version__course")


@transaction.atomic
def write_lesson(
    course: Course,
    *,
    key: str | None = None,
    module: str = "",
    kind: str = Lesson.Kind.TEXT,
    language: str,
    words: dict[str, Any],
    fields: dict[str, Any] | None = None,
    expected: str | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Lesson:
    """A lesson of the draft; a new one of a kind at the end of a module where no key is given.

    Raises ChangedMeanwhile, and DoesNotExist where the draft has no such lesson or module any more.
    """
    draft = hold_draft(course)
    if key is None:
        below = draft.modules.get(key=module)
        taken = lessons_in(draft).values_list("key", flat=True)
        lesson = Lesson(
            module=below,
            key=free_key(words["title"], taken, otherwise="lesson"),
            kind=kind,
            position=_behind(below.lessons.all()),
        )
        lesson.save()
    else:
        lesson = lessons_in(draft).get(key=key)
        _refuse_old(expected, lesson_imprint(lesson, language))
    save_lesson(lesson=lesson, language=language, words=words, fields=fields, by=by, at=at)
    return lesson


def _behind(rows: Any) -> int:
    last = rows.order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + 1


# ------------------------------------------------------------------ the quiz


def quiz_imprint(quiz: Quiz | None, language: str) -> str:
    if quiz is None:
        return ""
    return imprint([_words_of(quiz, language), [getattr(quiz, name) for name in SETTINGS]])


def bank_of(course: Course) -> QuestionBank:
    """The course's own bank, begun where there is none."""
    return QuestionBank.objects.get_or_create(key=course.key, defaults={"unit": course.unit})[0]


@transaction.atomic
def save_quiz(
    course: Course,
    *,
    language: str,
    title: str,
    settings: dict[str, Any] | None = None,
    expected: str | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Quiz:
    """How the draft asks. A course without a quiz gets one. Raises ChangedMeanwhile."""
    draft = hold_draft(course)
    quiz = Quiz.objects.filter(version=draft).first()
    _refuse_old(expected, quiz_imprint(quiz, language))
    quiz = quiz or Quiz(version=draft, bank=bank_of(course))
    for name, value in (settings or {}).items():
        setattr(quiz, name, value)
    quiz.save()
    write_words(quiz, language=language, first=course.language, words={"title": title})
    record(course, What.EDITED, by=by, at=at or timezone.now(), note=title)
    return quiz


@transaction.atomic
def remove_quiz(course: Course, *, by: User | None, at: datetime | None = None) -> bool:
    """The draft asks no more; the questions stay in their bank, and what is taught keeps its quiz."""
    removed, _rows = Quiz.objects.filter(version=hold_draft(course)).delete()
    if removed:
        record(course, What.EDITED, by=by, at=at or timezone.now(), note=_("Quiz taken out"))
    return bool(removed)


def questions_of(course: Course) -> Any:
    """The questions of the course's own bank, or of the bank that its quiz draws from."""
    shown = course.draft() or course.current_version()
    key = shown.quiz.bank.key if shown is not None and shown.has_quiz() else course.key
    return Question.objects.filter(bank__key=key)


# ------------------------------------------------------------------ pictures


@transaction.atomic
def add_picture(
    course: Course, *, file: "File[bytes]", name: str, content_type: str, by: User | None
) -> CoursePicture:
    """Keep a picture for the lessons of the course."""
    kept = Attachment.store(file, name=name, content_type=content_type)
    return CoursePicture.objects.create(course=course, file=kept)
