"""Know our charter: what is prepared from an edition, the review, and who is asked about what."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter.models import Edition
from charter.tests.factories import CharterFactory, StandardFactory
from organisation.tests.factories import UnitFactory, person_in
from training.actions import know_people
from training.actions.attempts import start_attempt, submit_attempt
from training.actions.courses import open_draft, release_version
from training.actions.know import NotWaiting, make_ready, prepare_editions
from training.actions.know_people import ask_to_know_charters
from training.actions.learn import finish_lesson, start_lesson
from training.know.facts import changed_keys, facts_of
from training.know.questions import Gap, questions_of
from training.models import Assignment, Course, Lesson, Preparation, Question, TrainingEvent
from training.standing import course_page

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
WORDS = {
    "lights": ("We mend street lights {}", "I want to come home safely"),
    "letters": ("We answer letters {}", "I want to know where I stand"),
    "queue": ("We call you up {}", "I do not want to stand for ever"),
}
LIMITS = {"lights": (5, "working_days"), "letters": (10, "working_days"), "queue": (15, "business_minutes")}


def standard(key, *, amount=None, promise="", need=None, **facts):
    said, wanted = WORDS[key]
    texts = {"en": {"promise": promise or said.format("in time"), "need": wanted if need is None else need}}
    limit = LIMITS[key]
    return {
        "key": key,
        "discretion": "rigid",
        "limit_amount": amount or limit[0],
        "limit_unit": limit[1],
        "texts": facts.pop("texts", texts),
        **facts,
    }


def content(*rows, policies=()):
    return {"standards": list(rows) or [standard(key) for key in WORDS], "policies": list(policies)}


def policy(key, *standards, amount=None, may=""):
    texts = {"en": {"name": f"Policy {key}", "staff_may": may}}
    return {
        "key": key,
        "amount": amount,
        "currency": "£" if amount else "",
        "standards": list(standards),
        "texts": texts,
    }


def made(content_, key, first="en"):
    every = facts_of(content_)
    facts = next(each for each in every if each.key == key)
    return {each.about: each for each in questions_of(facts, every, first)}


def options(question, code="en"):
    found = question.texts[code]["content"]["options"]
    return [each["text"] for each in found if each["correct"]], [
        each["text"] for each in found if not each["correct"]
    ]


# --------------------------------------------------------------- questions


def test_wrong_answers_are_what_is_true_of_the_others():
    found = made(content(), "lights")
    right, wrong = options(found["promise"])
    assert right == ["We mend street lights in time"]
    assert sorted(wrong) == ["We answer letters in time", "We call you up in time"]
    right, wrong = options(found["limit"])
    assert right == ["5 working days"]
    assert sorted(wrong) == ["10 working days", "15 minutes of opening time"]
    assert options(found["discretion"])[0] == ["Always, no exception"]


@pytest.mark.parametrize("promise", ["We mend lights within five working days", "We mend it in 5 days"])
def test_a_promise_that_says_its_time_makes_no_question_about_it(promise):
    found = made(
        content(standard("lights", promise=promise), standard("letters"), standard("queue")), "lights"
    )
    assert isinstance(found["limit"], Gap)
    assert "answer itself" in found["limit"].why


def test_the_time_in_its_very_words_becomes_a_gap_in_the_sentence():
    rows = [
        standard("lights", promise="Mended within 5 working days"),
        standard("letters"),
        standard("queue"),
    ]
    assert made(content(*rows), "lights")["limit"].texts["en"]["text"].startswith("“Mended within …”")


def test_with_too_few_other_times_the_number_itself_is_asked():
    found = made(content(standard("lights"), standard("letters", amount=5)), "lights")
    assert found["limit"].kind == "numeric"
    assert found["limit"].texts["en"]["content"] == {"answer": "5", "tolerance": "0"}
    assert "two other promises" in found["promise"].why


def test_without_its_need_a_promise_is_not_asked_about():
    rows = [standard("lights", need=""), standard("letters"), standard("queue")]
    assert "need" in made(content(*rows), "lights")["promise"].why


def test_what_one_decides_alone_is_asked_with_the_amounts_of_the_other_policies():
    rows = [
        policy("a", "lights", amount="50"),
        policy("b", "letters", amount="20"),
        policy("c", "queue", amount="5"),
    ]
    right, wrong = options(made(content(policies=rows), "lights")["alone"])
    assert (right, sorted(wrong)) == (["£ 50"], ["£ 20", "£ 5"])
    alone = made(content(policies=rows[:1]), "lights")["alone"]
    assert alone.texts["en"]["content"]["answer"] == "50"
    silent = made(content(policies=[policy("d", "lights")]), "lights")["alone"]
    assert "does not say what staff may decide" in silent.why


def test_a_policy_that_serves_several_standards_is_asked_about_once():
    told = content(policies=[policy("a", "letters", "queue", amount="50")])
    assert "alone" in made(told, "letters")
    assert "alone" not in made(told, "queue")


def test_what_staff_may_do_stands_in_the_question_without_marks_of_markdown():
    rows = [
        policy("a", "lights", may="Call a taxi, **without asking**."),
        policy("b", "letters", may="Waive the *fee*."),
        policy("c", "queue", may="- Fetch a chair"),
    ]
    right, wrong = options(made(content(policies=rows), "lights")["alone"])
    assert right == ["Call a taxi, without asking."]
    assert sorted(wrong) == ["Waive the fee.", "• Fetch a chair"]


def test_each_language_of_the_edition_has_its_wording():
    rows = [standard(key) for key in WORDS]
    for row, said in zip(rows, ("Licht", "Briefe", "Aufruf"), strict=True):
        row["texts"]["de"] = {"promise": f"{said} rechtzeitig", "need": f"Ich brauche {said}."}
    found = made({"standards": rows}, "lights")
    assert options(found["limit"], "de")[0] == ["5 Arbeitstage"]
    assert "Wie lange" in found["limit"].texts["de"]["text"]
    assert [each["correct"] for each in found["promise"].texts["de"]["content"]["options"]] == [
        each["correct"] for each in found["promise"].texts["en"]["content"]["options"]
    ]


def test_a_translation_or_a_reason_is_no_change_and_another_time_or_sum_is():
    before = content(policies=[policy("a", "queue", amount="5")])
    after = content(policies=[policy("a", "queue", amount="50")])
    after["standards"][0]["texts"]["de"] = {"promise": "Licht"}
    after["standards"][0]["texts"]["en"]["why"] = "It is dark."
    after["standards"][1]["limit_amount"] = 9
    assert changed_keys(facts_of(before), facts_of(after)) == (["letters", "queue"], [])
    assert changed_keys(facts_of(before), facts_of(content(standard("queue")))) == (
        ["queue"],
        ["letters", "lights"],
    )


# ------------------------------------------------- from the edition to people


@pytest.fixture
def charter(db):
    charter = CharterFactory(unit=UnitFactory(name="Harbour", slug="harbour"))
    for key in WORDS:
        StandardFactory(charter=charter, key=key)
    return charter


def publish(charter, number, content_):
    return Edition.objects.create(
        charter=charter,
        number=number,
        note="New",
        in_force_from=date(2026, number, 1),
        content=content_,
        published_at=AT,
    )


def prepared(charter, number, content_):
    publish(charter, number, content_)
    prepare_editions(at=AT)
    return Preparation.objects.get(edition__charter=charter, edition__number=number)


def ready(preparation, manager, days=0):
    keys = list(preparation.questions.values_list("key", flat=True))
    return make_ready(preparation, accepted=keys, by=manager, at=AT + timedelta(days=days))


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


# ------------------------------------------------------------------- pages


@pytest.fixture
def manager(client, charter):
    person = person_in(charter.unit, "manager", "middle")
    client.force_login(person)
    return person


def test_the_page_shows_each_question_with_its_source_and_keeps_the_ticks(client, charter, manager):
    preparation = prepared(
        charter, 1, content(standard("lights", need=""), standard("letters"), standard("queue"))
    )
    address = reverse("training:know_detail", args=["harbour", 1])
    page = client.get(address).text
    assert "From the edition:" in page
    assert "at most: 5 working days" in page
    assert "Where no good question could be made" in page
    assert "waiting for your review" in client.get(reverse("training:know_list")).text
    client.post(address, {"accepted": "limit-lights", "due_days": 14, "keep": "1"})
    assert [row.key for row in preparation.questions.filter(is_accepted=True)] == ["limit-lights"]
    client.post(address, {"accepted": "limit-lights", "due_days": 14, "ready": "1"})
    assert Question.objects.drawable().count() == 1
    assert preparation.course.current_version().renewal_due_days == 14


def test_bad_input_keeps_the_ticks_and_changes_nothing(client, charter, manager):
    preparation = prepared(charter, 1, content())
    answer = client.post(
        preparation.get_absolute_url(), {"accepted": "limit-lights", "due_days": "0", "ready": "1"}
    )
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 1
    preparation.refresh_from_db()
    assert preparation.is_waiting


def titles(response):
    return [str(row.edition.charter.unit) for row in response.context["page"]]


def test_the_list_is_searched_by_unit_narrowed_to_a_state_and_sorted(client, charter, manager):
    address = reverse("training:know_list")
    prepared(charter, 1, content())
    prepared(charter, 2, content(standard("lights", promise="We mend lights at once")))
    other = CharterFactory(unit=UnitFactory(name="Ärmelkanal", parent=charter.unit))
    prepared(other, 1, content())
    here = str(charter.unit)
    assert titles(client.get(address, {"sort": "unit"})) == [here, "Ärmelkanal"]
    assert titles(client.get(address, {"state": "all", "q": "HARB"})) == [here, here]
    assert titles(client.get(address, {"state": "superseded"})) == [here]
    assert titles(client.get(address, {"q": "ÄRMEL"})) == ["Ärmelkanal"]
    assert "Nothing that was prepared fits these filters." in client.get(address, {"q": "moon"}).text
    assert client.get(address, {"state": "x", "q": "a\0"}).status_code == 422


def test_the_list_goes_out_with_its_filters(client, charter, manager):
    prepared(charter, 1, content(standard("lights")))
    prepared(CharterFactory(unit=UnitFactory(name="Elsewhere", parent=charter.unit)), 1, content())
    sent = client.get(reverse("training:know_list"), {"q": str(charter.unit), "export": "csv"})
    lines = b"".join(sent.streaming_content).decode().splitlines()
    assert lines[0].lstrip("\ufeff").startswith("Unit,Edition,State,Prepared on")
    assert len(lines) == 2
    assert str(charter.unit) in lines[1]


def test_the_list_asks_the_database_as_often_for_twenty_as_for_two(client, manager):
    counts = []
    for number in (2, 18):
        for _each in range(number):
            unit = UnitFactory(parent=manager.memberships.get().unit)
            publish(CharterFactory(unit=unit), 1, content(standard("lights")))
        prepare_editions(at=AT)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("training:know_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
