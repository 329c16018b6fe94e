"""The verdict on spam: hints are counted, nothing is refused, whatever is suspected can be restored.

A form carries a signed stamp (collector, time of issue, nonce) and a field that only programs fill in.
The same source and the same text are counted in the cache, by a hash that lives at most 48 hours; 300
customers behind one address are normal, so a busy source alone condemns nobody; a source that sends
forms which were forged or filled in within a moment, again and again, is a program.
"""

import hashlib
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.translation import gettext_lazy as _

from common.counter import counted
from common.text import search_form
from feedback.envelope import Envelope
from feedback.models import Collector

logger = logging.getLogger(__name__)

STAMP_LIVES = timedelta(hours=24)
FASTEST_SECONDS = 2
MOST_A_MINUTE = 300
MOST_OF_ONE_TEXT = 3
MOST_ODD_AN_HOUR = 8
SHORTEST_REPEATED_TEXT = 30
MOST_LINKS = 2
SUSPECT_FROM = 2
CACHED_SECONDS = 3600
_SALT = "feedback.stamp"
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)

REASONS = {
    "trap": _("filled in a field that people cannot see"),
    "stamp": _("did not come from our form"),
    "expired": _("came from a form that was opened long ago"),
    "fast": _("was filled in within two seconds"),
    "busy": _("very many from one source within a minute"),
    "insistent": _("one source that has sent many odd cards"),
    "repeated": _("the same text several times"),
    "links": _("several links"),
    "person": _("marked by a person"),
}
_WEIGHTS = {"trap": 2}


@dataclass(frozen=True)
class FormTraces:
    """What a form brings along beside the answers; an envelope from the API has none."""

    stamp: str = ""
    trap: str = ""


def new_stamp(collector: Collector, *, at: datetime) -> str:
    """Proof that our form was handed out at a moment. Says nothing about who got it."""
    return signing.dumps([collector.pk, int(at.timestamp() * 1000), secrets.token_hex(4)], salt=_SALT)


def issued_at(stamp: str, collector: Collector) -> datetime | None:
    """When the stamp was issued for the collector; None for a missing, foreign or forged one."""
    try:
        owner, milliseconds, _nonce = signing.loads(stamp, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError, UnicodeError):
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if owner == collector.pk else None


def reasons_of(
    envelope: Envelope, *, collector: Collector, traces: FormTraces | None, source: str, at: datetime
) -> str:
    """The hints against the envelope, comma-separated, where they suffice for suspicion; else ''."""
    hints = _form_hints(traces, collector, at) if traces else []
    limits = _counters(hints, envelope, collector, source, at)
    over = _over(limits)
    hints += ["insistent"] if "insistent" in over else []
    hints += _text_hints(envelope)
    hints += [hint for hint in ("busy", "repeated") if hint in over]
    weight = sum(_WEIGHTS.get(hint, 1) for hint in hints)
    return ",".join(hints) if weight >= SUSPECT_FROM else ""


def _form_hints(traces: FormTraces, collector: Collector, at: datetime) -> list[str]:
    hints = ["trap"] if traces.trap else []
    issued = issued_at(traces.stamp, collector)
    if issued is None:
        hints.append("stamp")
    elif at - issued > STAMP_LIVES:
        hints.append("expired")
    elif at - issued < timedelta(seconds=FASTEST_SECONDS):
        hints.append("fast")
    return hints


def _text_hints(envelope: Envelope) -> list[str]:
    links = sum(len(_LINK.findall(given.text)) for given in envelope.answers)
    return ["links"] if links >= MOST_LINKS else []


@dataclass(frozen=True)
class _Counter:
    """What is counted for how long, and the number over which it is the hint."""

    hint: str
    key: str
    seconds: int
    most: int


def _counters(
    hints: list[str], envelope: Envelope, collector: Collector, source: str, at: datetime
) -> list[_Counter]:
    """A forged or hurried form may come from anybody, once; from one source again and again it is a
    program."""
    found, second = [], int(at.timestamp())
    if source and {"stamp", "fast"} & set(hints):
        found.append(
            _Counter("insistent", f"odd:{source}:{second // 3600}", CACHED_SECONDS, MOST_ODD_AN_HOUR)
        )
    if source:
        found.append(_Counter("busy", f"source:{source}:{second // 60}", 120, MOST_A_MINUTE))
    text = search_form(" ".join(given.text for given in envelope.answers if given.text))
    if len(text) >= SHORTEST_REPEATED_TEXT:
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        key = f"text:{collector.pk}:{digest}"
        found.append(_Counter("repeated", key, CACHED_SECONDS, MOST_OF_ONE_TEXT))
    return found


def _over(counters: list[_Counter]) -> set[str]:
    """The hints whose counters are over their numbers now. A cache that is gone counts nothing and stops
    nobody."""
    try:
        numbers = counted([(f"feedback:{each.key}", each.seconds) for each in counters])
    except Exception as broken:
        logger.warning("spam counter not reachable: %s", type(broken).__name__)
        return set()
    return {each.hint for each, number in zip(counters, numbers, strict=True) if number > each.most}


def explain(reasons: str) -> list[str]:
    """The stored reasons in words."""
    return [str(REASONS.get(reason, reason)) for reason in reasons.split(",") if reason]
