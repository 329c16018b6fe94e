"""How far somebody is: what the learner's pages and My work show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count

from organisation.days import local_day
from organisation.models import User
from training import marking
from training.actions.attempts import next_attempt_at
from training.models import (
    Assignment,
    Attempt,
    AttemptQuestion,
    Certificate,
    CourseVersion,
    Lesson,
    LessonProgress,
    Module,
    Quiz,
)
from training.practice import waiting_for_practice


@dataclass(frozen=True)
class Card:
    """One course in a list: what is owed, by when, and how much of it is done."""

    assignment: Assignment
    done: int
    total: int
    today: date
    certificate: Certificate | None
    owes_quiz: bool = False
    """The course has a quiz that is neither passed nor waits for its marks."""

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def is_overdue(self) -> bool:
        return self.assignment.is_overdue(self.today)

    @property
    def days_left(self) -> int:
        return self.assignment.days_left(self.today)

    @property
    def days_late(self) -> int:
        return -self.days_left

    @property
    def is_expired(self) -> bool:
        return self.certificate is not None and self.certificate.is_expired(self.today)

    @property
    def may_renew(self) -> bool:
        """Cards show the newest cycle, so nothing newer is open."""
        return self.certificate is not None and self.certificate.may_be_renewed(self.today)


def cards_of(person: User, at: datetime, *, only_open: bool = False) -> list[Card]:
    """The newest cycle of each course of the person, what is due first at the top. Seven queries."""
    rows = Assignment.objects.filter(person=person).newest()
    if only_open:
        rows = rows.open()
    assignments = list(
        rows.select_related("course", "certificate")
        .prefetch_related("course__texts")
        .order_by("due_on", "pk")
    )
    if not assignments:
        return []
    versions = _versions(assignments)
    lessons = dict(
        Lesson.objects.filter(module__version__in=set(versions.values()))
        .order_by()
        .values_list("module__version")
        .annotate(count=Count("pk"))
    )
    finished = dict(
        LessonProgress.objects.filter(assignment__in=assignments, finished_at__isnull=False)
        .order_by()
        .values_list("assignment")
        .annotate(count=Count("pk"))
    )
    quizzes = {quiz.version_id: quiz for quiz in Quiz.objects.filter(version__in=set(versions.values()))}
    percentages: dict[int, list[Decimal | None]] = {}
    handed_in = Attempt.objects.filter(assignment__in=assignments, submitted_at__isnull=False)
    for pk, percentage in handed_in.order_by("number").values_list("assignment", "percentage"):
        percentages.setdefault(pk, []).append(percentage)
    today = local_day(person, at)
    return [
        Card(
            assignment=assignment,
            done=finished.get(assignment.pk, 0),
            total=lessons.get(versions.get(assignment.pk), 0),
            today=today,
            certificate=assignment.proof,
            owes_quiz=_owes(quizzes.get(versions.get(assignment.pk, 0)), percentages.get(assignment.pk, [])),
        )
        for assignment in assignments
    ]


def _owes(quiz: Quiz | None, percentages: list[Decimal | None]) -> bool:
    return quiz is not None and quiz.result(percentages) not in (marking.PASSED, marking.AWAITING)


def _versions(assignments: Iterable[Assignment]) -> dict[int, int]:
    """The version that each takes: the one begun, else the one that is taught now."""
    waiting = [assignment.course_id for assignment in assignments if assignment.version_id is None]
    released = CourseVersion.objects.released().filter(course__in=waiting).order_by("number")
    current = dict(released.values_list("course", "pk"))
    chosen = {each.pk: each.version_id or current.get(each.course_id) for each in assignments}
    return {pk: version for pk, version in chosen.items() if version is not None}


@dataclass(frozen=True)
class Step:
    """One lesson of the course page."""

    lesson: Lesson
    words: Any
    is_done: bool
    is_begun: bool

    @property
    def waits_for_others(self) -> bool:
        return self.lesson.is_seen_by_others and not self.is_done


@dataclass(frozen=True)
class QuizStanding:
    """Where the learner stands with the quiz. `left` is None where any number of attempts is allowed."""

    quiz: Quiz
    words: Any
    count: int
    attempts: list[Attempt]
    left: int | None
    opens_at: datetime | None
    result: str
    percentage: Decimal | None

    @property
    def is_passed(self) -> bool:
        return self.result == marking.PASSED

    @property
    def is_failed(self) -> bool:
        return self.result == marking.FAILED

    @property
    def is_awaiting(self) -> bool:
        return self.result == marking.AWAITING

    @property
    def open_attempt(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.is_open), None)

    @property
    def may_start(self) -> bool:
        return self.left != 0 and self.opens_at is None and not self.is_passed

    @property
    def shows_solutions(self) -> bool:
        """Right answers are told once nothing depends on them any more."""
        return self.is_passed or (self.left == 0 and self.open_attempt is None)


@dataclass(frozen=True)
class CoursePage:
    """One cycle with everything in it."""

    assignment: Assignment
    version: CourseVersion
    words: Any
    modules: list[tuple[Module, Any, list[Step]]]
    quiz: QuizStanding | None
    certificate: Certificate | None
    today: date
    may_renew: bool = False
    withdrawn: Certificate | None = None

    @property
    def steps(self) -> list[Step]:
        return [step for _module, _words, steps in self.modules for step in steps]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def lessons_are_done(self) -> bool:
        """Apart from what somebody else has to confirm."""
        return all(step.is_done or step.waits_for_others for step in self.steps)

    @property
    def is_overdue(self) -> bool:
        return self.assignment.is_overdue(self.today)

    @property
    def days_left(self) -> int:
        return self.assignment.days_left(self.today)

    @property
    def days_late(self) -> int:
        return -self.days_left

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.lesson.key == key), None)

    def resume(self) -> Step | None:
        """Where to go on: the lesson left open last, else the first that the learner can still do."""
        open_steps = [step for step in self.steps if not step.is_done and not step.waits_for_others]
        begun = [step for step in open_steps if step.is_begun]
        return next(iter(begun or open_steps), None)

    def after(self, lesson: Lesson) -> Step | None:
        """The next lesson not done after this one. What was left out before it the course page tells."""
        keys = [step.lesson.pk for step in self.steps]
        here = keys.index(lesson.pk) if lesson.pk in keys else -1
        ahead = self.steps[here + 1 :]
        return next((step for step in ahead if not step.is_done and not step.waits_for_others), None)

    @property
    def quiz_is_next(self) -> bool:
        """Every lesson is done, and the quiz is still to be passed."""
        return self.lessons_are_done and self.quiz is not None and not self.quiz.is_passed


def course_page(assignment: Assignment, at: datetime) -> CoursePage | None:
    """The page of one cycle; None where its course has nothing to show. A fixed number of queries."""
    chosen = assignment.version or assignment.course.current_version()
    if chosen is None:
        return None
    version = CourseVersion.objects.with_parts().get(pk=chosen.pk)
    progress = {row.lesson_id: row for row in assignment.progress.all()}
    modules = []
    for module in version.modules.all():
        steps = [_step(lesson, progress.get(lesson.pk)) for lesson in module.lessons.all()]
        modules.append((module, module.text(), steps))
    certificate = Certificate.objects.select_related("course").filter(assignment=assignment).first()
    kept = certificate if certificate is not None and not certificate.is_withdrawn else None
    today = local_day(assignment.person, at)
    return CoursePage(
        assignment=assignment,
        version=version,
        words=version.course.text(),
        modules=modules,
        quiz=quiz_standing(assignment, version.quiz, at) if version.has_quiz() else None,
        certificate=kept,
        withdrawn=certificate if kept is None else None,
        today=today,
        may_renew=kept is not None
        and kept.may_be_renewed(today)
        and Assignment.objects.newest().filter(pk=assignment.pk).exists(),
    )


def _step(lesson: Lesson, progress: LessonProgress | None) -> Step:
    return Step(
        lesson=lesson,
        words=lesson.text(),
        is_done=progress is not None and progress.finished_at is not None,
        is_begun=progress is not None and progress.finished_at is None,
    )


def quiz_standing(assignment: Assignment, quiz: Quiz, at: datetime) -> QuizStanding:
    attempts = list(assignment.attempts.all())
    handed_in = [attempt for attempt in attempts if not attempt.is_open]
    percentages = [attempt.percentage for attempt in handed_in]
    opens = next_attempt_at(handed_in, quiz)
    count = quiz.questions_for(assignment.only_standards).count()
    return QuizStanding(
        quiz=quiz,
        words=quiz.text(),
        count=min(quiz.draw, count) if quiz.draw else count,
        attempts=attempts,
        left=max(0, quiz.attempts - len(attempts)) if quiz.attempts else None,
        opens_at=opens if opens and opens > at else None,
        result=quiz.result(percentages),
        percentage=marking.counts(percentages, quiz.counting),
    )


def to_do_for(user: User, at: datetime) -> dict[str, Any] | None:
    """What learners wait for, on My work of whoever looks after them. None where nothing waits."""
    if not user.is_manager:
        return None
    answers = AttemptQuestion.objects.to_mark_by(user).count()
    watching = waiting_for_practice(user).filter(version__isnull=False).count()
    return {"answers": answers, "watching": watching} if answers or watching else None


def due_for(user: User, at: datetime) -> dict[str, Any] | None:
    """Training on My work: what is owed. None where nothing is."""
    cards = cards_of(user, at, only_open=True)
    return {"cards": cards} if cards else None
