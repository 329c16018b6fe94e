"""Working rows of the customers room for tests."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from customers.models import Activity, Need, NeedEvidence, Segment
from organisation.models import Attachment, Import
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


def total_of(unit: Any, day: date, **numbers: Any) -> Activity:
    """A daily total that counts, at the counter unless told otherwise."""
    file = Attachment.store(ContentFile(b"a\n1\n", name="a.csv"), name="a.csv", content_type="text/csv")
    batch = Import.objects.create(kind="activity", file=file, state=Import.State.DONE)
    given = {"channel": "counter", "served": 10, "is_counted": True, **numbers}
    return Activity.objects.create(unit=unit, day=day, batch=batch, **given)
