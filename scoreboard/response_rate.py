"""How many of the customers who were served answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from common.volumes import customers_served
from feedback.models import Response
from scoreboard import pooling


@dataclass(frozen=True)
class Responses:
    """`n` responses in all; `of_counted` those of the units that counted their customers, `served` many."""

    n: int
    of_counted: int
    served: int

    @property
    def percent(self) -> float | None:
        """The response rate of the units that counted, 0 to 100 (and more, where more answered)."""
        return 100 * self.of_counted / self.served if self.served else None


def responses_in(spans: Sequence[pooling.Span]) -> Responses:
    """The countable responses of a subtree over a period; two queries a span, and one a volume."""
    n = of_counted = served = 0
    for span in spans:
        inside = Response.objects.countable().filter(service_date__gte=span.start, service_date__lt=span.end)
        by_unit = inside.filter(unit__in=span.units).order_by().values_list("unit").annotate(many=Count("pk"))
        counted = customers_served(span.units, span.start, span.end)
        served += sum(counted.values())
        for unit, many in by_unit:
            n += many
            of_counted += many if unit in counted else 0
    return Responses(n, of_counted, served)
