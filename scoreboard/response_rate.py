"""How many of the customers who were served answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from common.volumes import customers_served
from feedback.models import Response
from scoreboard import pooling


@dataclass(frozen=True)
class Responses:
    """`n` responses of customers in all; `of_counted` those of the days on which their unit counted its
    customers, `served` many."""

    n: int
    of_counted: int
    served: int

    @property
    def percent(self) -> float | None:
        """The response rate where customers were counted, 0 to 100; more where `is_beyond`."""
        return 100 * self.of_counted / self.served if self.served else None

    @property
    def is_beyond(self) -> bool:
        """More answered than were served: not all were counted, or some answered more than once."""
        return self.of_counted > self.served > 0


def responses_in(spans: Sequence[pooling.Span]) -> Responses:
    """The countable responses of a subtree over a period; two queries a span, and one a volume.

    What employees answer is none of them: they are not whom a unit serves.
    """
    n = of_counted = served = 0
    customers = Response.objects.countable().for_the_desk()
    for span in spans:
        inside = customers.filter(service_date__gte=span.start, service_date__lt=span.end)
        days = inside.filter(unit__in=span.units).order_by().values_list("unit", "service_date")
        counted = customers_served(span.units, span.start, span.end)
        served += sum(counted.values())
        for unit, day, many in days.annotate(many=Count("pk")):
            n += many
            of_counted += many if (unit, day) in counted else 0
    return Responses(n, of_counted, served)
