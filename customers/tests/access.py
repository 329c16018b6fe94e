"""Who may open the addresses of the customers room. Everybody who is signed in reads; managers change."""

from typing import Any

from common.testing import Row


def segment(world: Any) -> list[Any]:
    return [world.segment.reference]


def need(world: Any) -> list[Any]:
    return [world.need.reference]


def evidence(world: Any) -> list[Any]:
    return [world.need.reference, world.evidence.reference]


def changes(args: Any, status: int = 302) -> Row:
    return Row("post", args, staff=403, foreign=403, manager=status, administrator=status)


def form(args: Any) -> list[Row]:
    return [Row(args=args, staff=403, foreign=403), changes(args, 422)]


def adding() -> list[Row]:
    """A form in which every manager adds to what the own units look after."""
    return [Row(staff=403, foreign=200), Row("post", staff=403, foreign=422, manager=422, administrator=422)]


EXPECTATIONS: dict[str, list[Row]] = {
    "customers:need_list": [Row(foreign=200)],
    "customers:need_detail": [Row(args=need, foreign=200)],
    "customers:need_add": adding(),
    "customers:need_edit": form(need),
    "customers:need_archive": [changes(need)],
    "customers:need_restore": [changes(need)],
    "customers:evidence_add": adding(),
    "customers:evidence_remove": [changes(evidence)],
    "customers:evidence_restore": [changes(evidence)],
    "customers:activity_list": [Row(foreign=200)],
    "customers:segment_list": [Row(foreign=200)],
    "customers:segment_detail": [Row(args=segment, foreign=200)],
    "customers:segment_add": adding(),
    "customers:segment_edit": form(segment),
    "customers:segment_archive": [changes(segment)],
    "customers:segment_restore": [changes(segment)],
}
