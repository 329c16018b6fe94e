"""Lessons: begun, gone through, finished; what completes a course."""

from datetime import timedelta

import pytest

from training.actions import courses
from training.actions.learn import (
    NotFinished,
    NotThisVersion,
    finish_lesson,
    give_reply,
    restart_conversation,
    save_ticks,
    start_lesson,
)
from training.actions.turns import NotOpen
from training.models import Assignment, Certificate, TrainingEvent
from training.tests.factories import a_course, an_assignment, fill_version, lessons_of

pytestmark = pytest.mark.django_db


def test_the_first_lesson_begins_the_cycle_and_fixes_the_version(now):
    course = a_course()
    assignment = an_assignment(course)
    start_lesson(assignment, lesson=lessons_of(course)[0], at=now)
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.IN_PROGRESS
    assert assignment.version == course.current_version()
    assert assignment.started_at == now


def test_a_release_in_mid_course_changes_nothing_for_who_has_begun(now):
    course = a_course(lessons=("text",), questions=0)
    assignment = an_assignment(course)
    lesson = lessons_of(course)[0]
    start_lesson(assignment, lesson=lesson, at=now)
    draft = courses.open_draft(course)
    courses.release_version(draft, by=None, at=now)
    with pytest.raises(NotThisVersion):
        start_lesson(assignment, lesson=lessons_of(course)[0], at=now)
    assert finish_lesson(assignment, lesson=lesson, at=now) is not None


def test_a_course_without_quiz_is_completed_by_its_last_lesson(now):
    course = a_course(lessons=("text", "text"), questions=0)
    assignment = an_assignment(course)
    first, second = lessons_of(course)
    assert finish_lesson(assignment, lesson=first, at=now) is None
    certificate = finish_lesson(assignment, lesson=second, at=now)
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.COMPLETED
    assert certificate is not None
    assert certificate.issued_on == now.date()


def test_a_course_with_a_quiz_is_not_completed_by_its_lessons(now):
    course = a_course()
    assignment = an_assignment(course)
    assert finish_lesson(assignment, lesson=lessons_of(course)[0], at=now) is None
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.IN_PROGRESS


def test_a_lesson_finished_twice_is_finished_once(now):
    course = a_course()
    assignment = an_assignment(course)
    for later in (0, 5):
        finish_lesson(assignment, lesson=lessons_of(course)[0], at=now + timedelta(minutes=later))
    assert assignment.progress.get().finished_at == now
    events = TrainingEvent.objects.filter(what=TrainingEvent.What.LESSON_FINISHED)
    assert events.count() == 1


def test_a_conversation_is_finished_at_its_end_only(now):
    course = a_course(lessons=("scenario",), questions=0)
    assignment = an_assignment(course)
    lesson = lessons_of(course)[0]
    start_lesson(assignment, lesson=lesson, at=now)
    with pytest.raises(NotFinished):
        finish_lesson(assignment, lesson=lesson, at=now)
    give_reply(assignment, lesson=lesson, step="start", reply=0, at=now)
    assert finish_lesson(assignment, lesson=lesson, at=now) is not None


def test_a_reply_sent_twice_counts_once_and_one_that_does_not_exist_never(now):
    course = a_course(lessons=("scenario",))
    assignment = an_assignment(course)
    lesson = lessons_of(course)[0]
    for reply in (7, 0, 0):
        progress = give_reply(assignment, lesson=lesson, step="start", reply=reply, at=now)
    assert progress.state == {"path": [["start", 0]]}
    assert restart_conversation(assignment, lesson=lesson, at=now).state == {"path": []}


def test_a_checklist_wants_every_item_ticked(now):
    course = a_course(lessons=("checklist",), questions=0)
    assignment = an_assignment(course)
    lesson = lessons_of(course)[0]
    assert save_ticks(assignment, lesson=lesson, items=[1, 9, -1], at=now).state == {"ticked": [1]}
    with pytest.raises(NotFinished):
        finish_lesson(assignment, lesson=lesson, at=now)
    save_ticks(assignment, lesson=lesson, items=[0, 1], at=now)
    assert finish_lesson(assignment, lesson=lesson, at=now) is not None


@pytest.mark.parametrize("kind", ["practice", "session"])
def test_a_learner_cannot_finish_what_others_have_to_see(kind, now):
    course = a_course(lessons=(kind,))
    with pytest.raises(NotFinished):
        finish_lesson(an_assignment(course), lesson=lessons_of(course)[0], at=now)


def test_a_new_lesson_never_uncompletes(now):
    course = a_course(questions=0)
    assignment = an_assignment(course)
    finish_lesson(assignment, lesson=lessons_of(course)[0], at=now)
    draft = courses.open_draft(course)
    draft.modules.all().delete()
    fill_version(draft, lessons=("text", "checklist"), questions=0)
    courses.release_version(draft, by=None, at=now)
    assert finish_lesson(assignment, lesson=lessons_of(course)[0], at=now) is None
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.COMPLETED
    assert Certificate.objects.count() == 1


def test_what_is_waived_is_not_begun(now):
    course = a_course()
    waived = an_assignment(course, state="waived", waiver_reason="On leave")
    with pytest.raises(NotOpen):
        start_lesson(waived, lesson=lessons_of(course)[0], at=now)


def test_a_course_in_the_archive_can_be_finished_by_those_who_have_it(now):
    course = a_course(questions=0)
    assignment = an_assignment(course)
    courses.archive_course(course, by=None, at=now)
    assert finish_lesson(assignment, lesson=lessons_of(course)[0], at=now) is not None
