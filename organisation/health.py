"""Is the product alive, can it take and keep a card, and how late is the work behind it?"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from common.health import register_work_owed, work_owed
from common.reference import new_reference
from organisation.actions.ticks import BEAT, LAST
from organisation.models import Job, OutgoingMail, Tick

LATE_WORK_SECONDS = 300
LATE_BEAT_SECONDS = 120


@dataclass
class Readiness:
    """`owed` and `last_tick` are ages in seconds; None where nothing is owed, or nothing ticked yet."""

    database: bool = False
    migrations: bool = False
    owed: dict[str, float | None] = field(default_factory=dict)
    last_tick: float | None = None

    @property
    def ready(self) -> bool:
        """Cards can be taken and kept. Late work is no reason to send customers away."""
        return self.database and self.migrations

    @property
    def late(self) -> list[str]:
        """The work that nobody has done in time: no worker runs, or none keeps up."""
        late = [name for name, age in self.owed.items() if age is not None and age > LATE_WORK_SECONDS]
        if self.ready and (self.last_tick is None or self.last_tick > LATE_BEAT_SECONDS):
            late.append("schedule")
        return late

    def as_dict(self) -> dict[str, Any]:
        return {
            "status": "not ready" if not self.ready else "late" if self.late else "ready",
            "database": self.database,
            "migrations": self.migrations,
            "oldest_work_owed_seconds": self.owed,
            "last_tick_seconds": self.last_tick,
            "late": self.late,
        }


def readiness(at: datetime) -> Readiness:
    found = Readiness()
    try:
        found.database = _can_write(at)
        found.migrations = _migrations_applied()
        if found.ready:
            found.owed = work_owed(at)
            found.last_tick = _age(Tick.objects.filter(job=BEAT, period=LAST), "at", at)
    except (DatabaseError, InterfaceError):
        # The rest stays at “no”: that is the answer.
        return found
    return found


def _can_write(at: datetime) -> bool:
    """A row goes in and is taken back; raises DatabaseError where the database cannot be written."""
    with transaction.atomic():
        Tick.objects.create(job="readyz", scope="probe", period=new_reference(), at=at)
        transaction.set_rollback(True)
    return True


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """The leaves of the migrations on disk; they cannot change while the process runs."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _migrations_applied() -> bool:
    return _newest_migrations() <= set(MigrationRecorder(connection).applied_migrations())


def _age(rows: "models.QuerySet[Any]", stamp: str, at: datetime) -> float | None:
    oldest = rows.aggregate(oldest=models.Min(stamp))["oldest"]
    return None if oldest is None else round(max((at - oldest).total_seconds(), 0), 1)


def oldest_job(at: datetime) -> float | None:
    return _age(Job.objects.due(at), "due_at", at)


def oldest_mail(at: datetime) -> float | None:
    return _age(OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, due_at__lte=at), "due_at", at)


register_work_owed("jobs", oldest_job)
register_work_owed("mail", oldest_mail)
