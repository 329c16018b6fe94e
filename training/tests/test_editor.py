"""Writing a course in the browser, without any script."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from training.models import Course, CoursePicture, Lesson, Question, TrainingEvent
from training.tests.factories import STEPS, a_course, a_lesson

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
LESSON = {"title": "The greeting", "body": "Say your **name**.", "minutes": "5"}


@pytest.fixture
def course(manager, unit):
    return a_course(unit=unit, lessons=("text", "scenario"))


def url(name, *args):
    return reverse(f"training:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


def version_of(page):
    """The stamp of what the form was opened on."""
    return page.context["form"]["version"].value()


def titles(course):
    return [str(lesson) for lesson in course.draft().lessons()]


def test_a_manager_writes_a_course_from_nothing_to_the_release(client, manager, unit):
    data = {"title": "Our counter", "summary": "You greet first.", "language": "en", "unit": unit.slug}
    client.post(url("course_add"), data)
    course = Course.objects.get()
    assert course.key == "our-counter"
    client.post(url("module_add", course.key), {"title": "First things"})
    client.post(url("lesson_add", course.key, "first-things", "text"), LESSON)
    again = LESSON | {"title": "Before you open", "items": "Lights on\nForms there\n"}
    client.post(url("lesson_add", course.key, "first-things", "checklist"), again)
    options = {"o0_text": "The greeting", "o0_correct": "on", "o1_text": "The number"}
    question = {"text": "What comes first?", "points": "1", "shape": "4"} | options
    client.post(url("question_add", course.key, "single"), question)
    assert "The greeting" in text_of(client.get(url("course_preview", course.key)))
    released = client.post(url("release", course.key), {"note": "The first one", "draft": "1"})
    assert released["Location"] == url("course", course.key)
    course.refresh_from_db()
    assert course.state == "released"
    assert [str(lesson) for lesson in course.current_version().lessons()] == [
        "The greeting",
        "Before you open",
    ]
    assert Lesson.objects.get(kind="checklist").text().content == {"items": ["Lights on", "Forms there"]}
    assert [str(question.current) for question in Question.objects.drawable()] == ["What comes first?"]


def test_the_first_change_begins_a_draft_and_what_is_taught_stays(client, course):
    page = client.get(url("lesson_edit", course.key, "text-1"))
    assert course.draft() is None
    client.post(url("lesson_edit", course.key, "text-1"), LESSON | {"version": version_of(page)})
    assert titles(course) == ["The greeting", "Lesson scenario-2"]
    assert str(course.current_version().lessons()[0]) == "Lesson text-1"


def test_whoever_saves_over_newer_words_is_warned_and_loses_nothing(client, course):
    opened = version_of(client.get(url("lesson_edit", course.key, "text-1")))
    client.post(url("lesson_edit", course.key, "text-1"), LESSON | {"version": opened})
    mine = LESSON | {"title": "My greeting", "version": opened}
    conflict = client.post(url("lesson_edit", course.key, "text-1"), mine)
    assert conflict.status_code == 409
    assert "You have saved this in another window meanwhile" in text_of(conflict)
    assert 'value="My greeting"' in conflict.content.decode()
    assert titles(course)[0] == "The greeting"
    client.post(
        url("lesson_edit", course.key, "text-1"), mine | {"version": conflict.context["form"].data["version"]}
    )
    assert titles(course)[0] == "My greeting"


def test_a_conversation_grows_by_a_button_and_keeps_what_was_typed(client, course):
    add = url("lesson_add", course.key, "first", "scenario")
    typed = {"title": "A queue", "shape": "2,0", "s0_key": "start", "s0_says": "I wait for an hour."}
    grown = client.post(add, typed | {"preview": "step"})
    assert "Step 3" in text_of(grown)
    assert "I wait for an hour." in text_of(grown)
    assert not Lesson.objects.filter(module__version__released_at__isnull=True).exists()
    more = client.post(add, typed | {"preview": "reply-1"})
    assert more.context["form"]["shape"].value() == "2,1"


def test_a_conversation_is_written_in_a_form(client, course):
    sent = {
        "title": "A queue",
        "minutes": "4",
        "shape": "2,0,0",
        "s0_key": "start",
        "s0_says": "I wait for an hour.",
        "s0r0_words": "You waited far too long.",
        "s0r0_leads_to": "step-2",
        "s0r0_quality": "2",
        "s0r1_quality": "1",
        "s1_key": "step-2",
        "s1_says": "Thank you.",
        "s1_ending": "They stay.",
    }
    assert client.post(url("lesson_add", course.key, "first", "scenario"), sent).status_code == 302
    steps = Lesson.objects.get(key="a-queue").text().content["steps"]
    assert [step["key"] for step in steps] == ["start", "step-2"]
    assert steps[0]["replies"] == [
        {"words": "You waited far too long.", "leads_to": "step-2", "quality": 2, "feedback": ""}
    ]


def test_a_conversation_that_never_ends_is_refused_with_the_reason(client, course):
    sent = {"title": "Round", "minutes": "4", "shape": "1", "s0_key": "start", "s0_says": "And?"}
    sent |= {"s0r0_words": "Well.", "s0r0_leads_to": "start", "s0r0_quality": "1"}
    refused = client.post(url("lesson_add", course.key, "first", "scenario"), sent)
    assert refused.status_code == 422
    assert "the conversation never ends" in text_of(refused)
    assert "Well." in text_of(refused)


def test_a_translation_changes_words_and_never_the_parts(client, course):
    german = url("lesson_edit", course.key, "scenario-2") + "?language=de"
    page = client.get(german)
    assert "s0r0_leads_to" not in page.context["form"].fields
    assert '<span lang="en" dir="auto">You will not have to again.</span>' in page.content.decode()
    sent = {"title": "Das Gespräch", "s0_says": "Schon dreimal.", "s0r0_words": "Nie wieder."}
    sent |= {"s0r1_words": "Ruhig bitte.", "s1_says": "Gut.", "s1_ending": "Danke."}
    sent |= {"version": version_of(page)}
    assert client.post(german, sent).status_code == 302
    lesson = Lesson.objects.get(module__version=course.draft(), key="scenario-2")
    steps = lesson.text("de").content["steps"]
    assert steps[0]["replies"][0]["leads_to"] == STEPS["steps"][0]["replies"][0]["leads_to"]
    assert lesson.text("en").content == STEPS


def test_hostile_words_of_the_first_language_are_shown_to_the_translator_as_words(client, course):
    Lesson.objects.get(key="scenario-2").texts.update(
        content={"steps": [{"key": "s", "says": "<img src=x onerror=x>", "ending": "", "replies": []}]}
    )
    page = client.get(url("lesson_edit", course.key, "scenario-2") + "?language=de").content.decode()
    assert "&lt;img src=x onerror=x&gt;" in page
    assert "<img src=x" not in page


def test_a_translation_is_marked_once_its_source_has_changed(client, course):
    german = url("lesson_edit", course.key, "text-1") + "?language=de"
    client.post(german, {"title": "Gruß", "body": "Name.", "version": version_of(client.get(german))})
    course.texts.create(language="de", title="Kurs", summary="Kurz.")
    assert "Deutsch is behind" not in text_of(client.get(url("draft", course.key)))
    client.post(
        url("lesson_edit", course.key, "text-1"),
        LESSON | {"version": version_of(client.get(url("lesson_edit", course.key, "text-1")))},
    )
    assert "Deutsch is behind" in text_of(client.get(url("draft", course.key)))


def test_lessons_are_moved_also_into_the_next_module_and_dragged(client, course):
    client.post(url("module_add", course.key), {"title": "Second"})
    client.post(url("lesson_move", course.key, "scenario-2"), {"way": "down"})
    parts = {str(module): [each.key for each in lessons] for module, lessons in course.draft().parts()}
    assert parts == {"The first module": ["text-1"], "Second": ["scenario-2"]}
    client.post(url("lesson_move", course.key, "scenario-2"), {"way": "up"})
    client.post(url("parts_order", course.key), {"module": "first", "key": ["scenario-2", "text-1"]})
    assert titles(course) == ["Lesson scenario-2", "Lesson text-1"]


def test_a_lesson_is_taken_out_and_put_back_until_the_release(client, course):
    client.post(url("lesson_archive", course.key, "text-1"))
    assert titles(course) == ["Lesson scenario-2"]
    assert "Put it back" in text_of(client.get(url("draft", course.key)))
    client.post(url("lesson_restore", course.key, "text-1"))
    assert titles(course) == ["Lesson scenario-2", "Lesson text-1"]
    client.post(url("lesson_archive", course.key, "text-1"))
    client.post(url("release", course.key), {"note": "Less", "draft": "2", "renewal_due_days": "30"})
    assert [each.key for each in Lesson.objects.filter(module__version=course.current_version())] == [
        "scenario-2"
    ]


def test_a_picture_needs_words_and_is_shown_to_whoever_sees_the_course(client, course):
    pictures = url("picture_list", course.key)
    file = SimpleUploadedFile("../../etc/<b>cat\x01.png", PNG, "image/png")
    assert client.post(pictures, {"picture": file}).status_code == 422
    file.seek(0)
    client.post(pictures, {"picture": file, "words": "A cat at the counter"})
    picture = CoursePicture.objects.get()
    assert picture.file.name == "<b>cat.png"
    body = f"![A cat](picture:{picture.file.reference}) <script>x</script> ![far](https://e.example/x.png)"
    client.post(url("lesson_add", course.key, "first", "text"), LESSON | {"body": body})
    page = client.get(url("lesson_preview", course.key, "the-greeting")).content.decode()
    assert f'<img src="{picture.get_absolute_url()}" alt="A cat">' in page
    assert "<script>x" not in page
    assert "e.example" not in page
    assert client.get(picture.get_absolute_url())["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_picture_is_refused(client, course):
    file = SimpleUploadedFile("cat.png", b"<svg onload=alert(1)>", "image/png")
    refused = client.post(url("picture_list", course.key), {"picture": file, "words": "A cat"})
    assert "This is no PNG, JPEG or WebP picture." in text_of(refused)


def test_a_download_of_a_strange_kind_is_refused(client, course):
    file = SimpleUploadedFile("page.html", b"<script>", "text/html")
    sent = LESSON | {"new_file": file}
    refused = client.post(url("lesson_add", course.key, "first", "download"), sent)
    assert refused.status_code == 422
    assert "Only these kinds of files" in text_of(refused)


CAPTIONS = "\ufeffWEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nGood morning.\r\n"


def send_captions(client, course, content, **sent):
    file = SimpleUploadedFile("captions.vtt", content, "text/vtt")
    return client.post(
        url("lesson_add", course.key, "first", "video"), LESSON | {"new_captions": file} | sent
    )


def test_captions_come_as_a_file_and_replace_what_was_typed(client, course):
    sent = send_captions(client, course, CAPTIONS.encode(), vtt="WEBVTT old", url="https://v.example/1")
    assert sent.status_code == 302
    lesson = Lesson.objects.get(module__version=course.draft(), kind="video")
    assert lesson.text().content["vtt"] == "WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning."


def test_captions_of_a_file_stay_in_the_form_that_comes_back(client, course):
    back = send_captions(client, course, CAPTIONS.encode(), title="")
    assert back.status_code == 422
    assert "Good morning." in text_of(back)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"1\n00:00:01,000", "This is no WebVTT"),
        (b"WEBVTT \xff", "The file is not written in UTF-8."),
        (b"WEBVTT a\0b", "(NUL)"),
        (b"WEBVTT" + b"x" * 100_000, "The captions are too long: at most 100 kB."),
    ],
)
def test_a_file_that_holds_no_captions_is_refused(client, course, content, words):
    refused = send_captions(client, course, content)
    assert refused.status_code == 422
    assert words in text_of(refused)


def test_words_that_were_kept_are_offered_with_their_rows(client, course, manager):
    address = url("lesson_add", course.key, "first", "scenario") + "?language=en"
    manager.form_drafts.create(
        form=address, content={"title": ["Kept"], "shape": ["3,0,0"], "s2_says": ["The third"]}
    )
    page = text_of(client.get(address + "&draft=use"))
    assert "The third" in page
    assert "Step 3" in page


def test_every_change_stands_in_the_history(client, course, manager):
    client.post(url("module_add", course.key), {"title": "Second"})
    event = TrainingEvent.objects.latest("pk")
    assert (event.what, event.note, event.by) == ("edited", "Second", manager)


def test_two_lessons_of_the_same_title_get_different_keys(client, course):
    for _turn in range(2):
        client.post(url("lesson_add", course.key, "first", "text"), LESSON)
    keys = set(Lesson.objects.filter(module__version=course.draft()).values_list("key", flat=True))
    assert {"the-greeting", "the-greeting-2"} <= keys


@pytest.mark.parametrize("page", ["draft", "course_preview", "course"])
def test_a_page_asks_as_often_for_twenty_lessons_as_for_two(
    client, course, page, django_assert_max_num_queries
):
    with CaptureQueriesContext(connection) as few:
        client.get(url(page, course.key))
    module = course.current_version().modules.get()
    for number in range(18):
        a_lesson(module, f"more-{number}", position=number + 5)
    with django_assert_max_num_queries(len(few)):
        client.get(url(page, course.key))


def test_a_video_is_shown_with_its_own_captions(client, course):
    captions = "WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning."
    sent = LESSON | {
        "title": "Watch",
        "new_file": SimpleUploadedFile("greet.mp4", b"0" * 20),
        "vtt": captions,
    }
    wrong = client.post(url("lesson_add", course.key, "first", "video"), sent | {"vtt": "1\n00:01"})
    assert "Captions begin with the word WEBVTT" in text_of(wrong)
    sent["new_file"].seek(0)
    client.post(url("lesson_add", course.key, "first", "video"), sent)
    page = client.get(url("lesson_preview", course.key, "watch")).content.decode()
    address = url("lesson_captions_preview", course.key, "watch")
    assert f'<track kind="captions" src="{address}?language=en"' in page
    assert client.get(address).content.decode() == captions


def test_the_course_s_own_words_are_changed_without_a_draft(client, course):
    page = client.get(url("course_edit", course.key))
    sent = {"title": "At the telephone", "summary": "You pick up.", "version": version_of(page)}
    sent |= {"minutes": "35", "refresh_months": "12", "renewal_days": "60", "levels": ["front"]}
    client.post(url("course_edit", course.key), sent)
    course.refresh_from_db()
    assert (course.minutes, course.levels, course.draft()) == (35, ["front"], None)
    late = client.post(url("course_edit", course.key), sent | {"title": "Mine"})
    assert late.status_code == 409
    assert str(Course.objects.get(pk=course.pk)) == "At the telephone"


def test_a_conversation_from_a_file_with_more_than_the_form_adds_loses_nothing(client, course):
    replies = [
        {"words": f"Reply {number}", "leads_to": "", "feedback": "", "quality": 1} for number in range(9)
    ]
    content = {"steps": [{"key": "start", "says": "Well?", "ending": "", "replies": replies}]}
    Lesson.objects.get(key="scenario-2").texts.update(content=content)
    form = client.get(url("lesson_edit", course.key, "scenario-2")).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    assert client.post(url("lesson_edit", course.key, "scenario-2"), sent).status_code == 302
    lesson = Lesson.objects.get(module__version=course.draft(), key="scenario-2")
    assert lesson.text().content == content
