"""Demo data: seven months of customers who say what matters to them and how satisfied they are."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from charter.models import Measure
from common.period import add_months
from customers.demo_words import MEASURED
from feedback.demo_cards import Card, hand_in, make_questionnaire, moments_in, place_at
from feedback.models import Question

MONTHS = 7
A_MONTH = {"harbour-branch": 24, "hill-branch": 11}
RATING = {"kind": Question.Kind.RATING, "scale_low": 1, "scale_high": 5}
IMPORTANCE, SATISFACTION = "How important is it to you %s?", "And how satisfied are you with us in this?"
# key of the need → usual importance, usual satisfaction, how much better in each month
LEVELS = {
    "next": (4.7, 3.1, 0.09),
    "answer": (4.5, 3.55, -0.02),
    "story": (4.35, 4.3, 0.0),
    "courtesy": (4.4, 4.5, 0.01),
    "put-right": (3.7, 3.8, 0.03),
    "wait": (3.5, 4.4, 0.0),
}


def seed(at: datetime) -> None:
    """Nothing where no need of the demo is measured."""
    if not Measure.objects.filter(key="importance-next").exists():
        return
    chance = random.Random(23)
    opened = at - timedelta(days=31 * MONTHS)
    questions = []
    for _standard, key, _name, ending in MEASURED.values():
        questions.append((f"important-{key}", RATING, f"importance-{key}", IMPORTANCE % ending, "", ""))
        questions.append((f"satisfied-{key}", RATING, f"satisfaction-{key}", SATISFACTION, "", "Cannot say"))
    survey = make_questionnaire(
        "needs", "What matters to you", "What matters to you, and how well do we do it?", questions, at=opened
    )
    for unit, many in A_MONTH.items():
        place = place_at(f"needs-{unit}", "In the waiting room", unit, survey)
        hand_in(place, _cards(at, many, chance), chance)


def _cards(at: datetime, many: int, chance: random.Random) -> Iterator[Card]:
    today = at.astimezone(ZoneInfo("Europe/London")).date()
    for back in range(MONTHS - 1, -1, -1):
        first = add_months(today, -back)
        until = min(add_months(first, 1), today)
        if first < until:
            for moment in moments_in(first, until, many, chance):
                yield Card(moment, _answers(MONTHS - back, chance))


def _answers(month: int, chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, (important, satisfied, better) in LEVELS.items():
        found[f"important-{key}"] = _rounded(chance.gauss(important, 0.7))
        found[f"satisfied-{key}"] = _rounded(chance.gauss(satisfied + better * month, 0.8))
    return found


def _rounded(value: float) -> int:
    return min(5, max(1, round(value)))
