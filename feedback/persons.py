"""All that is kept about one person, as a file for that person."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback.addresses import address_hash
from feedback.models import Invitation, InvitationRound, Person, Response, ResponseEvent, Suppression
from feedback.said import consent_line, lines_of, reply_of


def responses_of(email: str, *, user: Any) -> "QuerySet[Response]":
    """The responses with this address in the units that the person who asks manages: spam and deleted ones
    too, for all of them are kept. Whoever only works in a unit does not see contacts."""
    from_them = Person.objects.filter(email__iexact=email).values("response")
    kept = Response.objects.visible_to(user) | Response.objects.deleted_for(user)
    if not user.is_administrator:
        kept = kept.filter(unit__in=user.managed_unit_ids)
    return with_words(kept.filter(pk__in=from_them)).order_by("-received_at", "-pk")


def invitations_of(email: str, *, user: Any) -> "QuerySet[Invitation]":
    """Where the address stands on a list of the units that the person who asks manages."""
    rounds = InvitationRound.objects.visible_to(user)
    mine = Invitation.objects.listed().filter(round__in=rounds, address_hash=address_hash(email))
    return mine.select_related("round__collector__unit").order_by("-round__created_at", "-pk")


def invited(invitation: Invitation) -> dict[str, Any]:
    """What is kept of one invitation; of an anonymous round not whether it was answered."""
    about = invitation.round
    return {
        "round": about.name,
        "unit": about.collector.unit.name,
        "name": invitation.name,
        "email": invitation.email,
        "language": invitation.language,
        "state": seen_state(invitation),
        "letters": None if about.is_anonymous else invitation.letters,
        "asked_on": invitation.asked_on.isoformat() if invitation.asked_on else None,
    }


def seen_state(invitation: Invitation) -> str:
    """The state in words; of an anonymous round nobody sees who has answered."""
    answered = invitation.state == Invitation.State.ANSWERED
    if invitation.round.is_anonymous and answered:
        return str(Invitation.State.ASKED.label)
    return invitation.get_state_display()


def letters_refused(email: str) -> dict[str, Any] | None:
    """Whether and since which day we write no more invitations to the address, and why."""
    found = Suppression.objects.standing().filter(address_hash=address_hash(email)).first()
    return {"since": found.since, "reason": found.get_reason_display()} if found else None


def with_words(responses: "QuerySet[Response]") -> "QuerySet[Response]":
    """With all that `told` reads."""
    return responses.select_related("unit", "collector", "person", "version__questionnaire").prefetch_related(
        "answers__question__texts", "answers__chosen__option__texts", "events"
    )


def told(response: Response) -> dict[str, Any]:
    """What is kept of one response, in words, for the person it came from. Notes of colleagues among
    themselves are about the handling, not about the person, and are left out; our answer is in it."""
    person = getattr(response, "person", None)
    reply = reply_of(response)
    return {
        "receipt": response.receipt_code,
        "questionnaire": response.version.questionnaire.name,
        "unit": response.unit.name,
        "place": response.collector.name,
        "day_of_service": response.service_date.isoformat(),
        "received": response.received_at.isoformat(),
        "language": response.language,
        "counts": response.is_countable,
        "deleted": response.deleted_at is not None,
        "answers": [
            {"question": line.wording, "answer": line.words}
            for line in lines_of(response.answers.all(), response.language)
        ],
        "contact": {
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "kept_for": _(person.purpose),
            "kept_until": person.keep_until.isoformat(),
        }
        if person
        else None,
        "consent": [{"asked": line.wording, "answer": line.words} for line in consent_line(response)],
        "our_answer": reply.note if reply else None,
        "history": [
            {"what": str(event.get_what_display()), "at": event.at.isoformat()}
            for event in response.events.all()
            if event.what != ResponseEvent.What.NOTED
        ],
    }
