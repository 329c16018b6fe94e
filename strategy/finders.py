"""The rules that propose gaps. Each reads what lower rooms found, and never asks them to tell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q, Sum
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from charter.models import Measure
from charter.needs import unanswered_needs
from common.control import LOW
from customers.models import Need
from feedback.models import Finding, ListeningSession
from feedback.models.listening import ENOUGH_FOR_QUOTES
from organisation.models import Unit
from scoreboard.models import Signal
from scoreboard.settled import local_date, settled_month
from scoreboard.signal_words import sentence_of
from strategy.models import Consensus, GapEvidence, Round
from strategy.reading import is_weak

Kind = GapEvidence.Kind
FROM_SIGNALS = (Signal.Kind.MISSED, Signal.Kind.VERDICT, Signal.Kind.POINT, Signal.Kind.RUN)


@dataclass(frozen=True)
class Proposal:
    """One cause of a gap. `subject` says which gap it belongs to, `key` which cause it is."""

    kind: str
    key: str
    unit: Unit
    subject: str
    title: str
    text: str
    month: date
    url: str = ""
    measure: Measure | None = None


def measure_subject(measure: Measure) -> str:
    return f"measure:{measure.key}"


def from_signals(at: datetime) -> Iterator[Proposal]:
    """Signals that speak of a promise not kept: a missed goal, a fallen verdict, an unusually bad month.

    What is missing (no answers, too few of them) is no gap in the service; it stays a signal. Put aside
    there, it is not proposed here.
    """
    told = GapEvidence.objects.filter(kind__in=[Kind.NOT_MET, Kind.SIGNAL]).values("key")
    waiting = Signal.objects.waiting().filter(kind__in=FROM_SIGNALS, measure__archived_at__isnull=True)
    rows = waiting.exclude(reference__in=told).with_words().order_by("found_at", "pk")
    with translation.override(settings.LANGUAGE_CODE):
        for signal in rows:
            if _is_bad(signal):
                yield _of_signal(signal, at)


def _is_bad(signal: Signal) -> bool:
    """Worse than usual, in the measure's own direction."""
    if signal.kind == Signal.Kind.MISSED:
        return True
    if signal.kind == Signal.Kind.VERDICT:
        return bool(signal.facts["before"] == "met")
    assert signal.measure is not None
    return (signal.facts["side"] == LOW) == (signal.measure.direction == Measure.Direction.HIGHER)


def _of_signal(signal: Signal, at: datetime) -> Proposal:
    measure = signal.measure
    assert measure is not None
    return Proposal(
        kind=Kind.NOT_MET if signal.kind == Signal.Kind.MISSED else Kind.SIGNAL,
        key=signal.reference,
        unit=signal.unit,
        subject=measure_subject(measure),
        title=str(measure.standard)[:300],
        text=sentence_of(signal)[:1000],
        month=settled_month(local_date(signal.unit, at)),
        url=signal.get_absolute_url(),
        measure=measure,
    )


def from_needs(at: datetime) -> Iterator[Proposal]:
    """Needs that no standard answers, and needs that no customer has told us of."""
    told = set(GapEvidence.objects.filter(kind=Kind.NEED).values_list("key", flat=True))
    causes = [
        ("unmet", unanswered_needs(), _("No standard answers this need: %(need)s")),
        ("assumed", Need.objects.active().assumed(), _("No customer has told us of this need: %(need)s")),
    ]
    with translation.override(settings.LANGUAGE_CODE):
        for why, needs, words in causes:
            for need in needs.select_related("unit").order_by("pk"):
                key = f"{why}:{need.reference}"
                if key not in told:
                    yield _of_need(need, key, words % {"need": need}, at)


def _of_need(need: Need, key: str, text: str, at: datetime) -> Proposal:
    return Proposal(
        kind=Kind.NEED,
        key=key,
        unit=need.unit,
        subject=f"need:{need.reference}",
        title=need.need,
        text=text[:1000],
        month=settled_month(local_date(need.unit, at)),
        url=need.get_absolute_url(),
    )


def from_quotient(at: datetime) -> Iterator[Proposal]:
    """Sides of a unit's newest closed round that are agreed to be half a point or more under target."""
    told = set(GapEvidence.objects.filter(kind=Kind.DIMENSION).values_list("key", flat=True))
    seen: set[int] = set()
    with translation.override(settings.LANGUAGE_CODE):
        for found in Round.objects.closed().select_related("unit").prefetch_related("consensus"):
            if found.unit_id in seen or not found.consensus.all():
                continue
            seen.add(found.unit_id)
            names = {side["key"]: side["name"] for side in found.content["dimensions"]}
            for each in found.consensus.all():
                key = f"{found.reference}:{each.side}"
                if is_weak(each) and key not in told:
                    yield _of_side(found, each, names[each.side], key, at)


def _of_side(found: Round, each: Consensus, name: str, key: str, at: datetime) -> Proposal:
    words = _("%(side)s: agreed at %(score)s of 5, target %(target)s. %(evidence)s")
    given = {"side": name, "score": each.score, "target": each.target, "evidence": each.evidence}
    return Proposal(
        kind=Kind.DIMENSION,
        key=key,
        unit=found.unit,
        subject=f"dimension:{each.side}",
        title=name,
        text=(words % given)[:1000],
        month=settled_month(local_date(found.unit, at)),
        url=found.get_absolute_url(),
    )


def from_findings(at: datetime) -> Iterator[Proposal]:
    """What keeps people from us, as found when we listened.

    Gaps are read by everybody inside. So quotes stay with the session, and so does whatever fewer than
    eight colleagues told us.
    """
    told = GapEvidence.objects.filter(kind=Kind.FINDING).values("key")
    severe = Finding.objects.filter(
        severity=Finding.Severity.SEVERE, removed_at__isnull=True, session__archived_at__isnull=True
    ).alias(heads=Sum("session__groups__number"))
    many = Q(session__whom=ListeningSession.Whom.CUSTOMERS) | Q(heads__gte=ENOUGH_FOR_QUOTES)
    rows = severe.filter(many).exclude(reference__in=told).select_related("session__unit").order_by("pk")
    with translation.override(settings.LANGUAGE_CODE):
        for finding in rows:
            yield _of_finding(finding, at)


def _of_finding(finding: Finding, at: datetime) -> Proposal:
    session = finding.session
    words = _("%(severity)s: %(need)s. Found in “%(session)s” (%(kind)s, %(day)s).")
    given = {
        "severity": capfirst(finding.get_severity_display()),
        "need": finding.need.rstrip("."),
        "session": session.title,
        "kind": session.get_kind_display().lower(),
        "day": date_format(session.held_on),
    }
    return Proposal(
        kind=Kind.FINDING,
        key=finding.reference,
        unit=session.unit,
        subject=f"finding:{finding.reference}",
        title=finding.need,
        text=(words % given)[:1000],
        month=settled_month(local_date(session.unit, at)),
        url=session.get_absolute_url(),
    )


FINDERS: list[Callable[[datetime], Iterator[Proposal]]] = [
    from_signals,
    from_needs,
    from_quotient,
    from_findings,
]
