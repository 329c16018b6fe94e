"""A course file becomes a draft: new, changed by key, or translated. Nothing is taught before release."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.models import Standard, Value
from organisation.models import Unit, User
from training.actions.courses import hold_draft, write_words
from training.actions.turns import What, record
from training.actions.wordings import stranger, write_wording
from training.content import same_shape
from training.course_file import CourseFile, FileRefused, LessonPart, QuestionPart, QuizPart
from training.models import (
    Course,
    CourseVersion,
    Lesson,
    LessonText,
    Module,
    ModuleText,
    Question,
    QuestionBank,
    QuestionVersion,
    QuestionVersionText,
    Quiz,
)
from training.table import Problem
from training.tongues import BEHIND, NAMES, based_on


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
    is refused (FileRefused) where the parts differ; so are the translations that a file holds, which may
    leave parts out.
    """
    at = at or timezone.now()
    course, _created = Course.objects.get_or_create(
        key=file.key, defaults={"unit": unit, "language": file.language}
    )
    Course.objects.filter(pk=course.pk).update(key=F("key"))  # one import at a time
    course.refresh_from_db()
    imported = Imported(course, hold_draft(course))
    if file.language == course.language:
        imported.notes += _write_links(course, file)
        _write_course(imported, file)
    else:
        refuse_other_parts(imported.draft, file)
    _write_words(imported, file)
    for translation in file.translations:
        if translation.language == course.language:
            imported.notes.append(words_of_our_own(course))
            continue
        refuse_other_parts(imported.draft, translation, is_whole=False)
        _write_words(imported, translation)
    course.set_search()
    record(course, What.IMPORTED, by=by, at=at, note=", ".join(file.languages))
    return imported


def words_of_our_own(course: Course) -> str:
    return _("The course was begun here in %(language)s: those words are kept.") % {
        "language": NAMES.get(course.language, course.language)
    }


def hold_bank(course: Course) -> QuestionBank:
    """The course's bank. Until the transaction ends nobody else takes questions in."""
    bank, _created = QuestionBank.objects.get_or_create(key=course.key, defaults={"unit": course.unit})
    QuestionBank.objects.filter(pk=bank.pk).update(key=F("key"))
    return bank


def _write_words(imported: Imported, file: CourseFile) -> None:
    """Course, modules, lessons, quiz and questions in the file's language."""
    course = imported.course
    if file.title:
        words = {"title": file.title, "summary": file.summary, "audience": file.audience}
        _words(course, file.language, course.language, words, is_behind=file.behind)
    _write_modules(imported, file)
    if file.quiz:
        bank = hold_bank(course)
        if file.quiz.title:
            _write_quiz(imported, bank, file.quiz, file.language)
        _write_questions(imported, bank, file)


def _words(owner: Any, language: str, first: str, words: dict[str, Any], *, is_behind: bool) -> None:
    write_words(owner, language=language, first=first, words=words)
    if is_behind and language != first:
        owner.texts.filter(language=language).update(based_on=BEHIND)


def _write_links(course: Course, file: CourseFile) -> list[str]:
    """Tie the course to the standards and values that it names; what is not here is told."""
    known = standards_of(file.standards)
    course.standards.set(known.values())
    if file.values is not None:
        course.values.set(values_of(course.unit, file.values).values())
    return missing_links(course.unit, file)


def missing_links(unit: Unit, file: CourseFile) -> list[str]:
    """A sentence for each standard and value of the file that does not exist here."""
    standards, values = standards_of(file.standards), values_of(unit, file.values or [])
    wanted = {part.standard: part.key for part in file.questions if part.standard}
    known = standards_of(wanted)
    words = _("There is no standard “%(key)s” here, so the course is not linked to it.")
    found = [words % {"key": key} for key in file.standards if key not in standards]
    words = _("There is no value “%(key)s” here, so the course is not linked to it.")
    found += [words % {"key": key} for key in file.values or [] if key not in values]
    words = _("Question “%(question)s”: there is no standard “%(key)s” here.")
    return found + [
        words % {"question": part.key, "key": part.standard}
        for part in file.questions
        if part.standard and part.standard not in known
    ]


def standards_of(keys: Iterable[str]) -> dict[str, Standard]:
    return Standard.objects.in_bulk(list(keys), field_name="key")


