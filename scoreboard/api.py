"""The scoreboard's part of the API."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from charter.models import Measure
from common.period import Period
from organisation.api_auth import KeyWithScope, SignedInWith
from organisation.models import Unit
from scoreboard import periods
from scoreboard.figures import Figure, figures_for, local_today
from scoreboard.models import PublishedResult
from scoreboard.models.opendata import PublishedResultQuerySet

router = Router(tags=["scores"])

KEY = r"^[-a-zA-Z0-9_]+$"


class Asked(Schema):
    """Which figure. The period is half-open: `end` is the day after its last one."""

    measure: str = Field(max_length=40, pattern=KEY, description="key of the measure")
    unit: str = Field(max_length=60, pattern=KEY, description="short name of the unit")
    start: date = Field(description="first day, in the unit's own dates")
    end: date = Field(description="day after the last one")


class Score(Schema):
    """One figure. Numbers are unrounded; null where there is nothing to say.

    `covers_start` and `covers_end` (half-open too) are the days that it covers: all of the period, but only
    the whole months inside it where results are recorded by month; null where it holds no whole month.
    """

    measure: str
    unit: str
    start: date
    end: date
    covers_start: date | None
    covers_end: date | None
    method: str
    n: int
    na: int
    value: float | None
    low: float | None
    high: float | None
    goal: float | None
    verdict: str
    indicative: bool
    older_series: bool

    @classmethod
    def of(cls, figure: Figure, asked: Period) -> "Score":
        covers = None if figure.is_by_month and not figure.period.whole_months else figure.period
        return cls(
            measure=figure.measure.key,
            unit=figure.unit.slug,
            start=asked.start,
            end=asked.end,
            covers_start=covers.start if covers else None,
            covers_end=covers.end if covers else None,
            method=figure.measure.method,
            n=figure.n,
            na=figure.na,
            value=figure.value,
            low=figure.low,
            high=figure.high,
            goal=None if figure.goal is None else float(figure.goal),
            verdict=figure.verdict,
            indicative=figure.is_indicative,
            older_series=figure.older_series,
        )


class Filter(Schema):
    """Which published results; without anything all of them. Both days are included."""

    measure: str | None = Field(None, max_length=40, pattern=KEY, description="key of the measure")
    unit: str | None = Field(None, max_length=60, pattern=KEY, description="short name of the unit")
    since: date | None = Field(None, description="leaves out periods that begin earlier")
    until: date | None = Field(None, description="leaves out periods that end later")

    def found(self) -> PublishedResultQuerySet:
        """The published results that are asked for."""
        found = PublishedResult.objects.within(self.since, self.until)
        if self.measure is not None:
            found = found.filter(measure__key=self.measure)
        return found if self.unit is None else found.filter(unit__slug=self.unit)


class Result(Schema):
    """One published result: a month, or a quarter as one. Numbers are unrounded; `hidden` says why there
    is none."""

    measure: str
    unit: str
    unit_name: str
    period: str
    start: date
    last_day: date
    series: int
    edition: int
    n: int
    value: float | None
    low: float | None
    high: float | None
    goal: float | None
    hidden: str


class Message(Schema):
    detail: str


@router.get(
    "/scores",
    auth=SignedInWith("scoreboard.read"),
    response={200: Score, 401: Message, 404: Message, 422: Message},
    url_name="scores",
    summary="The figure of a measure for a unit and a period, as the scoreboard shows it",
)
def scores(request: HttpRequest, asked: Query[Asked]) -> Score:
    measure = get_object_or_404(Measure.objects.select_related("standard__charter"), key=asked.measure)
    unit = get_object_or_404(Unit, slug=asked.unit)
    period, today = _period(asked), local_today(unit)
    return Score.of(figures_for([measure], unit, period, today=today)[measure.pk], period)


@router.get(
    "/results",
    auth=KeyWithScope("scores.read"),
    response={200: list[Result], 401: Message, 422: Message},
    url_name="results",
    summary="What is published of settled months and quarters",
)
def results(request: HttpRequest, wanted: Query[Filter]) -> list[dict[str, Any]]:
    """The rows of the public files. A program cannot choose other periods: from two that share days a
    figure of a few answers could be reckoned."""
    return list(wanted.found().rows())


def _period(asked: Asked) -> Period:
    try:
        return periods.counted(Period(asked.start, asked.end))
    except ValidationError as error:
        raise HttpError(422, error.messages[0]) from error
