"""New rows of several tables, written in one transaction and on PostgreSQL in one round trip.

For the path that is gone most, where the ORM's making of SQL and each trip to the database cost more
than the rows: everywhere else `save` and `bulk_create` say the same more plainly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction


@dataclass(frozen=True)
class Statement:
    sql: str
    values: list[Any]


def insert_of(
    rows: Sequence[models.Model], *, looked_up: Mapping[str, Sequence[Statement]] | None = None
) -> Statement:
    """One INSERT of new rows of one model, each value made ready by its field as `bulk_create` does it.

    `looked_up` names columns whose values the database finds by itself, with one query a row: keys of rows
    that are written in the same go.
    """
    columns = looked_up or {}
    kept = _fields(type(rows[0]))
    groups, values = [], []
    for index, row in enumerate(rows):
        slots = []
        for field in kept:
            if field.column in columns:
                found = columns[field.column][index]
                slots.append(f"({found.sql})")
                values += found.values
            else:
                slots.append("%s")
                values.append(field.get_db_prep_save(field.pre_save(row, add=True), connection))
        groups.append(f"({', '.join(slots)})")
    return Statement(f"{_head(type(rows[0]))} VALUES {', '.join(groups)}", values)


@lru_cache(maxsize=64)
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@lru_cache(maxsize=64)
def _head(model: type[models.Model]) -> str:
    names = ", ".join(f'"{field.column}"' for field in _fields(model))
    return f'INSERT INTO "{model._meta.db_table}" ({names})'


def run_together(statements: Sequence[Statement]) -> list[tuple[Any, ...]]:
    """All of them or none; the rows of the last one. Each sees what was committed before it began.

    PostgreSQL takes several statements of one message as one transaction, where none is open yet; inside
    an open one a savepoint keeps an error from breaking what came before.
    """
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        return _run_at_once(statements)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            return _run_at_once(statements)
        with connection.cursor() as cursor:
            for each in statements:
                cursor.execute(each.sql, each.values)
            return list(cursor.fetchall())


def _run_at_once(statements: Sequence[Statement]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            ";\n".join(each.sql for each in statements),
            [value for each in statements for value in each.values],
        )
        return list(cursor.fetchall())
