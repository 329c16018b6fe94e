"""Working rows of the customers room for tests."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from customers.models import Need, NeedEvidence, Segment
from organisation.tests.factories import UnitFactory

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class SegmentFactory(DjangoModelFactory):
    class Meta:
        model = Segment

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda n: f"Segment {n}")
    created_at = LONG_AGO


class NeedFactory(DjangoModelFactory):
    """An assumed need of one new segment; `segments=[…]` are others."""

    class Meta:
        model = Need
        skip_postgeneration_save = True

    unit = factory.SubFactory(UnitFactory)
    need = factory.Sequence(lambda n: f"To know what happens next, {n}")
    created_at = LONG_AGO
    ask_again_on = LONG_AGO.date()

    @factory.post_generation
    def segments(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.segments.set(extracted or [SegmentFactory(unit=self.unit)])


class NeedEvidenceFactory(DjangoModelFactory):
    class Meta:
        model = NeedEvidence

    need = factory.SubFactory(NeedFactory)
    text = "Nobody told me what comes next."
    said_on = date(2026, 10, 1)
    at = datetime(2026, 10, 2, tzinfo=UTC)
