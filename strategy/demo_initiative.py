"""The demo's initiative: the vision, the ground it stands on, and the seven steps."""

from datetime import date, datetime
from typing import Any

from charter.models import Measure
from organisation.models import Unit, User
from strategy.actions.initiatives import add_part, begin_initiative
from strategy.models import Factor, Initiative, Stake

VISION = (
    "Whoever has been to Harbour City says: I told it once, I knew what would happen, and it happened."
    " In three years no town on this coast is trusted more with the small things."
)
Kind = Stake.Kind
STAKES = [
    (
        Kind.OPPORTUNITY,
        "Half of the forms can be done from home from next spring",
        "Decision of the council of 12 March; the platform has been tried in two towns.",
    ),
    (
        Kind.OPPORTUNITY,
        "Four colleagues who know every counter stay two years longer than planned",
        "Talks with all who retire within five years, September.",
    ),
    (
        Kind.THREAT,
        "Families move to the new quarter, which has no branch",
        "Residents by quarter: 2,100 more since the spring of last year.",
    ),
    (
        Kind.THREAT,
        "The post office closes its counter and sends its customers to us",
        "Announced for January; the Hill branch counted 160 such visitors in October.",
    ),
    (
        Kind.STRENGTH,
        "Visitors feel welcome in both branches",
        "“You are welcomed, not processed”: met in four quarters running.",
    ),
    (
        Kind.WEAKNESS,
        "The story is told twice in the Harbour branch",
        "Not met since spring: every fifth visitor had to repeat something.",
    ),
    (
        Kind.WEAKNESS,
        "Nobody knows how long a visit will take",
        "Asked for in 41 comments of the last half-year, the second most after parking.",
    ),
]
FACTORS = [
    ("Everybody leaves knowing what happens next", "next-step"),
    ("A letter is answered before the writer asks again", "letters"),
    ("Whoever serves may decide, and does", ""),
]


def seed(at: datetime) -> None:
    admin = User.objects.get(email="admin@harbour.example")
    fields: dict[str, Any] = {
        "name": "Told once, kept always",
        "unit": Unit.objects.get(slug="harbour-city"),
        "owner": admin,
        "starts_on": date(at.year, 1, 1),
        "ends_on": date(at.year + 2, 12, 31),
        "vision": VISION,
    }
    initiative = begin_initiative(fields=fields, starter="seven-steps", by=admin, at=at)
    _ground(initiative, admin, at)


def _ground(initiative: Initiative, by: User, at: datetime) -> None:
    for kind, text, evidence in STAKES:
        add_part(Stake(initiative=initiative, kind=kind, text=text, evidence=evidence), by=by, at=at)
    for text, key in FACTORS:
        measure = Measure.objects.filter(standard__key=key).order_by("pk").first() if key else None
        add_part(Factor(initiative=initiative, text=text, measure=measure), by=by, at=at)
