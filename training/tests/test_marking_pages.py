"""Open answers and watched practice: who waits, and what is noted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.attempts import mark_open_answer, save_answers, submit_attempt
from training.actions.learn import start_lesson
from training.models import Assignment, Attempt, AttemptQuestion
from training.standing import to_do_for
from training.tests.factories import LONG_AGO, a_course, a_question, an_assignment, an_attempt, lessons_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=InstallationFactory().root)


@pytest.fixture
def manager(branch):
    return person_in(branch, "manager", "middle", name="Marek Novak")


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def course(branch):
    course = a_course(unit=branch, lessons=("practice",), questions=0, quiz={"pass_mark": 50})
    guide = {"guide": "A real visit."}
    a_question(course.current_version().quiz.bank, "open", "open", content=guide, points=4)
    return course


def an_answer(course, person, words="I call back by four.", at=LONG_AGO):
    """An answer that was handed in and waits."""
    attempt = an_attempt(an_assignment(course, person), at=at)
    save_answers(attempt, answers={1: words}, at=at)
    submit_attempt(attempt, at=at)
    return attempt.questions.select_related("attempt__assignment").get()


def text_of(response):
    return " ".join(response.content.decode().split())


# --------------------------------------------------------------------- marking


def test_the_oldest_answer_stands_first_and_the_own_one_not_at_all(desk, branch, course, manager):
    an_answer(course, person_in(branch, name="Late"), "Second", at=LONG_AGO + timedelta(days=1))
    an_answer(course, person_in(branch, name="Early"), "First", at=LONG_AGO)
    an_answer(course, manager, "Mine")
    an_answer(course, person_in(branch, name="Gone", is_active=False), "Left")
    an_answer(course, person_in(UnitFactory()), "Elsewhere")
    page = desk.get(reverse("training:marking"))
    assert [row.answer for row in page.context["page"]] == ["First", "Second"]
    newest = desk.get(reverse("training:marking") + "?sort=newest")
    assert [row.answer for row in newest.context["page"]] == ["Second", "First"]


def test_the_list_is_filtered_by_name_course_and_unit(desk, branch, course):
    team = UnitFactory(slug="team", parent=branch)
    an_answer(course, person_in(team, name="José"), "Team")
    an_answer(course, person_in(branch, name="Ann"), "Branch")
    address = reverse("training:marking")

    def found(query):
        return [row.answer for row in desk.get(f"{address}?{query}").context["page"]]

    assert found("q=JOSÉ") == ["Team"]
    assert found("unit=team") == ["Team"]
    assert found("unit=harbour-branch") == ["Team", "Branch"]
    assert found(f"course={course.key}") == ["Team", "Branch"]
    assert found("course=nowhere") == []


def test_answers_of_one_moment_keep_their_place(desk, branch, course):
    """Also between pages: the number of an attempt puts nobody in front of somebody else."""
    begun_first = an_answer(course, person_in(branch, name="Ann"), "First")
    an_answer(course, person_in(branch, name="Ben"), "Second")
    Attempt.objects.filter(pk=begun_first.attempt_id).update(number=2)
    found = desk.get(reverse("training:marking")).context["page"]
    assert [row.answer for row in found] == ["First", "Second"]


def test_the_button_that_keeps_a_mark_covers_no_field(desk, branch, course):
    """It is not held at the foot of the window, as the buttons of a learner are."""
    answer = an_answer(course, person_in(branch))
    page = text_of(desk.get(answer.get_absolute_url()))
    assert 'name="mark"' in page
    assert 'class="thumb"' not in page


def test_points_and_a_remark_are_given_and_the_next_answer_comes_up(desk, branch, course):
    first = an_answer(course, person_in(branch))
    second = an_answer(course, person_in(branch), at=LONG_AGO + timedelta(days=1))
    page = desk.get(first.get_absolute_url())
    assert "A real visit." in text_of(page)
    saved = desk.post(first.get_absolute_url(), {"mark": "2,5", "remark": "Name the day."})
    assert saved["Location"] == second.get_absolute_url()
    first.refresh_from_db()
    assert (first.mark, first.remark) == (Decimal("2.5"), "Name the day.")
    assert desk.post(second.get_absolute_url(), {"mark": "4"})["Location"] == reverse("training:marking")


@pytest.mark.parametrize("mark", ["4.01", "-1", "NaN", "many", "", "1e9"])
def test_points_that_do_not_exist_are_refused_and_the_remark_stays(desk, branch, course, mark):
    answer = an_answer(course, person_in(branch))
    refused = desk.post(answer.get_absolute_url(), {"mark": mark, "remark": "Name the day."})
    assert refused.status_code == 422
    assert "Name the day." in text_of(refused)
    answer.refresh_from_db()
    assert answer.mark is None


def test_too_many_points_are_refused_with_the_number_there_is(desk, branch, course):
    answer = an_answer(course, person_in(branch))
    refused = desk.post(answer.get_absolute_url(), {"mark": "4.01"})
    assert "This question is worth 4 points, not more." in text_of(refused)


def test_the_second_of_two_markers_is_told_and_keeps_the_words(desk, branch, course):
    answer = an_answer(course, person_in(branch))
    mark_open_answer(answer, mark=Decimal(3), by=person_in(branch, "manager", name="Hana"), remark="Good")
    second = desk.post(answer.get_absolute_url(), {"mark": "1", "remark": "Too <i>short</i>"})
    assert second.status_code == 409
    page = text_of(second)
    assert "A colleague was quicker" in page
    assert "Hana" in page
    assert "Too &lt;i&gt;short" in page
    answer.refresh_from_db()
    assert (answer.mark, answer.remark) == (Decimal(3), "Good")


def test_an_answer_is_marked_after_the_course_was_due_too(desk, branch, course):
    answer = an_answer(course, person_in(branch))
    Assignment.objects.update(due_on=timezone.localdate() - timedelta(days=30))
    assert desk.post(answer.get_absolute_url(), {"mark": "4"}).status_code == 302
    answer.attempt.refresh_from_db()
    assert answer.attempt.percentage == 100


def test_nobody_marks_the_own_answer(desk, course, manager):
    answer = an_answer(course, manager)
    assert desk.post(answer.get_absolute_url(), {"mark": "4"}).status_code == 403


def test_my_work_counts_what_waits_for_a_manager_and_nothing_for_staff(desk, branch, course, manager, now):
    assert to_do_for(manager, now) is None
    learner = person_in(branch)
    an_answer(course, learner)
    assert to_do_for(manager, now) == {"answers": 1, "watching": 1}
    assert to_do_for(learner, now) is None
    page = text_of(desk.get("/my/"))
    assert "1 answer waits for your marks" in page


def test_the_list_asks_as_often_for_twenty_answers_as_for_two(desk, branch, course):
    def queries(count):
        for _each in range(count):
            an_answer(course, person_in(branch))
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(reverse("training:marking")).status_code == 200
        return len(asked)

    assert queries(2) == queries(18)
    assert AttemptQuestion.objects.count() == 20


# -------------------------------------------------------------------- practice


@pytest.fixture
def watched(branch, course):
    """Somebody who has begun the course."""
    held = an_assignment(course, person_in(branch, name="Tom Whitfield"))
    start_lesson(held, lesson=lessons_of(course)[0], at=LONG_AGO)
    return held


def note(desk, held, **data):
    data.setdefault("seen_on", timezone.localdate().isoformat())
    return desk.post(reverse("training:practice_note", args=[held.reference, "practice-1"]), data)


def test_who_has_begun_waits_to_be_watched_and_others_when_asked_for(desk, branch, course, watched):
    an_assignment(course, person_in(branch, name="Not begun"))
    address = reverse("training:practice")

    def names(query=""):
        return [row.assignment.person.name for row in desk.get(address + query).context["rows"]]

    assert names() == ["Tom Whitfield"]
    assert names("?state=waiting") == ["Not begun"]
    assert sorted(names("?state=all")) == ["Not begun", "Tom Whitfield"]


def test_what_was_seen_is_ticked_in_parts_with_a_day_and_a_note(desk, watched):
    yesterday = timezone.localdate() - timedelta(days=1)
    note(desk, watched, item=["0"], note="Calm", seen_on=yesterday.isoformat())
    seen = watched.observations.get()
    assert (seen.item, seen.note, timezone.localtime(seen.seen_at).date()) == (0, "Calm", yesterday)
    row = desk.get(reverse("training:practice")).context["rows"][0]
    assert (row.seen, row.total) == (1, 2)
    whole = note(desk, watched, item=["1"])
    assert whole["Location"] == reverse("training:practice")
    assert desk.get(reverse("training:practice")).context["rows"] == []


def test_who_takes_a_course_without_practice_or_was_seen_whole_is_not_counted(
    desk, branch, course, manager, watched, now
):
    reader = an_assignment(a_course("reading", unit=branch), person_in(branch))
    start_lesson(reader, lesson=lessons_of(reader.course)[0], at=LONG_AGO)
    assert to_do_for(manager, now) == {"answers": 0, "watching": 1}
    note(desk, watched, item=["0", "1"])
    assert to_do_for(manager, now) is None


def test_two_who_tick_at_once_count_once(desk, watched):
    note(desk, watched, item=["0"])
    assert note(desk, watched, item=["0", "1"]).status_code == 302
    assert watched.observations.count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Tick at least one thing"),
        ({"item": ["7"]}, "not one of the available choices"),
        ({"item": ["0"], "seen_on": "2199-01-01"}, "This day is still to come."),
        ({"item": ["0"], "seen_on": "2019-01-01"}, "Is the year right?"),
        ({"item": ["0"], "note": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_have_been_seen_is_refused_and_the_note_stays(desk, watched, data, words):
    refused = note(desk, watched, **{"note": "Calm and kind", **data})
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert data.get("note", "Calm and kind") in text_of(refused)
    assert not watched.observations.exists()


def test_nobody_confirms_the_own_practice_on_the_page_either(desk, course, manager):
    assert note(desk, an_assignment(course, manager), item=["0"]).status_code == 403


def test_practice_of_a_course_that_is_over_leads_back_and_notes_nothing(desk, watched):
    Assignment.objects.update(state="waived", waiver_reason="Trained before")
    assert note(desk, watched, item=["0"])["Location"].endswith("/manage/")
    assert not watched.observations.exists()


def test_the_practices_ask_as_often_for_twenty_learners_as_for_two(desk, branch, course):
    def queries(count):
        for _each in range(count):
            held = an_assignment(course, person_in(branch))
            start_lesson(held, lesson=lessons_of(course)[0], at=LONG_AGO)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(reverse("training:practice")).status_code == 200
        return len(asked)

    assert queries(2) == queries(18)
