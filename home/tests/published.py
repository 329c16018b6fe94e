"""A small organisation with a published charter, for the tests of the home room."""

from datetime import UTC, date, datetime
from typing import Any

from charter.actions.publish import frozen
from charter.models import Charter, CharterText, Edition
from charter.tests.factories import MeasureFactory, StandardFactory
from feedback.tests.factories import CollectorFactory, QuestionnaireFactory, VersionFactory
from organisation.models import Unit
from organisation.tests.factories import InstallationFactory
from scoreboard.tests.factories import tally as day_tally

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
MONTH = date(2026, 11, 1)


def root_unit() -> Unit:
    return InstallationFactory().root


def charter_of(unit: Unit, title: str = "What you can expect from us", language: str = "en") -> Charter:
    charter, _ = Charter.objects.get_or_create(unit=unit)
    CharterText.objects.create(charter=charter, language=language, title=title)
    return charter


def promise(charter: Charter, words: str = "You know what happens next", **kwargs: Any) -> Any:
    """A promise with one yes/no measure and a goal of 90."""
    return MeasureFactory(standard=StandardFactory(charter=charter, promise=words, **kwargs), goal=90)


def publish(charter: Charter, number: int = 1, on: date = date(2026, 9, 1), note: str = "New") -> Edition:
    return Edition.objects.create(
        charter=charter, number=number, note=note, in_force_from=on, content=frozen(charter, on)
    )


def tally(measure: Any, unit: Unit, yes: int, n: int, day: date = MONTH, *, month: bool = True) -> None:
    """Answers of one day; without `month` beside those of another day of the same month."""
    day_tally(measure, unit, day, yes, n, month=month)


def open_place(unit: Unit, slug: str = "harbour") -> Any:
    questionnaire = QuestionnaireFactory()
    VersionFactory(questionnaire=questionnaire)
    return CollectorFactory(slug=slug, unit=unit, questionnaire=questionnaire)
