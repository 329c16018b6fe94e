"""Anonymous for good: neither a person nor a moment is left, whoever is answering just then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback.actions import invitations as actions
from feedback.actions import letters
from feedback.actions.anonymous import make_anonymous
from feedback.actions.inbox import reply_to_response
from feedback.models import Alert, Invitation, Person, Response
from feedback.tests.cards import a_place, envelope
from feedback.tests.test_inbox import CONTACT
from feedback.tests.test_invitations import ANN, BEN, a_round, clock, letters_to
from organisation.models import OutgoingMail
from organisation.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
__all__ = ["clock"]
MIDNIGHT = datetime(2026, 11, 18, tzinfo=UTC)
LEFT = {"contact": CONTACT, "answered_at": "2026-11-18T13:00:00Z", "sent_at": "2026-11-18T13:01:00Z"}


def answered(about: Any, invitation: Any, at: datetime, **more: Any) -> Response:
    sent = envelope(about.place, {"visit": 1}, **more)
    return actions.answer_invitation(
        invitation=invitation, collector=about.place.collector, envelope=sent, at=at
    ).response


def test_what_came_before_loses_its_person_its_letters_and_its_times(clock: Any) -> None:
    about = a_round(ANN)
    card = answered(about, about.invitations.get(), clock.now, **LEFT)
    reply_to_response(card, text="Thank you", by=UserFactory(), at=clock.now)
    make_anonymous(about, by=about.manager)
    kept = Response.objects.get()
    assert (kept.received_at, kept.replied_at) == (MIDNIGHT, MIDNIGHT)
    assert (kept.answered_at, kept.sent_at) == (None, None)
    assert {event.at for event in kept.events.all()} == {MIDNIGHT}
    assert not Person.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert about.invitations.get().response is None


def test_an_answer_under_way_when_the_round_becomes_anonymous_is_anonymous_too(clock: Any) -> None:
    about = a_round(ANN)
    found = Invitation.objects.select_related("round__collector__unit").get()
    make_anonymous(about, by=about.manager)
    answered(about, found, clock.now, **LEFT)
    assert Response.objects.get().received_at == MIDNIGHT
    assert not Person.objects.exists()
    assert about.invitations.get().response is None


def test_a_letter_under_way_says_that_the_round_is_anonymous(clock: Any, monkeypatch: Any) -> None:
    about = a_round(ANN, BEN)
    first = actions.is_suppressed

    def meanwhile(address: str) -> bool:
        make_anonymous(about, by=about.manager)
        return first(address)

    monkeypatch.setattr(actions, "is_suppressed", meanwhile)
    actions.send_due_letters()
    assert "anonymous" in letters_to(BEN)[0].body


def test_a_low_rating_given_anonymously_is_told_when_its_day_is_over(clock: Any) -> None:
    about = a_round(ANN, is_anonymous=True)
    letters.choose_letters(person=about.manager, alerts=True, rhythm="never", at=MIDNIGHT)
    answered(about, about.invitations.get(), clock.now)
    assert letters.write_alerts(at=clock.now + timedelta(minutes=1)) == 0
    assert letters.write_alerts(at=MIDNIGHT + timedelta(days=1, minutes=1)) == 1
    assert letters.write_alerts(at=MIDNIGHT + timedelta(days=1, minutes=2)) == 0


def test_of_an_alert_only_the_day_is_kept(clock: Any) -> None:
    about = a_round(place=a_place(kind="mail"))
    letters.choose_letters(person=about.manager, alerts=True, rhythm="never", at=MIDNIGHT)
    actions.invite(about, people=[{"email": ANN}])
    answered(about, about.invitations.get(), clock.now)
    assert letters.write_alerts(at=clock.now) == 1
    assert Alert.objects.get().at == MIDNIGHT
