"""Which unit a file means: by short name, name, or the unit's reference in other systems."""

from common.text import search_form
from organisation.models import Unit, User


def units_by_name() -> dict[str, Unit]:
    """Case-folded text → unit in use; a text that several units share finds none of them. One query."""
    found: dict[str, Unit] = {}
    shared: set[str] = set()
    for unit in Unit.objects.active():
        for text in {search_form(name) for name in {unit.slug, unit.name, unit.external_reference} - {""}}:
            if text in found:
                shared.add(text)
            found[text] = unit
    return {text: unit for text, unit in found.items() if text not in shared}


def allowed_units(by: User | None) -> set[int] | None:
    """Units into which the person may bring rows; None stands for everywhere. Who has left: nowhere."""
    if by is not None and not by.is_active:
        return set()
    if by is None or by.is_administrator:
        return None
    return set(Unit.objects.managed_by(by).values_list("pk", flat=True))
