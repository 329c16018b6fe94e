"""What higher rooms add to a report: the actions of the last period and their results, and the like."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from common.period import Period
from organisation.models import Unit


@dataclass(frozen=True)
class Section:
    """A titled part of a report in words as they are printed: paragraphs, then a table where there is one."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


Build = Callable[[Unit, Period], Section | None]
"""The section of a unit and period; None where there is nothing to say."""

_builds: list[tuple[int, Build]] = []


def register_report_section(position: int, build: Build) -> None:
    _builds.append((position, build))


def sections_of(unit: Unit, period: Period) -> list[dict[str, Any]]:
    """The sections of all rooms in their order, as a snapshot keeps them."""
    found = [build(unit, period) for _position, build in sorted(_builds, key=lambda each: each[0])]
    return [asdict(section) for section in found if section is not None]
