"""What stands against teaching a version, what is still to be translated, and what a release changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.imprint import imprint
from common.markdown import pictures_in
from training.content import same_shape
from training.models import (
    Assignment,
    CoursePicture,
    CourseVersion,
    Lesson,
    Question,
    QuestionVersion,
    Quiz,
)
from training.table import Problem
from training.tongues import Gap, gaps_of


def release_problems(version: CourseVersion) -> list[Problem]:
    """What stands against teaching the version. Empty when nothing does."""
    version = CourseVersion.objects.with_parts().get(pk=version.pk)
    pictures = set(
        CoursePicture.objects.filter(course=version.course).values_list("file__reference", flat=True)
    )
    problems = [
        problem
        for lesson in version.lessons()
        for problem in _lesson_problems(lesson, version.course.language, pictures)
    ]
    if not version.lessons():
        problems.append(Problem("", _("The course has no lesson yet.")))
    if version.has_quiz():
        problems += _quiz_problems(version.quiz)
    return problems


def _lesson_problems(lesson: Lesson, first: str, pictures: set[str]) -> list[Problem]:
    row = lesson.text(first)
    where = _("lesson “%(title)s”") % {"title": row.title if row else lesson.key}

    def problem(reason: str, language: str = "") -> list[Problem]:
        return [Problem(where, reason, "lesson", lesson.key, language)]

    if row is None:
        return problem(_("Nothing is written yet."))
    if lesson.waits_to_be_filled:
        return problem(_("Your organisation has to write its own part first."))
    if lesson.kind == Lesson.Kind.TEXT and not row.body:
        return problem(_("Nothing is written yet."))
    shows_something = lesson.kind in (Lesson.Kind.VIDEO, Lesson.Kind.DOWNLOAD)
    if shows_something and not lesson.file_id and not row.content.get("url"):
        return problem(_("It has neither a file nor an address."))
    found = []
    for text in lesson.texts.all():
        found += [each for reason in _faults(lesson, row, text, pictures) for each in problem(*reason)]
    return found


def _faults(lesson: Lesson, first: Any, text: Any, pictures: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a lesson's words in one language."""
    shown = pictures_in(text.body)
    if any(not words for words, _reference in shown):
        yield _("A picture says nothing to whoever cannot see it: write its alternative text."), text.language
    if any(reference not in pictures for _words, reference in shown):
        yield _("It names a picture that is not here."), text.language
    if not same_shape(lesson.kind, first.content, text.content):
        yield _("Its parts differ from those in the first language."), text.language


def _quiz_problems(quiz: Quiz) -> list[Problem]:
    """Counted as it will be after the release, which releases the waiting questions too."""
    count = quiz.bank.questions.active().count()
    where = _("quiz")
    if not count:
        return [Problem(where, _("It has no question."), "questions")]
    if quiz.draw > count:
        reason = _("It draws %(draw)s questions, but there are only %(count)s.")
        return [Problem(where, reason % {"draw": quiz.draw, "count": count}, "quiz")]
    return []


# ------------------------------------------------------------- translations


def translation_gaps(version: CourseVersion) -> list[tuple[Problem, Gap]]:
    """What is not translated, or behind its first language, in the languages that the course speaks.

    It stops no release: learners read the first language there.
    """
    version = CourseVersion.objects.with_parts().get(pk=version.pk)
    course = version.course
    spoken = {row.language for row in course.texts.all()}
    found = []
    for part, key, owner in _owners(version):
        for gap in gaps_of(owner, spoken, course.language):
            found.append((Problem(str(owner), "", part, key, gap.code), gap))
    return found


def _owners(version: CourseVersion) -> Iterator[tuple[str, str, Any]]:
    yield "course", "", version.course
    for module, lessons in version.parts():
        yield "module", module.key, module
        for lesson in lessons:
            yield "lesson", lesson.key, lesson
    if version.has_quiz():
        yield "quiz", "", version.quiz
        for question, latest in newest_wordings(version.quiz.bank.questions.active()):
            yield "question", question.key, latest


def newest_wordings(questions: Any) -> list[tuple[Question, QuestionVersion]]:
    """Every question with its newest wording, waiting or asked."""
    rows = questions.select_related("standard").prefetch_related("versions__texts", "standard__texts")
    found = []
    for question in rows:
        versions = sorted(question.versions.all(), key=lambda row: row.number)
        if versions:
            found.append((question, versions[-1]))
    return found


