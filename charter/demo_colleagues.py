"""Demo data: what colleagues can expect, a promise of the next edition that employees are asked about."""

from datetime import datetime
from decimal import Decimal

from charter import actions
from charter.models import Charter, Measure, Standard
from common.period import add_months
from organisation.models import User

WORDS = {
    "promise": "You may decide enough on the spot to keep what we promise",
    "why": "Who has to ask first cannot put things right while the customer is still there.",
    "guidance": "Whoever decides in a customer's favour is backed, also where it was too much.",
}
GERMAN = {
    "promise": "Sie dürfen vor Ort genug entscheiden, um zu halten, was wir versprechen",
    "why": "Wer erst fragen muss, kann nichts in Ordnung bringen, solange die Kundin noch da ist.",
    "guidance": "Wer zugunsten einer Kundin entscheidet, wird gestützt, auch wo es zu viel war.",
}
ON_FIVE = {"method": Measure.Method.MEAN, "scale_low": 1, "scale_high": 5}
DECIDE = {"key": "colleagues-decide", "name": "Colleagues may decide enough on the spot", **ON_FIVE}
ABLE = {"key": "colleagues-able", "name": "Colleagues have what they need to keep our promises", **ON_FIVE}


def seed(charter: Charter, *, by: User, at: datetime) -> None:
    """One standard for colleagues with two measures and their goals."""
    starts_on = add_months(at.date(), -12)
    standard = actions.save_standard(
        charter=charter,
        standard=None,
        language="en",
        words=WORDS,
        fields={
            "key": "free-to-decide",
            "discretion": Standard.Discretion.FLEXIBLE,
            "audience": Standard.Audience.COLLEAGUES,
        },
        proof=actions.Proof(fields=DECIDE, target=Decimal("3.8"), starts_on=starts_on, is_critical=False),
        by=by,
        at=at,
    )
    actions.save_standard(
        charter=charter, standard=standard, language="de", words=GERMAN, fields={}, by=by, at=at
    )
    able = actions.save_measure(standard=standard, measure=None, fields=ABLE, by=by, at=at)
    actions.set_goal(measure=able, target=Decimal("3.5"), starts_on=starts_on, by=by, at=at)
