"""Demo data of the customers room: who comes to Harbour City Services, what they need, how many came."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from customers import actions, demo_activity
from customers.demo_words import NEEDS, SEGMENTS
from customers.models import Need, Segment
from organisation.models import Unit, User


def seed(at: datetime) -> None:
    by = User.objects.get(email="admin@harbour.example")
    units = {unit.slug: unit for unit in Unit.objects.all()}
    begun = at - timedelta(days=420)
    segments = {key: _segment(told, units, by=by, at=begun) for key, told in SEGMENTS.items()}
    for need, told in NEEDS.items():
        _need(need, told, segments, units, by=by, at=at)
    demo_activity.seed(by=by, at=at)


def _segment(told: dict[str, Any], units: dict[str, Unit], *, by: User, at: datetime) -> Segment:
    fields = {name: value for name, value in told.items() if name not in ("channels", "units")}
    return actions.save_segment(
        segment=None,
        fields=fields | {"unit": units[told["unit"]]},
        units=[units[slug] for slug in told["units"]],
        channels=told["channels"],
        by=by,
        at=at,
    )


def _need(
    words: str,
    told: dict[str, Any],
    segments: dict[str, Segment],
    units: dict[str, Unit],
    *,
    by: User,
    at: datetime,
) -> Need:
    least, wished = (Decimal(level) if level else None for level in told["levels"])
    need = actions.save_need(
        need=None,
        fields={
            "need": words,
            "unit": units[told["unit"]],
            "minimum_level": least,
            "desired_level": wished,
            **{name: told[name] for name in ("expectation", "minimum_words", "desired_words")},
        },
        segments=[segments[key] for key in told["segments"]],
        by=by,
        at=at - timedelta(days=420),
    )
    for kind, text, days_ago in sorted(told["evidence"], key=lambda cited: -cited[2]):
        said = at - timedelta(days=days_ago)
        actions.cite(need=need, kind=kind, text=text, said_on=said.date(), by=by, at=said)
    return need
