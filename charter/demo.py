"""The charter of Harbour City Services: five promises in two languages, two editions, the letters."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from charter import (
    actions,
    demo_colleagues,
    demo_counts,
    demo_editions,
    demo_german,
    demo_improvements,
    demo_lights,
    demo_needs,
    demo_tongues,
)
from charter.demo_words import (
    CHARTER,
    CLEARER_PLAIN_WORDS,
    FIRST_EDITION,
    LANGUAGE,
    LOG,
    POLICIES,
    RECEIPT,
    STANDARDS,
    VALUES,
    WRITTEN_NEXT_STEP,
)
from charter.models import Charter, Edition, Measure, Standard
from common.period import add_months
from organisation.models import Unit, User

WORDS = ("promise", "why", "guidance", "examples", "feeling", "need")
LETTERS_LATELY = [(371, 437), (392, 462), (341, 406)]  # together 1,104 of 1,305


def seed(at: datetime) -> None:
    """Two editions, a year and about three months before `at`, and fourteen months of letters."""
    by = User.objects.get(email="admin@harbour.example")
    begun = at - timedelta(days=380)
    charter = actions.create_charter(
        unit=Unit.objects.get(slug="harbour-city"), title=CHARTER["title"], by=by, at=begun
    )
    for language, words in ((LANGUAGE, CHARTER), ("de", demo_german.CHARTER)):
        actions.save_charter_texts(charter=charter, language=language, words=words, by=by, at=begun)
    for key in VALUES:
        _value(charter, key, by=by, at=begun)
    for key in FIRST_EDITION:
        _standard(charter, key, by=by, at=begun)
    actions.publish_edition(
        charter=charter,
        note="Our first charter: four promises, written with 60 visitors and everybody at the counters.",
        by=by,
        at=at - timedelta(days=365),
    )
    demo_counts.seed(by=by, at=at)
    edition = _second_edition(charter, by=by, at=at - timedelta(days=92))
    demo_editions.sign(edition, at=at)
    _letters(by=by, at=at)
    demo_needs.seed(charter, by=by, at=at - timedelta(days=80))
    demo_improvements.seed(charter, by=by, at=at)
    _draft_of_today(charter, by=by, at=at - timedelta(days=6))
    demo_lights.seed(charter, by=by, at=at)
    demo_colleagues.seed(charter, by=by, at=at - timedelta(days=6))
    demo_editions.begin_next_round(charter, by=by, at=at)
    demo_editions.count_letters_as_sent(at)


def _value(charter: Charter, key: str, *, by: User, at: datetime) -> None:
    value = None
    for language, words in ((LANGUAGE, VALUES[key]), ("de", demo_german.VALUES[key])):
        value = actions.save_value(
            charter=charter, value=value, key=key, language=language, words=words, by=by, at=at
        )


def _standard(charter: Charter, key: str, *, by: User, at: datetime) -> Standard:
    told = STANDARDS[key]
    measure_key, name, method = told["measure"]
    amount, unit = told.get("limit", (None, ""))
    standard = actions.save_standard(
        charter=charter,
        standard=None,
        language=LANGUAGE,
        words={part: told[part] for part in WORDS},
        fields={
            "key": key,
            "channel": told.get("channel", Standard.Channel.ANY),
            "limit_amount": amount,
            "limit_unit": unit,
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
    return _in_german(standard, demo_german.STANDARDS[key], by=by, at=at)


def _in_german(standard: Standard, words: dict[str, str], *, by: User, at: datetime) -> Standard:
    return actions.save_standard(
        charter=standard.charter, standard=standard, language="de", words=words, fields={}, by=by, at=at
    )


def _policy(charter: Charter, key: str, *, by: User, at: datetime) -> None:
    told = POLICIES[key]
    amount = told.get("amount")
    fields = {
        "key": key,
        "amount": Decimal(amount) if amount else None,
        "currency": "£" if amount else "",
        "standards": charter.standards.filter(key__in=told["standards"]),
    }
    words = {name: told[name] for name in demo_german.POLICIES[key]}
    policy = actions.save_policy(
        charter=charter, policy=None, language=LANGUAGE, words=words, fields=fields, by=by, at=at
    )
    actions.save_policy(
        charter=charter,
        policy=policy,
        language="de",
        words=demo_german.POLICIES[key],
        fields={},
        by=by,
        at=at,
    )


def _second_edition(charter: Charter, *, by: User, at: datetime) -> Edition:
    written = at - timedelta(days=20)
    added = _standard(charter, "on-the-spot", by=by, at=written)
    actions.move_standard(standard=added, up=True, by=by, at=written)
    changed = actions.save_standard(
        charter=charter,
        standard=charter.standards.get(key="next-step"),
        language=LANGUAGE,
        words={"guidance": WRITTEN_NEXT_STEP},
        fields={},
        by=by,
        at=written,
    )
    _in_german(changed, {"guidance": demo_german.WRITTEN_NEXT_STEP}, by=by, at=written)
    for key in POLICIES:
        _policy(charter, key, by=by, at=written)
    demo_tongues.seed(charter, by=by, at=written)
    return demo_editions.review_and_publish(
        charter,
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


def _draft_of_today(charter: Charter, *, by: User, at: datetime) -> None:
    """What has been written since: the letters office's own charter, and a value that German lags behind."""
    receipt = _receipt(charter, by=by, at=at)
    actions.save_standard(
        charter=charter,
        standard=charter.standards.get(key="letters"),
        language=LANGUAGE,
        words={},
        fields={"depends_on": [receipt]},
        by=by,
        at=at,
    )
    actions.save_value(
        charter=charter,
        value=charter.values.get(key="plain-words"),
        language=LANGUAGE,
        words={"name": VALUES["plain-words"]["name"], "meaning": CLEARER_PLAIN_WORDS},
        by=by,
        at=at,
    )


def _receipt(charter: Charter, *, by: User, at: datetime) -> Standard:
    """What the letters office promises to colleagues, in a charter of its own."""
    office = Unit.objects.get(slug="letters-office")
    below = actions.create_charter(unit=office, title="What colleagues can expect from us", by=by, at=at)
    return actions.save_standard(
        charter=below,
        standard=None,
        language=LANGUAGE,
        words=RECEIPT,
        fields={
            "key": "post-by-ten",
            "discretion": Standard.Discretion.RIGID,
            "audience": Standard.Audience.COLLEAGUES,
            "limit_amount": 1,
            "limit_unit": Standard.LimitUnit.WORKING_DAYS,
            "refines": charter.standards.get(key="letters"),
        },
        proof=actions.Proof(
            fields={"key": "post-by-ten-log", "name": "Letters on the right desk by ten", **LOG},
            target=Decimal(95),
        ),
        by=by,
        at=at,
    )
