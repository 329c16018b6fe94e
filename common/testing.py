"""What the access table of each room is written in: who may open which address, and how."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

ROLES = ("anonymous", "staff", "foreign", "manager", "administrator")


def _nothing(world: Any) -> Any:
    return []


@dataclass(frozen=True)
class Row:
    """The status that each role gets from one address with one method.

    `args` (a list, or a dict by name), `data` and `headers` are made from the world of the access
    test: `Row("post", lambda world: [world.harbour.slug], data=lambda world: {"name": "Harbour"})`.
    `foreign` is a manager of another unit, `manager` the one of the unit that owns the world's things.
    """

    method: str = "get"
    args: Callable[[Any], Any] = _nothing
    anonymous: int = 302
    staff: int = 200
    foreign: int = 404
    manager: int = 200
    administrator: int = 200
    data: Callable[[Any], Any] | None = field(default=None, kw_only=True)
    headers: Callable[[Any], dict[str, str]] | None = field(default=None, kw_only=True)
    content_type: str | None = field(default=None, kw_only=True)

    @classmethod
    def everybody(
        cls, method: str = "get", args: Callable[[Any], Any] = _nothing, status: int = 200, **more: Any
    ) -> "Row":
        """All roles get the same: public addresses."""
        return cls(method, args, status, status, status, status, status, **more)

    @classmethod
    def administrators(
        cls, method: str = "get", args: Callable[[Any], Any] = _nothing, status: int = 200, **more: Any
    ) -> "Row":
        """Only administrators pass; the others are told that they may not."""
        return cls(method, args, 302, 403, 403, 403, status, **more)

    def expected(self) -> Iterator[tuple[str, int]]:
        for role in ROLES:
            yield role, getattr(self, role)
