"""A published charter as its readers see it: the edition's frozen words, and the figures of today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from charter.fixed import as_fixed, fixed_goal, is_promised_alike, measures_of
from charter.models import Edition, Goal, Improvement, Measure
from common.languages import first_of, spoken_language
from common.period import Period
from common.texts import TextRow
from feedback.models import Collector, Questionnaire
from home.plain import place_words, time_limit
from organisation.models import Tree, Unit
from scoreboard.figures import Figure
from scoreboard.live import MONTHS_SHOWN, live_figures

INSIDE_ONLY = ("depends_on", "refines")
FOR_COLLEAGUES = "colleagues"
BEHAVIOURS = ("we_do_customers", "we_dont_customers", "we_do_colleagues", "we_dont_colleagues")


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
class Entry:
    """“You said, we did” under one promise."""

    reference: str
    day: date
    words: Words
    citation_text: str
    citation_address: str
    cited_in: str
    """The language of the citation, which has one only, where it is not the page's."""


@dataclass
class Value:
    """What the organisation believes in, with the lines of how that shows."""

    words: Words

    @property
    def behaviours(self) -> dict[str, list[str]]:
        """The lines of each kind of behaviour; editions before them have one sentence instead."""
        lines = {name: _lines(self.words.get(name, "")) for name in BEHAVIOURS}
        for older, name in (
            ("towards_customers", "we_do_customers"),
            ("towards_colleagues", "we_do_colleagues"),
        ):
            lines[name] = lines[name] or _lines(self.words.get(older, ""))
        return lines

    @property
    def has_behaviours(self) -> bool:
        return any(self.behaviours.values())


def _lines(text: str) -> list[str]:
    """One behaviour a line, without the dash that authors like to put before it."""
    found = (line.strip().lstrip("-*•–").strip() for line in text.splitlines())
    return [line for line in found if line]


@dataclass
class Policy:
    """A rule on the customer's side, and up to which amount staff decide alone."""

    key: str
    words: Words
    amount: str
    currency: str


@dataclass
class Promise:
    """One promise of an edition; its figures and entries are filled in where the page shows them."""

    key: str
    words: Words
    value: Words | None
    measures: list[dict[str, Any]]
    limit: str = ""
    place: str = ""
    is_internal: bool = False
    measured_in: str = ""
    """The language of its measures' names, which have one only, where it is not the page's."""
    figures: list[Figure] = field(default_factory=list)
    usual_period: Period | None = None
    entries: list[Entry] = field(default_factory=list)

    @property
    def other_periods(self) -> list[Period]:
        """The periods of those of its figures that are not over the usual one."""
        periods = [figure.period for figure in self.figures if figure.value is not None]
        return [period for period in periods if period != self.usual_period]

    @property
    def state(self) -> str:
        """kept, missed, unsure or unmeasured: what all its figures together say for certain."""
        verdicts = [figure.verdict for figure in self.figures if figure.value is not None]
        if "not_met" in verdicts:
            return "missed"
        if verdicts and all(figure.verdict == "met" for figure in self.figures):
            return "kept"
        return "unsure" if {"met", "unsure"} & set(verdicts) else "unmeasured"


@dataclass
class PublishedCharter:
    """One edition, ready to be read."""

    edition: Edition
    unit: Unit
    words: Words
    values: list[Value]
    promises: list[Promise]
    policies: list[Policy]
    languages: list[tuple[str, str]]

    def _in(self, state: str) -> int:
        return sum(promise.state == state for promise in self.promises)

    @property
    def kept(self) -> int:
        return self._in("kept")

    @property
    def missed(self) -> int:
        return self._in("missed")

    @property
    def unsure(self) -> int:
        return self._in("unsure")

    @property
    def unmeasured(self) -> int:
        return self._in("unmeasured")

    @property
    def measured(self) -> int:
        return len(self.promises) - self.unmeasured

    @property
    def has_other_periods(self) -> bool:
        """Whether some figure is not over the last three months, as a page must not say then."""
        return any(promise.other_periods for promise in self.promises)

    @property
    def has_entries(self) -> bool:
        return any(promise.entries for promise in self.promises)

    def promise(self, key: str) -> Promise | None:
        return next((each for each in self.promises if each.key == key), None)


def read(edition: Edition, unit: Unit) -> PublishedCharter:
    """The edition's words in the reader's language, without figures. Older editions lack newer parts."""
    content = edition.content
    texts = content.get("texts", {})
    values = {value["key"]: words_of(value["texts"]) for value in content.get("values", [])}
    policies = [
        Policy(
            key=policy["key"],
            words=words_of(policy["texts"]),
            amount=policy.get("amount") or "",
            currency=policy.get("currency", ""),
        )
        for policy in content.get("policies", [])
    ]
    return PublishedCharter(
        edition=edition,
        unit=unit,
        words=words_of(texts),
        values=[Value(words) for words in values.values()],
        promises=[_promise(standard, values) for standard in content.get("standards", [])],
        policies=policies,
        languages=[(code, name) for code, name in settings.TEXT_LANGUAGES if code in texts],
    )


