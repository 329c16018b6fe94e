"""What the panel “Publish” shows on the editor and on its own page."""

from datetime import date
from typing import Any

from django.conf import settings

from charter import actions
from charter.languages import lagging
from charter.models import Charter, CharterEvent, Review
from charter.parts import parts_of
from common.languages import spoken_language
from common.navigation import rendered_slot


def _behind(charter: Charter) -> list[tuple[Any, list[str]]]:
    """(part, languages) of everything whose translation is behind the first language's words."""
    parts: list[Any] = [charter, *charter.values.active().prefetch_related("texts")]
    parts += charter.standards.active().prefetch_related("texts")
    parts += charter.policies.active().prefetch_related("texts")
    return [(part.text(), languages) for part in parts if (languages := lagging(part))]


def _missing(content: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """(title, languages) of every part that is not written in each language that the charter speaks."""
    spoken = {code: name for code, name in settings.TEXT_LANGUAGES if code in content["texts"]}
    lacks = [
        (part.title, [name for code, name in spoken.items() if code not in part.texts])
        for part in parts_of(content, spoken_language())
    ]
    return [(title, languages) for title, languages in lacks if languages]


def _against(charter: Charter, review: Review | None, today: date) -> list[actions.Problem]:
    """What stands against publishing today: the draft, or what a round has signed off."""
    if review is None:
        return actions.problems(charter, today)
    return actions.other_goals(charter, review.content, today) if review.is_signed_off else []


def panel(charter: Charter, today: date) -> dict[str, Any]:
    """The last edition, what has changed since, what stands against publishing, what other rooms say."""
    last = charter.editions.select_related("review").first()
    changes = charter.events.exclude(what__in=CharterEvent.NOT_OF_THE_DRAFT)
    changes = changes.select_related("by", "standard").prefetch_related("standard__texts")
    if last:
        changes = changes.filter(at__gt=last.drafted_at)
    review = charter.reviews.running().first()
    return {
        "review": review,
        "reviewers": list(review.reviewers.select_related("user")) if review else [],
        "last": last,
        "number": last.number + 1 if last else 1,
        "changes": list(changes[:20]),
        "behind": _behind(charter),
        "missing": _missing(actions.to_publish(charter, today)),
        "problems": _against(charter, review, today),
        "remarks": rendered_slot("charter.publish", charter),
    }
