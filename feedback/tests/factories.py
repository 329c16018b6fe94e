"""Working rows of the feedback room for tests."""

import hashlib
import uuid
from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from feedback.actions.listening import save_session
from feedback.models import (
    Answer,
    Collector,
    ListeningSession,
    Option,
    OptionText,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    QuestionText,
    Response,
    VersionText,
)
from organisation.tests.factories import UnitFactory


class QuestionnaireFactory(DjangoModelFactory):
    class Meta:
        model = Questionnaire

    key = factory.Sequence(lambda n: f"card-{n}")
    name = factory.Sequence(lambda n: f"Card {n}")


class VersionFactory(DjangoModelFactory):
    """A published version without questions."""

    class Meta:
        model = QuestionnaireVersion
        skip_postgeneration_save = True

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    published_at = datetime(2026, 1, 1, tzinfo=UTC)

    @factory.post_generation
    def text(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        VersionText.objects.create(version=self, language="en", title="How did we do today?")


class QuestionFactory(DjangoModelFactory):
    """A yes/no question, unless told otherwise."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    version = factory.SubFactory(VersionFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    kind = Question.Kind.YES_NO
    scale_low = 0
    scale_high = 1

    @factory.post_generation
    def wording(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        QuestionText.objects.create(
            question=self, language="en", wording=extracted or "Do you know what happens next?"
        )


class CollectorFactory(DjangoModelFactory):
    class Meta:
        model = Collector

    slug = factory.Sequence(lambda n: f"place-{n}")
    name = factory.Sequence(lambda n: f"Place {n}")
    unit = factory.SubFactory(UnitFactory)
    questionnaire = factory.SubFactory(QuestionnaireFactory)
    created_at = datetime(2020, 1, 1, tzinfo=UTC)


class ResponseFactory(DjangoModelFactory):
    """A stored response without answers; `answer()` adds one as the actions would."""

    class Meta:
        model = Response

    uid = factory.LazyFunction(uuid.uuid4)
    body_hash = factory.LazyAttribute(lambda response: hashlib.sha256(response.uid.bytes).hexdigest())
    collector = factory.SubFactory(CollectorFactory)
    unit = factory.SelfAttribute("collector.unit")
    version = factory.SubFactory(
        VersionFactory, questionnaire=factory.SelfAttribute("..collector.questionnaire")
    )
    language = "en"
    received_at = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
    service_date = factory.LazyAttribute(lambda response: response.received_at.date())


def answer(response: Response, question: Question, value: int | None, **kwargs: Any) -> Answer:
    """An answer stored under a response, with the bucket columns that its question asks for."""
    return Answer.objects.create(
        response=response,
        question=question,
        value=value,
        is_na=kwargs.pop("is_na", False),
        measure=question.measure,
        unit=response.unit,
        day=response.service_date,
        series=question.series,
        **kwargs,
    )


def options_for(question: Question, labels: dict[str, str]) -> dict[str, Option]:
    """Options of a question by key, in this order."""
    made = {}
    for position, (key, label) in enumerate(labels.items()):
        made[key] = Option.objects.create(question=question, key=key, position=position)
        OptionText.objects.create(option=made[key], language="en", label=label)
    return made


def a_session(unit: Any, *groups: tuple[str, int], **fields: Any) -> ListeningSession:
    """A focus group of six customers, written down by nobody."""
    told = {"title": "The waiting room", "unit": unit, "held_on": date(2026, 11, 4), **fields}
    return save_session(None, fields=told, groups=groups or [("Older residents", 6)], by=None)
