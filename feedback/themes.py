"""How often customers speak of a theme: counted for a period, the one before, and month by month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from common.period import Period, add_months
from feedback.models import Response, Theme, ThemeMatch

TREND_MONTHS = 12


@dataclass(frozen=True)
class Spoken:
    """A theme with how many comments speak of it. Shares are of all comments, 0 to 100."""

    theme: Theme
    count: int
    before: int
    low: int
    share: float | None
    share_before: float | None
    months: list[int]

    @property
    def highest(self) -> int:
        return max(self.months, default=0) or 1

    @property
    def change(self) -> float | None:
        """In points of the share of all comments."""
        if self.share is None or self.share_before is None:
            return None
        return self.share - self.share_before


def spoken_of(
    themes: Sequence[Theme], comments: "QuerySet[Response]", period: Period, today: date
) -> list[Spoken]:
    """A row a theme, in their order. `comments` are those that the reader may count. Three queries."""
    comments = comments.filter(has_comment=True).order_by()
    both = period.before()
    totals = comments.aggregate(now=Count("pk", filter=_in(period)), before=Count("pk", filter=_in(both)))
    counted = {
        row["theme"]: row
        for row in _matches(comments, Period(both.start, period.end))
        .values("theme")
        .annotate(
            now=Count("pk", filter=_in(period, "response__")),
            before=Count("pk", filter=_in(both, "response__")),
            low=Count("pk", filter=_in(period, "response__") & Q(response__rating__lte=25)),
        )
    }
    months = _by_month(comments, today)
    none = {"now": 0, "before": 0, "low": 0}
    return [
        Spoken(
            theme=theme,
            count=(row := counted.get(theme.pk, none))["now"],
            before=row["before"],
            low=row["low"],
            share=_share(row["now"], totals["now"]),
            share_before=_share(row["before"], totals["before"]),
            months=months[theme.pk],
        )
        for theme in themes
    ]


def _in(period: Period, path: str = "") -> Q:
    return Q(**{f"{path}service_date__gte": period.start, f"{path}service_date__lt": period.end})


def _matches(comments: "QuerySet[Response]", period: Period) -> "QuerySet[ThemeMatch]":
    return ThemeMatch.objects.filter(response__in=comments.filter(_in(period)).values("pk"))


def _by_month(comments: "QuerySet[Response]", today: date) -> dict[int, list[int]]:
    """Theme → comments in each of the last twelve months, the running one last."""
    first = add_months(today, 1 - TREND_MONTHS)
    starts = [add_months(first, number) for number in range(TREND_MONTHS)]
    found: dict[int, dict[date, int]] = defaultdict(dict)
    rows: Any = (
        _matches(comments, Period(first, add_months(today, 1)))
        .annotate(month=TruncMonth("response__service_date"))
        .values_list("theme", "month")
        .annotate(many=Count("pk"))
    )
    for theme, month, many in rows:
        found[theme][month] = many
    return defaultdict(
        lambda: [0] * TREND_MONTHS,
        {theme: [by_month.get(start, 0) for start in starts] for theme, by_month in found.items()},
    )


def _share(count: int, total: int) -> float | None:
    return 100 * count / total if total else None
