"""Every door by which a card comes in, behind one way of sending it."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.test import Client

from feedback.actions import invitations
from feedback.actions.kiosk import add_device
from feedback.models import InvitationRound
from feedback.tests.cards import a_survey, fields
from organisation.models import OutgoingMail
from organisation.tests.factories import InstallationFactory, person_in

BY_FORM = ("place", "embed", "mail")
BY_DEVICE = ("kiosk", "api")
BY_STAFF = ("paper", "interview")
ALL = (*BY_FORM, *BY_DEVICE, *BY_STAFF)
TAKEN = {**dict.fromkeys(BY_FORM, 303), **dict.fromkeys(BY_DEVICE, 201), **dict.fromkeys(BY_STAFF, 302)}


@dataclass
class Door:
    """`send(answers, **more)` hands in a card: answers by key, as the API has them; `more` are further
    fields. `meta` is what a card says of itself; a page that was opened has it already."""

    kind: str
    place: SimpleNamespace
    post: Callable[[dict[str, Any], dict[str, Any]], Any]
    meta: dict[str, Any]

    def send(self, answers: dict[str, Any], **more: Any) -> Any:
        return self.post(answers, {**self.meta, **more})

    @property
    def taken(self) -> int:
        return TAKEN[self.kind]


def open_door(kind: str, *questions: tuple[str, str, dict[str, Any]], at: datetime) -> Door:
    """A collector of this kind with whoever sends cards there. Its page, where it has one, is opened now."""
    InstallationFactory()
    place = a_survey(*questions, kind=kind)
    meta = {"uid": str(uuid.uuid4()), "version": 1, "questionnaire": place.version.questionnaire.key}
    if kind == "api":
        return Door(kind, place, _by_api(place), meta)
    address, client = _address(kind, place, at), Client()
    if kind in BY_STAFF:
        client.force_login(person_in(place.collector.unit, "staff"))
        meta |= {"day": at.date().isoformat()}
    elif kind in BY_FORM:
        meta |= fields(client.get(address).content)
    return Door(kind, place, _by_form(client, address), meta)


def _address(kind: str, place: SimpleNamespace, at: datetime) -> str:
    if kind == "kiosk":
        by: Any = person_in(place.collector.unit, "manager")
        fixed = {"name": "Tablet", "exit_code": "2468"}
        return f"/kiosk/{add_device(collector=place.collector, fields=fixed, by=by, at=at)[1]}/cards/"
    if kind == "mail":
        return _invitation(place)
    if kind in BY_STAFF:
        return f"/feedback/collectors/{place.collector.slug}/{kind}/"
    return f"{place.url}embed/" if kind == "embed" else str(place.url)


def _invitation(place: SimpleNamespace) -> str:
    by: Any = person_in(place.collector.unit, "manager")
    about: Any = InvitationRound.objects.create(collector=place.collector, name="Autumn", created_by=by)
    about.texts.create(language="en", subject="How did we do?", message="Please tell us.")
    invitations.invite(about, people=[{"email": "ann@example.org"}])
    invitations.start_round(about, by=by)
    invitations.send_due_letters()
    found = re.search(r"/i/[\w-]+/", OutgoingMail.objects.get().body)
    assert found
    return found[0]


def _by_api(place: SimpleNamespace) -> Callable[[dict[str, Any], dict[str, Any]], Any]:
    def post(answers: dict[str, Any], meta: dict[str, Any]) -> Any:
        return Client().post(place.api, {"answers": answers, **meta}, content_type="application/json")

    return post


def _by_form(client: Client, address: str) -> Callable[[dict[str, Any], dict[str, Any]], Any]:
    def post(answers: dict[str, Any], meta: dict[str, Any]) -> Any:
        return client.post(address, {**{f"q-{key}": value for key, value in answers.items()}, **meta})

    return post
