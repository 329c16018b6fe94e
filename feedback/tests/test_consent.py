"""What personal data are for is said where they are asked, and who agreed to what is kept as it was shown."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from feedback.actions.erase import erase_response, forget_expired_contacts
from feedback.actions.kiosk import add_device
from feedback.actions.questionnaires import open_draft
from feedback.actions.receive import EnvelopeAltered, receive_response
from feedback.models import Person, Response, VersionText
from feedback.persons import told
from feedback.plan import as_data, plan_of
from feedback.plan_file import read_plan
from feedback.tests.cards import a_place, a_survey, envelope, fields
from feedback.tests.factories import ResponseFactory
from feedback.tests.test_inbox import CONTACT
from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db
QUOTE = "You may quote my comment on your website."
PURPOSE = "Only to answer you, and to invite you to our round table."
ZITAT = "Sie dürfen meinen Kommentar auf Ihrer Website zitieren."


@pytest.fixture(autouse=True)
def installation() -> None:
    InstallationFactory()


def asking(place: Any, **words: str) -> Any:
    """The place, asking with these words around its questions, and in German without any."""
    VersionText.objects.filter(version=place.version).update(**words)
    VersionText.objects.create(version=place.version, language="de", title="Wie war es?")
    return place


def agreeing() -> Any:
    return asking(a_place(), purpose=PURPOSE, consent=QUOTE)


def sent(client: Client, place: Any, **more: Any) -> Any:
    page = fields(client.get(place.url).content)
    return client.post(place.url, {**page, "q-visit": "4", **more})


def page_of(client: Client, url: str) -> str:
    return str(client.get(url).content.decode())


def received(place: Any, now: datetime, *, consent: bool | None, **more: Any) -> Response:
    told_so = envelope(place, consent=consent, **more)
    return receive_response(collector=place.collector, envelope=told_so, at=now).response


def test_the_card_says_what_addresses_are_for_and_asks_once_unticked(client: Client) -> None:
    page = page_of(client, agreeing().url)
    assert PURPOSE in page
    assert "we keep it for six months" not in page
    assert "for six months at most" in page
    assert page.count('name="consent" value="yes"') == 1
    assert "checked" not in page


def test_a_card_without_words_of_its_own_asks_as_before(client: Client) -> None:
    page = page_of(client, a_place().url)
    assert "Leave an address only if we may write to you" in page
    assert "consent" not in page


def test_nobody_is_asked_to_agree_in_another_language_than_that_of_the_card(client: Client) -> None:
    page = page_of(client, agreeing().url + "?language=de")
    assert QUOTE not in page
    assert PURPOSE not in page
    assert "consent" not in page


def test_the_purpose_stands_under_the_question_who_helped(client: Client) -> None:
    place = asking(a_survey(("who", "helper", {})), purpose="To thank them.")
    page = page_of(client, place.url)
    assert page.index("To thank them.") < page.index('name="q-who"')


@pytest.mark.parametrize(("ticked", "agreed"), [(["no", "yes"], True), (["no"], False)])
def test_the_answer_is_kept_with_the_words_as_they_were_shown(
    client: Client, ticked: list[str], agreed: bool
) -> None:
    place = agreeing()
    answer = sent(client, place, consent=ticked)
    response = Response.objects.get()
    assert (response.consent, response.has_agreed) == (QUOTE, agreed)
    receipt = page_of(client, answer["Location"])
    assert QUOTE in receipt
    assert ("Yes" if agreed else "No") in receipt.split(QUOTE)[1]


def test_who_was_not_shown_the_box_has_said_neither_yes_nor_no(client: Client) -> None:
    sent(client, agreeing())
    sent(client, a_place(), consent="yes")
    assert set(Response.objects.values_list("consent", "has_agreed")) == {("", False)}


def test_an_address_without_a_tick_is_kept_for_its_purpose_only(now: datetime) -> None:
    received(agreeing(), now, consent=False, contact=CONTACT)
    assert Person.objects.get().purpose == PURPOSE
    received(a_place(), now, consent=None, contact=CONTACT)
    assert Person.objects.order_by("pk").last().purpose == "to answer this comment"  # type: ignore[union-attr]


def test_a_tick_stays_while_something_else_is_mended(client: Client) -> None:
    again = sent(client, agreeing(), email="no address", consent="yes")
    assert again.status_code == 422
    assert 'value="yes" checked' in again.content.decode()


def test_a_tick_goes_along_to_an_earlier_page_and_back(client: Client) -> None:
    place = asking(a_survey(("one", "rating", {}), ("two", "rating", {"starts_page": True})), consent=QUOTE)
    page = fields(client.get(place.url).content)
    steps = {**page, "q-one": "4", "shown": "", "consent": ["no", "yes"]}
    back = client.post(place.url, {**steps, "page": "2", "go": "back"}).content.decode()
    assert '<input type="hidden" name="consent" value="yes">' in back
    assert QUOTE not in back
    last = client.post(place.url, {**steps, "page": "1", "consent": "yes"}).content.decode()
    assert 'value="yes" checked' in last


def test_a_tick_changed_on_the_way_is_another_body_and_no_box_is_the_body_of_before(now: datetime) -> None:
    place, uid = agreeing(), uuid.uuid4()
    received(place, now, consent=True, uid=uid)
    with pytest.raises(EnvelopeAltered):
        received(place, now, consent=False, uid=uid)
    assert envelope(place).body_hash == envelope(a_place()).body_hash


def test_a_program_tells_whether_the_customer_agreed(client: Client) -> None:
    place = agreeing()
    body = {"uid": str(uuid.uuid4()), "answers": {"visit": 4}, "language": "en", "consent": True}
    assert client.post(place.api, body, content_type="application/json").status_code == 201
    assert Response.objects.get().has_agreed


def test_consent_goes_with_the_words_and_stays_when_only_the_address_goes(now: datetime) -> None:
    response = received(agreeing(), now, consent=True, contact=CONTACT)
    forget_expired_contacts(on=now.date() + timedelta(days=400))
    assert Response.objects.get().has_agreed
    assert not Person.objects.exists()
    erase_response(response, at=now)
    assert set(Response.objects.values_list("consent", "has_agreed")) == {("", False)}


def test_an_anonymous_answer_keeps_no_consent(now: datetime) -> None:
    place = agreeing()
    told_so = envelope(place, consent=True)
    receive_response(collector=place.collector, envelope=told_so, at=now, is_anonymous=True)
    assert (Response.objects.get().consent, Response.objects.get().has_agreed) == ("", False)


def test_the_desk_sees_it_at_the_card_in_the_export_and_in_the_copy_for_the_person(
    client: Client, now: datetime
) -> None:
    response = received(agreeing(), now, consent=True, contact=CONTACT)
    client.force_login(person_in(response.unit, "manager"))
    page = page_of(client, response.get_absolute_url())
    assert QUOTE in page
    assert PURPOSE in page
    answer: Any = client.get("/feedback/export/?format=json")
    assert json.loads(b"".join(answer))[0]["agreed_to"] == QUOTE
    assert told(response)["consent"] == [{"asked": QUOTE, "answer": "Yes"}]


def test_nobody_can_be_stored_as_agreeing_to_nothing() -> None:
    with pytest.raises(IntegrityError):
        ResponseFactory(has_agreed=True)


def test_purpose_and_consent_go_along_into_a_draft_and_through_a_file() -> None:
    place = agreeing()
    draft = open_draft(place.version.questionnaire)
    words = plan_of(draft).words["en"]
    assert (words["purpose"], words["consent"]) == (PURPOSE, QUOTE)
    assert read_plan(as_data(plan_of(draft)))[0].words["en"] == words


def test_the_editor_writes_both_and_keeps_them(client: Client) -> None:
    place = agreeing()
    client.force_login(person_in(place.collector.unit, "manager"))
    draft = open_draft(place.version.questionnaire)
    url = f"/feedback/questionnaires/{draft.questionnaire.key}/words/"
    assert QUOTE in page_of(client, url + "?language=en")
    typed = {"edit_mark": draft.edit_mark, "language": "de", "title": "Wie war es?", "consent": ZITAT}
    assert client.post(url, typed).status_code == 302
    assert draft.texts.get(language="de").consent == ZITAT


@pytest.mark.parametrize("kind", ["paper", "interview"])
def test_a_colleague_enters_what_the_customer_agreed_to(client: Client, kind: str) -> None:
    place = asking(a_place(kind=kind), consent=QUOTE, purpose=PURPOSE)
    client.force_login(person_in(place.collector.unit, "staff"))
    url = f"/feedback/collectors/{place.collector.slug}/{kind}/"
    page = page_of(client, url)
    assert QUOTE in page
    assert (PURPOSE in page) == (kind == "paper")
    sheet = {"uid": str(uuid.uuid4()), "q-visit": "4", "language": "en", "consent": ["no", "yes"]}
    day = str(place.collector.local_day(timezone.now()))
    assert client.post(url, {**sheet, "day": day}).status_code == 302
    assert Response.objects.get().has_agreed


def test_the_kiosk_shows_the_box_and_takes_its_answer(client: Client, now: datetime) -> None:
    place = asking(a_place(kind="kiosk"), consent=QUOTE)
    by = person_in(place.collector.unit, "manager")
    fields_of_it = {"name": "Tablet", "exit_code": "24681357"}
    _device, secret = add_device(collector=place.collector, fields=fields_of_it, by=by, at=now)
    assert QUOTE in page_of(client, f"/kiosk/{secret}/")
    card = {"uid": str(uuid.uuid4()), "q-visit": "4", "version": "1", "language": "en", "consent": "yes"}
    assert client.post(f"/kiosk/{secret}/cards/", card).status_code == 201
    assert Response.objects.get().has_agreed
