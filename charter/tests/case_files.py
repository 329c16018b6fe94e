"""What the tests of files of cases share."""

from datetime import UTC, datetime
from typing import Any

from django.core.files.base import ContentFile

from charter.actions import imports as actions
from charter.imports import CASES
from charter.models import Case
from organisation.imports import begin_import, move_import
from organisation.models import Import

SENT_AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
HEADER = "id,unit,received,due,done,flag\n"
SIMPLE: dict[str, Any] = {
    "unit": "unit",
    "measure": {"key": {"constant": "lights"}},
    "reference": "id",
    "received": "received",
    "due": "due",
    "done": "done",
    "on_time": {"column": "flag", "values": ["yes"]},
    "formats": ["%Y-%m-%d %H:%M", "%Y-%m-%d"],
    "as_of": "2026-11-30 12:00",
}
LATER = {**SIMPLE, "as_of": "2026-12-01 08:00"}


def checked(content: str, mapping: dict[str, Any] = SIMPLE, by: Any = None) -> Import:
    file = ContentFile(content.encode(), name="cases.csv")
    import_ = begin_import(file, kind=CASES, by=by, mapping=mapping, at=SENT_AT)
    move_import(import_, to=Import.State.CHECKING, out_of=[Import.State.UPLOADED])
    actions.check_import(import_)
    return import_


def take(import_: Import) -> Import:
    """Take in what was checked."""
    if import_.state == Import.State.CHECKED:
        move_import(import_, to=Import.State.STAGING, out_of=[Import.State.CHECKED])
        actions.take_import(import_)
    return import_


def taken(
    content: str, mapping: dict[str, Any] = SIMPLE, by: Any = None, *, skip_bad: bool = False
) -> Import:
    return take(checked(content, {**mapping, "skip_bad": skip_bad}, by))


def outcomes() -> dict[str, str]:
    counted = Case.objects.countable()
    return dict(counted.values_list("external_reference", "outcome").order_by("external_reference"))