# ------------------------------------------------------------------ changes


@dataclass(frozen=True)
class Change:
    """One part that a release adds, changes or takes out."""

    what: str
    kind: Any
    title: str


ADDED, CHANGED, GONE = "added", "changed", "gone"
SETTINGS = ("draw", "pass_mark", "attempts", "wait_hours", "minutes", "counting", "shuffle")


Told = dict[str, tuple[str, Any]]


@dataclass
class Outline:
    """What a version says: each part by its key, with its title and everything that can differ."""

    modules: Told
    lessons: Told
    quiz: Told

    @property
    def order(self) -> tuple[list[str], list[str]]:
        return list(self.modules), list(self.lessons)


def changes_of(draft: CourseVersion) -> list[Change]:
    """What the draft changes against what is taught now; empty where nothing is taught yet."""
    current = draft.course.current_version()
    if current is None:
        return []
    versions = CourseVersion.objects.with_parts()
    now = versions.get(pk=draft.pk)
    found = changes_between(outline_of(versions.get(pk=current.pk)), outline_of(now))
    return found + (waiting_questions(now.quiz) if now.has_quiz() else [])


def changes_between(before: Outline, now: Outline) -> list[Change]:
    found = list(_differences(before.modules, now.modules, _("Module")))
    found += _differences(before.lessons, now.lessons, _("Lesson"))
    if _is_reordered(before, now):
        found.append(Change(CHANGED, _("Order"), _("of modules or lessons")))
    found += _differences(before.quiz, now.quiz, _("Quiz"))
    return found


def waiting_questions(quiz: Quiz) -> list[Change]:
    """Questions whose newest wording waits for the release."""
    return [
        Change(ADDED if question.current_id is None else CHANGED, _("Question"), str(latest))
        for question, latest in newest_wordings(quiz.bank.questions.active())
        if latest.released_at is None
    ]


def _differences(before: Told, now: Told, kind: Any) -> Iterable[Change]:
    for key, (title, told) in now.items():
        if key not in before:
            yield Change(ADDED, kind, title)
        elif before[key][1] != told:
            yield Change(CHANGED, kind, title)
    for key, (title, _told) in before.items():
        if key not in now:
            yield Change(GONE, kind, title)


def _is_reordered(before: Outline, now: Outline) -> bool:
    """What stands in both stands in another order."""
    return any(
        [key for key in one if key in other] != [key for key in other if key in one]
        for one, other in zip(before.order, now.order, strict=True)
    )


def outline_of(version: CourseVersion) -> Outline:
    """The version's parts in reading order (`with_parts`)."""
    return Outline(_modules(version), _lessons(version), _quiz(version))


def _texts(owner: Any) -> Any:
    return {row.language: row.words for row in owner.texts.all()}


def _modules(version: CourseVersion) -> Told:
    return {module.key: (str(module), _texts(module)) for module, _lessons in version.parts()}


def _lessons(version: CourseVersion) -> Told:
    return {
        lesson.key: (
            str(lesson),
            (module.key, lesson.kind, lesson.minutes, lesson.file_id, _texts(lesson)),
        )
        for module, lessons in version.parts()
        for lesson in lessons
    }


def _quiz(version: CourseVersion) -> Told:
    if not version.has_quiz():
        return {}
    quiz = version.quiz
    return {"quiz": (str(quiz), ({name: getattr(quiz, name) for name in SETTINGS}, _texts(quiz)))}


def draft_imprint(draft: CourseVersion) -> str:
    """What a look at the draft rests on: other digits as soon as a release would teach something else."""
    version = CourseVersion.objects.with_parts().get(pk=draft.pk)
    outline = outline_of(version)
    questions = newest_wordings(version.quiz.bank.questions.active()) if version.has_quiz() else []
    asked = [
        (question.key, latest.kind, latest.marking, latest.points, _texts(latest))
        for question, latest in questions
    ]
    return imprint([outline.order, outline.modules, outline.lessons, outline.quiz, asked])


def asked_again(version: CourseVersion) -> int:
    """How many people a release that asks for renewal would ask: they completed an earlier version."""
    return (
        Assignment.objects.newest()
        .filter(
            course=version.course,
            state=Assignment.State.COMPLETED,
            person__is_active=True,
            version__number__lt=version.number,
        )
        .count()
    )
