"""What must be true of the database connection before anything is stored."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1}


@register(Tags.database)
def sqlite_keeps_what_it_is_given(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """Reads back the pragmas of every SQLite file: a setting that did not take is a lost answer later.

    Databases in memory (tests) have no journal on disk and are left out.
    """
    errors: list[CheckMessage] = []
    for alias in databases or []:
        connection: Any = connections[alias]
        if connection.vendor != "sqlite" or connection.is_in_memory_db():
            continue
        with connection.cursor() as cursor:
            for pragma, wanted in PRAGMAS.items():
                found = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
                if found != wanted:
                    errors.append(
                        Error(
                            f"SQLite runs with {pragma}={found} instead of {wanted}.",
                            hint="Keep the database on a local disk that other machines do not share.",
                            id="organisation.E001",
                        )
                    )
    return errors
