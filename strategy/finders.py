"""The rules that propose gaps. Each reads what lower rooms found, and never asks them to tell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Max, Q, Sum
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from charter.models import Measure
from charter.needs import unanswered_needs
from common.control import LOW
from common.figure_words import localised
from customers.models import Need, NeedEvidence
from feedback.models import Finding, ListeningSession
from feedback.models.listening import ENOUGH_FOR_QUOTES
from organisation.models import Tree, Unit
from scoreboard.models import Signal
from scoreboard.settled import local_date, settled_month
from scoreboard.signal_words import sentence_of
from strategy.deciding import why_undecided
from strategy.models import Consensus, Gap, GapEvidence, Round
from strategy.reading import Side, is_low, is_weak, sides

Kind = GapEvidence.Kind
FROM_SIGNALS = (Signal.Kind.MISSED, Signal.Kind.VERDICT, Signal.Kind.POINT, Signal.Kind.RUN)


@dataclass(frozen=True)
class Proposal:
    """One cause of a gap. `subject` says which gap it belongs to, `key` which cause it is.

    `anew_since`: from then on it is news, whatever was decided about the gap before.
    """

    kind: str
    key: str
    unit: Unit
    subject: str
    title: str
    text: str
    month: date
    url: str = ""
    measure: Measure | None = None
    anew_since: datetime | None = None


def measure_subject(measure: Measure) -> str:
    return f"measure:{measure.key}"


def from_signals(at: datetime) -> Iterator[Proposal]:
    """Signals that speak of a promise not kept: a missed goal, a fallen verdict, an unusually bad month.

    What is missing (no answers, too few of them) is no gap in the service; it stays a signal. Put aside
    there, it is not proposed here; nor is what no goal holds any more, or a promise that was withdrawn.
    """
    told = GapEvidence.objects.filter(kind__in=[Kind.NOT_MET, Kind.SIGNAL]).values("key")
    waiting = Signal.objects.waiting().filter(kind__in=FROM_SIGNALS, measure__in=Measure.objects.active())
    rows = waiting.exclude(reference__in=told).with_words().order_by("found_at", "pk")
    trees: dict[date, Tree] = {}
    with translation.override(settings.LANGUAGE_CODE):
        for signal in rows.prefetch_related("measure__goals"):
            on = local_date(signal.unit, at)
            tree = trees.get(on) or trees.setdefault(on, Tree.on(on))
            assert signal.measure is not None
            if _is_bad(signal) and not why_undecided(signal.measure, signal.unit_id, on, tree):
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
    """Needs that no standard answers, and needs that no customer has told us of.

    A need whose gap was closed or called a false alarm is a cause anew when customers confirm it after that.
    """
    told = set(GapEvidence.objects.filter(kind=Kind.NEED).values_list("key", flat=True))
    again = _confirmed_since()
    causes = [
        ("unmet", unanswered_needs(), _("No standard answers this need: %(need)s")),
        ("assumed", Need.objects.active().assumed(), _("No customer has told us of this need: %(need)s")),
    ]
    with translation.override(settings.LANGUAGE_CODE):
        for why, needs, words in causes:
            for need in needs.select_related("unit").order_by("pk"):
                key, since = f"{why}:{need.reference}", again.get(f"need:{need.reference}")
                if key in told and since is not None:
                    key = f"{key}:{since.isoformat()}"
                if key not in told:
                    yield _of_need(need, key, words % {"need": need}, at, since)


def _confirmed_since() -> dict[str, datetime]:
    """Subject → when customers last confirmed the need, where that was after its last gap was settled."""
    settled: dict[str, datetime] = {}
    gaps = Gap.objects.filter(subject__startswith="need:").order_by("found_at", "pk")
    for subject, state, at in gaps.values_list("subject", "state", "settled_at"):
        settled.pop(subject, None)
        if at is not None and state in (Gap.State.DISMISSED, Gap.State.CLOSED):
            settled[subject] = at
    confirmed = NeedEvidence.objects.of_customers().filter(confirms=True).order_by()
    last = confirmed.values_list("need__reference").annotate(last=Max("at"))
    found = {f"need:{reference}": at for reference, at in last}
    return {subject: found[subject] for subject, at in settled.items() if found.get(subject, at) > at}


def _of_need(need: Need, key: str, text: str, at: datetime, since: datetime | None) -> Proposal:
    return Proposal(
        kind=Kind.NEED,
        key=key,
        unit=need.unit,
        subject=f"need:{need.reference}",
        title=need.need,
        text=text[:1000],
        month=settled_month(local_date(need.unit, at)),
        url=need.get_absolute_url(),
        anew_since=since,
    )


def from_quotient(at: datetime) -> Iterator[Proposal]:
    """The weak sides of every unit's newest closed round."""
    seen: set[int] = set()
    for found in Round.objects.closed().select_related("unit").prefetch_related("consensus"):
        if found.unit_id not in seen:
            seen.add(found.unit_id)
            yield from of_round(found, at)


def of_round(found: Round, at: datetime) -> Iterator[Proposal]:
    """Sides agreed to be half a point or more under target; before anything is agreed on a side, those that
    were answered so low. Only what the results show is looked at."""
    told = set(
        GapEvidence.objects.filter(kind=Kind.DIMENSION, key__startswith=f"{found.reference}:").values_list(
            "key", flat=True
        )
    )
    targets = _last_targets(found)
    with translation.override(settings.LANGUAGE_CODE):
        for side in sides(found):
            text, key = _why_weak(side, targets.get(side.key)), f"{found.reference}:{side.key}"
            if side.consensus is None:
                key += ":answered"
            if text and key not in told:
                yield _of_side(found, side, key, text, at)


def _last_targets(found: Round) -> dict[str, float]:
    """Side → the target that was agreed last, after a round that can be compared with this one."""
    rounds = Round.objects.comparable_with(found).filter(opens_on__lte=found.opens_on)
    rows = Consensus.objects.filter(round__in=rounds).order_by("round__opens_on", "pk")
    return {side: float(target) for side, target in rows.values_list("side", "target")}


def _why_weak(side: Side, target: float | None) -> str:
    """In words; empty where it is not weak."""
    agreed = side.consensus
    if agreed is not None:
        words = _("%(side)s: agreed at %(score)s of 5, target %(target)s. %(evidence)s")
        given = {
            "side": side.name,
            "score": agreed.score,
            "target": agreed.target,
            "evidence": agreed.evidence,
        }
        return words % given if is_weak(agreed) else ""
    if side.whole is None or not is_low(side.whole["mean"], target):
        return ""
    figures: dict[str, object] = {
        "side": side.name,
        "mean": localised(side.whole["mean"], 1),
        "n": side.whole["n"],
    }
    if target is None:
        return (
            _("%(side)s: answered at %(mean)s of 5 by %(n)s people, under the middle of the scale.") % figures
        )
    words = _("%(side)s: answered at %(mean)s of 5 by %(n)s people; the target of last time is %(target)s.")
    return words % (figures | {"target": localised(target, 1)})


def _of_side(found: Round, side: Side, key: str, text: str, at: datetime) -> Proposal:
    return Proposal(
        kind=Kind.DIMENSION,
        key=key,
        unit=found.unit,
        subject=f"dimension:{side.key}",
        title=_("Weak side of the Service Quotient: %(side)s") % {"side": side.name},
        text=text[:1000],
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