def values_of(unit: Unit, keys: list[str]) -> dict[str, Value]:
    """Key → value; of several charters with one of that key the unit's own, then the oldest."""
    rows = Value.objects.filter(key__in=keys, archived_at__isnull=True).select_related("charter")
    ordered = sorted(rows, key=lambda row: (row.charter.unit_id != unit.pk, row.pk), reverse=True)
    return {row.key: row for row in ordered}


def _write_course(imported: Imported, file: CourseFile) -> None:
    """What does not depend on the language; parts that the file does not name leave the draft."""
    course, draft = imported.course, imported.draft
    for name in ("levels", "minutes", "refresh_months", "renewal_days"):
        setattr(course, name, getattr(file, name))
    course.save()
    draft.modules.exclude(key__in=[module.key for module in file.modules]).delete()
    if file.quiz is None:
        Quiz.objects.filter(version=draft).delete()


def refuse_other_parts(draft: CourseVersion, file: CourseFile, *, is_whole: bool = True) -> None:
    """A translation has the same modules, lessons and questions, alike in kind and in shape; where it is
    not whole some may be left out. Raises FileRefused."""
    problems = []
    modules = set(draft.modules.filter(archived_at__isnull=True).values_list("key", flat=True))
    for key in sorted({module.key for module in file.modules if not module.lessons} - modules):
        where = _("module “%(module)s”") % {"module": key}
        problems.append(Problem(where, _("It stands in only one of the two languages.")))
    lessons = {
        (lesson.module.key, lesson.key): lesson
        for lesson in Lesson.objects.filter(
            module__version=draft, archived_at__isnull=True, module__archived_at__isnull=True
        )
        .select_related("module")
        .prefetch_related("texts")
    }
    told = {(module.key, lesson.key): lesson for module in file.modules for lesson in module.lessons}
    odd = set(lessons) ^ set(told) if is_whole else set(told) - set(lessons)
    for module_key, key in sorted(odd):
        problems.append(Problem(_where(module_key, key), _("It stands in only one of the two languages.")))
    for place in set(lessons) & set(told):
        words = lessons[place].text(draft.course.language)
        part = told[place]
        same = words is None or same_shape(part.kind, words.content, part.content)
        if lessons[place].kind != part.kind or not same:
            problems.append(Problem(_where(*place), _("Its parts differ from those in the first language.")))
    if file.quiz and not Quiz.objects.filter(version=draft).exists():
        problems.append(Problem(_("quiz"), _("It stands in only one of the two languages.")))
    if problems:
        raise FileRefused(problems)


def _where(module: str, lesson: str) -> str:
    return _("module “%(module)s” › lesson “%(lesson)s”") % {"module": module, "lesson": lesson}


def _write_modules(imported: Imported, file: CourseFile) -> None:
    """Modules and lessons in their order. New ones are inserted together, for a library is large."""
    standing = {
        module.key: module
        for module in imported.draft.modules.prefetch_related("texts", "lessons__texts").all()
    }
    modules = [(part, standing.get(part.key) or _new(imported.draft, part.key)) for part in file.modules]
    is_first = file.language == imported.course.language
    if is_first:
        for position, (_part, module) in enumerate(modules, start=1):
            module.position, module.archived_at = position, None
        _save(Module, [module for _part, module in modules], ["position", "archived_at"])
    titles = [(module, part, {"title": part.title}) for part, module in modules if part.title]
    _save_words(imported, ModuleText, "module", titles, file)
    lessons: list[tuple[Lesson, LessonPart, dict[str, Any]]] = []
    for part, module in modules:
        if is_first:
            module.lessons.exclude(key__in=[lesson.key for lesson in part.lessons]).delete()
        known = {lesson.key: lesson for lesson in module.lessons.all()} if part.key in standing else {}
        for number, lesson in enumerate(part.lessons, start=1):
            row = known.get(lesson.key) or Lesson(module=module, key=lesson.key)
            if keeps_own_words(row, lesson):
                imported.notes.append(own_words_kept(row))
                continue
            if is_first:
                _take_over(row, lesson, number)
            words = {"title": lesson.title, "body": lesson.body, "content": lesson.content}
            lessons.append((row, lesson, words))
    if is_first:
        fields = ["kind", "minutes", "position", "must_fill", "is_filled", "archived_at"]
        _save(Lesson, [row for row, _part, _words in lessons], fields)
    _save_words(imported, LessonText, "lesson", lessons, file)


def _new(draft: CourseVersion, key: str) -> Module:
    return Module(version=draft, key=key)


