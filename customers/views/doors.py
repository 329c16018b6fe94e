"""The doors of the room's pages: what is not there is 404, what one may only read is 403 to change."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from common.policy import require
from customers.models import Need, NeedEvidence, Segment
from organisation.days import organisation_day


def today() -> date:
    """The organisation's day: what the lists call due."""
    return organisation_day(timezone.now())


def segment_for(user: Any, reference: str) -> Segment:
    segments = Segment.objects.visible_to(user).select_related("unit").prefetch_related("channels", "units")
    return get_object_or_404(segments, reference=reference)


def own_segment(user: Any, reference: str) -> Segment:
    segment = segment_for(user, reference)
    require(user, "customers.edit", segment)
    return segment


def need_for(user: Any, reference: str) -> Need:
    needs = Need.objects.visible_to(user).select_related("unit").prefetch_related("segments")
    return get_object_or_404(needs, reference=reference)


def own_need(user: Any, reference: str) -> Need:
    need = need_for(user, reference)
    require(user, "customers.edit", need)
    return need


def own_evidence(user: Any, reference: str, evidence: str) -> NeedEvidence:
    need = own_need(user, reference)
    return get_object_or_404(need.evidence.select_related("need"), reference=evidence)
