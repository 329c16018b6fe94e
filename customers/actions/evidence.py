"""The evidence of a need: cited once and never rewritten, taken away, put back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from customers.actions.register import record
from customers.models import Need, NeedEvent, NeedEvidence
from organisation.models import User

What = NeedEvent.What


@transaction.atomic
def cite(
    *,
    need: Need,
    kind: str,
    text: str,
    said_on: date,
    address: str = "",
    confirms: bool = True,
    by: User | None,
    at: datetime | None = None,
) -> NeedEvidence:
    """Keep what was said as it reads today. Where customers said it, it may confirm the need:
    then they are to be asked again so many months after that day."""
    at = at or timezone.now()
    confirms = confirms and kind != NeedEvidence.Kind.OURS
    evidence = need.evidence.create(
        kind=kind, text=text, said_on=said_on, address=address, confirms=confirms, by=by, at=at
    )
    _reckon_due(need)
    record(need, What.CITED, by=by, at=at, note=text)
    return evidence


@transaction.atomic
def take_evidence_away(*, evidence: NeedEvidence, by: User | None, at: datetime | None = None) -> None:
    """The need no longer rests on it. Twice does no harm."""
    at = at or timezone.now()
    if NeedEvidence.objects.standing().filter(pk=evidence.pk).update(removed_at=at):
        _reckon_due(evidence.need)
        record(evidence.need, What.REMOVED, by=by, at=at, note=evidence.text)


@transaction.atomic
def put_evidence_back(*, evidence: NeedEvidence, by: User | None, at: datetime | None = None) -> None:
    """The need rests on it again. Twice does no harm."""
    gone = NeedEvidence.objects.filter(pk=evidence.pk, removed_at__isnull=False)
    if gone.update(removed_at=None):
        _reckon_due(evidence.need)
        record(evidence.need, What.PUT_BACK, by=by, at=at or timezone.now(), note=evidence.text)


def _reckon_due(need: Need) -> None:
    """The last day on which customers confirmed the need, and the day on which they are to be asked again."""
    Need.objects.filter(pk=need.pk).update(version=F("version") + 1)
    need.refresh_from_db()
    confirming = need.evidence.filter(confirms=True, removed_at__isnull=True)
    need.last_confirmed_on = confirming.aggregate(last=Max("said_on"))["last"]
    need.ask_again_on = need.due_after(need.last_confirmed_on)
    need.save(update_fields=["last_confirmed_on", "ask_again_on"])
