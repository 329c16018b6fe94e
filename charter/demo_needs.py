"""Demo data: which standards answer which needs of customers, and what is asked about them."""

from datetime import datetime
from decimal import Decimal

from charter import actions
from charter.models import Charter, Measure
from common.period import add_months
from customers.demo_words import MEASURED, STANDARDS
from customers.models import Need
from organisation.models import User

GOAL = Decimal("4.2")
ASKED = {"importance": "How important: %s", "satisfaction": "How satisfied: %s"}


def seed(charter: Charter, *, by: User, at: datetime) -> None:
    """Nothing where the customers room has not written down its needs."""
    for standard in charter.standards.filter(key__in=STANDARDS):
        for need in Need.objects.filter(need__in=STANDARDS[standard.key]):
            actions.tie_need(need=need, standard=standard, by=by, at=at)
    for need in Need.objects.filter(need__in=MEASURED):
        _measure(charter, need, by=by, at=at)


def _measure(charter: Charter, need: Need, *, by: User, at: datetime) -> None:
    standard_key, key, name, _question = MEASURED[need.need]
    pair = {
        role: actions.save_measure(
            standard=charter.standards.get(key=standard_key),
            measure=None,
            fields={
                "key": f"{role}-{key}",
                "name": words % name,
                "method": Measure.Method.MEAN,
                "scale_low": 1,
                "scale_high": 5,
                "is_of_need": True,
            },
            by=by,
            at=at,
        )
        for role, words in ASKED.items()
    }
    starts_on = add_months(at.date(), -12)
    actions.set_goal(measure=pair["satisfaction"], target=GOAL, starts_on=starts_on, by=by, at=at)
    others = Measure.objects.active().of_promises().filter(standard__key=standard_key, standard__needs=need)
    actions.measure_need(
        need=need,
        importance=pair["importance"],
        satisfaction=pair["satisfaction"],
        others=others,
        by=by,
        at=at,
    )
