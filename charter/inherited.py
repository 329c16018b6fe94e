"""What a unit's charter inherits: the charters of the units above it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from charter.models import Charter, Policy, Standard, Value
from organisation.models import Tree


@dataclass(frozen=True)
class Inherited:
    """One charter above, with what holds from it in the units below."""

    charter: Charter
    values: list[Value]
    standards: list[Standard]
    policies: list[Policy]


def charters_above(charter: Charter, on: date) -> list[Inherited]:
    """The charters of the units above, the nearest first, as their drafts stand."""
    above = Tree.on(on).path(charter.unit_id)[:-1]
    charters = (
        Charter.objects.filter(unit__in=above)
        .select_related("unit")
        .prefetch_related(
            "texts",
            Prefetch("values", Value.objects.active().prefetch_related("texts")),
            Prefetch("standards", Standard.objects.active().prefetch_related("texts")),
            Prefetch("policies", Policy.objects.active().prefetch_related("texts")),
        )
    )
    return [
        Inherited(each, list(each.values.all()), list(each.standards.all()), list(each.policies.all()))
        for each in sorted(charters, key=lambda each: above.index(each.unit_id), reverse=True)
    ]