def keeps_own_words(row: Lesson, part: LessonPart) -> bool:
    """The organisation has written this lesson itself, and the file brings no words in their place."""
    return bool(row.pk) and row.must_fill and row.is_filled and part.must_fill and not part.is_filled


def own_words_kept(row: Lesson) -> str:
    return _("Your own words in “%(title)s” are kept.") % {"title": row}


def _take_over(row: Lesson, part: LessonPart, position: int) -> None:
    """What does not depend on the language."""
    row.kind, row.minutes, row.position, row.archived_at = part.kind, part.minutes, position, None
    row.must_fill, row.is_filled = part.must_fill, part.is_filled


def _save(model: Any, rows: list[Any], fields: list[str]) -> None:
    model.objects.bulk_create([row for row in rows if row.pk is None])
    model.objects.bulk_update([row for row in rows if row.pk is not None], fields)


def _save_words(
    imported: Imported, model: Any, owner: str, rows: list[tuple[Any, Any, dict[str, Any]]], file: CourseFile
) -> None:
    """The words of each row in the file's language: updated where there are some, else inserted.
    A translation remembers the words of the first language that it was made from."""
    first = imported.course.language
    standing = model.objects.filter(
        **{f"{owner}__in": [row for row, *_rest in rows], "language__in": [file.language, first]}
    )
    known = {(getattr(text, f"{owner}_id"), text.language): text for text in standing}
    texts = []
    for row, part, words in rows:
        text = known.get((row.pk, file.language)) or model(**{owner: row}, language=file.language)
        for name, value in words.items():
            setattr(text, name, value)
        source = known.get((row.pk, first)) if file.language != first else None
        text.based_on = based_on(source, is_behind=part.behind)
        texts.append(text)
    _save(model, texts, ["based_on", *sorted(rows[0][2])] if rows else ["title"])


def _write_quiz(imported: Imported, bank: QuestionBank, part: QuizPart, language: str) -> None:
    settings = {name: value for name, value in vars(part).items() if name not in ("title", "behind")}
    if language == imported.course.language:
        quiz, _created = Quiz.objects.update_or_create(
            version=imported.draft, defaults={"bank": bank, **settings}
        )
    else:
        quiz = Quiz.objects.get(version=imported.draft)
    first = imported.course.language
    _words(quiz, language, first, {"title": part.title}, is_behind=part.behind)


# ---------------------------------------------------------------- questions


def _write_questions(imported: Imported, bank: QuestionBank, file: CourseFile) -> None:
    """New questions and new wordings wait for the release. Questions that the file does not know stay."""
    standing = {question.key: question for question in bank.questions.prefetch_related("versions__texts")}
    strangers = [part for part in file.questions if part.key not in standing]
    if file.language != imported.course.language:
        refuse_strange_questions(standing, file)
        for part in file.questions:
            write_wording(standing[part.key], part, file.language, first=imported.course.language)
        return
    standards = standards_of({part.standard for part in file.questions})
    places = {part.key: position for position, part in enumerate(file.questions, start=1)}
    questions = {
        part.key: standing.get(part.key) or Question(bank=bank, key=part.key) for part in file.questions
    }
    for part in file.questions:
        questions[part.key].standard = standards.get(part.standard) or questions[part.key].standard
        questions[part.key].position = places[part.key]
    _save(Question, list(questions.values()), ["standard", "position"])
    _first_wordings([(questions[part.key], part) for part in strangers], file.language)
    for part in file.questions:
        if part.key in standing:
            write_wording(standing[part.key], part, file.language)
    if kept := set(standing) - set(questions):
        imported.notes.append(questions_kept(kept))


def refuse_strange_questions(standing: Collection[str], file: CourseFile) -> None:
    """A translation has words for questions that are here. Raises FileRefused."""
    if strangers := [part for part in file.questions if part.key not in standing]:
        raise FileRefused([stranger(part) for part in strangers])


def questions_kept(keys: Iterable[str]) -> str:
    return _("Not in the file, and kept: %(keys)s") % {"keys": ", ".join(sorted(keys))}


def _first_wordings(questions: list[tuple[Question, QuestionPart]], language: str) -> None:
    versions = [
        QuestionVersion(question=question, kind=part.kind, marking=part.marking, points=part.points)
        for question, part in questions
    ]
    QuestionVersion.objects.bulk_create(versions)
    QuestionVersionText.objects.bulk_create(
        QuestionVersionText(
            version=version, language=language, text=part.text, feedback=part.feedback, content=part.content
        )
        for version, (_question, part) in zip(versions, questions, strict=True)
    )
