"""What colleagues enter for customers: sheets of paper and interviews."""

import uuid
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.actions.erase import erase_response
from feedback.models import Collector, Refusal, Response, ResponseEvent
from feedback.tests.cards import a_place, a_survey, rule
from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db
Kind = Collector.Kind


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any, now: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)


def desk_of(client: Client, kind: str, **collector: Any) -> Any:
    """A collector of this kind, with a colleague signed in."""
    InstallationFactory()
    place = a_place(kind=kind, **collector)
    place.desk = f"/feedback/collectors/{place.collector.slug}/{kind}/"
    place.person = person_in(place.collector.unit, "staff")
    client.force_login(place.person)
    return place


def sheet(**more: Any) -> dict[str, Any]:
    return {"uid": str(uuid.uuid4()), "q-visit": "4", "q-next": "1", "day": "2026-08-03", **more}


def test_a_sheet_counts_for_the_day_on_which_it_was_filled_in(client: Client) -> None:
    place = desk_of(client, "paper")
    answer = client.post(place.desk, sheet())
    stored = Response.objects.countable().get()
    assert stored.service_date == date(2026, 8, 3)
    assert {each.day for each in stored.answers.all()} == {date(2026, 8, 3)}
    assert stored.events.get().what == ResponseEvent.What.ENTERED
    assert answer["Location"].endswith("?day=2026-08-03")


def test_the_next_sheet_lies_there_at_once_with_the_same_day(client: Client) -> None:
    place = desk_of(client, "paper")
    page = client.post(place.desk, sheet(), follow=True).content.decode()
    assert 'value="2026-08-03"' in page
    assert "1 entered by you today" in page


