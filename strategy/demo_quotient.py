"""The demo's Service Quotient: two rounds that are closed, one that is open, and a first hour."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from organisation.models import Unit, User
from strategy.actions import find_gaps, rounds
from strategy.assessment import first_hour
from strategy.models import Round, Seat, Sheet

# What each level answers on average on the eight sides, in the order of the questionnaire.
LAST_YEAR = {
    "leadership": (4.3, 3.4, 3.9, 4.2, 3.8, 3.1, 3.7, 3.6),
    "middle": (3.7, 3.2, 3.6, 3.5, 3.4, 2.8, 3.2, 3.2),
    "front": (2.9, 3.3, 3.3, 2.6, 3.0, 2.3, 2.7, 2.9),
}
THIS_YEAR = {
    "leadership": (4.4, 3.9, 4.3, 4.3, 3.9, 4.0, 3.8, 3.7),
    "middle": (3.9, 3.8, 4.1, 3.8, 3.7, 3.7, 3.4, 3.4),
    "front": (3.2, 3.7, 4.0, 3.1, 3.4, 3.5, 2.8, 3.1),
}
PEOPLE = {"leadership": 6, "middle": 9, "front": 31}
AGREED = [
    ("leadership", "3.6", "4.0", "Leaders stood at a counter on 9 days of the quarter; the plan was 12."),
    ("knowing", "3.7", "4.0", "Eleven of fourteen needs have the evidence of customers."),
    ("standards", "4.0", "4.2", "Asked without a paper, 26 of 31 could say the promises they keep."),
    ("empowerment", "3.2", "4.0", "The 50 pounds on the spot were used twice in six months."),
    ("people", "3.5", "3.8", "Two of five newcomers met a customer before their first course."),
    ("measurement", "3.6", "3.8", "The scoreboard hangs in both branches and is talked about on Mondays."),
    ("recognition", "2.9", "3.5", "Praise from cards reached the person in four cases of nineteen."),
    ("internal", "3.2", "3.6", "Letters from other teams lie two days before they are passed on."),
]
NOT_YET = {"known": "partly", "decide": "partly", "thanks": "no", "rules": "no", "newcomers": "partly"}


def seed(at: datetime) -> None:
    admin = User.objects.get(email="admin@harbour.example")
    root = Unit.objects.get(slug="harbour-city")
    _closed("Before the first charter", root, admin, LAST_YEAR, at - timedelta(days=390))
    last = _closed("A year with the charter", root, admin, THIS_YEAR, at - timedelta(days=40))
    rows = [
        {"side": side, "score": Decimal(score), "target": Decimal(target), "evidence": evidence}
        for side, score, target, evidence in AGREED
    ]
    rounds.agree(last, rows=rows, by=admin, at=at - timedelta(days=8))
    find_gaps.look_for_gaps(at=at - timedelta(days=7))
    _open(root, admin, at)
    answers = {question["key"]: NOT_YET.get(question["key"], "yes") for question in first_hour()}
    rounds.keep_first_hour(
        unit=Unit.objects.get(slug="harbour-branch"),
        answers=answers,
        note="We begin with the thanks: five minutes every Monday.",
        by=User.objects.get(email="manager@harbour.example"),
        at=at - timedelta(days=120),
    )


def _plan(name: str, unit: Unit, by: User, opens: datetime, days: int) -> Round:
    fields = {"name": name, "unit": unit, "owner": by}
    fields |= {"opens_on": opens.date(), "closes_on": (opens + timedelta(days=days)).date()}
    return rounds.plan_round(fields=fields, by=by, at=opens)


def _closed(name: str, unit: Unit, by: User, told: Mapping[str, tuple[float, ...]], at: datetime) -> Round:
    """Answered by 46 people, most of whom have no account in the demo: a sheet names nobody anyway."""
    found = _plan(name, unit, by, at, 14)
    rounds.open_round(found, by=by, at=at)
    chance = random.Random(name)
    sheets = [
        Sheet(round=found, level=level, answers=_answers(found, told[level], chance))
        for level, count in PEOPLE.items()
        for _person in range(count)
    ]
    Sheet.objects.bulk_create(sheets)
    Seat.objects.filter(round=found).update(has_answered=True)
    Round.objects.filter(pk=found.pk).update(asked=52)
    rounds.close_round(found, by=by, at=at + timedelta(days=15))
    return found


def _answers(found: Round, means: tuple[float, ...], chance: random.Random) -> dict[str, int | None]:
    answers: dict[str, int | None] = {}
    for side, mean in zip(found.content["dimensions"], means, strict=True):
        for item in side["items"]:
            value = round(chance.gauss(mean, 0.9))
            answers[item["key"]] = None if chance.random() < 0.04 else min(max(value, 1), 5)
    return answers


def _open(unit: Unit, by: User, at: datetime) -> None:
    """The next one, which the people of the demo may answer; three of them have."""
    found = _plan("Before the next edition", unit, by, at - timedelta(days=3), 17)
    rounds.open_round(found, by=by, at=at - timedelta(days=3))
    chance = random.Random(found.name)
    for email in ("amira", "tom", "grace"):
        person = User.objects.get(email=f"{email}@people.harbour.example")
        answers = _answers(found, THIS_YEAR["front"], chance)
        rounds.answer_round(found, person=person, answers=answers, at=at - timedelta(days=1))
