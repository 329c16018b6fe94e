"""What the panel “Publish” shows on the editor and on its own page."""

from datetime import date
from typing import Any

from django.template.loader import render_to_string

from charter import actions
from charter.languages import lagging
from charter.models import Charter, CharterEvent
from common.navigation import slot_contents


def _behind(charter: Charter) -> list[tuple[Any, list[str]]]:
    """(part, languages) of everything whose translation is behind the first language's words."""
    parts: list[Any] = [charter, *charter.values.active().prefetch_related("texts")]
    parts += charter.standards.active().prefetch_related("texts")
    parts += charter.policies.active().prefetch_related("texts")
    return [(part.text(), languages) for part in parts if (languages := lagging(part))]


def panel(charter: Charter, today: date) -> dict[str, Any]:
    """The last edition, what has changed since, what stands against publishing, what other rooms say."""
    last = charter.editions.first()
    changes = charter.events.exclude(what=CharterEvent.What.PUBLISHED).select_related("by")
    if last:
        changes = changes.filter(at__gt=last.published_at)
    contents = [(each.template, each.context(charter)) for each in slot_contents("charter.publish")]
    return {
        "last": last,
        "number": last.number + 1 if last else 1,
        "changes": list(changes[:20]),
        "problems": actions.problems(charter, today),
        "behind": _behind(charter),
        "remarks": [render_to_string(name, context) for name, context in contents if context is not None],
    }
