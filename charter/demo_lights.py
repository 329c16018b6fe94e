"""Demo data: street lights, a promise of the next edition whose log of cases is measured already."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from charter import actions
from charter.actions import imports
from charter.imports import CASES
from charter.models import Charter, Measure, Standard
from common.period import add_months
from organisation.imports import begin_import, move_import
from organisation.models import Import, Unit, User

WORDS = {
    "promise": "A street light that you report is repaired within five working days",
    "why": "So that nobody walks home in the dark.",
    "guidance": "The day of the report does not count. A makeshift for the night is no repair.",
}
GERMAN = {
    "promise": "Eine Straßenlaterne, die Sie melden, ist binnen fünf Arbeitstagen repariert",
    "why": "Damit niemand im Dunkeln nach Hause geht.",
    "guidance": "Der Tag der Meldung zählt nicht mit. Ein Notbehelf ist keine Reparatur.",
}
MEASURE = {
    "key": "lights-in-time",
    "name": "Street lights repaired in time",
    "method": Measure.Method.SHARE_MET,
    "source": Measure.Source.CASES,
    "scale_low": 0,
    "scale_high": 1,
}
MAPPING = {
    "unit": {"constant": "parks-team"},
    "measure": {"key": {"constant": "lights-in-time"}},
    "reference": "report",
    "received": "received",
    "done": "repaired",
    "limit": "standard",
    "formats": ["%Y-%m-%d %H:%M"],
}
REPORTS = 180
DAYS = [1, 2, 2, 3, 3, 4, 4, 5, 6, 6, 7, 9]


def seed(charter: Charter, *, by: User, at: datetime) -> None:
    """The standard in the draft, and nine months of reports up to `at`, taken in as a file."""
    _standard(charter, by=by, at=at - timedelta(days=6))
    file = ContentFile(_log(at).encode(), name="street-lights.csv")
    import_ = begin_import(file, kind=CASES, by=by, mapping=MAPPING, at=at)
    move_import(import_, to=Import.State.CHECKING, out_of=[Import.State.UPLOADED])
    imports.check_import(import_, at=at)
    move_import(import_, to=Import.State.STAGING, out_of=[Import.State.CHECKED])
    imports.take_import(import_, at=at)


def _standard(charter: Charter, *, by: User, at: datetime) -> None:
    standard = actions.save_standard(
        charter=charter,
        standard=None,
        language="en",
        words=WORDS,
        fields={
            "key": "street-lights",
            "discretion": Standard.Discretion.RIGID,
            "limit_amount": 5,
            "limit_unit": Standard.LimitUnit.WORKING_DAYS,
            "keeper_units": Unit.objects.filter(slug="parks-team"),
        },
        proof=actions.Proof(
            fields=MEASURE, target=Decimal(90), starts_on=add_months(at.date(), -12), is_critical=False
        ),
        by=by,
        at=at,
    )
    actions.save_standard(
        charter=charter, standard=standard, language="de", words=GERMAN, fields={}, by=by, at=at
    )


def _log(at: datetime) -> str:
    """Report, received, repaired: the same numbers every time, quicker in the latest third."""
    chance = random.Random(11)
    lines = ["report,received,repaired"]
    for number in range(1, REPORTS + 1):
        received = at - timedelta(days=270 * (1 - number / (REPORTS + 1)), minutes=chance.randrange(600))
        days = chance.choice(DAYS) - (number > 2 * REPORTS // 3)
        repaired = received + timedelta(days=max(days, 1))
        repaired = repaired.replace(hour=chance.randrange(8, 16), minute=chance.randrange(60))
        shown = f"{repaired:%Y-%m-%d %H:%M}" if repaired < at else ""
        lines.append(f"SL-{number:04},{received:%Y-%m-%d %H:%M},{shown}")
    return "\n".join(lines)
