"""Know our charter: what is prepared from an edition, and who is asked about what."""

from datetime import timedelta

import pytest

from charter.tests.factories import CharterFactory
from organisation.tests.factories import UnitFactory, person_in
from training.actions import know_people
from training.actions.attempts import start_attempt, submit_attempt
from training.actions.courses import open_draft, release_version
from training.actions.know import NotWaiting, make_ready, prepare_editions
from training.actions.know_people import ask_to_know_charters
from training.actions.learn import finish_lesson, start_lesson
from training.models import Assignment, Course, Lesson, Preparation, Question, TrainingEvent
from training.standing import course_page
from training.tests.editions import AT, a_charter, content, prepared, publish, ready, standard


@pytest.fixture
def charter(db):
    return a_charter()


def complete(assignment):
    """Read what is left, and answer everything right."""
    version = assignment.course.current_version()
    done = assignment.progress.filter(finished_at__isnull=False).values("lesson")
    for lesson in Lesson.objects.filter(module__version=version).exclude(pk__in=done):
        start_lesson(assignment, lesson=lesson, at=AT)
        finish_lesson(assignment, lesson=lesson, at=AT)
    attempt = start_attempt(assignment, language="en", at=AT)
    for row in attempt.questions.select_related("version").prefetch_related("version__texts"):
        body = row.version.text("en").content
        right = body["answer"] if "answer" in body else [[o["correct"] for o in body["options"]].index(True)]
        row.answer = right
        row.save()
    submit_attempt(attempt, at=AT)
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.COMPLETED
    return attempt


def test_a_published_edition_is_prepared_once_and_waits(charter):
    publish(charter, 1, content())
    assert prepare_editions(at=AT) == 1
    assert prepare_editions(at=AT) == 0
    preparation = Preparation.objects.get()
    assert preparation.is_waiting
    assert preparation.questions.count() == 9
    assert Lesson.objects.filter(module__version=preparation.version).count() == 3
    assert preparation.course.state == Course.State.DRAFT
    assert not Question.objects.exists()
    assert TrainingEvent.objects.get().note == "Prepared from edition 1"


def test_what_is_left_out_is_not_asked_and_everybody_below_gets_the_whole(charter):
    manager = person_in(charter.unit, "manager", "middle")
    below = person_in(UnitFactory(parent=charter.unit), "staff")
    person_in(UnitFactory(), "staff")
    preparation = prepared(charter, 1, content())
    kept = preparation.questions.exclude(about="discretion").values_list("key", flat=True)
    make_ready(preparation, accepted=list(kept), by=manager, at=AT)
    assert Question.objects.drawable().count() == 6
    assert ask_to_know_charters(at=AT) == 2
    assert ask_to_know_charters(at=AT) == 0
    assert {row.person for row in Assignment.objects.all()} == {manager, below}
    with pytest.raises(NotWaiting):
        make_ready(preparation, accepted=[], by=manager, at=AT)


def test_a_changed_edition_asks_only_about_what_changed_and_newcomers_get_it_whole(charter):
    manager = person_in(charter.unit, "manager", "middle")
    ready(prepared(charter, 1, content()), manager)
    ask_to_know_charters(at=AT)
    complete(Assignment.objects.get())
    second = prepared(
        charter, 2, content(standard("lights", amount=3), standard("letters"), standard("queue"))
    )
    assert {row.standard_key for row in second.questions.all()} == {"lights"}
    ready(second, manager, days=1)
    newcomer = person_in(charter.unit, "staff")
    assert ask_to_know_charters(at=AT) == 2
    again = Assignment.objects.get(person=manager, cycle=2)
    assert again.progress.filter(finished_at__isnull=False).count() == 2
    attempt = complete(again)
    assert {row.version.question.standard.key for row in attempt.questions.all()} == {"lights"}
    whole = Assignment.objects.get(person=newcomer)
    assert (whole.only_standards, whole.progress.count()) == ([], 0)
    assert ask_to_know_charters(at=AT) == 0


def test_a_cycle_that_is_not_begun_takes_in_the_next_change_too(charter):
    manager = person_in(charter.unit, "manager", "middle")
    ready(prepared(charter, 1, content()), manager)
    ask_to_know_charters(at=AT)
    complete(Assignment.objects.get())
    lights, letters = standard("lights", amount=3), standard("letters", amount=8)
    ready(prepared(charter, 2, content(lights, standard("letters"), standard("queue"))), manager, days=1)
    ask_to_know_charters(at=AT)
    ready(prepared(charter, 3, content(lights, letters, standard("queue"))), manager, days=2)
    assert ask_to_know_charters(at=AT) == 0
    again = Assignment.objects.get(cycle=2)
    assert again.only_standards == ["letters", "lights"]
    complete(again)


