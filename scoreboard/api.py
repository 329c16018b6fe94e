"""The scoreboard's part of the API."""

from datetime import date

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from charter.models import Measure
from common.period import Period
from organisation.api_auth import KeyWithScope, SignedInWith
from organisation.models import ApiToken, Unit
from scoreboard import periods
from scoreboard.figures import Figure, figures_for, local_today
from scoreboard.publishing import published_figure

router = Router(tags=["scores"])

KEY = r"^[-a-zA-Z0-9_]+$"


class Asked(Schema):
    """Which figure. The period is half-open: `end` is the day after its last one."""

    measure: str = Field(max_length=40, pattern=KEY, description="key of the measure")
    unit: str = Field(max_length=60, pattern=KEY, description="short name of the unit")
    start: date = Field(description="first day, in the unit's own dates")
    end: date = Field(description="day after the last one")


class Score(Schema):
    """One figure. Numbers are unrounded; null where there is nothing to say, or nothing may be said."""

    measure: str
    unit: str
    start: date
    end: date
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
    hidden: str | None = Field(description="why there is no figure, where one is held back")

    @classmethod
    def of(cls, figure: Figure) -> "Score":
        return cls(
            measure=figure.measure.key,
            unit=figure.unit.slug,
            start=figure.period.start,
            end=figure.period.end,
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
            hidden=figure.hidden_reason or None,
        )


class Message(Schema):
    detail: str


@router.get(
    "/scores",
    auth=[KeyWithScope("scores.read"), SignedInWith("scoreboard.read")],
    response={200: Score, 401: Message, 404: Message, 422: Message},
    url_name="scores",
    summary="The figure of a measure for a unit and a period",
)
def scores(request: HttpRequest, asked: Query[Asked]) -> Score:
    """Persons who are signed in get what the scoreboard shows them. Keys get what may be published:
    whole months, and no figure of fewer answers than the measure's minimum, nor one from which such a
    figure could be reckoned."""
    measure = get_object_or_404(Measure.objects.select_related("standard__charter"), key=asked.measure)
    unit = get_object_or_404(Unit, slug=asked.unit)
    period, today = _period(asked), local_today(unit)
    if not isinstance(request.auth, ApiToken):  # type: ignore[attr-defined]
        return Score.of(figures_for([measure], unit, period, today=today)[measure.pk])
    if not period.whole_months:
        raise HttpError(422, _("With a key the period begins and ends on the first of a month."))
    return Score.of(published_figure(measure, unit, period, today=today))


def _period(asked: Asked) -> Period:
    try:
        return periods.counted(Period(asked.start, asked.end))
    except ValidationError as error:
        raise HttpError(422, error.messages[0]) from error
