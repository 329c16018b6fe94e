"""Who of an edition's scope has signed, by unit and by level."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from charter.models import Acknowledgement, Edition
from charter.scope import people_in_scope
from organisation.models import Membership, Unit


@dataclass(frozen=True)
class Signer:
    """One person in scope today, with the request for the signature (None before the job has asked)."""

    role: Membership
    row: Acknowledgement | None

    @property
    def has_signed(self) -> bool:
        return self.row is not None and self.row.signed_at is not None


@dataclass
class Count:
    """How many of how many have signed."""

    signed: int = 0
    total: int = 0

    def add(self, signer: Signer) -> None:
        self.total += 1
        self.signed += signer.has_signed

    @property
    def missing(self) -> int:
        return self.total - self.signed

    @property
    def percent(self) -> int:
        """Rounded down: 100 only when everybody has signed."""
        return 100 * self.signed // self.total if self.total else 0


@dataclass
class UnitRow:
    """One unit's people: all of them, and by level."""

    unit: Unit
    total: Count = field(default_factory=Count)
    levels: dict[str, Count] = field(default_factory=dict)

    def add(self, signer: Signer) -> None:
        self.total.add(signer)
        self.levels.setdefault(signer.role.level, Count()).add(signer)

    @property
    def cells(self) -> list[tuple[str, Any, Count | None]]:
        return [(value, label, self.levels.get(value)) for value, label in Membership.Level.choices]


@dataclass
class Coverage:
    """Whoever has moved or left is not counted; the signature stays all the same."""

    signers: list[Signer]
    units: list[UnitRow]
    total: Count
    levels: dict[str, Count]
    answers: dict[str, int]

    @property
    def level_rows(self) -> list[tuple[str, Any, Count]]:
        return [
            (value, label, self.levels[value])
            for value, label in Membership.Level.choices
            if value in self.levels
        ]


def coverage_of(edition: Edition, today: date) -> Coverage:
    """Everybody who works in scope on a day, each counted once, where the person's first role is."""
    rows = {row.user_id: row for row in Acknowledgement.objects.filter(edition=edition)}
    people = people_in_scope(edition.charter, today)
    signers = [Signer(role, rows.get(person)) for person, role in people.items()]
    signers.sort(key=lambda each: (each.role.unit.name, each.role.user.name, each.role.pk))
    units: dict[int, UnitRow] = {}
    whole = UnitRow(edition.charter.unit)
    for signer in signers:
        units.setdefault(signer.role.unit_id, UnitRow(signer.role.unit)).add(signer)
        whole.add(signer)
    return Coverage(signers, list(units.values()), whole.total, whole.levels, _answers(signers))


def _answers(signers: Iterable[Signer]) -> dict[str, int]:
    given = dict.fromkeys(Acknowledgement.Answer.values, 0)
    for signer in signers:
        if signer.row and signer.row.answer:
            given[signer.row.answer] += 1
    return given
