"""Invitations for programs: people for a round's list, and addresses whose letters came back."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from feedback.actions.bounces import note_bounce_told_by
from feedback.actions.invitation_lists import person_of
from feedback.actions.invitations import invite
from feedback.addresses import address_hash
from feedback.models import InvitationRound, Suppression
from organisation.api_auth import KeyWithScope
from organisation.imports import RowProblem

router = Router(tags=["feedback"])
SCOPE = "feedback.invite"
MOST_AT_ONCE = 1000


class PersonIn(Schema):
    email: str
    name: str = ""
    language: str = ""


class PeopleIn(Schema):
    people: list[PersonIn] = Field(min_length=1, max_length=MOST_AT_ONCE)


class LeftOutOut(Schema):
    row: int
    reason: str


class PeopleOut(Schema):
    """`taken` are new on the list; `left_out` counts from 1."""

    taken: int
    left_out: list[LeftOutOut]


class BouncesIn(Schema):
    emails: list[str] = Field(min_length=1, max_length=MOST_AT_ONCE)


class BouncesOut(Schema):
    noted: int


class Message(Schema):
    detail: str


@router.post(
    "/rounds/{reference}/invitations",
    auth=KeyWithScope(SCOPE),
    response={200: PeopleOut, 401: Message, 404: Message},
    url_name="round_invitations",
    summary="Put people on the list of a round of invitations",
)
def put_on_the_list(request: HttpRequest, reference: str, payload: PeopleIn) -> Status[dict[str, Any]]:
    """Sent again, nobody stands there twice. Who is left out stands in the answer with the reason."""
    by = request.auth.created_by  # type: ignore[attr-defined]
    about = InvitationRound.objects.visible_to(by).filter(reference=reference.replace("\x00", "")).first()
    if about is None:
        return Status(404, {"detail": _("There is no such round.")})
    found = Suppression.objects.standing().values_list("address_hash", flat=True)
    suppressed = set(found.filter(address_hash__in=[address_hash(each.email) for each in payload.people]))
    people, left_out = [], []
    for number, each in enumerate(payload.people, start=1):
        try:
            person = person_of(each.email, each.name, each.language)
            if address_hash(person["email"]) in suppressed:
                raise RowProblem("suppressed", _("We do not write to this address any more."))
            people.append(person)
        except RowProblem as problem:
            left_out.append({"row": number, "reason": problem.text})
    return Status(200, {"taken": invite(about, people=people), "left_out": left_out})


@router.post(
    "/bounces",
    auth=KeyWithScope(SCOPE),
    response={200: BouncesOut, 401: Message},
    url_name="bounces",
    summary="Tell which addresses cannot be reached by letter",
)
def bounces(request: HttpRequest, payload: BouncesIn) -> Status[dict[str, Any]]:
    """They are not written to any more. `noted` are those who had been asked; what is no address, or stands
    on no list of the units that the key's maker manages, is passed over."""
    by = request.auth.created_by  # type: ignore[attr-defined]
    noted = 0
    for email in payload.emails:
        try:
            noted += note_bounce_told_by(by, person_of(email, "", "")["email"])
        except RowProblem:
            continue
    return Status(200, {"noted": noted})
