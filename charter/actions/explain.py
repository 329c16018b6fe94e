"""Say why a part of the draft changes, and cite what shows it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from charter.actions.draft import WordsChangedMeanwhile, hold, record
from charter.models import ChangeReason, Charter, CharterEvent
from common.citations import Citation
from organisation.models import User


@transaction.atomic
def explain_change(
    *,
    charter: Charter,
    part: str,
    title: str,
    why: str,
    evidence: Iterable[Citation],
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Keep the reason for one changed part until the next edition takes it along.

    The citations are copied as they read now. Without a reason and evidence the row goes. Raises
    WordsChangedMeanwhile where somebody has saved the reason after the form was opened.
    """
    at = at or timezone.now()
    hold(charter)
    standing = ChangeReason.objects.filter(charter=charter, part=part).first()
    if expected_version is not None and expected_version != (standing.version if standing else 0):
        raise WordsChangedMeanwhile(charter)
    rows = [citation.as_row() for citation in evidence]
    if why or rows:
        ChangeReason.objects.update_or_create(
            charter=charter,
            part=part,
            defaults={
                "why": why,
                "evidence": rows,
                "by": by,
                "at": at,
                "version": standing.version + 1 if standing else 1,
            },
        )
    elif standing:
        standing.delete()
    record(charter, CharterEvent.What.EXPLAINED, by=by, at=at, note=title)
