"""One file holds a whole course: every language, the values and standards, for whom it is."""

import io
import zipfile
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from charter.tests.factories import CharterFactory, StandardFactory
from organisation.models import Attachment
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.courses import write_words
from training.actions.import_course import import_course
from training.course_file import FileRefused, read_course
from training.course_package import read_package
from training.course_writing import write_course
from training.export_course import whole_course
from training.models import (
    Course,
    CoursePicture,
    Lesson,
    Module,
    Question,
    QuestionBank,
    QuestionVersion,
    Quiz,
)
from training.tests.test_courses import TELEPHONE

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 9


def in_german(part):
    return f"{part} auf Deutsch"


@pytest.fixture
def draft(now):
    """A course for the front line with two standards' worth of words: whole in English, in part in German
    (one lesson behind) and with one title in French."""
    unit = UnitFactory(parent=InstallationFactory().root)
    charter = CharterFactory(unit=unit)
    StandardFactory(key="next-step", charter=charter)
    charter.values.create(key="respect")
    file = replace(read_course(TELEPHONE.read_bytes()), values=["respect"], audience="Whoever picks up")
    course = import_course(file, unit=unit, by=None, at=now).course
    draft = course.draft()
    german = {"title": "Am Telefon", "summary": "Sie nehmen ab.", "audience": "Wer abnimmt"}
    write_words(course, language="de", first="en", words=german)
    module, lessons = draft.modules.first(), Lesson.objects.filter(module__version=draft).order_by("pk")
    write_words(module, language="de", first="en", words={"title": "Vor dem Abnehmen"})
    for lesson in list(lessons)[:2]:
        words = lesson.text("en").words | {"title": in_german(lesson.key)}
        write_words(lesson, language="de", first="en", words=words)
    lessons[0].texts.filter(language="en").update(body="Other words meanwhile.")
    write_words(lessons[2], language="fr", first="en", words=lessons[2].text("en").words)
    write_words(draft.quiz, language="de", first="en", words={"title": "Was bleibt"})
    for version in QuestionVersion.objects.filter(question__key__in=["first-words", "rings"]):
        words = version.text("en").words | {"text": in_german(version.question.key)}
        write_words(version, language="de", first="en", words=words)
    return draft


def forget(course):
    """As in an installation that has the charter and no course."""
    for model in (CoursePicture, Quiz, Lesson, Module):
        model.objects.all().delete()
    course.events.all().delete()
    course.versions.all().delete()
    Question.objects.all().delete()
    QuestionBank.objects.all().delete()
    course.delete()


def test_what_goes_out_comes_back_in_an_empty_place_and_goes_out_equal(draft, now):
    out = write_course(whole_course(draft))
    unit = draft.course.unit
    forget(draft.course)
    assert not Course.objects.exists()
    again = import_course(read_course(out), unit=unit, by=None, at=now)
    assert again.notes == []
    assert write_course(whole_course(again.draft)) == out
    course = again.course
    assert [value.key for value in course.values.all()] == ["respect"]
    assert {row.language: row.audience for row in course.texts.all()} == {
        "en": "Whoever picks up",
        "de": "Wer abnimmt",
    }


def test_the_file_says_what_is_missing_and_what_is_behind_in_a_language(draft):
    german, french = whole_course(draft).translations
    assert [(each.key, each.behind) for each in german.lessons()] == [
        ("three-rings", True),
        ("passed-on", False),
    ]
    assert {each.key for each in german.questions} == {"first-words", "rings"}
    assert (french.title, [each.key for each in french.lessons()]) == ("", ["my-desk"])


def test_a_translation_in_the_file_changes_no_points_and_no_marking(draft, now):
    question = QuestionVersion.objects.filter(kind="multiple").get()
    QuestionVersion.objects.filter(pk=question.pk).update(points=3, marking="all_or_nothing")
    words = question.text("en").words | {"text": "Welche?"}
    write_words(question, language="de", first="en", words=words)
    import_course(read_course(write_course(whole_course(draft))), unit=draft.course.unit, by=None, at=now)
    latest = QuestionVersion.objects.filter(question=question.question).order_by("-number").first()
    assert (latest.points, latest.marking) == (3, "all_or_nothing")
    assert latest.text("de").text == "Welche?"


def test_a_value_that_is_not_here_is_named_and_those_of_a_file_without_any_stay(draft, now):
    course = draft.course
    file = replace(whole_course(draft), values=["courage"])
    told = import_course(file, unit=course.unit, by=None, at=now)
    assert "There is no value “courage” here, so the course is not linked to it." in told.notes
    assert not course.values.exists()
    import_course(replace(file, values=["respect"]), unit=course.unit, by=None, at=now)
    import_course(replace(file, values=None), unit=course.unit, by=None, at=now)
    assert course.values.count() == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"language": "en"}, "The language “en” stands twice."),
        ({"title": "Titel", "summary": ""}, "“summary” is missing."),
        ({"quiz": None}, "There are questions, but no [quiz] that asks them."),
    ],
)
def test_a_translation_that_makes_no_sense_is_refused_with_its_reason(draft, change, reason):
    whole = whole_course(draft)
    german = replace(whole.translations[0], **change)
    with pytest.raises(FileRefused) as refused:
        read_course(write_course(replace(whole, translations=[german])))
    assert reason in " ".join(str(problem) for problem in refused.value.problems)


def test_words_for_a_part_that_the_course_has_not_are_refused_whole(draft, now):
    whole = whole_course(draft)
    module = whole.translations[0].modules[0]
    odd = replace(module, lessons=[replace(module.lessons[0], key="nowhere")])
    german = replace(whole.translations[0], modules=[odd], title="Anders")
    file = replace(whole, translations=[german])
    with pytest.raises(FileRefused, match="lesson “nowhere”: It stands in only one of the two languages"):
        import_course(file, unit=draft.course.unit, by=None, at=now)
    assert draft.course.text("de").title == "Am Telefon"


def test_the_page_gives_the_whole_course_and_one_language_for_whoever_translates(client, draft):
    course = draft.course
    client.force_login(person_in(course.unit, "manager", "middle"))
    lesson = Lesson.objects.filter(module__version=draft).first()
    file = Attachment.store(ContentFile(PNG), name="desk.png", content_type="image/png")
    CoursePicture.objects.create(course=course, file=file)
    words = {"title": "Bild", "body": f"![Der Tisch](picture:{file.reference})", "content": {}}
    write_words(lesson, language="de", first="en", words=words)
    out = client.get(reverse("training:course_file", args=[course.key]))
    assert 'filename="on-the-telephone_en_de_fr.zip"' in out["Content-Disposition"]
    package = read_package(io.BytesIO(b"".join(out.streaming_content)))
    assert package.course.languages == ["en", "de", "fr"]
    assert set(package.pictures) == {file.reference}
    here = package.with_pictures({file.reference: "NEW"}).translations[0].lessons()[0]
    assert here.body == "![Der Tisch](picture:NEW)"
    german = client.get(reverse("training:course_file", args=[course.key]), {"language": "de"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(german.streaming_content)))
    assert read_course(archive.read("course.toml")).languages == ["de"]
