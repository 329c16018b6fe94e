"""Every list and every export of the room costs as many queries for twenty rows as for two."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from feedback.actions import handling, inbox, listening, themes
from feedback.actions import invitations as inviting
from feedback.actions.kiosk import add_device
from feedback.actions.receive import receive_response
from feedback.actions.suppression import suppress
from feedback.models import Collector, InvitationRound, Response, Suppression
from feedback.tests.cards import WAYS, a_place, a_survey, envelope
from feedback.tests.factories import CollectorFactory, VersionFactory, a_session
from feedback.tests.test_inbox import CONTACT, queries_of
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db
QUESTIONS: Any = (
    ("visit", "faces", {}),
    ("way", "choice", {"options": WAYS}),
    ("ways", "choices", {"options": WAYS}),
    ("day", "date", {}),
    ("grid", "matrix", {"rows": ["quick", "kind"]}),
    ("who", "helper", {}),
    ("comment", "text", {}),
)
SAID = {
    "visit": 1,
    "way": "phone",
    "ways": ["counter", "phone"],
    "day": "2026-11-01",
    "quick": 4,
    "kind": 2,
    "who": "Maya",
    "comment": "I waited",
}
LISTS = [
    "/feedback/",
    "/feedback/comments/",
    "/feedback/collectors/",
    "/feedback/devices/",
    "/feedback/questionnaires/",
    "/feedback/results/",
    "/feedback/set-aside/",
    "/feedback/themes/",
    "/feedback/listening/",
    "/feedback/praise/",
    "/feedback/retention/",
    "/feedback/suppressions/",
    "/feedback/letters/",
    "{round}",
    "{collector}",
    "{results}",
    "{card}",
]
EXPORTS = [
    "/feedback/export/",
    "/feedback/export/?format=xlsx",
    "/feedback/export/?format=json",
    "/feedback/comments/?export=csv",
    "/feedback/collectors/export/",
    "/feedback/devices/?export=csv",
    "/feedback/questionnaires/export/",
    "/feedback/results/?export=csv",
    "/feedback/set-aside/?export=csv",
    "/feedback/themes/?export=csv",
    "/feedback/listening/?export=csv",
    "/feedback/retention/?export=csv",
    "/feedback/suppressions/?export=csv",
    "{round}?export=csv",
    "{results}?export=csv",
]


@pytest.fixture
def desk(now: datetime, monkeypatch: Any) -> SimpleNamespace:
    """A unit with everything that the lists show, and its manager, who administers too."""
    monkeypatch.setattr(timezone, "now", lambda: now)
    InstallationFactory()
    unit: Any = UnitFactory()
    manager = person_in(unit, "administrator")
    place = a_survey(*QUESTIONS, unit=unit)
    asked: Any = InvitationRound.objects.create(
        collector=a_place(kind="mail", unit=unit).collector, name="Autumn", created_by=manager
    )
    colleagues = a_place(kind="kiosk", unit=unit)
    colleagues.collector.questionnaire.kind = "employees"
    colleagues.collector.questionnaire.save()
    return SimpleNamespace(
        unit=unit, manager=manager, place=place, round=asked, colleagues=colleagues, now=now, rows=0
    )


def add_rows(desk: Any, count: int) -> None:
    """So many more of everything."""
    for number in range(desk.rows, desk.rows + count):
        _a_card(desk, number)
        _a_place_to_ask(desk, number)
        theme = themes.save_theme(None, name=f"Theme {number}", lines={"en": "wait*"}, by=None, at=desk.now)
        session = a_session(desk.unit)
        listening.save_finding(session, None, fields={"need": "A bench", "theme": theme}, by=desk.manager)
        suppress(email=f"no{number}@example.org", reason=Suppression.Reason.BY_HAND, by=desk.manager)
        inviting.invite(desk.round, people=[{"email": f"p{number}@example.org"}])
    desk.rows += count
    themes.read_new_comments()


def _a_card(desk: Any, number: int) -> None:
    sent = envelope(desk.place, SAID, contact=CONTACT)
    card = receive_response(collector=desk.place.collector, envelope=sent, at=desk.now).response
    inbox.reply_to_response(card, text="Mended", by=UserFactory(), at=desk.now)
    handling.pass_praise_on(card, to=desk.manager, words="Well done", by=UserFactory())
    first = Response.objects.filter(collector=desk.place.collector).earliest("pk")
    handling.note_on_response(first, text=f"Note {number}", by=UserFactory())
    aside = receive_response(
        collector=desk.colleagues.collector,
        envelope=envelope(desk.colleagues),
        at=desk.now - timedelta(days=number),
    )
    Response.objects.filter(pk=aside.response.pk).update(is_spam=True)


def _a_place_to_ask(desk: Any, number: int) -> None:
    version: Any = VersionFactory()
    place: Any = CollectorFactory(
        unit=desk.unit, questionnaire=version.questionnaire, kind=Collector.Kind.KIOSK
    )
    device = {"name": f"Tablet {number}", "exit_code": "24681357"}
    add_device(collector=place, fields=device, by=UserFactory(), at=desk.now)


@pytest.mark.parametrize("path", LISTS + EXPORTS)
def test_twenty_rows_cost_no_more_queries_than_two(desk: Any, path: str) -> None:
    add_rows(desk, 2)
    address = path.format(
        round=desk.round.get_absolute_url(),
        collector=f"/feedback/collectors/{desk.place.collector.slug}/",
        results=f"/feedback/results/{desk.place.collector.questionnaire.key}/",
        card=Response.objects.filter(collector=desk.place.collector).earliest("pk").get_absolute_url(),
    )
    queries_of(desk.manager, address)
    two = queries_of(desk.manager, address)
    add_rows(desk, 18)
    assert queries_of(desk.manager, address) == two
