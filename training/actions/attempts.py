"""Attempts at a quiz: begun once, saved as typed, closed by hand or by the clock, marked."""

import logging
import random
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from organisation.models import User
from training import marking
from training.actions.complete import begin, quiz_of, settle
from training.actions.turns import NotOpen, What, hold, hold_open, record
from training.answers import size_of
from training.models import Assignment, Attempt, AttemptQuestion, QuestionVersion, Quiz

logger = logging.getLogger(__name__)
Kind = QuestionVersion.Kind
MOST_REMARK = 1000


class NoQuestions(Exception):
    """The course has no quiz, or its bank has nothing to ask."""


class AttemptsUsedUp(Exception):
    """No attempt is left in this cycle."""


class TooSoon(Exception):
    """The waiting time after the last attempt is not over; `from_` is when it is."""

    def __init__(self, from_: datetime) -> None:
        super().__init__(from_)
        self.from_ = from_


class MarkingRefused(Exception):
    """The answer cannot be marked this way: own work, not handed in yet, or out of its points."""


class AlreadyMarked(Exception):
    """A colleague has marked the answer."""


def next_attempt_at(attempts: Sequence[Attempt], quiz: Quiz) -> datetime | None:
    """From when the next attempt may begin; None for at once. The attempts are those handed in."""
    last = attempts[-1].submitted_at if attempts else None
    return last + timedelta(hours=quiz.wait_hours) if last and quiz.wait_hours else None


def start_attempt(
    assignment: Assignment,
    *,
    language: str | None = None,
    at: datetime | None = None,
    chance: random.Random | None = None,
) -> Attempt:
    """Begin an attempt, or go on with the one that is open: two tabs are one attempt.

    The questions, their wording, their order and their points are fixed now. `chance` is for tests.
    Raises NotOpen (also where the quiz is passed already), NoQuestions, AttemptsUsedUp, TooSoon.
    """
    at = at or timezone.now()
    standing = assignment.attempts.open().first()
    if standing is not None and standing.is_over(at):
        submit_attempt(standing, at=at)
    try:
        return _start(assignment, language or get_language() or "", at, chance or secrets.SystemRandom())
    except IntegrityError:
        return assignment.attempts.open().get()


@transaction.atomic
def _start(assignment: Assignment, language: str, at: datetime, chance: random.Random) -> Attempt:
    held = hold_open(assignment)
    standing = held.attempts.open().first()
    if standing is not None:
        return standing
    if held.state not in Assignment.OWED:
        raise NotOpen(held.reference)
    version = begin(held, version=None, at=at)
    quiz = quiz_of(version) if version else None
    if quiz is None:
        raise NoQuestions(held.reference)
    before = list(held.attempts.all())
    if quiz.attempts and len(before) >= quiz.attempts:
        raise AttemptsUsedUp(held.reference)
    if quiz.result([attempt.percentage for attempt in before]) == marking.PASSED:
        raise NotOpen(held.reference)  # what is passed is not put at stake again
    opens = next_attempt_at(before, quiz)
    if opens and opens > at:
        raise TooSoon(opens)
    drawn = _draw(quiz, held.only_standards, chance)
    attempt = Attempt.objects.create(
        assignment=held,
        quiz=quiz,
        number=len(before) + 1,
        started_at=at,
        ends_at=at + timedelta(minutes=quiz.minutes) if quiz.minutes else None,
    )
    AttemptQuestion.objects.bulk_create(
        _asked(attempt, question, position, language, chance) for position, question in enumerate(drawn, 1)
    )
    record(
        held.course, What.ATTEMPT_STARTED, by=held.person, at=at, assignment=held, note=str(attempt.number)
    )
    return attempt


def _draw(quiz: Quiz, only_standards: list[str], chance: random.Random) -> list[QuestionVersion]:
    questions = list(quiz.questions_for(only_standards).prefetch_related("texts"))
    if not questions:
        raise NoQuestions(quiz.pk)
    if quiz.draw and quiz.draw < len(questions):
        kept = set(chance.sample(range(len(questions)), quiz.draw))
        questions = [question for number, question in enumerate(questions) if number in kept]
    if quiz.shuffle:
        chance.shuffle(questions)
    return questions


