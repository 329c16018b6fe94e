"""The administrators' audit trail: which models it follows, and entries for guarded updates.

Plain saves are noted by django-auditlog itself. A guarded `update()` passes it by, so the action
writes its own entry with `note_change`.
"""

from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog

from organisation.models import (
    ApiToken,
    BusinessCalendar,
    CalendarDay,
    CalendarUse,
    Installation,
    Invitation,
    Membership,
    Unit,
    UnitPlacement,
    User,
)

FOLLOWED = (
    User,
    Unit,
    UnitPlacement,
    Membership,
    Installation,
    Invitation,
    ApiToken,
    BusinessCalendar,
    CalendarDay,
    CalendarUse,
)
NEVER_NOTED = {
    "id",
    "reference",
    "password",
    "secret_hash",
    "last_login",
    "last_used_at",
    "search",
    "tree_version",
    "version",
}


def follow_models() -> None:
    """Their own columns only: no secrets, and not what other tables point at them."""
    for model in FOLLOWED:
        names = [field.name for field in model._meta.concrete_fields if field.name not in NEVER_NOTED]
        auditlog.register(model, include_fields=names)


def note_change(thing: Any, field: str, before: Any, after: Any, *, by: User | None) -> None:
    """An entry for one field that a guarded update changed."""
    LogEntry.objects.log_create(
        thing,
        action=LogEntry.Action.UPDATE,
        changes={field: [str(before), str(after)]},
        actor=by,
        actor_email=by.email if by else None,
    )


def changes_in_words(entry: LogEntry) -> list[tuple[str, str, str]]:
    """(field, before, after) in the words of the forms; what was empty and stays so is left out."""
    model: Any = entry.content_type.model_class()
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    labels = {field.name: str(field.verbose_name) for field in fields}
    rows = [(labels.get(name, name), *_before_after(noted)) for name, noted in (entry.changes or {}).items()]
    return [row for row in rows if row[1] or row[2]]


def _before_after(noted: Any) -> tuple[str, str]:
    """A column is noted as [before, after]; a list of others by what was added to it or taken away."""
    if isinstance(noted, dict):
        others = ", ".join(noted["objects"])
        return ("", others) if noted["operation"] == "add" else (others, "")
    return _shown(noted[0]), _shown(noted[1])


def _shown(value: Any) -> str:
    return "" if value in (None, "None") else str(value)
