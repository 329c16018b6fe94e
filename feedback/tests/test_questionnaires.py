"""The questionnaire editor: drafts, versions and series."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from charter.tests.factories import MeasureFactory
from feedback.actions import questionnaires as actions
from feedback.actions import questions
from feedback.actions.receive import receive_response
from feedback.models import Question, QuestionText
from feedback.tests.cards import a_place, envelope
from feedback.tests.factories import QuestionFactory, VersionFactory
from organisation.tests.factories import UnitFactory, person_in

pytestmark = pytest.mark.django_db


def words(wording: str) -> dict[str, str]:
    return {"wording": wording, "hint": "", "na_label": ""}


def republished(place: Any, now: datetime) -> Any:
    draft = place.version.questionnaire.draft()
    return actions.publish_version(draft, edit_mark=draft.edit_mark, at=now)


def reworded(place: Any, key: str, wording: str) -> None:
    draft = actions.open_draft(place.version.questionnaire)
    question = draft.questions.get(key=key)
    names = ("kind", "scale_low", "scale_high", "measure", "is_required", "allows_na")
    questions.save_question(
        draft,
        edit_mark=draft.edit_mark,
        key=key,
        language="en",
        fields={name: getattr(question, name) for name in names},
        words=words(wording),
    )


def test_a_draft_is_a_copy_and_the_published_version_stays_as_it_is(now: datetime) -> None:
    place = a_place()
    reworded(place, "next", "Do you know what comes next?")
    assert str(place.version.questions.get(key="next")) == "Do you know what happens next?"
    draft = place.version.questionnaire.draft()
    assert (draft.number, draft.questions.count(), draft.texts.count()) == (2, 3, 1)
    assert str(draft.questions.get(key="next")) == "Do you know what comes next?"


def test_opening_a_draft_twice_gives_one(now: datetime) -> None:
    questionnaire = a_place().version.questionnaire
    assert actions.open_draft(questionnaire) == actions.open_draft(questionnaire)


def test_other_words_start_a_new_series_and_the_key_stays(now: datetime) -> None:
    place = a_place()
    reworded(place, "next", "Do you know what comes next?")
    version = republished(place, now)
    assert version.questions.get(key="next").series == 2
    assert version.questions.get(key="visit").series == 1
    stored = receive_response(collector=place.collector, envelope=envelope(place), at=now).response
    assert {answer.series for answer in stored.answers.all()} == {1}


def test_going_back_to_the_old_words_goes_back_to_their_series(now: datetime) -> None:
    place = a_place()
    for wording, series in [("Other words", 2), ("Do you know what happens next?", 1), ("Third words", 3)]:
        reworded(place, "next", wording)
        assert republished(place, now).questions.get(key="next").series == series


def test_another_order_keeps_the_series(now: datetime) -> None:
    place = a_place()
    draft = actions.open_draft(place.version.questionnaire)
    questions.move_question(draft, edit_mark=draft.edit_mark, key="next", up=True)
    version = republished(place, now)
    assert [(question.key, question.series) for question in version.questions.all()] == [
        ("next", 1),
        ("visit", 1),
        ("comment", 1),
    ]


def test_a_translation_keeps_the_series(now: datetime) -> None:
    place = a_place()
    draft = actions.open_draft(place.version.questionnaire)
    QuestionText.objects.create(
        question=draft.questions.get(key="next"), language="de", wording="Wissen Sie, wie es weitergeht?"
    )
    assert republished(place, now).questions.get(key="next").series == 1


def test_another_scale_starts_a_new_series(now: datetime) -> None:
    place = a_place()
    draft = actions.open_draft(place.version.questionnaire)
    draft.questions.filter(key="visit").update(kind=Question.Kind.RATING, scale_low=1, scale_high=5)
    assert republished(place, now).questions.get(key="visit").series == 2


def test_two_editors_do_not_overwrite_each_other() -> None:
    place = a_place()
    draft = actions.open_draft(place.version.questionnaire)
    seen = draft.edit_mark
    actions.save_words(draft, edit_mark=seen, language="en", words={"title": "First"})
    with pytest.raises(actions.EditedMeanwhile):
        actions.save_words(draft, edit_mark=seen, language="en", words={"title": "Second"})
    assert str(draft.text("en")) == "First"


def test_a_published_version_is_never_changed(now: datetime) -> None:
    version = a_place().version
    with pytest.raises(actions.EditedMeanwhile):
        questions.remove_question(version, edit_mark=version.edit_mark, key="next")
    assert version.questions.filter(key="next").exists()


def test_a_draft_with_something_missing_is_not_published(now: datetime) -> None:
    place = a_place()
    draft = actions.open_draft(place.version.questionnaire)
    draft.texts.create(language="de", title="Wie war es?")
    draft.questions.filter(key="visit").update(scale_high=7, kind=Question.Kind.RATING)
    with pytest.raises(ValidationError) as refused:
        actions.publish_version(draft, edit_mark=draft.edit_mark, at=now)
    told = " ".join(refused.value.messages)
    assert "language “Deutsch”" in told
    assert "different scales" in told
    draft.refresh_from_db()
    assert draft.published_at is None


def test_the_editor_adds_a_question_in_the_browser(client: Client) -> None:
    place = a_place()
    client.force_login(person_in(place.collector.unit, "manager"))
    base = f"/feedback/questionnaires/{place.version.questionnaire.key}/"
    client.post(f"{base}draft/")
    draft = place.version.questionnaire.draft()
    data = {"edit_mark": draft.edit_mark, "language": "en", "wording": "Was it easy?", "kind": "ease"}
    assert client.post(f"{base}questions/add/", data).status_code == 302
    question = draft.questions.get(key="was-it-easy")
    assert (question.scale_low, question.scale_high, question.position) == (1, 7, 3)
    stale = client.post(f"{base}questions/add/", data)
    assert stale.status_code == 422
    assert "A colleague has changed this draft" in stale.content.decode()
    draft.refresh_from_db()
    assert client.post(f"{base}publish/", {"edit_mark": draft.edit_mark}).status_code == 302
    assert "Was it easy?" in client.get(place.url).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "rating"}, "scale_high"),
        ({"kind": "rating", "scale_low": 5, "scale_high": 2}, "scale_high"),
        ({"kind": "text", "measure": "yes-no"}, "measure"),
        ({"kind": "faces", "measure": "yes-no"}, "measure"),
        ({"kind": "smell"}, "kind"),
        ({"wording": "a\x00b"}, "wording"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_beside_its_field(
    client: Client, change: dict[str, Any], field: str
) -> None:
    place = a_place()
    place.next.measure.key = "yes-no"
    place.next.measure.save()
    draft = actions.open_draft(place.version.questionnaire)
    client.force_login(person_in(place.collector.unit, "manager"))
    data = {"edit_mark": draft.edit_mark, "language": "en", "wording": "Was it?", "kind": "yes_no", **change}
    url = f"/feedback/questionnaires/{place.version.questionnaire.key}/questions/add/"
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert draft.questions.count() == 3


@pytest.mark.parametrize("mark", ["", "\x00", "x" * 5000])
def test_a_hostile_mark_of_the_draft_is_an_old_one(client: Client, mark: str) -> None:
    version: Any = VersionFactory(published_at=None)
    question: Any = QuestionFactory(version=version)
    client.force_login(person_in(UnitFactory(), "administrator"))
    page = f"/feedback/questionnaires/{version.questionnaire.key}/"
    for path in ("publish/", f"questions/{question.key}/remove/", f"questions/{question.key}/move/"):
        assert client.post(page + path, {"edit_mark": mark}).status_code == 302
    assert version.questions.count() == 1
    version.refresh_from_db()
    assert version.published_at is None


def test_two_questions_of_one_card_cannot_feed_one_measure() -> None:
    version: Any = VersionFactory(published_at=None)
    measure = MeasureFactory()
    for _turn in range(2):
        QuestionFactory(version=version, measure=measure)
    with pytest.raises(ValidationError, match="feeds the same measure"):
        actions.publish_version(version, edit_mark=version.edit_mark)


@pytest.mark.parametrize(("role", "offered"), [("staff", False), ("manager", True)])
def test_a_copy_is_offered_to_those_who_may_make_one(client: Client, role: str, offered: bool) -> None:
    place = a_place()
    client.force_login(person_in(place.collector.unit, role))
    address = f"/feedback/questionnaires/{place.version.questionnaire.key}/"
    assert (f'href="{address}copy/"' in client.get(address).content.decode()) == offered
    assert client.get(f"{address}copy/").status_code == (200 if offered else 403)


def test_a_manager_may_copy_what_others_change(client: Client) -> None:
    place = a_place()
    client.force_login(person_in(UnitFactory(), "manager"))
    address = f"/feedback/questionnaires/{place.version.questionnaire.key}/"
    page = client.get(address).content.decode()
    assert f"{address}rename/" not in page
    assert f'href="{address}copy/"' in page


def published_by_hand(client: Client, place: Any) -> str:
    draft = actions.open_draft(place.version.questionnaire)
    address = f"/feedback/questionnaires/{place.version.questionnaire.key}/"
    answer = client.post(f"{address}publish/", {"edit_mark": draft.edit_mark}, follow=True)
    return answer.content.decode()


def test_what_is_published_and_asked_is_said_to_be_asked(client: Client) -> None:
    place = a_place()
    client.force_login(person_in(place.collector.unit, "manager"))
    page = published_by_hand(client, place)
    assert "Customers are asked this version from now on" in page
    assert "/feedback/collectors/add/?questionnaire=" not in page


def test_what_is_published_and_asked_nowhere_leads_to_asking_it(client: Client) -> None:
    place = a_place(archived_at=datetime(2026, 11, 1, tzinfo=UTC))
    questionnaire = place.version.questionnaire
    client.force_login(person_in(place.collector.unit, "manager"))
    page = published_by_hand(client, place)
    assert "Customers are asked this version from now on" not in page
    assert "It is asked nowhere yet" in page
    way = f"/feedback/collectors/add/?questionnaire={questionnaire.key}"
    assert way in page
    assert f'<option value="{questionnaire.pk}" selected>' in client.get(way).content.decode()


def test_it_is_said_that_a_question_was_taken_out(client: Client) -> None:
    place = a_place()
    draft = actions.open_draft(place.version.questionnaire)
    client.force_login(person_in(place.collector.unit, "manager"))
    address = f"/feedback/questionnaires/{place.version.questionnaire.key}/questions/next/remove/"
    page = client.post(address, {"edit_mark": draft.edit_mark}, follow=True).content.decode()
    assert "is taken out of the draft" in page
