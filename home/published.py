"""A published charter as its readers see it: the edition's frozen words, and the figures of today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from charter.models import Edition, Goal, Measure
from common.period import Period
from feedback.models import Collector
from organisation.models import Tree, Unit
from scoreboard.figures import Figure, figures_for

MONTHS_SHOWN = 3
FIXED_BY_EDITION = ("name", "minimum_n", "is_sample", "counted", "exposure")


class Words(dict[str, str]):
    """One part's texts by name; `foreign` is their language where it is not the page's."""

    foreign: str = ""


def words_of(texts: dict[str, dict[str, str]]) -> Words:
    """In the reader's language, else the installation's first one, else any."""
    wanted = get_language() or settings.LANGUAGE_CODE
    for language in (wanted, settings.LANGUAGE_CODE, *texts):
        if language in texts:
            words = Words(texts[language])
            words.foreign = "" if language == wanted else language
            return words
    return Words()


@dataclass
class Promise:
    """One promise of an edition; its figures are filled in where the page shows them."""

    key: str
    words: Words
    value: Words | None
    measures: list[dict[str, Any]]
    figures: list[Figure] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        """Every measure of it is met for certain."""
        return bool(self.figures) and all(figure.verdict == "met" for figure in self.figures)

    @property
    def is_missed(self) -> bool:
        return any(figure.verdict == "not_met" for figure in self.figures)

    @property
    def has_figure(self) -> bool:
        return any(figure.value is not None for figure in self.figures)


@dataclass
class PublishedCharter:
    """One edition, ready to be read."""

    edition: Edition
    unit: Unit
    words: Words
    values: list[Words]
    promises: list[Promise]
    languages: list[tuple[str, str]]

    @property
    def kept(self) -> int:
        return sum(promise.is_kept for promise in self.promises)

    @property
    def missed(self) -> int:
        return sum(promise.is_missed for promise in self.promises)

    @property
    def measured(self) -> int:
        return sum(promise.has_figure for promise in self.promises)


def read(edition: Edition, unit: Unit) -> PublishedCharter:
    """The edition's words in the reader's language, without figures."""
    content = edition.content
    texts = content.get("texts", {})
    values = {value["key"]: words_of(value["texts"]) for value in content.get("values", [])}
    promises = [
        Promise(
            key=standard["key"],
            words=words_of(standard["texts"]),
            value=values.get(standard["value"]),
            measures=standard["measures"],
        )
        for standard in content.get("standards", [])
    ]
    offered = [(code, name) for code, name in settings.TEXT_LANGUAGES if code in texts]
    return PublishedCharter(edition, unit, words_of(texts), list(values.values()), promises, offered)


def add_figures(charter: PublishedCharter, today: date) -> None:
    """The public figures of the charter's unit over the last three months, today's included.

    They are held against the goals of the edition: what a manager changes in the draft is public with
    the next edition only.
    """
    content = {measure["key"]: measure for promise in charter.promises for measure in promise.measures}
    measures = list(Measure.objects.filter(key__in=content).select_related("standard__charter"))
    for measure in measures:
        for name in FIXED_BY_EDITION:
            setattr(measure, name, content[measure.key].get(name, getattr(measure, name)))
    period = Period.months(today, MONTHS_SHOWN)
    goals = _goals(charter, measures, content, today)
    figures = figures_for(measures, charter.unit, period, public=True, today=today, goals=goals)
    by_key = {measure.key: figures[measure.pk] for measure in measures}
    for promise in charter.promises:
        promise.figures = [by_key[each["key"]] for each in promise.measures if each["key"] in by_key]


def _goals(
    charter: PublishedCharter, measures: Sequence[Measure], content: dict[str, Any], today: date
) -> dict[int, Goal | None]:
    """The goals that the edition fixed for the charter's unit; one of a unit below says nothing of it."""
    path = Tree.on(today).path(charter.unit.pk)
    near = {None, *Unit.objects.filter(pk__in=path).values_list("slug", flat=True)}
    found: dict[int, Goal | None] = {}
    for measure in measures:
        fixed = content[measure.key]
        if "goal" in fixed:
            counts = fixed["goal"] is not None and fixed.get("unit") in near
            found[measure.pk] = Goal(measure=measure, target=Decimal(fixed["goal"])) if counts else None
    return found


def open_places(unit: Unit, today: date) -> list[Collector]:
    """Where the unit's customers can be asked today: places with a card to fill in."""
    units: Iterable[int] = Tree.on(today).subtree(unit.pk)
    return list(
        Collector.objects.open_on(today)
        .filter(unit__in=units, questionnaire__versions__published_at__isnull=False)
        .select_related("unit")
        .distinct()
    )
