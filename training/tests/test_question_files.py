"""Questions into a course's bank and out of it: the dry run, taking in, the pages, the command."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter.tests.factories import StandardFactory
from organisation.models import Import
from organisation.tests.factories import UnitFactory, person_in
from training.actions.courses import archive_question, release_version
from training.actions.import_questions import plan_import, take_in_questions
from training.formats.reading import read_questions
from training.forms.question_files import QuestionFileForm
from training.models import Question
from training.tests.factories import a_course, a_question

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
TEN = Path(__file__).parent / "formats" / "ten.gift"


def take_in(course, text):
    return take_in_questions(course, read_questions(text.encode()), by=None, at=AT)


def test_ten_questions_wait_for_the_release_and_are_asked_after_it():
    course = a_course(questions=0)
    plan = take_in(course, TEN.read_text())
    assert plan.counts == {"new": 10, "changed": 0, "equal": 0, "left_out": 0}
    assert Question.objects.drawable().count() == 0
    release_version(course.draft(), by=None, at=AT)
    assert course.current_version().quiz.questions().count() == 10
    assert course.events.filter(what="imported").get().note == "questions: 10 new, 0 changed"


def test_the_same_file_again_changes_nothing_and_another_wording_waits():
    course = a_course(questions=0)
    take_in(course, "::Ring::Ring? {T}\n\n::Hold::Hold? {#3:1}")
    assert take_in(course, "::Ring::Ring? {T}\n\n::Hold::Hold? {#3:1}").counts["equal"] == 2
    release_version(course.draft(), by=None, at=AT)
    counts = take_in(course, "::Ring::Ring thrice? {T}\n\n::Hold::Hold? {#3.0:1.0}").counts
    assert (counts["changed"], counts["equal"]) == (1, 1)
    question = Question.objects.get(key="ring")
    assert (str(question.current), str(question.latest())) == ("Ring?", "Ring thrice?")


def test_a_dry_run_leaves_everything_as_it_was():
    course = a_course(questions=1)
    plan = plan_import(course, read_questions(b"::q1::Other? {T}\n\n::New::New? {F}"))
    assert [each.state for each in plan.planned] == ["changed", "new"]
    assert list(Question.objects.values_list("key", flat=True)) == ["q1"]
    assert course.draft() is None


def test_a_standard_that_is_not_here_is_told_and_one_that_is_is_tied():
    StandardFactory(key="next-step")
    course = a_course(questions=0)
    ours = '// charterwell: {"standard": "%s"}\n::%s::A? {T}\n\n'
    plan = take_in(course, ours % ("next-step", "a") + ours % ("nowhere", "b"))
    assert Question.objects.get(key="a").standard.key == "next-step"
    assert Question.objects.get(key="b").standard is None
    assert "“nowhere”" in plan.planned[1].notes[0]


def test_an_archived_question_is_asked_again_once_its_file_comes():
    course = a_course(questions=2)
    archive_question(Question.objects.get(key="q2"), at=AT)
    plan = take_in(course, "::q2::Now? {T}")
    assert "archive" in plan.planned[0].notes[0]
    assert Question.objects.active().filter(key="q2").exists()


def test_planning_asks_the_database_as_often_for_twenty_as_for_two():
    course = a_course(questions=0)
    counts = []
    for number in (2, 20):
        text = "\n\n".join(f"::k{each}::Q{each}? {{T}}" for each in range(number))
        take_in(course, text)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            plan_import(course, read_questions(text.encode()))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ------------------------------------------------------------------- pages


@pytest.fixture
def course():
    return a_course(unit=UnitFactory(), questions=1)


@pytest.fixture
def manager(client, course):
    person = person_in(course.unit, "manager", "middle")
    client.force_login(person)
    return person


def test_a_file_is_looked_at_first_and_then_taken_in_once(client, course, manager):
    upload = SimpleUploadedFile("ten.gift", TEN.read_bytes() + b"\n\nNo answer here.")
    sent = client.post(reverse("training:questions_import", args=[course.key]), {"file": upload})
    review = client.get(sent.url)
    assert review.context["plan"].counts == {"new": 10, "changed": 0, "equal": 0, "left_out": 1}
    assert "It is a text without a question." in review.text
    assert "Greet the caller = say your name" in review.text
    assert Question.objects.count() == 1
    client.post(sent.url)
    client.post(sent.url)
    assert Question.objects.count() == 11
    assert Import.objects.get().state == Import.State.DONE
    assert "taken in already" in client.get(sent.url).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose a file, or paste."),
        ({"text": "<quiz><question>"}, "breaks off"),
        ({"text": "A? {T}", "file": SimpleUploadedFile("a.txt", b"A? {T}")}, "not both"),
        ({"file": SimpleUploadedFile("a.txt", b"\xff\xe0 Gr\xfc\xdfe")}, "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_paste_is_kept(client, course, manager, data, words):
    page = client.post(reverse("training:questions_import", args=[course.key]), data)
    assert page.status_code == 422
    assert words in page.text
    assert page.context["form"]["text"].value() in (data.get("text"), None)
    assert not Import.objects.exists()


def test_the_export_of_one_standard_comes_back_equal(client, course, manager):
    standard = StandardFactory(key="next-step")
    bank = course.current_version().quiz.bank
    a_question(bank, "tied", standard=standard)
    address = reverse("training:questions_export", args=[course.key])
    exported = client.get(address, {"standard": "next-step"})
    assert exported["Content-Disposition"] == 'attachment; filename="telephone.gift"'
    assert "[id:q1]" not in exported.text
    plan = plan_import(course, read_questions(client.get(address).content))
    assert plan.counts == {"new": 0, "changed": 0, "equal": 2, "left_out": 0}


# ------------------------------------------------------------------ command


def test_the_command_tries_and_then_takes_in():
    course, out = a_course(questions=0), StringIO()
    call_command("import_questions", TEN, course=course.key, dry_run=True, stdout=out)
    assert "Would be taken in: 10 new" in out.getvalue()
    assert not Question.objects.exists()
    call_command("import_questions", TEN, course=course.key, stdout=out)
    assert Question.objects.count() == 10


def test_the_command_names_a_missing_course_and_a_bad_file(tmp_path):
    with pytest.raises(CommandError, match="no course"):
        call_command("import_questions", TEN, course="nowhere")
    bad = tmp_path / "bad.xml"
    bad.write_text("<quiz>")
    with pytest.raises(CommandError, match="breaks off"):
        call_command("import_questions", bad, course=a_course().key)


class Unread(SimpleUploadedFile):
    """A large upload that lies on the disk: whoever reads it has lost."""

    def read(self, *args):
        raise AssertionError("the file was read")


@pytest.mark.parametrize("megabytes", [6, 50, 5_000])
def test_a_large_file_is_refused_in_clear_words_before_it_is_read(megabytes):
    file = Unread("questions.xml", b"")
    file.size = megabytes * 1_000_000
    form = QuestionFileForm({}, {"file": file}, first="en")
    assert form.errors["file"] == ["The file is larger than 5 MB. Divide it, or leave out its pictures."]


# ------------------------------------------------------------------- other languages


def test_questions_go_out_in_one_language_and_come_back_in_another(client, course, manager):
    take_in(course, "::ring::After which ring? {#3}\n\n::name::Do you say your name? {T}")
    address = reverse("training:questions_export", args=[course.key])
    german = client.get(address).text.replace("After which ring?", "Nach welchem Klingeln?")
    german = german.replace("{TRUE}", "{FALSE}") + "\n::new::Ganz neu? {T}\n"
    page = reverse("training:questions_import", args=[course.key])
    sent = client.post(page, {"text": german, "language": "de"})
    looked = client.get(sent["Location"])
    assert looked.context["plan"].counts == {"new": 0, "changed": 1, "equal": 1, "left_out": 2}
    assert "Translation: Deutsch" in " ".join(looked.text.split())
    client.post(sent["Location"])
    waiting = Question.objects.get(key="ring").latest()
    assert {row.language: row.text for row in waiting.texts.all()} == {
        "en": "After which ring?",
        "de": "Nach welchem Klingeln?",
    }
    assert [row.language for row in Question.objects.get(key="name").latest().texts.all()] == ["en"]
    again = client.get(address, {"language": "de"})
    assert "telephone_de.gift" in again["Content-Disposition"]
    assert "Nach welchem Klingeln?" in again.text


def test_the_page_says_that_the_formats_know_no_language(client, course, manager):
    page = client.get(reverse("training:questions_import", args=[course.key]))
    assert "A file in another language than English translates questions that are here" in page.text


def test_the_page_leads_to_the_questions_that_were_taken_in(client, course, manager):
    page = client.get(reverse("training:questions_import", args=[course.key])).content.decode()
    assert f'href="{reverse("training:question_list", args=[course.key])}"' in page
