"""A course file becomes a draft: new, changed by key, or translated. Nothing is taught before release."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.models import Standard
from organisation.models import Unit, User
from training.actions.courses import open_draft
from training.actions.turns import What, record
from training.content import same_shape
from training.course_file import CourseFile, FileRefused, LessonPart, ModulePart, QuestionPart, QuizPart
from training.models import (
    Course,
    CourseVersion,
    Lesson,
    Module,
    Question,
    QuestionBank,
    QuestionVersion,
    Quiz,
)
from training.table import Problem


@dataclass
class Imported:
    """The course, its draft, and what the reader of the file should know."""

    course: Course
    draft: CourseVersion
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def import_course(file: CourseFile, *, unit: Unit, by: User | None, at: datetime | None = None) -> Imported:
    """Write the file into the course's draft; a course of a new key begins in `unit`.

    A file in the course's own language decides which parts there are. Lessons that the organisation has
    written itself keep their words. A file in another language adds its words to parts that exist, and
    is refused (FileRefused) where the parts differ.
    """
    at = at or timezone.now()
    course, _created = Course.objects.get_or_create(
        key=file.key, defaults={"unit": unit, "language": file.language}
    )
    imported = Imported(course, open_draft(course))
    course.texts.update_or_create(
        language=file.language,
        defaults={"title": file.title, "summary": file.summary, "audience": file.audience},
    )
    if file.language == course.language:
        _write_course(imported, file)
    else:
        _refuse_other_parts(imported.draft, file)
    for position, module in enumerate(file.modules, start=1):
        _write_module(imported, module, position, file.language)
    if file.quiz:
        bank, _created = QuestionBank.objects.get_or_create(key=course.key, defaults={"unit": course.unit})
        _write_quiz(imported, bank, file.quiz, file.language)
        _write_questions(imported, bank, file)
    course.set_search()
    record(course, What.IMPORTED, by=by, at=at, note=file.language)
    return imported


def _write_course(imported: Imported, file: CourseFile) -> None:
    """What does not depend on the language; parts that the file does not name leave the draft."""
    course, draft = imported.course, imported.draft
    for name in ("levels", "minutes", "refresh_months", "renewal_days"):
        setattr(course, name, getattr(file, name))
    course.save()
    known = {standard.key: standard for standard in Standard.objects.filter(key__in=file.standards)}
    course.standards.set(known.values())
    imported.notes += [
        _("There is no standard “%(key)s” here, so the course is not linked to it.") % {"key": key}
        for key in file.standards
        if key not in known
    ]
    draft.modules.exclude(key__in=[module.key for module in file.modules]).delete()
    if file.quiz is None:
        Quiz.objects.filter(version=draft).delete()


def _refuse_other_parts(draft: CourseVersion, file: CourseFile) -> None:
    """A translation has the same modules, lessons and questions, alike in kind and in shape."""
    problems = []
    lessons = {
        (lesson.module.key, lesson.key): lesson
        for lesson in Lesson.objects.filter(module__version=draft)
        .select_related("module")
        .prefetch_related("texts")
    }
    told = {(module.key, lesson.key): lesson for module in file.modules for lesson in module.lessons}
    for module_key, key in sorted(set(lessons) ^ set(told)):
        problems.append(Problem(_where(module_key, key), _("It stands in only one of the two languages.")))
    for place in set(lessons) & set(told):
        words = lessons[place].text(draft.course.language)
        part = told[place]
        same = words is None or same_shape(part.kind, words.content, part.content)
        if lessons[place].kind != part.kind or not same:
            problems.append(Problem(_where(*place), _("Its parts differ from those in the first language.")))
    if problems:
        raise FileRefused(problems)


def _where(module: str, lesson: str) -> str:
    return _("module “%(module)s” › lesson “%(lesson)s”") % {"module": module, "lesson": lesson}


def _write_module(imported: Imported, part: ModulePart, position: int, language: str) -> None:
    module, _created = imported.draft.modules.update_or_create(key=part.key, defaults={"position": position})
    module.texts.update_or_create(language=language, defaults={"title": part.title})
    if language == imported.course.language:
        module.lessons.exclude(key__in=[lesson.key for lesson in part.lessons]).delete()
    standing = {lesson.key: lesson for lesson in module.lessons.all()}
    for number, lesson in enumerate(part.lessons, start=1):
        _write_lesson(imported, module, standing.get(lesson.key), lesson, number, language)


def _write_lesson(
    imported: Imported, module: Module, lesson: Lesson | None, part: LessonPart, position: int, language: str
) -> None:
    if lesson and lesson.must_fill and lesson.is_filled and not part.is_filled and part.must_fill:
        imported.notes.append(
            _("Your own words in “%(title)s” are kept.") % {"title": lesson.text(language) or lesson.key}
        )
        return
    lesson = lesson or Lesson(module=module, key=part.key)
    lesson.kind, lesson.minutes, lesson.position = part.kind, part.minutes, position
    lesson.must_fill, lesson.is_filled = part.must_fill, part.is_filled
    lesson.save()
    lesson.texts.update_or_create(
        language=language, defaults={"title": part.title, "body": part.body, "content": part.content}
    )


def _write_quiz(imported: Imported, bank: QuestionBank, part: QuizPart, language: str) -> None:
    settings = {name: value for name, value in vars(part).items() if name != "title"}
    if language == imported.course.language:
        quiz, _created = Quiz.objects.update_or_create(
            version=imported.draft, defaults={"bank": bank, **settings}
        )
    else:
        quiz = Quiz.objects.get(version=imported.draft)
    quiz.texts.update_or_create(language=language, defaults={"title": part.title})


# ---------------------------------------------------------------- questions


def _write_questions(imported: Imported, bank: QuestionBank, file: CourseFile) -> None:
    """New questions and new wordings wait for the release. Questions that the file does not know stay."""
    standing = {question.key: question for question in bank.questions.prefetch_related("versions__texts")}
    standards = {
        standard.key: standard
        for standard in Standard.objects.filter(key__in={part.standard for part in file.questions})
    }
    is_translation = file.language != imported.course.language
    for position, part in enumerate(file.questions, start=1):
        question = standing.get(part.key)
        if is_translation and question is None:
            raise FileRefused([_stranger(part)])
        if question is None:
            question = Question.objects.create(bank=bank, key=part.key)
        if not is_translation:
            _place_question(imported, question, part, standards.get(part.standard), position)
        write_wording(question, part, file.language, is_translation=is_translation)
    kept = sorted(set(standing) - {part.key for part in file.questions})
    if kept and not is_translation:
        imported.notes.append(_("Not in the file, and kept: %(keys)s") % {"keys": ", ".join(kept)})


def _stranger(part: QuestionPart) -> Problem:
    where = _("question “%(key)s”") % {"key": part.key}
    return Problem(where, _("Its parts differ from those in the first language."))


def _place_question(
    imported: Imported, question: Question, part: QuestionPart, standard: Standard | None, position: int
) -> None:
    if part.standard and standard is None:
        imported.notes.append(
            _("Question “%(question)s”: there is no standard “%(key)s” here.")
            % {"question": part.key, "key": part.standard}
        )
    question.standard = standard or question.standard
    question.position = position
    question.save()


def write_wording(
    question: Question, part: QuestionPart, language: str, *, is_translation: bool = False
) -> QuestionVersion:
    """The question's newest version with these words: the waiting one changed, or a new one that waits.

    The same words once more change nothing. A new version takes over the words of the other languages
    whose parts still agree. A translation has to agree (FileRefused).
    """
    versions = sorted(question.versions.all(), key=lambda row: row.number)
    latest = versions[-1] if versions else None
    texts = {row.language: row for row in latest.texts.all()} if latest else {}
    if latest and is_translation and not _agrees(latest, list(texts.values()), part):
        raise FileRefused([_stranger(part)])
    words = {"text": part.text, "feedback": part.feedback, "content": part.content}
    if latest and _is_same(latest, texts.get(language), part, words):
        return latest
    if latest is None or latest.released_at is not None:
        number = latest.number + 1 if latest else 1
        version = QuestionVersion(question=question, number=number)
    else:
        version = latest
    version.kind, version.marking, version.points = part.kind, part.marking, part.points
    version.save()
    for row in texts.values():
        keeps = row.language != language and same_shape(part.kind, row.content, part.content)
        if version is not latest and keeps:
            version.texts.create(
                language=row.language, text=row.text, feedback=row.feedback, content=row.content
            )
        elif version is latest and row.language != language and not keeps:
            row.delete()
    version.texts.update_or_create(language=language, defaults=words)
    return version


def _agrees(latest: QuestionVersion, texts: list[Any], part: QuestionPart) -> bool:
    return latest.kind == part.kind and all(
        same_shape(part.kind, row.content, part.content) for row in texts if row.language
    )


def _is_same(latest: QuestionVersion, row: Any, part: QuestionPart, words: dict[str, Any]) -> bool:
    settings = (latest.kind, latest.marking, latest.points) == (part.kind, part.marking, part.points)
    return settings and row is not None and all(getattr(row, name) == words[name] for name in words)
