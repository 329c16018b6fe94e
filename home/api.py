"""The public part of the API: the charter in force with its figures."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from charter.models import Edition
from common.figure_words import plain_words
from common.languages import first_of, speaking, spoken_language
from home import published
from home.doors import charter_read
from organisation.models import Installation, Unit
from scoreboard.figures import Figure, local_today

router = Router(tags=["charter"])


class PublicFigure(Schema):
    """The figure behind a promise. `value` is null where too few have answered; `hidden` says so."""

    measure: str
    name: str
    method: str
    start: date
    end: date = Field(description="day after the last one")
    n: int
    value: float | None
    low: float | None
    high: float | None
    goal: float | None
    verdict: str
    hidden: str | None
    words: str = Field(description="the figure as the page says it")

    @classmethod
    def of(cls, figure: Figure) -> "PublicFigure":
        return cls(
            measure=figure.measure.key,
            name=figure.measure.name,
            method=figure.measure.method,
            start=figure.period.start,
            end=figure.period.end,
            n=figure.n,
            value=figure.value,
            low=figure.low,
            high=figure.high,
            goal=None if figure.goal is None else float(figure.goal),
            verdict=figure.verdict,
            hidden=figure.hidden_reason or None,
            words=plain_words(figure),
        )


class SaidDid(Schema):
    """One entry of “you said, we did”. The citation is what stood behind it when it was written."""

    promise: str = Field(description="key of the promise")
    since: date
    said: str
    did: str
    citation: str
    citation_address: str


class Promise(Schema):
    key: str
    promise: str
    why: str
    limit: str = Field(description="the time limit in words; empty where there is none")
    figures: list[PublicFigure]
    said_did: list[SaidDid]


class PublicCharter(Schema):
    """The edition in force, in the language asked for where it is written in it."""

    unit: str
    edition: int
    in_force_from: date
    next_review_on: date | None
    language: str
    languages: list[str]
    title: str
    purpose: str
    promises: list[Promise]


class Message(Schema):
    detail: str


@router.get(
    "/charter",
    auth=None,
    response={200: PublicCharter, 404: Message},
    url_name="charter",
    summary="The published charter with its figures, each with its own days",
)
def charter(request: HttpRequest, unit: str = "", language: str = "") -> PublicCharter:
    """What the public page says, for programs: of the whole organisation, or of the unit with this
    short name, in the language asked for. No key is needed."""
    found_unit = _unit_asked(unit)
    if found_unit is None:
        raise Http404(_("No charter is published yet."))
    today = local_today(found_unit)
    edition = Edition.objects.select_related("charter").edition_on(found_unit, today)
    if edition is None:
        raise Http404(_("No charter is published yet."))
    with speaking(language, first_of(edition.content.get("texts", {}))):
        return public_charter(charter_read(edition, found_unit, today))


def public_charter(found: published.PublishedCharter) -> PublicCharter:
    """What anyone may read of a charter, as plain data, in the language that is spoken now."""
    edition = found.edition
    return PublicCharter(
        unit=found.unit.slug,
        edition=edition.number,
        in_force_from=edition.in_force_from,
        next_review_on=edition.charter.next_review_on,
        language=spoken_language(),
        languages=[code for code, _name in found.languages],
        title=_word(found.words, "title"),
        purpose=_word(found.words, "purpose"),
        promises=[_promise(each) for each in found.promises],
    )


def _unit_asked(slug: str) -> Unit | None:
    """The unit with the short name, else the whole organisation; None before the set-up."""
    if slug:
        return None if "\x00" in slug else Unit.objects.active().filter(slug=slug).first()
    installation = Installation.current()
    return installation.root if installation else None


def _word(words: dict[str, Any], name: str) -> str:
    return words.get(name, "")


def _promise(promise: published.Promise) -> Promise:
    return Promise(
        key=promise.key,
        promise=_word(promise.words, "promise"),
        why=_word(promise.words, "why"),
        limit=promise.limit,
        figures=[PublicFigure.of(figure) for figure in promise.figures],
        said_did=[
            SaidDid(
                promise=promise.key,
                since=entry.day,
                said=_word(entry.words, "said"),
                did=_word(entry.words, "did"),
                citation=entry.citation_text,
                citation_address=entry.citation_address,
            )
            for entry in promise.entries
        ],
    )
