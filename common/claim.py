"""Taking work rows for one worker alone: the only place that locks rows."""

from typing import Any, TypeVar

from django.db import connections, models, transaction

Row = TypeVar("Row", bound=models.Model)


def claim(waiting: "models.QuerySet[Row]", *, limit: int, **changes: Any) -> list[Row]:
    """Take up to `limit` of the waiting rows and write `changes` to them, in one short transaction.

    The changes must make a row fall out of `waiting`: that is what keeps a second worker away.
    PostgreSQL skips rows that another worker is just taking; SQLite has one writer, and the guarded
    update (`waiting` is asked again in its WHERE) counts for the rest. Returns the rows as they are
    after the change, in the order of `waiting`.
    """
    with transaction.atomic(using=waiting.db):
        if connections[waiting.db].features.has_select_for_update_skip_locked:
            locked = waiting.select_for_update(skip_locked=True, of=("self",))
            taken = [row.pk for row in locked[:limit]]
            waiting.model._default_manager.filter(pk__in=taken).update(**changes)
        else:
            candidates = list(waiting.values_list("pk", flat=True)[:limit])
            taken = [pk for pk in candidates if waiting.filter(pk=pk).update(**changes)]
        rows = waiting.model._default_manager.in_bulk(taken)
    return [rows[pk] for pk in taken]
