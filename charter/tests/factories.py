"""Working rows of the charter room for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from charter.models import Charter, CharterText, Goal, Measure, RecordedResult, Standard, StandardText
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


def cases_measure(**kwargs: Any) -> Measure:
    """A measure fed by cases with a time limit."""
    given = {"key": "lights", "name": "Street lights repaired in time", **kwargs}
    return MeasureFactory(method=Measure.Method.SHARE_MET, source=Measure.Source.CASES, **given)
