"""Invitations: reminded twice, never too often, stopped on answer and on wish, anonymous for good."""

import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.actions import invitation_lists as lists
from feedback.actions import invitations as actions
from feedback.actions.anonymous import make_anonymous
from feedback.actions.bounces import settle_letters
from feedback.actions.forget_invited import forget_addresses
from feedback.actions.suppression import suppress
from feedback.models import (
    Invitation,
    InvitationRound,
    Response,
    ResponseEvent,
    Suppression,
)
from feedback.response_rate import standing_of
from feedback.tests.cards import a_place, fields
from organisation.actions.mail import send_due_mail
from organisation.models import Attachment, Import, Installation, OutgoingMail
from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db
ANN, BEN = "ann@example.org", "ben@example.org"
A_DAY = timedelta(days=1)
State = Invitation.State


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any, now: datetime) -> SimpleNamespace:
    found = SimpleNamespace(now=now)
    monkeypatch.setattr(timezone, "now", lambda: found.now)
    return found


def a_round(*emails: str, place: Any = None, **more: Any) -> Any:
    """A round with these people on its list, begun."""
    if not Installation.objects.exists():
        InstallationFactory()
    place = place or a_place(kind="mail")
    manager = person_in(place.collector.unit, "manager")
    about: Any = InvitationRound.objects.create(
        collector=place.collector, name="Autumn", created_by=manager, **more
    )
    about.texts.create(language="en", subject="How did we do?", message="Please tell us.")
    about.texts.create(language="de", subject="Wie waren wir?", message="Bitte sagen Sie es uns.")
    actions.invite(about, people=[{"email": email} for email in emails])
    if emails:
        actions.start_round(about, by=manager)
    about.refresh_from_db()
    about.place, about.manager = place, manager
    return about


def letters_to(email: str) -> list[Any]:
    return list(OutgoingMail.objects.filter(to=email).order_by("pk"))


def link_in(letter: Any) -> str:
    found = re.search(r"/i/[\w-]+/", letter.body)
    assert found
    return found[0]


def answer(link: str, **more: str) -> Any:
    client = Client()
    page = client.get(link)
    return client.post(link, {**fields(page.content), "q-visit": "4", **more})


def test_a_person_answers_once_by_whichever_letter(clock: Any) -> None:
    about = a_round(ANN)
    actions.send_due_letters()
    clock.now += 8 * A_DAY
    actions.send_due_letters()
    first, reminder = letters_to(ANN)
    assert reminder.subject == "A reminder: How did we do?"
    assert link_in(first) != link_in(reminder)
    assert answer(link_in(first)).status_code == 303
    assert "we have your answers" in Client().get(link_in(reminder)).content.decode()
    assert Client().post(link_in(reminder), {"uid": "", "q-visit": "1"}).status_code in (409, 422)
    stored = Response.objects.get()
    assert about.invitations.get().response == stored


def test_two_cards_of_one_invitation_at_once_are_one(clock: Any) -> None:
    a_round(ANN)
    actions.send_due_letters()
    link = link_in(letters_to(ANN)[0])
    pages = [Client().get(link) for _turn in range(2)]
    answers = [Client().post(link, {**fields(page.content), "q-visit": "4"}) for page in pages]
    assert [each.status_code for each in answers] == [303, 409]
    assert Response.objects.count() == 1


def test_two_reminders_and_no_third(clock: Any) -> None:
    a_round(ANN)
    for _day in range(60):
        actions.send_due_letters()
        clock.now += A_DAY
    days = [mail.created_at.date() for mail in letters_to(ANN)]
    assert days == [date(2026, 11, 18), date(2026, 11, 25), date(2026, 12, 2)]


def test_whoever_has_answered_gets_no_reminder(clock: Any) -> None:
    a_round(ANN)
    actions.send_due_letters()
    answer(link_in(letters_to(ANN)[0]))
    clock.now += 30 * A_DAY
    actions.send_due_letters()
    assert len(letters_to(ANN)) == 1


