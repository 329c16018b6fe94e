"""The verdict on spam: hints are counted, nothing is refused, whatever is suspected can be restored.

A form carries a signed stamp (collector, time of issue, nonce) and a field that only programs fill in.
The same source and the same text are counted in the cache, by a hash that lives at most 48 hours; 300
customers behind one address are normal, so a busy source alone condemns nobody; a source that sends
forms which were forged or filled in within a moment, again and again, is a program. So is one that hands
in card after card by the API where people are asked by a link (a program of ours has a collector of its
own), one that sends many cards on one form, and a kiosk that takes more cards than fit before one screen.
"""

import hashlib
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.core.cache import cache
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
MOST_OF_ONE_FORM = 3
FORM_COUNTED_SECONDS = 24 * 3600
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
    "program": _("came from another program, where people are asked by a link"),
    "reused": _("one form sent many times with other answers"),
    "crowded": _("more cards in a minute than people can fill in at one screen"),
    "repeated": _("the same text several times"),
    "links": _("several links"),
    "person": _("marked by a person"),
}
_WEIGHTS = {"trap": 2, "reused": 2, "crowded": 2}
_ODD = {"stamp", "fast", "program"}


@dataclass(frozen=True)
class FormTraces:
    """What a form brings along beside the answers; an envelope from the API has none."""

    stamp: str = ""
    trap: str = ""

    @property
    def nonce(self) -> str:
        """What tells this form apart from every other."""
        return hashlib.sha256(self.stamp.encode(errors="replace")).hexdigest()[:32]


@dataclass(frozen=True)
class Screen:
    """A device that we know: no source is counted against it, only what one screen can take."""

    name: str
    interval_seconds: int

    @property
    def most_a_minute(self) -> int:
        return 60 // max(self.interval_seconds, 1) + 1


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
    envelope: Envelope,
    *,
    collector: Collector,
    traces: FormTraces | None,
    source: str,
    at: datetime,
    screen: Screen | None = None,
) -> str:
    """The hints against the envelope, comma-separated, where they suffice for suspicion; else ''."""
    if traces:
        hints = _form_hints(traces, collector, at)
        hints += [] if "stamp" in hints else _reuse(traces, envelope)
    else:
        hints = ["program"] if collector.is_reached_by_address else []
    over = _over(_counters(hints, envelope, collector, source, at))
    hints += ["insistent"] if "insistent" in over else []
    hints += _crowding(screen, envelope, at) if screen else []
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


def _reuse(traces: FormTraces, envelope: Envelope) -> list[str]:
    """A form carries one card: the same one however often it is sent, until it is stored."""
    form, card = f"feedback:form:{traces.nonce}", str(envelope.uid)
    try:
        if cache.add(form, card, FORM_COUNTED_SECONDS) or cache.get(form) == card:
            return []
    except Exception as broken:
        logger.warning("spam counter not reachable: %s", type(broken).__name__)
        return []
    return ["reused"] if _count(f"more-of:{traces.nonce}", FORM_COUNTED_SECONDS) >= MOST_OF_ONE_FORM else []


def _crowding(screen: Screen, envelope: Envelope, at: datetime) -> list[str]:
    """Between two cards of one screen the thanks stand for a while, by whatever clock. A card that is sent
    again is counted once."""
    minute = f"screen:{screen.name}:{int((envelope.answered_at or at).timestamp()) // 60}"
    if _count(f"{minute}:{envelope.uid}", CACHED_SECONDS) == 1:
        many = _count(minute, CACHED_SECONDS)
    else:
        many = _seen(minute)
    return ["crowded"] if many > screen.most_a_minute else []


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
    """A forged or hurried form, or a card by the API, may come from anybody, once; from one source again
    and again it is a program."""
    found, second = [], int(at.timestamp())
    if source and _ODD & set(hints):
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
    """The hints whose counters are over their numbers now."""
    numbers = _counts([(each.key, each.seconds) for each in counters])
    return {each.hint for each, number in zip(counters, numbers, strict=True) if number > each.most}


def _count(key: str, seconds: int) -> int:
    return _counts([(key, seconds)])[0]


def _counts(keys: list[tuple[str, int]]) -> list[int]:
    """How often each key was counted lately. A cache that is gone counts nothing and stops nobody."""
    try:
        return counted([(f"feedback:{key}", seconds) for key, seconds in keys])
    except Exception as broken:
        logger.warning("spam counter not reachable: %s", type(broken).__name__)
        return [0] * len(keys)


def _seen(key: str) -> int:
    """How often the key was counted lately, without counting it."""
    try:
        return int(cache.get(f"feedback:{key}", 0))
    except Exception as broken:
        logger.warning("spam counter not reachable: %s", type(broken).__name__)
        return 0


def explain(reasons: str) -> list[str]:
    """The stored reasons in words."""
    return [str(REASONS.get(reason, reason)) for reason in reasons.split(",") if reason]
