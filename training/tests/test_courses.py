"""Courses: read from files into drafts, released, translated, archived."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from charter.tests.factories import StandardFactory
from organisation.models import Job
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions import courses
from training.actions.import_course import import_course
from training.course_file import FileRefused, LessonPart, ModulePart, QuizPart, read_course
from training.export_course import course_file_of
from training.models import Course, Lesson, Question, QuestionVersion
from training.tests.factories import a_course, a_lesson, a_question, lessons_of

pytestmark = pytest.mark.django_db

EXCERPTS = Path(__file__).parent / "excerpts"
TELEPHONE = EXCERPTS / "telephone.toml"


@pytest.fixture
def imported(now):
    StandardFactory(key="next-step")
    return import_course(read_course(TELEPHONE.read_bytes()), unit=UnitFactory(), by=None, at=now)


def test_a_file_becomes_a_draft_that_knows_its_standards(imported):
    assert imported.course.state == Course.State.DRAFT
    assert imported.notes == []
    assert [standard.key for standard in imported.course.standards.all()] == ["next-step"]
    assert set(Question.objects.values_list("standard__key", flat=True)) == {"next-step"}
    assert Question.objects.drawable().count() == 0


def test_export_and_import_carry_the_same_course(imported):
    file = read_course(TELEPHONE.read_bytes())
    assert course_file_of(imported.draft, "en") == replace(file, values=[])


def test_a_standard_that_is_not_here_is_named(now):
    imported = import_course(read_course(TELEPHONE.read_bytes()), unit=UnitFactory(), by=None, at=now)
    assert "There is no standard “next-step” here, so the course is not linked to it." in imported.notes


def test_a_release_teaches_the_course_and_asks_its_questions(imported, now):
    courses.release_version(imported.draft, by=None, at=now)
    course = Course.objects.get()
    assert course.state == Course.State.RELEASED
    assert course.current_version() == imported.draft
    assert Question.objects.drawable().count() == 7


def test_a_version_is_released_once(imported, now):
    courses.release_version(imported.draft, by=None, at=now)
    with pytest.raises(courses.ReleasedMeanwhile):
        courses.release_version(imported.draft, by=None, at=now)


def test_the_same_file_once_more_changes_no_question(imported, now):
    courses.release_version(imported.draft, by=None, at=now)
    import_course(read_course(TELEPHONE.read_bytes()), unit=UnitFactory(), by=None, at=now)
    assert QuestionVersion.objects.count() == 7


def test_a_changed_question_waits_for_the_next_release(imported, now):
    courses.release_version(imported.draft, by=None, at=now)
    file = read_course(TELEPHONE.read_bytes())
    first = replace(file.questions[0], text="The telephone rings. And now?")
    again = import_course(
        replace(file, questions=[first, *file.questions[1:]]), unit=UnitFactory(), by=None, at=now
    )
    question = Question.objects.get(key="first-words")
    assert str(question.current).startswith("The telephone rings. What")
    courses.release_version(again.draft, by=None, at=now)
    question.refresh_from_db()
    assert str(question.current) == "The telephone rings. And now?"
    assert question.current.number == 2


def test_what_is_released_does_not_change_when_the_draft_does(imported, now):
    courses.release_version(imported.draft, by=None, at=now)
    file = read_course(TELEPHONE.read_bytes())
    again = import_course(replace(file, modules=file.modules[:1]), unit=UnitFactory(), by=None, at=now)
    assert again.draft.number == 2
    assert len(imported.draft.lessons()) == 3
    assert Lesson.objects.filter(module__version=again.draft).count() == 2


def small(language="en", **lesson):
    part = LessonPart("greet", "Greeting", "text", 5, False, False, "Say your **name** first.", {})
    file = read_course((EXCERPTS / "telephone_de.toml").read_bytes())
    modules = [ModulePart("first", "The first module", [replace(part, **lesson)])]
    return replace(file, language=language, title="Small course", modules=modules)


def test_a_file_in_another_language_translates(now):
    unit = UnitFactory()
    import_course(small(), unit=unit, by=None, at=now)
    german = read_course((EXCERPTS / "telephone_de.toml").read_bytes())
    imported = import_course(german, unit=unit, by=None, at=now)
    assert Course.objects.count() == 1
    assert imported.course.text("de").title == "Kleiner Kurs"
    assert imported.course.text("en").title == "Small course"
    assert {row.title for row in Lesson.objects.get().texts.all()} == {"Greeting", "Begrüßen"}


@pytest.mark.parametrize("change", [{"key": "other"}, {"kind": "video"}])
def test_a_translation_of_other_parts_is_refused_whole(change, now):
    import_course(small(), unit=UnitFactory(), by=None, at=now)
    with pytest.raises(FileRefused):
        import_course(small("de", **change), unit=UnitFactory(), by=None, at=now)
    assert Course.objects.get().texts.count() == 1


def test_a_translation_with_a_quiz_is_refused_where_the_course_has_none(now):
    import_course(small(), unit=UnitFactory(), by=None, at=now)
    translation = replace(small("de"), quiz=QuizPart("Was bleibt"))
    with pytest.raises(FileRefused, match="quiz: It stands in only one of the two languages"):
        import_course(translation, unit=UnitFactory(), by=None, at=now)


def test_a_translation_changes_words_and_neither_minutes_nor_order(now):
    greet = small().lessons()[0]
    lessons = [greet, replace(greet, key="ask", must_fill=True, is_filled=True)]
    modules = [ModulePart("first", "First", lessons), ModulePart("second", "Second", [lessons[0]])]
    modules[1] = replace(modules[1], lessons=[replace(lessons[0], key="end")])
    draft = import_course(replace(small(), modules=modules), unit=UnitFactory(), by=None, at=now).draft
    turned = [
        replace(module, lessons=[replace(each, minutes=60, must_fill=False) for each in module.lessons[::-1]])
        for module in modules[::-1]
    ]
    import_course(replace(small("de"), modules=turned), unit=UnitFactory(), by=None, at=now)
    kept = course_file_of(draft, "de").modules
    assert [module.key for module in kept] == ["first", "second"]
    told = [(each.key, each.minutes, each.must_fill) for module in kept for each in module.lessons]
    assert told == [("greet", 5, False), ("ask", 5, True), ("end", 5, False)]


def test_a_lesson_that_has_to_be_written_stops_the_release_until_it_is(now):
    draft = import_course(small(must_fill=True), unit=UnitFactory(), by=None, at=now).draft
    with pytest.raises(courses.ReleaseRefused) as refused:
        courses.release_version(draft, by=None, at=now)
    assert "Your organisation has to write its own part first." in str(refused.value.problems[0])
    own = {"title": "Our story", "body": "In 1987 …", "content": {}}
    courses.save_lesson(lesson=Lesson.objects.get(), language="en", words=own, by=None, at=now)
    courses.release_version(draft, by=None, at=now)
    with pytest.raises(courses.ReleasedMeanwhile):
        courses.save_lesson(lesson=Lesson.objects.get(), language="en", words=own, by=None, at=now)


def test_the_organisations_own_words_survive_the_next_import(now):
    import_course(small(must_fill=True), unit=UnitFactory(), by=None, at=now)
    own = {"title": "Our story", "body": "In 1987 …", "content": {}}
    courses.save_lesson(lesson=Lesson.objects.get(), language="en", words=own, by=None, at=now)
    imported = import_course(small(must_fill=True), unit=UnitFactory(), by=None, at=now)
    assert Lesson.objects.get().text().body == "In 1987 …"
    assert imported.notes == ["Your own words in “Our story” are kept."]


@pytest.mark.parametrize(
    ("quiz", "questions", "reason"),
    [(QuizPart("Quiz"), 0, "It has no question."), (QuizPart("Quiz", draw=3), 2, "It draws 3 questions")],
)
def test_a_quiz_that_cannot_ask_stops_the_release(quiz, questions, reason, now):
    draft = import_course(replace(small(), quiz=quiz), unit=UnitFactory(), by=None, at=now).draft
    for number in range(questions):
        a_question(draft.quiz.bank, f"q{number}")
    with pytest.raises(courses.ReleaseRefused) as refused:
        courses.release_version(draft, by=None, at=now)
    assert reason in str(refused.value.problems[0])


def test_a_video_without_file_and_address_stops_the_release(now):
    course = a_course(questions=0)
    draft = courses.open_draft(course)
    a_lesson(draft.modules.get(), "film", "video").texts.update(content={"url": ""})
    assert "neither a file nor an address" in str(courses.release_problems(draft)[0])


def test_a_question_that_a_quiz_needs_is_not_archived(now):
    a_course(questions=3, quiz={"draw": 2})
    first, second, _third = Question.objects.all()
    assert courses.archive_question(first, at=now)
    with pytest.raises(courses.QuestionNeeded):
        courses.archive_question(second, at=now)


def test_a_draft_is_one_copy_of_what_is_taught(now):
    course = a_course(lessons=("text", "scenario"))
    draft = courses.open_draft(course)
    assert courses.open_draft(course) == draft
    assert [lesson.key for lesson in draft.lessons()] == [lesson.key for lesson in lessons_of(course)]
    assert str(draft.quiz) == "What stays"
    assert str(draft.lessons()[0]) == "Lesson text-1"


def test_a_course_goes_to_the_archive_and_comes_back_as_what_it_was(now):
    course = a_course()
    assert courses.archive_course(course, by=None, at=now)
    assert not courses.archive_course(course, by=None, at=now)
    assert courses.restore_course(course, by=None, at=now)
    assert Course.objects.get().state == Course.State.RELEASED


def test_a_release_that_asks_for_renewal_leaves_the_work_to_a_job(now):
    course = a_course()
    draft = courses.open_draft(course)
    courses.release_version(draft, by=None, asks_for_renewal=True, at=now)
    assert Job.objects.get().subject == f"version {draft.pk}"


def test_who_sees_which_course(now):
    unit, other = UnitFactory(), UnitFactory()
    a_course("taught", unit=unit)
    a_course("written", unit=unit, state=Course.State.DRAFT)
    seen = {
        role: set(Course.objects.visible_to(person).values_list("key", flat=True))
        for role, person in {
            "staff": person_in(unit),
            "manager": person_in(unit, "manager"),
            "foreign": person_in(other, "manager"),
        }.items()
    }
    assert seen == {"staff": {"taught"}, "manager": {"taught", "written"}, "foreign": {"taught"}}


def test_the_command_reads_files_and_releases_them():
    InstallationFactory()
    out = StringIO()
    call_command("import_course", str(TELEPHONE), "--release", stdout=out)
    assert Course.objects.get().state == Course.State.RELEASED
    assert "On the telephone (on-the-telephone)" in out.getvalue()


def test_the_command_names_every_fault(tmp_path):
    InstallationFactory()
    broken = tmp_path / "broken.toml"
    broken.write_bytes(TELEPHONE.read_bytes().replace(b"draw = 0", b"draw = 50"))
    with pytest.raises(CommandError, match="The quiz draws 50 questions"):
        call_command("import_course", str(broken))
