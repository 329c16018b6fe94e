"""Working rows of the charter room for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from charter.models import (
    Case,
    Charter,
    CharterText,
    Goal,
    Improvement,
    ImprovementText,
    Measure,
    RecordedResult,
    Standard,
    StandardText,
)
from organisation.models import Attachment, Import
from organisation.tests.factories import UnitFactory


class CharterFactory(DjangoModelFactory):
    class Meta:
        model = Charter
        skip_postgeneration_save = True

    unit = factory.SubFactory(UnitFactory)

    @factory.post_generation
    def text(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        CharterText.objects.create(charter=self, language="en", title="What you can expect from us")


class StandardFactory(DjangoModelFactory):
    class Meta:
        model = Standard
        skip_postgeneration_save = True

    charter = factory.SubFactory(CharterFactory)

    @factory.post_generation
    def promise(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        StandardText.objects.create(
            standard=self, language="en", promise=extracted or "Before you leave, you know what happens next"
        )


class MeasureFactory(DjangoModelFactory):
    """Share of "yes" on a yes/no question, unless told otherwise. `goal=90` adds a goal for all."""

    class Meta:
        model = Measure
        skip_postgeneration_save = True

    standard = factory.SubFactory(StandardFactory)
    name = factory.Sequence(lambda n: f"Measure {n}")
    method = Measure.Method.TOP_BOX
    source = Measure.Source.ANSWERS
    scale_low = 0
    scale_high = 1

    @factory.post_generation
    def goal(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted is not None:
            Goal.objects.create(measure=self, starts_on=date(2015, 1, 1), target=Decimal(str(extracted)))


class RecordedResultFactory(DjangoModelFactory):
    class Meta:
        model = RecordedResult

    measure = factory.SubFactory(
        MeasureFactory, method=Measure.Method.SHARE_MET, source=Measure.Source.RESULTS
    )
    unit = factory.SubFactory(UnitFactory)
    start = date(2026, 10, 1)
    end = date(2026, 11, 1)
    met = 8
    total = 10


class CaseFactory(DjangoModelFactory):
    """Received on 16 November 2026, done a day before it was due a week later."""

    class Meta:
        model = Case

    measure = factory.SubFactory(MeasureFactory, method=Measure.Method.SHARE_MET, source=Measure.Source.CASES)
    unit = factory.SubFactory(UnitFactory)
    external_reference = factory.Sequence(lambda n: f"case-{n}")
    search = factory.SelfAttribute("external_reference")
    received_at = datetime(2026, 11, 16, 9, tzinfo=UTC)
    due_at = datetime(2026, 11, 23, 17, tzinfo=UTC)
    done_at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    as_of = datetime(2026, 12, 1, tzinfo=UTC)
    day = factory.LazyAttribute(lambda case: case.received_at.date())
    outcome = factory.LazyAttribute(
        lambda case: Case.judge(due_at=case.due_at, done_at=case.done_at, as_of=case.as_of)
    )
    seconds_taken = factory.LazyAttribute(
        lambda case: int((case.done_at - case.received_at).total_seconds()) if case.done_at else None
    )
    batch = factory.LazyFunction(lambda: done_import("cases"))


def done_import(kind: str) -> Import:
    """An import that is done, of a file that says nothing."""
    file = Attachment.store(ContentFile(b"a\n1\n", name="a.csv"), name="a.csv", content_type="text/csv")
    return Import.objects.create(kind=kind, file=file, state=Import.State.DONE)


def cases_measure(**kwargs: Any) -> Measure:
    """A measure fed by cases with a time limit."""
    given = {"key": "lights", "name": "Street lights repaired in time", **kwargs}
    return MeasureFactory(method=Measure.Method.SHARE_MET, source=Measure.Source.CASES, **given)


class ImprovementFactory(DjangoModelFactory):
    """A published entry in English, unless told otherwise."""

    class Meta:
        model = Improvement
        skip_postgeneration_save = True

    standard = factory.SubFactory(StandardFactory)
    done_on = date(2026, 10, 1)
    published_at = datetime(2026, 10, 2, tzinfo=UTC)

    @factory.post_generation
    def words(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        said, did = extracted or ("We guess what comes next.", "We write the next step down.")
        ImprovementText.objects.create(improvement=self, language="en", said=said, did=did)
