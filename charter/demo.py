"""The charter of Harbour City Services: its words, five promises, two editions, the log of letters."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from charter import actions
from charter.models import Charter, Measure, Standard
from common.period import add_months
from organisation.models import Unit, User

LANGUAGE = "en"
CHARTER = {
    "title": "What you can expect from us",
    "purpose": (
        "We are here so that dealing with your city is simple, fair and over quickly. "
        "These are our promises, and how well we keep them."
    ),
    "vision": "Nobody leaves us with a question they came with.",
    "why": (
        "You cannot choose another city hall. That is why you may expect more of us, not less: "
        "we say what we do, count whether we do it, and show you the count."
    ),
    "reach_us": (
        "Monday to Friday, 8 to 18, at any branch or by telephone on 0800 555 0100. "
        "You need no appointment, and a person answers."
    ),
    "when_missed": (
        "Tell us. You get an answer from a person within two working days, "
        "and what we owe you: an apology, the fee back, or a repair."
    ),
    "we_ask": (
        "Bring your papers, tell us when something changes, and treat our staff as you wish to be treated."
    ),
}
VALUES = {
    "respect": {
        "name": "Respect",
        "meaning": "We greet, listen and explain, whoever you are and however busy we are.",
        "we_do_customers": "We look up, greet first, and let you finish.",
        "we_do_colleagues": "We ask before we interrupt, and thank each other aloud.",
    },
    "plain-words": {
        "name": "Plain words",
        "meaning": "No jargon, no small print, no form that we could fill in ourselves.",
        "we_do_customers": "We say it as we would say it to a neighbour, and write it down for you.",
        "we_do_colleagues": "We hand over in one sentence: what was promised, and by when.",
    },
    "one-owner": {
        "name": "One of us owns it",
        "meaning": "Whoever you speak to first stays responsible until you are served.",
        "we_do_customers": "We take you to the right colleague and stay until the case is theirs.",
        "we_do_colleagues": "We do not pass on a case without the whole story.",
    },
    "we-learn": {
        "name": "We learn",
        "meaning": "Every complaint changes something. You can read what.",
        "we_do_customers": "We say sorry first, and then what we will do differently.",
        "we_do_colleagues": "We ask what made the mistake easy, not who made it.",
    },
}
Method, Source = Measure.Method, Measure.Source
YES_NO = {"method": Method.TOP_BOX, "source": Source.ANSWERS, "scale_low": 0, "scale_high": 1}
FACES = {"method": Method.TOP_BOX, "source": Source.ANSWERS, "scale_low": 1, "scale_high": 5}
LOG = {"method": Method.SHARE_MET, "source": Source.RESULTS, "scale_low": 0, "scale_high": 1}
STANDARDS: dict[str, dict[str, Any]] = {
    "next-step": {
        "discretion": Standard.Discretion.FLEXIBLE,
        "value": "one-owner",
        "promise": "Before you leave, you know what happens next",
        "why": "So that nobody goes home guessing.",
        "guidance": (
            "Say who does what by when, before you say goodbye. Where nothing is left to do, say that too. "
            "Where the answer is not known yet, name the day on which you will call."
        ),
        "measure": ("next-step-yes", "Visitors who knew what happens next", YES_NO),
        "goal": 90,
        "is_critical": True,
    },
    "letters": {
        "discretion": Standard.Discretion.RIGID,
        "value": "plain-words",
        "promise": "We answer every letter and e-mail within two working days",
        "why": "A late answer is a worry for you.",
        "guidance": (
            "The clock runs from the day it reaches the house. A receipt is no answer. "
            "Where the matter takes longer, the answer says what we are doing and when you hear again."
        ),
        "measure": ("letters-in-time", "Letters and e-mails answered in time", LOG),
        "goal": 90,
        "kept_by": ["letters-office"],
    },
    "story-once": {
        "discretion": Standard.Discretion.FLEXIBLE,
        "value": "one-owner",
        "promise": "You tell your story once",
        "why": "When someone else takes over, they know it already.",
        "guidance": (
            "Write the story into the case before you hand it over, and introduce your colleague by name. "
            "Ask again only for what the law makes us ask each time, and say why."
        ),
        "measure": ("story-once-yes", "Visitors who did not have to repeat anything", YES_NO),
        "goal": 90,
    },
    "welcome": {
        "discretion": Standard.Discretion.FULL,
        "value": "respect",
        "promise": "You are welcomed, not processed",
        "why": "You are the reason why we are here.",
        "guidance": (
            "How you do it is yours. A greeting before the first question, and time for the second one."
        ),
        "measure": ("welcome-top", "Visitors who gave one of the two best faces", FACES),
        "goal": 80,
    },
    "on-the-spot": {
        "discretion": Standard.Discretion.FULL,
        "value": "we-learn",
        "promise": "We put things right on the spot when we can",
        "why": "Our staff may decide without asking, up to 50 pounds.",
        "guidance": (
            "You may waive a fee, pay a taxi home or send flowers, up to 50 pounds, without asking anybody. "
            "Write down what you did in one line, so that we learn what goes wrong."
        ),
        "measure": ("on-the-spot-top", "Customers content with how it was put right", FACES),
        "goal": 85,
    },
}
FIRST_EDITION = ("next-step", "letters", "story-once", "welcome")
WRITTEN_NEXT_STEP = (
    "End every visit with a written next step: who does what by when. Where nothing is left to do, write "
    "that. Where the answer is not known yet, name the day on which you will call."
)
LETTERS_LATELY = [(371, 437), (392, 462), (341, 406)]  # together 1,104 of 1,305


def seed(at: datetime) -> None:
    """Two editions, a year and about three months before `at`, and fourteen months of letters."""
    by = User.objects.get(email="admin@harbour.example")
    begun = at - timedelta(days=380)
    charter = actions.create_charter(
        unit=Unit.objects.get(slug="harbour-city"), title=CHARTER["title"], by=by, at=begun
    )
    actions.save_charter_texts(charter=charter, language=LANGUAGE, words=CHARTER, by=by, at=begun)
    for key, words in VALUES.items():
        actions.save_value(
            charter=charter, value=None, key=key, language=LANGUAGE, words=words, by=by, at=begun
        )
    for key in FIRST_EDITION:
        _standard(charter, key, by=by, at=begun)
    actions.publish_edition(
        charter=charter,
        note="Our first charter: four promises, written with 60 visitors and everybody at the counters.",
        by=by,
        at=at - timedelta(days=365),
    )
    _second_edition(charter, by=by, at=at - timedelta(days=92))
    _letters(by=by, at=at)


def _standard(charter: Charter, key: str, *, by: User, at: datetime) -> Standard:
    told = STANDARDS[key]
    measure_key, name, method = told["measure"]
    return actions.save_standard(
        charter=charter,
        standard=None,
        language=LANGUAGE,
        words={part: told[part] for part in ("promise", "why", "guidance")},
        fields={
            "key": key,
            "discretion": told["discretion"],
            "value": charter.values.get(key=told["value"]),
            "keeper_units": Unit.objects.filter(slug__in=told.get("kept_by", [])),
        },
        proof=actions.Proof(
            fields={"key": measure_key, "name": name, **method},
            target=Decimal(told["goal"]),
            starts_on=add_months(at.date(), -24),
            is_critical=told.get("is_critical", False),
        ),
        by=by,
        at=at,
    )


def _second_edition(charter: Charter, *, by: User, at: datetime) -> None:
    added = _standard(charter, "on-the-spot", by=by, at=at)
    actions.move_standard(standard=added, up=True, by=by, at=at)
    told = STANDARDS["next-step"]
    actions.save_standard(
        charter=charter,
        standard=charter.standards.get(key="next-step"),
        language=LANGUAGE,
        words={"promise": told["promise"], "why": told["why"], "guidance": WRITTEN_NEXT_STEP},
        fields={},
        by=by,
        at=at,
    )
    actions.publish_edition(
        charter=charter,
        note=(
            "You said that you often went home without knowing what happens next: only three in four of you "
            "knew. We now end every visit with a written next step. New: we put things right on the spot."
        ),
        by=by,
        at=at,
    )


def _letters(*, by: User, at: datetime) -> None:
    """A year of months between 82 and 90 %, then the three latest, the last one up to yesterday."""
    measure = Measure.objects.get(key="letters-in-time")
    unit = Unit.objects.get(slug="letters-office")
    chance = random.Random(7)
    today = at.date()
    for back in range(13, -1, -1):
        start, end = add_months(today, -back), add_months(today, 1 - back)
        if back < len(LETTERS_LATELY):
            met, total = LETTERS_LATELY[-1 - back]
        else:
            total = chance.randint(390, 470)
            met = round(total * chance.uniform(0.825, 0.895))
        if back == 0:
            end = max(today, start + timedelta(days=1))
        recorded = min(at, datetime.combine(end, at.timetz()))
        actions.record_result(
            measure=measure, unit=unit, start=start, end=end, met=met, total=total, by=by, at=recorded
        )