def test_the_letter_speaks_the_language_of_the_person_and_has_the_headers_of_one_click() -> None:
    about = a_round()
    actions.invite(about, people=[{"email": ANN, "name": "Ann Miller", "language": "de"}])
    actions.start_round(about, by=about.manager)
    actions.send_due_letters()
    send_due_mail()
    sent = mail.outbox[0]
    assert sent.subject == "Wie waren wir?"
    assert sent.body.startswith("Guten Tag Ann Miller,")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.extra_headers["List-Unsubscribe"].strip("<>").endswith(f"{link_in(letters_to(ANN)[0])}stop/")


def test_one_click_ends_all_letters_and_looking_does_not(clock: Any) -> None:
    about = a_round(ANN)
    actions.send_due_letters()
    stop = f"{link_in(letters_to(ANN)[0])}stop/"
    assert Client().get(stop).status_code == 200
    assert not Suppression.objects.exists()
    for _turn in range(2):
        assert Client().post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert about.invitations.get().state == State.STOPPED
    clock.now += 200 * A_DAY
    other = a_round(ANN, place=about.place)
    actions.send_due_letters()
    assert (other.invitations.get().state, other.invitations.get().why) == ("skipped", "suppressed")
    assert len(letters_to(ANN)) == 1


def test_nobody_is_asked_more_often_than_every_ninety_days_in_any_questionnaire(clock: Any) -> None:
    a_round(ANN)
    actions.send_due_letters()
    clock.now += 89 * A_DAY
    second = a_round(ANN, BEN)
    actions.send_due_letters()
    assert [each.state for each in second.invitations.order_by("email")] == ["skipped", "asked"]
    clock.now += 2 * A_DAY
    third = a_round(ANN)
    actions.send_due_letters()
    assert third.invitations.get().state == State.ASKED


def test_letters_leave_at_the_set_rate(clock: Any, settings: Any) -> None:
    settings.INVITATIONS_A_MINUTE = 2
    a_round(*(f"person{number}@example.org" for number in range(5)))
    owed = []
    for _turn in range(4):
        owed.append(actions.send_due_letters() + actions.send_due_letters())
        clock.now += timedelta(minutes=1)
    assert owed == [2, 2, 1, 0]


def test_a_letter_that_cannot_be_sent_is_a_bounce_and_leaves_the_denominator(clock: Any) -> None:
    about = a_round(ANN, BEN)
    actions.send_due_letters()
    OutgoingMail.objects.filter(to=BEN).update(state=OutgoingMail.State.PARKED)
    settle_letters()
    answer(link_in(letters_to(ANN)[0]))
    standing = standing_of([about])[about.pk]
    assert (standing["reached"], standing["answered"], standing["bounced"]) == (1, 1, 1)
    assert standing["percent"] == 100
    assert Suppression.objects.get().hint == "b…@example.org"


def test_a_stopped_or_closed_round_sends_nothing_further(clock: Any) -> None:
    about = a_round(ANN)
    actions.stop_round(about, by=about.manager)
    assert actions.send_due_letters() == 0
    actions.start_round(about, by=about.manager)
    about.place.collector.closes_on = date(2026, 11, 18)
    about.place.collector.save()
    clock.now += timedelta(minutes=1)
    assert actions.send_due_letters() == 0
    assert letters_to(ANN) == []


def test_a_round_without_a_letter_or_a_list_does_not_begin() -> None:
    about = a_round()
    with pytest.raises(actions.RoundRefused):
        actions.start_round(about, by=about.manager)