def test_a_sheet_sent_twice_is_one_response(client: Client) -> None:
    place = desk_of(client, "paper")
    same = sheet()
    assert [client.post(place.desk, same).status_code for _turn in range(2)] == [302, 302]
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-19", "has not come yet"),
        ("2025-10-01", "for a year at most"),
        ("2026-01-31", "did not ask here on this day"),
        ("yesterday", "Enter a valid date"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_what_was_typed(client: Client, day: str, words: str) -> None:
    place = desk_of(client, "paper", opens_on=date(2026, 2, 1))
    answer = client.post(place.desk, sheet(day=day, **{"q-comment": "She waited with me."}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "She waited with me." in answer.content.decode()
    assert Response.objects.count() == 0


def test_whoever_entered_a_sheet_takes_it_back_and_nobody_else(client: Client) -> None:
    place = desk_of(client, "paper")
    client.post(place.desk, sheet())
    stored = Response.objects.get()
    back = f"/feedback/collectors/{place.collector.slug}/entered/{stored.reference}/take-back/"
    client.force_login(person_in(place.collector.unit, "staff"))
    client.post(back)
    assert Response.objects.countable().count() == 1
    client.force_login(place.person)
    client.post(back)
    assert Response.objects.countable().count() == 0


def test_an_interview_counts_for_today_and_the_card_is_not_open_to_the_public(client: Client) -> None:
    place = desk_of(client, "interview")
    client.post(place.desk, sheet())
    assert Response.objects.get().service_date == date(2026, 11, 18)
    assert Client().get(place.url).status_code == 404
    assert Client().post(place.api, sheet(), content_type="application/json").status_code in (404, 422)


def test_who_does_not_want_to_is_counted_once_and_can_be_taken_back(client: Client) -> None:
    place = desk_of(client, "interview")
    uid = str(uuid.uuid4())
    for _turn in range(2):
        client.post(f"{place.desk}refused/", {"uid": uid})
    client.post(place.desk, sheet())
    detail = client.get(f"/feedback/collectors/{place.collector.slug}/").context["asked_in_person"]
    assert detail == {"asked": 2, "answered": 1, "refused": 1, "percent": 50}
    client.post(f"{place.desk}refused/{uid}/withdraw/")
    assert Refusal.objects.filter(withdrawn_at__isnull=True).count() == 0


def test_a_closed_interview_asks_nobody(client: Client) -> None:
    place = desk_of(client, "interview", closes_on=date(2026, 11, 18))
    assert client.post(place.desk, sheet()).status_code == 404
    client.post(f"{place.desk}refused/", {"uid": str(uuid.uuid4())})
    assert (Response.objects.count(), Refusal.objects.count()) == (0, 0)


def stands(place: Any) -> list[tuple[date, int]]:
    """What counts at the place: the day and the face of each sheet."""
    found = Response.objects.countable().filter(collector=place.collector)
    return [(each.service_date, each.answers.get(question__key="visit").value) for each in found]


@pytest.mark.parametrize("kind", ["paper", "interview"])
def test_whoever_goes_back_and_mends_a_card_has_mended_it(client: Client, kind: str) -> None:
    place = desk_of(client, kind)
    first = sheet()
    mended = {**first, "q-visit": "2"}
    client.post(place.desk, first)
    for _twice in range(2):
        page = client.post(place.desk, mended, follow=True).content.decode()
    assert [face for _day, face in stands(place)] == [2]
    assert "1 entered by you today" in page
    client.post(place.desk, first)
    assert [face for _day, face in stands(place)] == [4]


def test_a_mended_day_of_the_visit_is_mended(client: Client) -> None:
    place = desk_of(client, "paper")
    first = sheet()
    client.post(place.desk, first)
    page = client.post(place.desk, {**first, "day": "2026-08-04"}, follow=True).content.decode()
    assert stands(place) == [(date(2026, 8, 4), 4)]
    assert "counts as it stands now" in page


def test_a_sheet_that_was_taken_back_and_is_sent_again_counts(client: Client) -> None:
    place = desk_of(client, "paper")
    same = sheet()
    client.post(place.desk, same)
    back = (
        f"/feedback/collectors/{place.collector.slug}/entered/{Response.objects.get().reference}/take-back/"
    )
    client.post(back)
    client.post(place.desk, same)
    assert stands(place) == [(date(2026, 8, 3), 4)]


def test_nobody_mends_the_sheet_of_somebody_else_and_keeps_what_was_typed(client: Client) -> None:
    place = desk_of(client, "paper")
    first = sheet()
    client.post(place.desk, first)
    client.force_login(person_in(place.collector.unit, "staff"))
    answer = client.post(place.desk, {**first, "q-visit": "1", "q-comment": "She waited with me."})
    assert answer.status_code == 422
    assert "She waited with me." in answer.content.decode()
    assert stands(place) == [(date(2026, 8, 3), 4)]


def test_a_mended_sheet_that_its_customer_had_erased_is_not_stored_again(client: Client) -> None:
    place = desk_of(client, "paper")
    first = sheet()
    mended = {**first, "q-comment": "Mended"}
    client.post(place.desk, first)
    client.post(place.desk, mended)
    erase_response(Response.objects.countable().get())
    page = client.post(place.desk, mended, follow=True).content.decode()
    assert "erased at the customer" in page
    assert not Response.objects.filter(search__contains="mended").exists()


@pytest.mark.parametrize(
    ("kind", "orders"),
    [("interview", {"visit,next,comment", "next,visit,comment"}), ("paper", {"visit,next,comment"})],
)
def test_an_interviewer_asks_in_random_order_and_a_sheet_keeps_its_own(
    client: Client, kind: str, orders: set[str]
) -> None:
    """What is printed on a sheet has one order; whoever types it in finds it there."""
    place = desk_of(client, kind)
    place.version.is_shuffled = True
    place.version.save()
    pages = [client.get(place.desk).context["fields"] for _card in range(12)]
    assert {",".join(each.key for each in page) for page in pages} == orders


VISIT = ("visit", "faces", {"wording": "How was your visit?"})
WHY = ("why", "short", {"wording": "What went wrong?", **rule(("visit", "most", 2))})


def test_an_interviewer_is_shown_what_an_answer_brings_up(client: Client) -> None:
    InstallationFactory()
    place = a_survey(VISIT, WHY, kind="interview")
    client.force_login(person_in(place.collector.unit, "staff"))
    desk = f"/feedback/collectors/{place.collector.slug}/interview/"
    assert "What went wrong?" not in client.get(desk).content.decode()
    card = {"uid": str(uuid.uuid4()), "version": "1", "shown": "", "q-visit": "1"}
    adapted = client.post(desk, card, headers={"HX-Request": "true"})
    assert adapted.status_code == 200
    assert "What went wrong?" in adapted.content.decode()
    asked = client.post(desk, card)
    assert asked.status_code == 200
    assert "brings up a further question" in asked.content.decode()
    assert not Response.objects.exists()
    assert client.post(desk, {**card, "shown": "why", "q-why": "Nobody came"}).status_code == 302
    assert Response.objects.get().answers.count() == 2


def test_a_sheet_shows_all_that_is_printed_on_it(client: Client) -> None:
    InstallationFactory()
    place = a_survey(VISIT, WHY, kind="paper")
    client.force_login(person_in(place.collector.unit, "staff"))
    page = client.get(f"/feedback/collectors/{place.collector.slug}/paper/").content.decode()
    assert "What went wrong?" in page
