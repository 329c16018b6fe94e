"""A course file becomes a draft: new, changed by key, or translated. Nothing is taught before release."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.models import Standard
from organisation.models import Unit, User
from training.actions.courses import open_draft, write_words
from training.actions.turns import What, record
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
    words = {"title": file.title, "summary": file.summary, "audience": file.audience}
    write_words(course, language=file.language, first=course.language, words=words)
    if file.language == course.language:
        _write_course(imported, file)
    else:
        _refuse_other_parts(imported.draft, file)
    _write_modules(imported, file)
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
        for lesson in Lesson.objects.filter(
            module__version=draft, archived_at__isnull=True, module__archived_at__isnull=True
        )
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


def _write_modules(imported: Imported, file: CourseFile) -> None:
    """Modules and lessons in their order. New ones are inserted together, for a library is large."""
    standing = {
        module.key: module
        for module in imported.draft.modules.prefetch_related("texts", "lessons__texts").all()
    }
    modules = [(part, standing.get(part.key) or _new(imported.draft, part.key)) for part in file.modules]
    for position, (_part, module) in enumerate(modules, start=1):
        module.position, module.archived_at = position, None
    _save(Module, [module for _part, module in modules], ["position", "archived_at"])
    titles = [(module, {"title": part.title}) for part, module in modules]
    _save_words(imported, ModuleText, "module", titles, file)
    lessons: list[tuple[Lesson, dict[str, Any]]] = []
    for part, module in modules:
        if file.language == imported.course.language:
            module.lessons.exclude(key__in=[lesson.key for lesson in part.lessons]).delete()
        known = {lesson.key: lesson for lesson in module.lessons.all()} if part.key in standing else {}
        for number, lesson in enumerate(part.lessons, start=1):
            row = known.get(lesson.key) or Lesson(module=module, key=lesson.key)
            if _takes(imported, row, lesson, number, file.language):
                words = {"title": lesson.title, "body": lesson.body, "content": lesson.content}
                lessons.append((row, words))
    fields = ["kind", "minutes", "position", "must_fill", "is_filled", "archived_at"]
    _save(Lesson, [row for row, _words in lessons], fields)
    _save_words(imported, LessonText, "lesson", lessons, file)


def _new(draft: CourseVersion, key: str) -> Module:
    return Module(version=draft, key=key)


def _takes(imported: Imported, row: Lesson, part: LessonPart, position: int, language: str) -> bool:
    """Put the file's values into the lesson; False where the organisation's own words stay."""
    if row.pk and row.must_fill and row.is_filled and part.must_fill and not part.is_filled:
        imported.notes.append(
            _("Your own words in “%(title)s” are kept.") % {"title": row.text(language) or row.key}
        )
        return False
    row.kind, row.minutes, row.position, row.archived_at = part.kind, part.minutes, position, None
    row.must_fill, row.is_filled = part.must_fill, part.is_filled
    return True


def _save(model: Any, rows: list[Any], fields: list[str]) -> None:
    model.objects.bulk_create([row for row in rows if row.pk is None])
    model.objects.bulk_update([row for row in rows if row.pk is not None], fields)


def _save_words(
    imported: Imported, model: Any, owner: str, rows: list[tuple[Any, dict[str, Any]]], file: CourseFile
) -> None:
    """The words of each row in the file's language: updated where there are some, else inserted.
    A translation remembers the words of the first language that it was made from."""
    first = imported.course.language
    standing = model.objects.filter(
        **{f"{owner}__in": [row for row, _words in rows], "language__in": [file.language, first]}
    )
    known = {(getattr(text, f"{owner}_id"), text.language): text for text in standing}
    texts = []
    for row, words in rows:
        text = known.get((row.pk, file.language)) or model(**{owner: row}, language=file.language)
        for name, value in words.items():
            setattr(text, name, value)
        source = known.get((row.pk, first))
        text.based_on = source.imprint if source and file.language != first else ""
        texts.append(text)
    _save(model, texts, ["based_on", *sorted(rows[0][1])] if rows else ["title"])


def _write_quiz(imported: Imported, bank: QuestionBank, part: QuizPart, language: str) -> None:
    settings = {name: value for name, value in vars(part).items() if name != "title"}
    if language == imported.course.language:
        quiz, _created = Quiz.objects.update_or_create(
            version=imported.draft, defaults={"bank": bank, **settings}
        )
    else:
        quiz = Quiz.objects.get(version=imported.draft)
    first = imported.course.language
    write_words(quiz, language=language, first=first, words={"title": part.title})


# ---------------------------------------------------------------- questions


def _write_questions(imported: Imported, bank: QuestionBank, file: CourseFile) -> None:
    """New questions and new wordings wait for the release. Questions that the file does not know stay."""
    standing = {question.key: question for question in bank.questions.prefetch_related("versions__texts")}
    strangers = [part for part in file.questions if part.key not in standing]
    if file.language != imported.course.language:
        if strangers:
            raise FileRefused([_stranger(part) for part in strangers])
        for part in file.questions:
            first = imported.course.language
            write_wording(standing[part.key], part, file.language, is_translation=True, first=first)
        return
    wanted = {part.standard for part in file.questions}
    standards = {standard.key: standard for standard in Standard.objects.filter(key__in=wanted)}
    places = {part.key: position for position, part in enumerate(file.questions, start=1)}
    questions = {
        part.key: standing.get(part.key) or Question(bank=bank, key=part.key) for part in file.questions
    }
    for part in file.questions:
        _place_question(imported, questions[part.key], part, standards.get(part.standard), places[part.key])
    _save(Question, list(questions.values()), ["standard", "position"])
    _first_wordings([(questions[part.key], part) for part in strangers], file.language)
    for part in file.questions:
        if part.key in standing:
            write_wording(standing[part.key], part, file.language)
    if kept := sorted(set(standing) - set(questions)):
        imported.notes.append(_("Not in the file, and kept: %(keys)s") % {"keys": ", ".join(kept)})


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


def write_wording(
    question: Question, part: QuestionPart, language: str, *, is_translation: bool = False, first: str = ""
) -> QuestionVersion:
    """The question's newest version with these words: the waiting one changed, or a new one that waits.

    The same words once more change nothing. A new version takes over the words of the other languages
    whose parts still agree. A translation has to agree (FileRefused); it remembers the words in the
    language `first` from which it was made.
    """
    versions = sorted(question.versions.all(), key=lambda row: row.number)
    latest = versions[-1] if versions else None
    texts = {row.language: row for row in latest.texts.all()} if latest else {}
    if latest and is_translation and not _agrees(latest, list(texts.values()), part):
        raise FileRefused([_stranger(part)])
    words = {"text": part.text, "feedback": part.feedback, "content": part.content}
    source = texts.get(first) if is_translation else None
    words["based_on"] = source.imprint if source else ""
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
            version.texts.create(language=row.language, based_on=row.based_on, **row.words)
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
