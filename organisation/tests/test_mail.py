"""Letters by e-mail: each sent once, tried five times, parked, tried again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.urls import reverse

from organisation.actions import mail
from organisation.models import OutgoingMail, User
from organisation.tests.factories import InstallationFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db


def owed(now: Any, to: str = "ann@example.org") -> OutgoingMail:
    return mail.queue_mail(to=to, subject="Welcome", body="Come in.", at=now)


@pytest.fixture
def refusing(monkeypatch: Any) -> None:
    """A mail server that refuses everything for Bob."""
    deliver = EmailBackend.send_messages

    def send(self: Any, messages: Any) -> int:
        if any("bob@example.org" in each.to for each in messages):
            raise ConnectionRefusedError("No route to Bob")
        return deliver(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)


def test_a_letter_is_sent_once(now: Any) -> None:
    letter = owed(now)
    assert mail.send_due_mail(at=now) == 1
    assert mail.send_due_mail(at=now + timedelta(days=1)) == 0
    letter.refresh_from_db()
    assert [(each.to, each.subject, each.body) for each in outbox.outbox] == [
        (["ann@example.org"], "Welcome", "Come in.")
    ]
    assert (letter.state, letter.sent_at) == (OutgoingMail.State.SENT, now)


def test_a_letter_of_a_change_that_is_taken_back_is_never_sent(now: Any) -> None:
    with transaction.atomic():
        owed(now)
        transaction.set_rollback(True)
    assert mail.send_due_mail(at=now) == 0


def test_a_letter_that_a_dead_worker_claimed_is_sent_later(now: Any, monkeypatch: Any) -> None:
    def die(self: Any, messages: Any) -> int:
        raise SystemExit

    owed(now)
    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(SystemExit):
            mail.send_due_mail(at=now)
    assert mail.send_due_mail(at=now + timedelta(minutes=4)) == 0
    assert mail.send_due_mail(at=now + timedelta(minutes=5)) == 1


def test_a_letter_that_kills_its_worker_every_time_is_parked(now: Any) -> None:
    letter = owed(now)
    OutgoingMail.objects.update(attempts=5)
    assert mail.send_due_mail(at=now) == 0
    letter.refresh_from_db()
    assert letter.state == OutgoingMail.State.PARKED


@pytest.mark.usefixtures("refusing")
def test_a_bad_address_does_not_stop_the_other_letters(now: Any) -> None:
    bad, good = owed(now, "bob@example.org"), owed(now)
    assert mail.send_due_mail(at=now) == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (OutgoingMail.State.WAITING, OutgoingMail.State.SENT)
    assert bad.error == "ConnectionRefusedError: No route to Bob"


@pytest.mark.usefixtures("refusing")
def test_a_letter_that_fails_five_times_is_parked(now: Any) -> None:
    letter = owed(now, "bob@example.org")
    for _attempt in range(5):
        assert letter.state == OutgoingMail.State.WAITING
        mail.send_due_mail(at=letter.due_at)
        letter.refresh_from_db()
    assert letter.state == OutgoingMail.State.PARKED
    assert mail.send_due_mail(at=now + timedelta(days=30)) == 0


def test_a_subject_with_a_line_break_becomes_one_line(now: Any) -> None:
    letter = mail.queue_mail(to="ann@example.org", subject="Hello\r\nBcc: all@example.org", body="", at=now)
    assert letter.subject == "Hello Bcc: all@example.org"


def test_a_letter_that_postgresql_could_not_store_is_refused_everywhere(now: Any) -> None:
    with pytest.raises(ValidationError):
        mail.queue_mail(to="ann@example.org", subject="Hello", body="a\x00b", at=now)


def test_all_parked_letters_get_new_attempts(now: Any) -> None:
    letter = owed(now)
    OutgoingMail.objects.update(state=OutgoingMail.State.PARKED, attempts=5, error="It broke.")
    assert mail.retry_parked_mail(by=UserFactory(), at=now) == 1
    assert mail.send_due_mail(at=now) == 1
    letter.refresh_from_db()
    assert letter.state == OutgoingMail.State.SENT


# The page


def listed(client: Any, **query: Any) -> Any:
    """The list as an administrator sees it; the same person when asked again."""
    if not User.objects.exists():
        person_in(InstallationFactory().root, "administrator")
    client.force_login(User.objects.get())
    return client.get(reverse("organisation:mail_list"), query)


def test_letters_are_found_in_any_case_and_script(client: Any, now: Any) -> None:
    mail.queue_mail(to="ann@example.org", subject="Été", body="", at=now)
    mail.queue_mail(to="bob@example.org", subject="Hiver", body="", at=now)
    page = listed(client, q="ÉTÉ").content.decode()
    assert "ann@example.org" in page
    assert "bob@example.org" not in page


def test_the_list_of_letters_can_be_narrowed_to_those_that_are_stuck(client: Any, now: Any) -> None:
    owed(now)
    stuck = owed(now, "bob@example.org")
    OutgoingMail.objects.filter(pk=stuck.pk).update(state=OutgoingMail.State.PARKED)
    page = listed(client, state="parked").content.decode()
    assert "bob@example.org" in page
    assert "ann@example.org" not in page


def test_the_text_of_letters_is_shown_in_the_embedded_set_up_only(
    client: Any, now: Any, settings: Any
) -> None:
    owed(now)
    assert "Come in." in listed(client).content.decode()
    settings.PRODUCTION = True
    assert "Come in." not in listed(client).content.decode()


def test_the_filters_of_the_letters_hold_for_their_csv(client: Any, now: Any) -> None:
    owed(now)
    owed(now, "bob@example.org")
    text = b"".join(listed(client, q="bob", export="csv").streaming_content).decode()
    assert "bob@example.org" in text
    assert "ann@example.org" not in text


def test_an_administrator_sends_stuck_letters_again_in_the_browser(client: Any, now: Any) -> None:
    letter = owed(now)
    OutgoingMail.objects.update(state=OutgoingMail.State.PARKED)
    assert reverse("organisation:mail_retry") in listed(client).content.decode()
    client.post(reverse("organisation:mail_retry"))
    letter.refresh_from_db()
    assert letter.state == OutgoingMail.State.WAITING


def test_a_page_of_many_letters_asks_no_more_than_a_page_of_two(
    client: Any, now: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(person_in(InstallationFactory().root, "administrator"))

    def queries_with(rows: int) -> int:
        for number in range(rows):
            owed(now, f"{rows}-{number}@example.org")
        with django_assert_max_num_queries(1000) as captured:
            client.get(reverse("organisation:mail_list"))
        return len(captured)

    queries_with(1)
    assert queries_with(2) == queries_with(20)
