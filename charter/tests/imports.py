"""What the tests of imported results share."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from charter.actions import imports as actions
from charter.imports import KIND
from charter.models import Measure
from charter.tests.factories import MeasureFactory
from organisation.imports import begin_import, load_mapping, move_import
from organisation.models import Import

SENT_AT = datetime(2027, 1, 5, 22, 0, tzinfo=UTC)
EXCERPTS = Path(__file__).parent / "excerpts"
ROOT = Path(__file__).resolve().parents[2]
CANADA = load_mapping(ROOT / "mappings" / "canada_service_standards.json")

SIMPLE = {
    "unit": "unit",
    "measure": {"key": "measure"},
    "period": {"period": "period"},
    "met": "met",
    "total": "total",
    "departures": "departures",
    "departure_reason": "reason",
    "target": {"column": "target"},
}
HEADER = "unit,measure,period,met,total,departures,reason,target\n"


def results_measure(**kwargs: Any) -> Measure:
    kwargs = {"key": "letters-in-time", "name": "Letters in time", **kwargs}
    return MeasureFactory(method=Measure.Method.SHARE_MET, source=Measure.Source.RESULTS, **kwargs)


def begin(content: str | bytes, mapping: dict[str, Any] = SIMPLE, by: Any = None, **kwargs: Any) -> Import:
    data = content.encode() if isinstance(content, str) else content
    given = {"kind": KIND, "by": by, "mapping": mapping, "at": SENT_AT, **kwargs}
    return begin_import(ContentFile(data, name="results.csv"), **given)


def checked(content: str | bytes, mapping: dict[str, Any] = SIMPLE, by: Any = None) -> Import:
    """An import whose dry run has been made."""
    import_ = begin(content, mapping, by)
    move_import(import_, to=Import.State.CHECKING, out_of=[Import.State.UPLOADED])
    actions.check_import(import_)
    return import_


def taken(
    content: str | bytes, mapping: dict[str, Any] = SIMPLE, by: Any = None, *, skip_bad: bool = False
) -> Import:
    """An import whose rows were asked to be taken in (it may be refused)."""
    import_ = checked(content, {**mapping, "skip_bad": skip_bad}, by)
    move_import(import_, to=Import.State.STAGING, out_of=[Import.State.CHECKED])
    actions.take_import(import_)
    return import_