def test_an_anonymous_answer_has_no_time_no_person_and_no_link(clock: Any) -> None:
    about = a_round(ANN, is_anonymous=True)
    actions.send_due_letters()
    link = link_in(letters_to(ANN)[0])
    assert "anonymous" in Client().get(link).content.decode()
    clock.now += timedelta(hours=2, minutes=34)
    answer(link, name="Ann Miller", email=ANN)
    stored = Response.objects.get()
    assert stored.received_at == datetime.fromisoformat("2026-11-18T00:00:00Z")
    assert (stored.answered_at, stored.sent_at) == (None, None)
    assert not hasattr(stored, "person")
    assert not ResponseEvent.objects.exists()
    row = about.invitations.get()
    assert row.response is None
    assert row.state == State.ANSWERED
    moments = [getattr(row, each.name) for each in Invitation._meta.concrete_fields]
    assert clock.now not in moments


def test_nobody_sees_who_has_answered_anonymously(client: Client) -> None:
    about = a_round(ANN, BEN, is_anonymous=True)
    actions.send_due_letters()
    answer(link_in(letters_to(ANN)[0]))
    client.force_login(about.manager)
    page = client.get(about.get_absolute_url()).content.decode()
    assert "50 %" in page
    exported = b"".join(client.get(f"{about.get_absolute_url()}?export=csv")).decode()
    assert "nswered" not in exported
    found = client.get(f"{about.get_absolute_url()}?state=answered").context["page"].object_list
    assert len(found) == 2


def test_anonymous_is_for_good(client: Client) -> None:
    about = a_round(ANN)
    actions.send_due_letters()
    answer(link_in(letters_to(ANN)[0]))
    assert make_anonymous(about, by=about.manager)
    assert about.invitations.get().response is None
    client.force_login(about.manager)
    data = {"name": "Autumn", "subject_en": "How?", "message_en": "Say", "is_anonymous": ""}
    page = f"{about.get_absolute_url()}edit/"
    data["seen"] = client.get(page).context["form"]["seen"].value()
    assert client.post(page, data).status_code == 302
    about.refresh_from_db()
    assert about.is_anonymous


def test_a_list_is_tried_first_and_tells_every_bad_row_with_its_reason(client: Client) -> None:
    about = a_round(BEN)
    suppress(email="stop@example.org", reason=Suppression.Reason.UNSUBSCRIBED)
    rows = [
        "E-mail;Name;Language",
        "ann@example.org;Ann;de-AT",
        "ANN@example.org;Again;",
        "nobody;;",
        f"{BEN};Ben;",
        "stop@example.org;;",
        "eve@example.org;Eve;xx",
        "emoji😀@example.org;;",
        "=cmd@example.org;=1+1;",
    ]
    client.force_login(about.manager)
    file = ContentFile("\n".join(rows).encode(), name="people.csv")
    sent = client.post(about.get_absolute_url(), {"file": file})
    import_ = Import.objects.get()
    lists.check_list(import_, lambda done, total: None)
    page = client.get(sent["Location"]).content.decode()
    reasons = ("address as in row 2", "not a complete", "stands on the list", "do not write", "language")
    assert [reason for reason in reasons if reason not in page] == []
    assert import_.counts["taken"] == 2
    assert about.invitations.count() == 1
    client.post(sent["Location"])
    import_.refresh_from_db()
    lists.take_list(import_, lambda done, total: None)
    people = about.invitations.listed().exclude(email=BEN).values_list("email", "name", "language")
    assert sorted(people) == [("=cmd@example.org", "=1+1", ""), (ANN, "Ann", "de")]
    exported = b"".join(client.get(f"{about.get_absolute_url()}?export=csv")).decode()
    assert "'=cmd@example.org" in exported


@pytest.mark.parametrize(
    "content", [b"", b"name\nAnn\n", b"\x89PNG\r\n\x1a\n", b"email\na\x00b@example.org\n"]
)
def test_a_file_without_addresses_is_refused_beside_its_field(client: Client, content: bytes) -> None:
    about = a_round()
    client.force_login(about.manager)
    answer = client.post(about.get_absolute_url(), {"file": ContentFile(content, name="people.csv")})
    assert answer.status_code == 422
    assert not Import.objects.filter(state=Import.State.CHECKING).exists()