def _promise(standard: dict[str, Any], values: dict[str, Words]) -> Promise:
    return Promise(
        key=standard["key"],
        words=words_of(standard["texts"]),
        value=values.get(standard["value"]),
        measures=standard["measures"],
        limit=time_limit(standard.get("limit_amount"), standard.get("limit_unit", "")),
        place=place_words(standard.get("channel", "")),
        is_internal=standard.get("audience") == FOR_COLLEAGUES,
        measured_in=_foreign(standard["texts"]),
    )


def _foreign(written: Iterable[str]) -> str:
    """The first language of what is written, where it is not the page's."""
    language = first_of(written)
    return "" if language == spoken_language() else language


def leave_out_internal(charter: PublishedCharter) -> None:
    """What colleagues promise each other is no business of the public page."""
    charter.promises = [promise for promise in charter.promises if not promise.is_internal]


def public_content(content: dict[str, Any]) -> dict[str, Any]:
    """Frozen content without what colleagues promise each other, and without what a promise relies on."""
    standards = [
        {name: stored for name, stored in standard.items() if name not in INSIDE_ONLY}
        for standard in content.get("standards", [])
        if standard.get("audience") != FOR_COLLEAGUES
    ]
    return content | {"standards": standards}


def add_figures(charter: PublishedCharter, today: date) -> None:
    """The public figures of the charter's unit over the last three months, or over what each says itself
    (`scoreboard.live`).

    They are held against the goals of the edition: what a manager changes in the draft is public with
    the next edition only. What was promised otherwise before is not judged by it.
    """
    content = {measure["key"]: measure for promise in charter.promises for measure in promise.measures}
    known = Measure.objects.filter(key__in=content).select_related("standard__charter")
    measures = [as_fixed(measure, content[measure.key]) for measure in known.prefetch_related("goals")]
    found = live_figures(
        measures,
        charter.unit,
        today,
        goals=_goals(charter, measures, content, today),
        since=_since(charter, measures, content, today),
    )
    by_key = {measure.key: found[measure.pk] for measure in measures}
    for promise in charter.promises:
        promise.figures = [by_key[each["key"]] for each in promise.measures if each["key"] in by_key]
        promise.usual_period = Period.months(today, MONTHS_SHOWN)


def _goals(
    charter: PublishedCharter, measures: Sequence[Measure], content: dict[str, Any], today: date
) -> dict[int, Goal | None]:
    """The goals that the edition fixed for the charter's unit; the oldest editions fixed none."""
    path = Tree.on(today).path(charter.unit.pk)
    slugs = list(Unit.objects.filter(pk__in=path).values_list("slug", flat=True))
    return {
        measure.pk: fixed_goal(measure, content[measure.key], path=path, slugs=slugs)
        if "goal" in content[measure.key]
        else measure.goal_for(path, today)
        for measure in measures
    }


def _since(
    charter: PublishedCharter, measures: Sequence[Measure], content: dict[str, Any], today: date
) -> dict[int, date]:
    """Since when each measure has been promised as it is, where it was promised otherwise before."""
    edition, first_day = charter.edition, Period.months(today, MONTHS_SHOWN).start
    found: dict[int, date] = {}
    if edition.in_force_from <= first_day:
        return found
    starts = {measure.key: edition.in_force_from for measure in measures}
    older = edition.charter.editions.filter(number__lt=edition.number).order_by("-number")
    for each in older.only("content", "in_force_from").iterator(chunk_size=2):
        earlier = {row["key"]: row for row in measures_of(each.content)}
        for measure in measures:
            key = measure.key
            if measure.pk not in found and key in earlier:
                if is_promised_alike(earlier[key], content[key]):
                    starts[key] = min(starts[key], each.in_force_from)
                elif starts[key] > each.in_force_from:
                    found[measure.pk] = starts[key]
        if each.in_force_from <= first_day:
            break
    return found


def add_entries(charter: PublishedCharter) -> None:
    """“You said, we did” under each promise, the newest first."""
    by_key = {promise.key: promise for promise in charter.promises}
    found = Improvement.objects.published().filter(standard__key__in=by_key).newest_first()
    for improvement in found.select_related("standard").prefetch_related("texts"):
        rows = improvement.texts.all()
        by_key[improvement.standard.key].entries.append(
            Entry(
                reference=improvement.reference,
                day=improvement.done_on,
                words=_row_words(rows),
                citation_text=improvement.citation_text,
                citation_address=improvement.citation_address,
                cited_in=_foreign(row.language for row in rows),
            )
        )


def _row_words(rows: Iterable[TextRow]) -> Words:
    texts: dict[str, dict[str, str]] = {}
    for row in rows:
        texts[row.language] = {"said": row.said, "did": row.did}  # type: ignore[attr-defined]
    return words_of(texts)


def open_places(unit: Unit, today: date) -> list[Collector]:
    """Where the unit's customers can tell today: places with a comment card.

    Surveys are for those to whom they were handed or sent, and are not offered to everybody.
    """
    units: Iterable[int] = Tree.on(today).subtree(unit.pk)
    return list(
        Collector.objects.open_on(today)
        .filter(
            unit__in=units,
            questionnaire__kind=Questionnaire.Kind.CARD,
            questionnaire__versions__published_at__isnull=False,
        )
        .select_related("unit")
        .distinct()
    )