def _asked(
    attempt: Attempt, version: QuestionVersion, position: int, language: str, chance: random.Random
) -> AttemptQuestion:
    words: Any = version.text(language)
    order = list(range(size_of(version.kind, words.content)))
    if attempt.quiz.shuffle or version.kind in (Kind.ORDERING, Kind.MATCHING):
        chance.shuffle(order)
    return AttemptQuestion(
        attempt=attempt,
        position=position,
        version=version,
        language=words.language,
        order=order,
        points=version.points,
    )


@transaction.atomic
def save_answers(attempt: Attempt, *, answers: dict[int, Any], at: datetime | None = None) -> bool:
    """Keep answers by position, as typed (`training.answers`). May be called after every tap.

    False, and nothing is kept, where the attempt was handed in or its time is up; it is then closed
    with what was saved before.
    """
    at = at or timezone.now()
    hold(attempt.assignment)
    attempt.refresh_from_db()
    if not attempt.is_open:
        return False
    if attempt.is_over(at):
        submit_attempt(attempt, at=at)
        return False
    for position, answer in answers.items():
        AttemptQuestion.objects.filter(attempt=attempt, position=position).update(
            answer=answer, answered_at=at
        )
    return True


@transaction.atomic
def submit_attempt(attempt: Attempt, *, at: datetime | None = None) -> bool:
    """Hand in what is saved, and mark what can be marked. False where it was handed in already.

    After the time limit the moment of the limit counts, whenever somebody notices: also for what the
    attempt completes, its certificate and whether that was in time.
    """
    at = at or timezone.now()
    held = hold(attempt.assignment)
    attempt.refresh_from_db()
    over = attempt.is_over(at)
    won = Attempt.objects.filter(pk=attempt.pk, submitted_at__isnull=True).update(
        submitted_at=attempt.ends_at if over else at, ended_by_limit=over
    )
    if not won:
        return False
    attempt.refresh_from_db()
    questions = list(attempt.questions.select_related("version").prefetch_related("version__texts"))
    for each in questions:
        version = each.version
        each.mark = marking.mark(
            version.kind, each.wording.content, each.answer, points=each.points, marking=version.marking
        )
    AttemptQuestion.objects.bulk_update(questions, ["mark"])
    handed_in = attempt.submitted_at or at
    close_marking(attempt, questions, handed_in)
    what = What.TIME_UP if over else What.SUBMITTED
    record(held.course, what, by=held.person, at=handed_in, assignment=held, note=str(attempt.number))
    settle(held, by=held.person, at=at)
    return True


def close_marking(attempt: Attempt, questions: Sequence[AttemptQuestion], at: datetime) -> None:
    """Once every answer has its mark the attempt has its percentage."""
    marks = [each.mark for each in questions]
    known = [each for each in marks if each is not None]
    if len(known) < len(marks):
        return
    attempt.percentage = marking.percentage(known, [each.points for each in questions])
    attempt.marked_at = at
    attempt.save(update_fields=["percentage", "marked_at"])


def close_attempts_over_limit(*, at: datetime | None = None) -> int:
    """Hand in every attempt whose time is up; returns how many there were. One that fails is logged, and
    holds no other up."""
    at = at or timezone.now()
    handed_in = 0
    for attempt in list(Attempt.objects.over(at).select_related("assignment")[:500]):
        try:
            handed_in += submit_attempt(attempt, at=at)
        except Exception:
            logger.exception("attempt %s of %s not handed in", attempt.number, attempt.assignment.reference)
    return handed_in


@transaction.atomic
def mark_open_answer(
    question: AttemptQuestion, *, mark: Decimal, by: User, remark: str = "", at: datetime | None = None
) -> None:
    """Give an open answer its points, on any day, also after the course was due.

    The last mark of an attempt may complete the course. Raises MarkingRefused, AlreadyMarked.
    """
    at = at or timezone.now()
    attempt = question.attempt
    held = hold(attempt.assignment)
    attempt.refresh_from_db()
    if by.pk == held.person_id or attempt.is_open or not 0 <= mark <= question.points:
        raise MarkingRefused(question.pk)
    waiting = AttemptQuestion.objects.filter(pk=question.pk, mark__isnull=True)
    if not waiting.update(mark=mark, marked_by=by, marked_at=at, remark=remark[:MOST_REMARK]):
        raise AlreadyMarked(question.pk)
    close_marking(attempt, list(attempt.questions.all()), at)
    record(held.course, What.MARKED, by=by, at=at, assignment=held, note=str(attempt.number))
    settle(held, by=by, at=at)
