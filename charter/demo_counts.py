"""Demo data: a rate and a count, with months enough for firm limits, one unusual month and a change."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from charter import actions
from charter.models import Measure, Standard
from common.period import Period, add_months
from organisation.models import Unit, User

Method, Source, Direction = Measure.Method, Measure.Source, Measure.Direction
LOG = {
    "source": Source.RESULTS,
    "direction": Direction.LOWER,
    "scale_low": 0,
    "scale_high": 1,
    "minimum_n": 10,
    "is_sample": False,
}
MEASURES: dict[str, dict[str, Any]] = {
    "complaints-rate": {
        "standard": "welcome",
        "name": "Complaints about how visitors were received",
        "fields": {"method": Method.RATE, "counted": "complaints", "per": 1000, "exposure": "visitors"},
        "goal": 15,
    },
    "letters-lost": {
        "standard": "letters",
        "name": "Letters that went astray in the house",
        "fields": {"method": Method.COUNT, "counted": "letters astray"},
        "goal": 4,
    },
}
MONTHS = 31
UNUSUAL_MONTH = 15  # months ago
CHANGED_MONTHS_AGO = 9  # a greeter at the door since then (the scoreboard marks it)
VISITORS = {"harbour-branch": 2600, "hill-branch": 1400}
BEFORE = {"harbour-branch": 16.5, "hill-branch": 13.0}
SINCE = 0.72


def seed(*, by: User, at: datetime) -> None:
    """Every complete month of the last two and a half years; the same numbers every time."""
    measures = {key: _measure(key, by=by, at=at - timedelta(days=200)) for key in MEASURES}
    chance = random.Random(11)
    office = Unit.objects.get(slug="letters-office")
    for back in range(MONTHS, 0, -1):
        month = Period.months(add_months(at.date(), -back), 1)
        days: dict[str, Any] = {"start": month.start, "end": month.end, "by": by, "at": at}
        for slug, usual in VISITORS.items():
            visitors = round(usual * chance.uniform(0.92, 1.08))
            level = BEFORE[slug] * (SINCE if back <= CHANGED_MONTHS_AGO else 1)
            level *= (
                1.75 if back == UNUSUAL_MONTH and slug == "harbour-branch" else chance.uniform(0.88, 1.12)
            )
            actions.record_result(
                measure=measures["complaints-rate"],
                unit=Unit.objects.get(slug=slug),
                met=round(level * visitors / 1000),
                total=visitors,
                **days,
            )
        astray = chance.choice([2, 3, 3, 4, 5])
        actions.record_result(measure=measures["letters-lost"], unit=office, met=astray, total=None, **days)


def _measure(key: str, *, by: User, at: datetime) -> Measure:
    told = MEASURES[key]
    measure = actions.save_measure(
        standard=Standard.objects.get(key=told["standard"]),
        measure=None,
        fields={"key": key, "name": told["name"], **LOG, **told["fields"]},
        by=by,
        at=at,
    )
    actions.set_goal(
        measure=measure,
        target=Decimal(told["goal"]),
        starts_on=add_months(at.date(), -36),
        by=by,
        at=at,
    )
    return measure