def test_what_is_staged_is_not_written_to(clock: Any) -> None:
    about = a_round(BEN)
    import_ = Import.objects.create(
        kind=lists.KIND,
        file=Attachment.store(ContentFile(b"email"), name="a.csv", content_type="text/csv"),
        state=Import.State.STAGING,
        mapping={"round": about.reference},
    )
    actions.new_invitation(about, {"email": ANN}, due_at=clock.now, batch=import_).save()
    actions.send_due_letters()
    assert letters_to(ANN) == []


def test_people_come_in_by_program_once(clock: Any) -> None:
    about = a_round()
    people = [{"email": ANN}, {"email": "Ann@Example.org"}]
    assert actions.invite(about, people=people) == 1
    assert actions.invite(about, people=people) == 0


def test_addresses_and_letters_are_forgotten_and_nobody_is_asked_too_often_all_the_same(clock: Any) -> None:
    about = a_round(ANN)
    actions.send_due_letters()
    send_due_mail()
    actions.stop_round(about, by=about.manager)
    clock.now += 91 * A_DAY
    assert forget_addresses() == 1
    row = about.invitations.get()
    assert (row.email, row.search) == ("", "")
    assert row.address_hash
    assert not OutgoingMail.objects.exists()


def test_the_way_out_of_letters_works_when_the_address_is_forgotten(clock: Any) -> None:
    """The letter lies in the mailbox for years: its card is over, its way out is not."""
    about = a_round(ANN)
    actions.send_due_letters()
    link = link_in(letters_to(ANN)[0])
    actions.stop_round(about, by=about.manager)
    clock.now += 91 * A_DAY
    forget_addresses()
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"q-visit": "4"}).status_code == 404
    looked = Client().get(f"{link}stop/")
    assert looked.status_code == 200
    assert "No more letters?" in looked.content.decode()
    assert not Suppression.objects.exists()
    left = Client().post(f"{link}stop/")
    assert left.status_code == 200
    assert "You get no more letters of this kind" in left.content.decode()
    later = a_round(ANN, place=about.place)
    actions.send_due_letters()
    assert later.invitations.get().state == State.SKIPPED


def test_the_way_out_of_letters_says_that_nothing_is_sent_where_the_link_is_not_known() -> None:
    InstallationFactory()
    for send in (Client().get, Client().post):
        answer = send("/i/nobody-knows-it/stop/")
        assert answer.status_code == 200
        assert "By this link nothing is sent any more" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    assert not Suppression.objects.exists()


def test_a_letter_that_has_left_goes_when_the_reminder_is_written(clock: Any) -> None:
    a_round(ANN)
    actions.send_due_letters()
    send_due_mail()
    first = letters_to(ANN)[0]
    clock.now += 8 * A_DAY
    actions.send_due_letters()
    assert [letter.pk == first.pk for letter in letters_to(ANN)] == [False]
    assert answer(link_in(first)).status_code == 303


def test_twenty_people_cost_no_more_queries_than_two(client: Client) -> None:
    about = a_round("first@example.org", "second@example.org")
    client.force_login(about.manager)
    counts = []
    for many in (0, 18):
        actions.invite(about, people=[{"email": f"{number}@example.org"} for number in range(many)])
        with CaptureQueriesContext(connection) as queries:
            client.get(about.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_two_who_change_one_letter_are_told_and_nothing_is_lost(client: Client) -> None:
    about = a_round()
    client.force_login(about.manager)
    page = f"{about.get_absolute_url()}edit/"
    opened = client.get(page).context["form"]
    typed = {field.html_name: field.value() or "" for field in opened}
    client.post(page, {**typed, "message_en": "Said by the first"})
    shown = client.post(page, {**typed, "message_en": "Said by the second"})
    assert shown.status_code == 409
    assert [now for _label, now in shown.context["changed"]] == ["Said by the first"]
    assert "Said by the second" in shown.content.decode()
    again = {**typed, "message_en": "Said by the second", "seen": shown.context["form"]["seen"].value()}
    assert client.post(page, again).status_code == 302
    assert about.texts.get(language="en").message == "Said by the second"
