"""Demo data: which standards answer which of the needs that the customers room has written down."""

from datetime import datetime

from charter import actions
from charter.models import Charter
from customers.demo_words import STANDARDS
from customers.models import Need
from organisation.models import User


def seed(charter: Charter, *, by: User, at: datetime) -> None:
    for standard in charter.standards.filter(key__in=STANDARDS):
        for need in Need.objects.filter(need__in=STANDARDS[standard.key]):
            actions.tie_need(need=need, standard=standard, by=by, at=at)
