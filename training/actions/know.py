"""Know our charter: a published edition becomes a draft with questions; a manager makes it ready."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from charter.models import Charter, Edition, Standard
from common.nudge import nudge
from organisation.models import User
from training.actions.courses import open_draft, release_version
from training.actions.turns import What, record
from training.actions.wordings import write_wording
from training.course_file import QuestionPart
from training.know.facts import Facts, changed_keys, facts_of
from training.know.lessons import PREFIX, lesson_key, lesson_words
from training.know.questions import Gap, questions_of
from training.models import (
    Course,
    CourseVersion,
    Lesson,
    LessonText,
    Preparation,
    PreparedQuestion,
    Question,
    QuestionBank,
    Quiz,
)

logger = logging.getLogger(__name__)

State = Preparation.State
MODULE = "promises"
MOST_DRAWN = 12
MINUTES_A_LESSON = 2


class NotWaiting(Exception):
    """Somebody made it ready, or a later edition has taken its place."""


class NothingAccepted(Exception):
    """Everything was left out although there is something to choose from."""


def prepare_editions(*, at: datetime | None = None) -> int:
    """Prepare the newest edition of each charter that has not been seen; returns how many were.

    Older ones that were never seen are passed over. Run again it finds nothing; one bad edition never
    stops the rest.
    """
    at = at or timezone.now()
    unseen = Edition.objects.filter(preparation__isnull=True).select_related("charter__unit")
    newest: dict[int, Edition] = {}
    for edition in unseen.order_by("charter", "number"):
        earlier = newest.get(edition.charter_id)
        if earlier is not None:
            Preparation.objects.get_or_create(
                edition=earlier, defaults={"state": State.SUPERSEDED, "prepared_at": at}
            )
        newest[edition.charter_id] = edition
    prepared = 0
    for edition in newest.values():
        try:
            prepared += prepare_edition(edition, at=at)
        except Exception:
            logger.exception("edition %s of charter %s not prepared", edition.number, edition.charter_id)
    return prepared


@transaction.atomic
def prepare_edition(edition: Edition, *, at: datetime) -> bool:
    """Write lessons and questions for what staff keep otherwise than in the edition that is taught.

    False where it was prepared before. What waited of an earlier edition is replaced by this.
    """
    preparation, is_new = Preparation.objects.get_or_create(edition=edition, defaults={"prepared_at": at})
    if not is_new:
        return False
    others = Preparation.objects.filter(edition__charter=edition.charter_id).exclude(pk=preparation.pk)
    others.filter(state=State.WAITING).update(state=State.SUPERSEDED)
    taught = others.filter(state=State.READY).order_by("-edition__number").select_related("edition").first()
    known = others.exclude(course=None).order_by("-edition__number").select_related("course").first()
    every = facts_of(edition.content)
    before = facts_of(taught.edition.content) if taught else None
    preparation.changed, preparation.removed = changed_keys(before, every)
    if not preparation.changed and not preparation.removed:
        preparation.state = State.NOTHING
        preparation.course = known.course if known else None
        preparation.save()
        if preparation.course and (draft := preparation.course.draft()):
            _write_lessons(draft, every)
        return True
    course = known.course if known and known.course else _begin_course(edition.charter, every)
    preparation.course, preparation.version = course, open_draft(course)
    _write_words(course, edition, every)
    _write_lessons(preparation.version, every)
    _write_questions(preparation, every, course.language)
    preparation.save()
    with override(course.language):
        note = _("Prepared from edition %(number)s") % {"number": edition.number}
    record(course, What.EDITED, by=None, at=at, note=note)
    return True


def _begin_course(charter: Charter, every: list[Facts]) -> Course:
    """The course of a charter, under a key that nobody uses yet."""
    key, count = f"know-{charter.unit.slug}"[:56], 1
    chosen = key
    while Course.objects.filter(key=chosen).exists():
        count += 1
        chosen = f"{key}-{count}"
    written = [code for facts in every for code in facts.languages]
    first = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in written else written[0]
    return Course.objects.create(key=chosen, unit=charter.unit, language=first)


def _languages(every: list[Facts], first: str) -> list[str]:
    written = {code for facts in every for code in facts.languages}
    return [first, *(code for code, _name in settings.TEXT_LANGUAGES if code in written and code != first)]


def _write_words(course: Course, edition: Edition, every: list[Facts]) -> None:
    """Title and summary where there are none: what a manager has written stays."""
    for code in _languages(every, course.language):
        with override(code):
            words = {
                "title": (_("Know our charter: %(unit)s") % {"unit": edition.charter.unit.name})[:150],
                "summary": _("You know what we promise, how long it may take, and what you decide alone."),
            }
        course.texts.get_or_create(language=code, defaults=words)
    course.minutes = max(5, MINUTES_A_LESSON * len(every) + 5)
    course.save(update_fields=["minutes"])
    course.standards.set(Standard.objects.filter(key__in=[facts.key for facts in every]))
    course.set_search()


def _write_lessons(draft: CourseVersion, every: list[Facts]) -> None:
    """One lesson a standard, all of them: newcomers learn the whole charter. Other lessons stay."""
    module, _created = draft.modules.get_or_create(key=MODULE, defaults={"position": 1})
    for code in _languages(every, draft.course.language):
        with override(code):
            module.texts.get_or_create(language=code, defaults={"title": _("What we promise")})
    ours = Lesson.objects.filter(module__version=draft, key__startswith=PREFIX)
    ours.exclude(key__in=[lesson_key(facts.key) for facts in every]).delete()
    standing = {lesson.key: lesson for lesson in ours.prefetch_related("texts")}
    for position, facts in enumerate(every, start=1):
        key = lesson_key(facts.key)
        lesson = standing.get(key) or Lesson(module=module, key=key, minutes=MINUTES_A_LESSON)
        lesson.position = position
        lesson.save()
        texts = {row.language: row for row in lesson.texts.all()}
        for code in facts.languages:
            row = texts.get(code) or LessonText(lesson=lesson, language=code)
            words = lesson_words(facts, code)
            row.title, row.body = words["title"], words["body"]
            row.save()


def _write_questions(preparation: Preparation, every: list[Facts], first: str) -> None:
    rows: list[PreparedQuestion] = []
    gaps: list[dict[str, Any]] = []
    keys: set[str] = set()
    for facts in (facts for facts in every if facts.key in preparation.changed):
        for made in questions_of(facts, every, first):
            if isinstance(made, Gap):
                gaps.append({"standard": made.standard[:300], "about": made.about, "why": made.why})
            elif made.key not in keys:
                keys.add(made.key)
                rows.append(
                    PreparedQuestion(
                        preparation=preparation,
                        key=made.key,
                        standard_key=made.standard,
                        about=made.about,
                        kind=made.kind,
                        texts=made.texts,
                        source=made.source,
                        position=len(rows) + 1,
                    )
                )
    PreparedQuestion.objects.bulk_create(rows)
    preparation.gaps = gaps


# ------------------------------------------------------------------- review


@transaction.atomic
def choose_questions(preparation: Preparation, *, accepted: Iterable[str]) -> None:
    """Keep which questions are accepted; the others are left out. Raises NotWaiting."""
    if not Preparation.objects.filter(pk=preparation.pk, state=State.WAITING).exists():
        raise NotWaiting(preparation.pk)
    wanted = set(accepted)
    preparation.questions.update(
        is_accepted=models.Case(models.When(key__in=wanted, then=True), default=False)
    )


@transaction.atomic
def make_ready(
    preparation: Preparation,
    *,
    accepted: Iterable[str],
    by: User,
    due_days: int = 30,
    at: datetime | None = None,
) -> CourseVersion:
    """Teach the edition: the accepted questions go into the bank, and the draft is released.

    Whoever works in the charter's scope is asked by `know_people.ask_to_know_charters`. Raises
    NotWaiting, and ReleaseRefused with every reason.
    """
    at = at or timezone.now()
    choose_questions(preparation, accepted=accepted)
    waiting = Preparation.objects.filter(pk=preparation.pk, state=State.WAITING)
    if not waiting.update(state=State.READY, decided_at=at, decided_by=by):
        raise NotWaiting(preparation.pk)
    preparation.refresh_from_db()
    course = preparation.course
    if course is None:
        raise NotWaiting(preparation.pk)
    draft = open_draft(course)
    bank, _created = QuestionBank.objects.get_or_create(key=course.key, defaults={"unit": course.unit})
    _fill_bank(preparation, bank, course, at)
    _set_quiz(draft, bank, course)
    with override(course.language):
        note = _("Edition %(number)s of the charter") % {"number": preparation.edition.number}
    released = release_version(
        draft, by=by, note=note, asks_for_renewal=False, renewal_due_days=due_days, at=at
    )
    Preparation.objects.filter(pk=preparation.pk).update(version=released)
    nudge("training.tasks.ask_to_know_charters")
    return released


def _fill_bank(preparation: Preparation, bank: QuestionBank, course: Course, at: datetime) -> None:
    """Write the accepted questions; those made earlier of changed or removed standards are asked no more."""
    touched = [*preparation.changed, *preparation.removed]
    earlier = PreparedQuestion.objects.filter(preparation__course=course, standard_key__in=touched)
    accepted = list(preparation.questions.filter(is_accepted=True))
    outdated = set(earlier.values_list("key", flat=True)) - {row.key for row in accepted}
    bank.questions.active().filter(key__in=outdated).update(archived_at=at)
    standards = Standard.objects.in_bulk({row.standard_key for row in accepted}, field_name="key")
    for row in accepted:
        defaults = {
            "standard": standards.get(row.standard_key),
            "position": row.position,
            "archived_at": None,
        }
        question, _created = Question.objects.update_or_create(bank=bank, key=row.key, defaults=defaults)
        for code in [course.language, *(each for each in row.texts if each != course.language)]:
            first = course.language if code != course.language else ""
            write_wording(question, _part(row, code), code, first=first)


def _part(row: PreparedQuestion, language: str) -> QuestionPart:
    words = row.texts[language]
    return QuestionPart(
        key=row.key,
        kind=row.kind,
        standard=row.standard_key,
        text=words["text"],
        points=1,  # type: ignore[arg-type]
        feedback=words["feedback"],
        marking="right_minus_wrong",
        content=words["content"],
    )


def _set_quiz(draft: CourseVersion, bank: QuestionBank, course: Course) -> None:
    """A quiz with what there is to ask; none where there is nothing."""
    count = bank.questions.active().count()
    if not count:
        Quiz.objects.filter(version=draft).delete()
        return
    draw = MOST_DRAWN if count > MOST_DRAWN else 0
    quiz, _created = Quiz.objects.get_or_create(version=draft, defaults={"bank": bank})
    if quiz.draw > count or (not quiz.draw and draw):
        quiz.draw = draw
        quiz.save(update_fields=["draw"])
    for code in course.texts.values_list("language", flat=True):
        with override(code):
            quiz.texts.get_or_create(language=code, defaults={"title": _("What stays")})
