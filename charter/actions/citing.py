"""Standards that rely on others, and those that make one above concrete."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from charter.models import Charter, Standard
from organisation.models import Installation, Tree


class DependsInCircle(ValidationError):
    """The standard would, in the end, rely on itself."""


class RefinesNothingAbove(ValidationError):
    """A standard makes concrete one of a charter above its own, no other."""


def refuse_circle(standard: Standard | None, others: Iterable[Standard]) -> None:
    """Raise DependsInCircle where one of the others relies on the standard, at once or in the end.

    Inside a transaction, before any other lock: writing to the one row of the installation makes the
    second of two managers wait, who together could close a circle that neither sees.
    """
    others = list(others)
    if standard is None or not others:
        return
    Installation.objects.update(tree_version=F("tree_version"))
    edges: dict[int, list[int]] = {}
    rows = Standard.depends_on.through._base_manager.values_list("from_standard_id", "to_standard_id")
    for source, target in rows:
        edges.setdefault(source, []).append(target)
    for other in others:
        if standard.pk in _reached(other.pk, edges):
            text = _("“%(other)s” relies on this standard already, so this one cannot rely on it.")
            raise DependsInCircle({"depends_on": text % {"other": other}})


def _reached(start: int, edges: dict[int, list[int]]) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        for target in edges.get(waiting.pop(), []):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def refuse_refining(charter: Charter, refined: Standard | None, at: datetime) -> None:
    """Raise RefinesNothingAbove unless the standard belongs to a charter above this one."""
    if refined is None:
        return
    above = Tree.on(charter.local_day(at)).path(charter.unit_id)[:-1]
    if refined.charter.unit_id not in above:
        raise RefinesNothingAbove({"refines": _("Choose a standard of a charter above this one.")})
