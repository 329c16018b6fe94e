"""Comments of employees: shown where eight have answered, in no order that leads to anybody."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from django.db.models import Count

from common.period import Period
from feedback.masking import masked
from feedback.models import Answer, Question, Response
from feedback.results import Scope, places_above, places_in
from feedback.withheld import Portion, blocks

ENOUGH_FOR_COMMENTS = 8
MOST_SHOWN = 100


def comments_of_employees(scope: Scope, today: date) -> list[str]:
    """Without place, day and personal data, in the order of the alphabet.

    A comment is shown with the block of answers it belongs to; every block holds eight or more, and is the
    same for every reader (rules 3).
    """
    above = places_above(scope.questionnaire, today)
    inside = places_in(scope, above)
    made = blocks(_answered(scope), above, ENOUGH_FOR_COMMENTS)
    shown = {
        cell
        for block in made
        if block.lies_in(inside, scope.period.start, scope.period.end)
        for cell in block.counts
    }
    written = Answer.objects.filter(
        response__in=_responses(scope, scope.period).values("pk"), question__kind__in=Question.SPOKEN
    ).exclude(text="")
    found = [
        masked(text)
        for collector, day, text in written.values_list("response__collector", "day", "text")
        if (collector, day) in shown
    ]
    return sorted(found, key=str.casefold)[:MOST_SHOWN]


def _responses(scope: Scope, period: Period) -> Any:
    return (
        Response.objects.countable()
        .filter(
            version__questionnaire=scope.questionnaire,
            service_date__gte=period.start,
            service_date__lt=period.end,
        )
        .order_by()
    )


def _answered(scope: Scope) -> list[Portion]:
    """How many answered at each place on each day of the years that the scope touches."""
    years = Period(date(scope.period.start.year, 1, 1), date(scope.period.last_day.year + 1, 1, 1))
    rows = _responses(scope, years).values_list("collector", "service_date").annotate(many=Count("pk"))
    found: dict[tuple[int, date], int] = defaultdict(int)
    for collector, day, many in rows:
        found[collector, day] += many
    return [
        Portion(
            ("collector", collector),
            frozenset({("collector", collector)}),
            day,
            day,
            Counter({"answered": many}),
            Counter({(collector, day): many}),
        )
        for (collector, day), many in found.items()
    ]
