"""All that is kept about one person, as a file for that person."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback.models import Person, Response, ResponseEvent
from feedback.said import consent_line, lines_of, reply_of


def responses_of(email: str, *, user: Any) -> "QuerySet[Response]":
    """The responses with this address in the units that the person who asks manages."""
    from_them = Person.objects.filter(email__iexact=email).values("response")
    return with_words(Response.objects.visible_to(user).filter(pk__in=from_them)).order_by(
        "-received_at", "-pk"
    )


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
