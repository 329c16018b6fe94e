"""Demo data: seven months of customers served, as the ticket machine and the log of calls hand them over."""

import csv
import io
import random
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile

from common.period import add_months
from customers.actions.activity_rows import COLUMNS, MAPPING
from customers.imports import ACTIVITY
from organisation.actions.imports import check_import, take_import
from organisation.imports import begin_import, move_import
from organisation.models import Import, User

MONTHS = 7
PASSPORT, ADDRESS, PERMIT, LETTER = "Passports", "Change of address", "Permits", "Letters answered"
# unit, channel, area, product → customers on a weekday, of them known before, returned of a hundred
PATTERNS = [
    ("harbour-branch", "counter", "Old town", PASSPORT, 26, 0.31, 2.0),
    ("harbour-branch", "counter", "Docklands", PASSPORT, 19, 0.27, 2.4),
    ("harbour-branch", "counter", "Docklands", ADDRESS, 21, 0.18, 4.5),
    ("harbour-branch", "counter", "Old town", PERMIT, 9, 0.55, 9.0),
    ("harbour-branch", "online", "Old town", ADDRESS, 16, 0.42, 6.5),
    ("harbour-branch", "telephone", "Docklands", PERMIT, 8, 0.48, 7.0),
    ("hill-branch", "counter", "The Hill", PASSPORT, 22, 0.29, 1.6),
    ("hill-branch", "counter", "Northfields", ADDRESS, 17, 0.22, 3.8),
    ("hill-branch", "online", "The Hill", PERMIT, 11, 0.51, 5.5),
    ("letters-office", "post", "Northfields", LETTER, 20, 0.36, 1.0),
]
COMPLAINTS_PER_THOUSAND = {"harbour-branch": 12, "hill-branch": 9, "letters-office": 6}


def seed(*, by: User, at: datetime) -> None:
    """One file, taken in as a manager would; the same numbers every time."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    chance = random.Random(17)
    day = add_months(at.date(), -MONTHS)
    while day < at.date():
        if day.weekday() < 5:
            writer.writerows(_rows(day, chance))
        day += timedelta(days=1)
    file = ContentFile(text.getvalue().encode(), name="ticket-machine.csv")
    import_ = begin_import(file, kind=ACTIVITY, by=by, mapping=MAPPING, at=at)
    move_import(import_, to=Import.State.CHECKING, out_of=[Import.State.UPLOADED])
    check_import(import_, at=at)
    move_import(import_, to=Import.State.STAGING, out_of=[Import.State.CHECKED])
    take_import(import_, at=at)


def _rows(day: date, chance: random.Random) -> list[list[object]]:
    found: list[list[object]] = []
    busy = 1.25 if day.weekday() == 0 else 1.0
    for unit, channel, area, product, usual, known, returned in PATTERNS:
        served = round(usual * busy * chance.uniform(0.75, 1.25))
        complaints = sum(chance.random() < COMPLAINTS_PER_THOUSAND[unit] / 1000 for _each in range(served))
        used = round(served * chance.uniform(0.9, 1.0))
        sent_back = sum(chance.random() < returned / 100 for _each in range(used))
        came_back = round(served * known * chance.uniform(0.8, 1.2))
        found.append(
            [unit, day.isoformat(), channel, area, product, served, used, sent_back, came_back, complaints]
        )
    return found