def test_nobody_is_asked_about_a_standard_that_went_again_before_they_began(charter):
    manager = person_in(charter.unit, "manager", "middle")
    ready(prepared(charter, 1, content()), manager)
    ask_to_know_charters(at=AT)
    complete(Assignment.objects.get())
    letters, queue = standard("letters", amount=8), standard("queue")
    lights = standard("lights", amount=3)
    ready(prepared(charter, 2, content(lights, standard("letters"), queue)), manager, days=1)
    ready(prepared(charter, 3, content(standard("letters"), queue)), manager, days=2)
    ready(prepared(charter, 4, content(letters, queue)), manager, days=3)
    ask_to_know_charters(at=AT + timedelta(days=3))
    assert Assignment.objects.get(cycle=2).only_standards == ["letters"]


def asked_again(charter):
    """A cycle about what changed in the second edition, not begun, with whoever made it ready."""
    manager = person_in(charter.unit, "manager", "middle")
    ready(prepared(charter, 1, content()), manager)
    ask_to_know_charters(at=AT)
    complete(Assignment.objects.get())
    lights = standard("lights", amount=3)
    ready(prepared(charter, 2, content(lights, standard("letters"), standard("queue"))), manager, days=1)
    ask_to_know_charters(at=AT)
    return Assignment.objects.get(cycle=2), manager, lights


def test_who_begins_while_the_scan_runs_keeps_what_was_learned(charter, monkeypatch):
    again, manager, lights = asked_again(charter)
    ready(
        prepared(charter, 3, content(lights, standard("letters", amount=8), standard("queue"))),
        manager,
        days=2,
    )
    whole, asked_about = know_people._follow, []

    def begun_meanwhile(assignment, *more):
        lesson = Lesson.objects.get(module__version=again.course.current_version(), key="standard-lights")
        finish_lesson(again, lesson=lesson, at=AT)
        asked_about.append(lesson)
        return whole(assignment, *more)

    monkeypatch.setattr(know_people, "_follow", begun_meanwhile)
    ask_to_know_charters(at=AT + timedelta(days=3))
    again.refresh_from_db()
    assert again.only_standards == ["lights"]
    assert again.progress.filter(lesson=asked_about[0], finished_at__isnull=False).exists()


def test_what_is_known_counts_as_learned_in_whichever_version_one_begins(charter):
    again, manager, _lights = asked_again(charter)
    release_version(open_draft(again.course), by=manager, note="A comma", at=AT + timedelta(days=2))
    assert again.course.current_version().number == 3
    lesson = Lesson.objects.get(module__version=again.course.current_version(), key="standard-lights")
    start_lesson(again, lesson=lesson, at=AT + timedelta(days=2))
    done = again.progress.filter(finished_at__isnull=False).values_list(
        "lesson__key", "lesson__module__version__number"
    )
    assert sorted(done) == [("standard-letters", 3), ("standard-queue", 3)]


def test_a_cycle_that_is_not_begun_shows_what_is_known_in_the_version_taught_now(charter):
    again, manager, _lights = asked_again(charter)
    release_version(open_draft(again.course), by=manager, note="A comma", at=AT + timedelta(days=2))
    ask_to_know_charters(at=AT + timedelta(days=2))
    page = course_page(again, AT + timedelta(days=2))
    assert (page.done, page.total) == (2, 3)


def test_nothing_is_prepared_and_nobody_asked_when_staff_do_the_same(charter):
    manager = person_in(charter.unit, "manager", "middle")
    ready(prepared(charter, 1, content()), manager)
    second = prepared(charter, 2, content())
    assert second.state == Preparation.State.NOTHING
    assert second.course.draft() is None


def test_a_later_edition_replaces_what_waits_and_holds_its_changes_too(charter):
    manager = person_in(charter.unit, "manager", "middle")
    ready(prepared(charter, 1, content()), manager)
    lights = standard("lights", amount=3)
    second = prepared(charter, 2, content(lights, standard("letters"), standard("queue")))
    third = prepared(charter, 3, content(lights, standard("letters", amount=8)))
    second.refresh_from_db()
    assert second.state == Preparation.State.SUPERSEDED
    assert (third.changed, third.removed) == (["lights", "letters"], ["queue"])
    ready(third, manager, days=1)
    assert not Question.objects.active().filter(standard__key="queue").exists()


def test_one_bad_edition_never_stops_the_others(charter, caplog):
    publish(charter, 1, {"standards": [{"key": "broken"}]})
    good = CharterFactory()
    publish(good, 1, content())
    assert prepare_editions(at=AT) == 1
    assert "not prepared" in caplog.text
