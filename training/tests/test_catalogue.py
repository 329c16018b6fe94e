"""The catalogue, the questions, the release, and courses as files, in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter.tests.factories import StandardFactory
from organisation.models import Job
from organisation.tests.factories import UnitFactory, person_in
from training.actions import course_words
from training.actions.courses import open_draft, release_version
from training.course_file import MOST_BYTES, read_course
from training.fitness import changes_of
from training.library import library
from training.models import Assignment, Course, Lesson, Question, Quiz
from training.tests.factories import OPTIONS as ANSWERS
from training.tests.factories import a_certificate, a_course, a_question, an_assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(manager, unit):
    return a_course(unit=unit)


def url(name, *args):
    return reverse(f"training:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


def listed(client, **query):
    return [course.key for course in client.get(url("course_list"), query).context["page"]]


# ---------------------------------------------------------------- catalogue


def test_an_empty_catalogue_begins_with_the_library_and_one_press(client, manager):
    page = text_of(client.get(url("course_list")))
    assert "Begin with a course from the library" in page
    taken = client.post(url("library_take_in", "telephone"))
    assert taken["Location"] == url("draft", "telephone")
    assert Course.objects.get().state == "draft"
    client.post(url("library_take_in", "telephone"))
    assert Course.objects.count() == 1
    assert "library-telephone" not in text_of(client.get(url("course_list")))


def test_a_catalogue_that_holds_the_whole_library_says_so(client, manager, unit):
    told = "Every course of the library is here already."
    assert told not in text_of(client.get(url("course_list")))
    for key in library():
        Course.objects.create(key=key, unit=unit)
    assert told in text_of(client.get(url("course_list")))


def test_every_file_of_the_library_can_be_read():
    assert len(library()) == 14


def test_staff_see_what_is_released_and_nothing_to_change(client, unit):
    a_course(unit=unit)
    a_course("hidden", unit=unit, state="draft")
    client.force_login(person_in(unit))
    assert listed(client) == ["telephone"]
    page = text_of(client.get(url("course", "telephone")))
    assert "You pick up within three rings." in page
    assert "Archive" not in page


def test_the_catalogue_is_searched_filtered_and_sorted(client, manager, unit):
    standard = StandardFactory(key="next-step")
    phone = a_course("telephone", unit=unit, minutes=50, levels=["front"])
    phone.standards.add(standard)
    a_course("letters", unit=unit, minutes=20, levels=["leadership"]).texts.create(
        language="de", title="Briefe", summary="Kurz."
    )
    a_course("old", unit=unit, state="archived")
    assert listed(client) == ["letters", "telephone"]
    assert listed(client, q="PHONE") == ["telephone"]
    assert listed(client, standard="next-step") == ["telephone"]
    assert listed(client, level="leadership") == ["letters"]
    assert listed(client, language="de") == ["letters"]
    assert listed(client, state="archived") == ["old"]
    assert listed(client, sort="minutes", state="released") == ["letters", "telephone"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_goes_out_with_its_filters(client, manager, unit, kind):
    a_course(unit=unit)
    response = client.get(url("course_list"), {"export": kind, "q": "nothing like it"})
    assert f"courses.{kind}" in response["Content-Disposition"]


def test_the_catalogue_asks_as_often_for_twenty_courses_as_for_two(client, manager, unit):
    def count():
        with CaptureQueriesContext(connection) as asked:
            client.get(url("course_list"))
        return len(asked)

    for number in range(2):
        a_course(f"few-{number}", unit=unit)
    few = count()
    for number in range(18):
        a_course(f"more-{number}", unit=unit)
    assert count() == few


def test_a_released_course_leads_to_assigning_it_and_to_who_has_learned_it(client, course):
    page = text_of(client.get(url("course", course.key)))
    assert url("course_assign", course.key) in page
    assert f"{url('matrix')}?course={course.key}" in page


def test_a_course_that_cannot_be_given_does_not_offer_it(client, course):
    Course.objects.filter(pk=course.pk).update(state=Course.State.ARCHIVED)
    assert url("course_assign", course.key) not in text_of(client.get(url("course", course.key)))


def test_an_archived_course_stays_with_those_who_have_it_and_comes_back(client, course, unit):
    assignment = an_assignment(course, person_in(unit))
    client.post(url("course_archive", course.key))
    assert listed(client) == []
    assert "Whoever has it keeps it" in text_of(client.get(url("course", course.key)))
    client.force_login(assignment.person)
    assert client.get(reverse("training:assignment", args=[assignment.reference])).status_code == 200
    client.force_login(person_in(unit, "manager", "middle"))
    client.post(url("course_restore", course.key))
    course.refresh_from_db()
    assert course.state == "released"


def test_a_copy_goes_its_own_way(client, course, unit):
    client.post(url("course_copy", course.key), {"title": "At the counter", "unit": unit.slug})
    copy = Course.objects.get(key="at-the-counter")
    assert [str(lesson) for lesson in copy.draft().lessons()] == ["Lesson text-1"]
    assert copy.draft().quiz.bank != course.current_version().quiz.bank
    assert copy.draft().quiz.bank.questions.count() == 2
    assert Quiz.objects.count() == 2


def test_a_copy_shows_no_draft_to_whoever_may_not_edit_the_course(client, course, unit):
    draft = open_draft(course)
    draft.lessons()[0].texts.update(title="What we have not decided")
    question = draft.quiz.bank.questions.first()
    waiting = question.versions.create(number=2, kind="single")
    waiting.texts.create(text="Not released?", content=ANSWERS)
    stranger = UnitFactory()
    client.force_login(person_in(stranger, "manager", "middle"))
    client.post(url("course_copy", course.key), {"title": "At their counter", "unit": stranger.slug})
    copy = Course.objects.get(key="at-their-counter")
    assert [str(lesson) for lesson in copy.draft().lessons()] == ["Lesson text-1"]
    asked = [str(each.latest()) for each in copy.draft().quiz.bank.questions.all()]
    assert asked == ["What comes first? (q1)", "What comes first? (q2)"]


# ---------------------------------------------------------------- questions

OPTIONS = {"shape": "4", "o0_text": "Yes", "o0_correct": "on", "o1_text": "No", "o1_feedback": "Ask first."}
KINDS = {
    "single": OPTIONS,
    "multiple": OPTIONS | {"marking": "all_or_nothing"},
    "true_false": {"answer": "true"},
    "ordering": {"items": "Greet\nListen\nAct"},
    "matching": {"shape": "4", "p0_left": "a", "p0_right": "b", "p1_left": "c", "p1_right": "d"},
    "numeric": {"answer": "120", "tolerance": "0.5"},
    "short": {"answers": "name\nmy name"},
    "open": {"guide": "A name and a day."},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_written_changed_and_seen(client, course, kind):
    sent = {"text": "How would you begin?", "points": "2"} | KINDS[kind]
    assert client.post(url("question_add", course.key, kind), sent).status_code == 302
    question = Question.objects.get(key="how-would-you-begin")
    form = client.get(url("question_edit", course.key, question.key)).context["form"]
    again = sent | {"text": "How do you begin?", "version": form["version"].value()}
    content = question.latest().text().content
    assert client.post(url("question_edit", course.key, question.key), again).status_code == 302
    assert str(question.latest()) == "How do you begin?"
    assert question.latest().text().content == content
    assert "How do you begin?" in text_of(client.get(url("question_preview", course.key, question.key)))


def test_the_form_says_when_learners_read_why_it_is_so(client, course):
    page = text_of(client.get(url("question_add", course.key, "single")))
    assert "by the others once they have passed or have used their last attempt" in page


def test_the_pass_mark_stands_in_the_form_without_noughts_that_say_nothing(client, course):
    form = client.get(url("quiz_edit", course.key)).context["form"]
    assert form["pass_mark"].value() == "80"


def test_a_question_without_a_right_option_is_refused_and_the_words_stay(client, course):
    sent = {"text": "What now?", "points": "1"} | OPTIONS
    del sent["o0_correct"]
    refused = client.post(url("question_add", course.key, "single"), sent)
    assert refused.status_code == 422
    assert "Exactly one option has to be right." in text_of(refused)
    assert "Ask first." in text_of(refused)


def test_questions_are_found_by_kind_standard_and_words(client, course):
    bank = course.current_version().quiz.bank
    a_question(bank, "tied", "open", content={"guide": ""}, standard=StandardFactory(key="next-step"))

    def found(**query):
        page = client.get(url("question_list", course.key), query).context["page"]
        return [question.key for question in page]

    assert found(kind="open") == ["tied"]
    assert found(standard="next-step") == ["tied"]
    assert found(q="(Q2)") == ["q2"]
    client.post(url("question_archive", course.key, "tied"))
    assert found(show="archived") == ["tied"]
    client.post(url("question_restore", course.key, "tied"))
    assert "tied" in found()


def test_a_question_that_the_quiz_needs_is_not_archived(client, course):
    Quiz.objects.update(draw=2)
    page = client.post(url("question_archive", course.key, "q1"), follow=True)
    assert "Let it draw fewer first." in text_of(page)
    assert Question.objects.active().count() == 2


def test_the_bank_asks_as_often_for_twenty_questions_as_for_two(client, course):
    def count():
        with CaptureQueriesContext(connection) as asked:
            client.get(url("question_list", course.key))
        return len(asked)

    few = count()
    for number in range(18):
        a_question(course.current_version().quiz.bank, f"more-{number}")
    assert count() == few


def test_the_settings_of_the_quiz_are_changed_in_the_draft_only(client, course):
    page = client.get(url("quiz_edit", course.key))
    told = {field.name: field.value() for field in page.context["form"]}
    sent = {name: value for name, value in told.items() if value not in (None, "")}
    client.post(url("quiz_edit", course.key), sent | {"draw": "1", "pass_mark": "90"})
    assert course.draft().quiz.draw == 1
    assert course.current_version().quiz.draw == 0


# ------------------------------------------------------------------ release


def ready(client, course, manager):
    """A draft beside what is taught, with one lesson changed."""
    course_words.write_lesson(
        course,
        key="text-1",
        language="en",
        words={"title": "A new greeting", "body": "Smile.", "content": {}},
        by=manager,
    )
    return course.draft()


def test_the_release_names_what_changes_and_whom_it_asks_again(client, course, manager, unit):
    for _turn in range(2):
        a_certificate(an_assignment(course, person_in(unit), version=course.current_version()))
    ready(client, course, manager)
    page = text_of(client.get(url("release", course.key)))
    assert "A new greeting" in page
    assert "2 people who completed an earlier version will be asked again" in page
    sent = {"note": "Newer words", "draft": "2", "asks_for_renewal": "on", "renewal_due_days": "14"}
    client.post(url("release", course.key), sent)
    assert course.current_version().renewal_due_days == 14
    assert Job.objects.filter(kind="training_renewals").exists()
    assert Assignment.objects.filter(state="completed").count() == 2


def test_another_order_is_one_change_and_a_part_taken_out_moves_no_other(client, manager, unit):
    course = a_course("three", unit=unit, lessons=("text", "text", "text"))
    client.post(url("lesson_archive", course.key, "text-1"))
    assert [change.what for change in changes_of(course.draft())] == ["gone"]
    client.post(url("lesson_move", course.key, "text-3"), {"way": "up"})
    assert [change.kind for change in changes_of(course.draft())] == ["Lesson", "Order"]


def test_a_release_is_refused_with_links_to_what_is_missing(client, course, manager):
    draft = open_draft(course)
    lesson = Lesson.objects.get(module__version=draft)
    lesson.texts.update(body="![](picture:NOWHERE)")
    Lesson.objects.filter(pk=lesson.pk).update(must_fill=False)
    Question.objects.update(archived_at=course.current_version().released_at)
    refused = client.post(url("release", course.key), {"note": "x", "draft": "2", "renewal_due_days": "30"})
    assert refused.status_code == 422
    page = text_of(refused)
    assert "write its alternative text" in page
    assert "It names a picture that is not here." in page
    assert "It has no question." in page
    assert f"{url('lesson_edit', course.key, 'text-1')}?language=en" in page
    assert course.draft() == draft


def test_what_the_organisation_has_to_write_is_named(client, course):
    draft = open_draft(course)
    Lesson.objects.filter(module__version=draft).update(must_fill=True)
    page = text_of(client.get(url("release", course.key)))
    assert "Your organisation has to write its own part first." in page


def test_missing_translations_are_listed_and_stop_nothing(client, course, manager):
    course.texts.create(language="de", title="Kurs", summary="Kurz.")
    ready(client, course, manager)
    assert "Deutsch is missing" in text_of(client.get(url("release", course.key)))
    client.post(url("release", course.key), {"note": "New", "draft": "2", "renewal_due_days": "30"})
    assert course.current_version().number == 2


def test_a_draft_that_a_colleague_released_is_not_released_twice(client, course, manager):
    draft = ready(client, course, manager)
    release_version(draft, by=None)
    ready_again = {"note": "Mine", "draft": "2", "renewal_due_days": "30"}
    course_words.write_module(course, language="en", title="More", by=manager)
    response = client.post(url("release", course.key), ready_again)
    assert response["Location"] == url("course", course.key)
    assert course.current_version().number == 2


# -------------------------------------------------------------------- files


def upload(client, unit, content, name="course.toml"):
    file = SimpleUploadedFile(name, content, "application/toml")
    return client.post(url("course_import"), {"file": file, "unit": unit.slug})


def test_a_course_goes_out_as_a_file_and_comes_back(client, course, unit):
    out = client.get(url("course_file", course.key))
    assert 'filename="telephone_en.toml"' in out["Content-Disposition"]
    assert read_course(out.content).title == "Course telephone"
    looked = upload(client, unit, out.content.replace(b"telephone", b"counter"))
    assert "A new course with 1 lesson begins as a draft." in text_of(looked)
    assert Course.objects.count() == 1
    taken = client.post(url("course_import"), {"text": looked.context["text"], "unit": unit.slug})
    assert taken["Location"] == url("draft", "counter")


def test_a_file_for_a_course_that_is_here_says_what_would_change(client, course, unit):
    out = client.get(url("course_file", course.key)).content
    looked = upload(client, unit, out.replace(b"Lesson text-1", b"A better title"))
    assert "A better title" in text_of(looked)
    assert course.draft() is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00\xff", "The file is not written in UTF-8."),
        (b"a = [", "The file is no TOML"),
        (b'a = "b"', "The file is no course file"),
        (b"x" * (MOST_BYTES + 1), "The file is too large: at most 2 MB."),
    ],
)
def test_a_hostile_file_is_refused_in_clear_words(client, manager, unit, content, reason):
    refused = upload(client, unit, content)
    assert refused.status_code == 422
    assert reason in text_of(refused)


def test_a_file_with_faults_is_refused_with_every_reason(client, course, unit):
    out = client.get(url("course_file", course.key)).content
    broken = out.replace(b'kind = "text"', b'kind = "riddle"').replace(b"minutes = 30", b"minutes = -1")
    page = text_of(upload(client, unit, broken))
    assert "“kind” has to be one of" in page
    assert "“minutes” has to lie between" in page


def test_a_file_of_another_unit_s_course_is_not_taken_in(client, course, unit):
    out = client.get(url("course_file", course.key)).content
    other = UnitFactory()
    client.force_login(person_in(other, "manager", "middle"))
    assert upload(client, other, out).status_code == 403
