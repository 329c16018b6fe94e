"""Goals that have ended inside, while the published edition goes on promising them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from charter.fixed import measures_of
from charter.models import Edition, Measure


@dataclass(frozen=True)
class StillPromised:
    """A goal as the edition in force fixed it; no goal of the measure holds for the same unit today."""

    measure: Measure
    edition: Edition
    goal: str


def still_promised(measures: Iterable[Measure], today: date) -> list[StillPromised]:
    """What the public goes on reading although the goal is gone, in the order of the measures.

    Asks once for all measures; `standard__charter__unit` and `goals` should come with them.
    """
    lapsed = [measure for measure in measures if not _holds(measure, measure.unit_id, today)]
    editions = _editions_of({measure.standard.charter_id for measure in lapsed}, today)
    fixed = {pk: {row["key"]: row for row in measures_of(each.content)} for pk, each in editions.items()}
    found = []
    for measure in lapsed:
        charter = measure.standard.charter_id
        promised = fixed.get(charter, {}).get(measure.key, {})
        if promised.get("goal") and not _holds(measure, promised.get("unit_id"), today):
            found.append(StillPromised(measure, editions[charter], promised["goal"]))
    return found


def _holds(measure: Measure, unit_id: int | None, today: date) -> bool:
    return any(goal.in_force(today) and goal.unit_id in (None, unit_id) for goal in measure.goals.all())


def _editions_of(charters: set[int], today: date) -> dict[int, Edition]:
    """The edition in force of each charter."""
    newest_last = Edition.objects.in_force(today).filter(charter__in=charters).reverse()
    keys = dict(newest_last.values_list("charter", "pk"))
    editions = Edition.objects.filter(pk__in=keys.values()).select_related("charter__unit")
    return {edition.charter_id: edition for edition in editions}
