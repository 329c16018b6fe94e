"""What the charter room says on pages of other rooms."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from charter.case_summary import summary_of
from charter.models import Case, Measure
from common.period import Period
from organisation.models import Tree, Unit


def cases_behind(measure: Measure, *, unit: Unit, period: Period) -> dict[str, Any] | None:
    """On a measure's page: what its cases come to, and the way to their list.

    The units are those that stand below `unit` on the period's last day.
    """
    if measure.source != Measure.Source.CASES:
        return None
    cases = Case.objects.countable().filter(
        measure=measure, unit__in=Tree.on(period.last_day).subtree(unit.pk)
    )
    query = QueryDict(mutable=True)
    query.update({"measure": measure.key, "unit": unit.slug})
    query.update({"first": f"{period.start}", "last": f"{period.last_day}"})
    return {
        "summary": summary_of(cases.received_in(period.start, period.end)),
        "url": f"{reverse('charter:case_list')}?{query.urlencode()}",
    }
