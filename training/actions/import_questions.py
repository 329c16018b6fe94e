"""Questions of a file go into a course's bank, where they wait for the course's next release."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from charter.models import Standard
from organisation.models import Import, User
from training.actions.courses import hold_draft
from training.actions.import_course import hold_bank
from training.actions.turns import What, record
from training.actions.wordings import waits_anew, write_wording
from training.bank import parts_by_key
from training.course_file import FileRefused, QuestionPart
from training.formats.found import LeftOut
from training.formats.reading import Read, Readable
from training.models import Course, Question, QuestionBank, QuestionVersion, QuestionVersionText, Quiz

KIND = "questions"
NEW, CHANGED, EQUAL = "new", "changed", "equal"
NUMBERS = ("answer", "tolerance")


class TakenAlready(Exception):
    """The file was taken in before, perhaps in another window."""


@dataclass(frozen=True)
class Planned:
    """One question of the file and what it would be in the bank: NEW, CHANGED or EQUAL."""

    readable: Readable
    state: str
    notes: list[str]

    @property
    def part(self) -> QuestionPart:
        return self.readable.part

    @property
    def kind_label(self) -> str:
        return str(QuestionVersion.Kind(self.part.kind).label)

    @property
    def things(self) -> list[str]:
        """What is put in order (templates would ask a dict for its `items`)."""
        found: list[str] = self.part.content.get("items", [])
        return found


@dataclass(frozen=True)
class Plan:
    """What taking the file in would do."""

    planned: list[Planned]
    left_out: list[LeftOut]
    language: str
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def does_something(self) -> bool:
        return bool(self.counts[NEW] or self.counts[CHANGED])


def plan_import(course: Course, read: Read, language: str = "") -> Plan:
    """Compare the file with the course's bank. Changes nothing; five queries, whatever the file's size.

    In another `language` than the course's first one the file holds translations: each finds its question
    by its key, and what finds none, or has other parts, is left out.
    """
    language = language or course.language
    rows = Question.objects.filter(bank__key=course.key).select_related("standard")
    questions = {row.key: row for row in rows.prefetch_related("versions__texts")}
    if language != course.language:
        planned, strangers = _planned_translations(course, read, questions, language)
        return _plan(planned, [*read.left_out, *strangers], language)
    standing = parts_by_key(questions.values(), course.language)
    keys = {each.part.standard for each in read.questions if each.part.standard}
    known = set(Standard.objects.filter(key__in=keys).values_list("key", flat=True))
    planned = [_planned(each, standing, questions, known) for each in read.questions]
    return _plan(planned, read.left_out, language)


def _plan(planned: list[Planned], left_out: list[LeftOut], language: str) -> Plan:
    counts = {state: sum(each.state == state for each in planned) for state in (NEW, CHANGED, EQUAL)}
    return Plan(planned, left_out, language, counts | {"left_out": len(left_out)})


def _planned_translations(
    course: Course, read: Read, questions: dict[str, Question], language: str
) -> tuple[list[Planned], list[LeftOut]]:
    planned, left_out = [], []
    for each in read.questions:
        part, question = each.part, questions.get(each.part.key)
        if question is None or question.archived_at:
            words = _("There is no question with the name “%(key)s” to be translated.")
            left_out.append(LeftOut("", each.where, words % {"key": part.key}))
            continue
        try:
            is_new = waits_anew(question, part, language, first=course.language)
        except FileRefused:
            words = _("Its parts differ from those in the first language.")
            left_out.append(LeftOut(part.key, each.where, words))
            continue
        is_equal = not is_new or _is_untranslated(question, part, language, course.language)
        planned.append(Planned(each, EQUAL if is_equal else CHANGED, each.notes))
    return planned, left_out


def _is_untranslated(question: Question, part: QuestionPart, language: str, first: str) -> bool:
    """There are no words in the language yet, and the file only repeats those of the first one."""
    versions = sorted(question.versions.all(), key=lambda row: row.number)
    texts = {row.language: row for row in versions[-1].texts.all()}
    said = {"text": part.text, "feedback": part.feedback, "content": part.content}
    return language not in texts and first in texts and texts[first].words == said


def _planned(
    each: Readable, standing: dict[str, QuestionPart], questions: dict[str, Question], known: set[str]
) -> Planned:
    notes, part, before = list(each.notes), each.part, standing.get(each.part.key)
    if part.standard and part.standard not in known:
        words = _("There is no standard “%(key)s” here, so the question is not tied to it.")
        notes.append(words % {"key": part.standard})
    if part.key not in questions:
        return Planned(each, NEW, notes)
    if questions[part.key].archived_at:
        notes.append(_("It is in the archive, and would be asked again."))
        return Planned(each, CHANGED, notes)
    if before is None:
        return Planned(each, CHANGED, notes)
    standard = part.standard if part.standard in known else before.standard
    is_equal = _comparable(before) == _comparable(replace(part, standard=standard))
    return Planned(each, EQUAL if is_equal else CHANGED, notes)


def _comparable(part: QuestionPart) -> dict[str, Any]:
    numbers = {
        name: Decimal(part.content[name]).normalize()
        for name in NUMBERS
        if isinstance(part.content.get(name), str)
    }
    return vars(part) | {"content": part.content | numbers}


@transaction.atomic
def take_in_questions(
    course: Course,
    read: Read,
    *,
    by: User | None,
    language: str = "",
    import_: Import | None = None,
    at: datetime | None = None,
) -> Plan:
    """Take in what is new or changed, all of it or nothing; returns what was done (`plan_import`).

    The course's draft asks the bank afterwards, and a question that was archived is asked again. Raises
    TakenAlready where the upload was taken in before.
    """
    at = at or timezone.now()
    if import_ is not None:
        waiting = Import.objects.filter(pk=import_.pk, state=Import.State.UPLOADED)
        if not waiting.update(state=Import.State.DONE, finished_at=at):
            raise TakenAlready(import_.reference)
    bank = hold_bank(course)
    plan = plan_import(course, read, language)
    wanted = [each.part for each in plan.planned if each.state != EQUAL]
    standards = Standard.objects.in_bulk({part.standard for part in wanted}, field_name="key")
    _insert([each.part for each in plan.planned if each.state == NEW], bank, course, standards)
    changed = [each.part for each in plan.planned if each.state == CHANGED]
    if plan.language == course.language:
        _rewrite(changed, bank, course, standards)
    else:
        _translate(changed, bank, course, plan.language)
    if wanted:
        _ask_in_draft(course, bank)
        words = _("questions: %(new)s new, %(changed)s changed")
        record(course, What.IMPORTED, by=by, at=at, note=words % plan.counts)
    return plan


def _insert(
    parts: list[QuestionPart], bank: QuestionBank, course: Course, standards: dict[str, Standard]
) -> None:
    last = bank.questions.aggregate(last=models.Max("position"))["last"] or 0
    questions = Question.objects.bulk_create(
        Question(bank=bank, key=part.key, standard=standards.get(part.standard), position=min(place, 32_000))
        for place, part in enumerate(parts, start=last + 1)
    )
    versions = QuestionVersion.objects.bulk_create(
        QuestionVersion(question=question, kind=part.kind, marking=part.marking, points=part.points)
        for question, part in zip(questions, parts, strict=True)
    )
    QuestionVersionText.objects.bulk_create(
        QuestionVersionText(
            version=version,
            language=course.language,
            text=part.text,
            feedback=part.feedback,
            content=part.content,
        )
        for version, part in zip(versions, parts, strict=True)
    )


def _rewrite(
    parts: Iterable[QuestionPart], bank: QuestionBank, course: Course, standards: dict[str, Standard]
) -> None:
    rows = bank.questions.prefetch_related("versions__texts")
    questions = {question.key: question for question in rows}
    for part in parts:
        question = questions[part.key]
        write_wording(question, part, course.language)
        question.standard = standards.get(part.standard) or question.standard
        question.archived_at = None
        question.save(update_fields=["standard", "archived_at"])


def _translate(parts: Iterable[QuestionPart], bank: QuestionBank, course: Course, language: str) -> None:
    questions = {question.key: question for question in bank.questions.prefetch_related("versions__texts")}
    for part in parts:
        write_wording(questions[part.key], part, language, first=course.language)


def _ask_in_draft(course: Course, bank: QuestionBank) -> None:
    """The draft has a quiz of the bank, so that the next release releases the questions."""
    quiz, created = Quiz.objects.get_or_create(version=hold_draft(course), defaults={"bank": bank})
    if created:
        with override(course.language):
            quiz.texts.create(language=course.language, title=_("What stays"))
