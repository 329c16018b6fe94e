"""The seam in words: which units came under another one, or left it, while a figure was counted."""

from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from common.period import Period
from organisation.models import Unit
from scoreboard.pooling import Placements


def moves_inside(placements: Placements, unit: Unit, period: Period) -> list[str]:
    """A sentence for each move inside the period that the unit made itself or that changed what is counted
    under it, oldest first. Each month is counted where its units stood in it."""
    moves = [(day, *_moved(placements, unit.pk, day)) for day in placements.moves_inside(period)]
    wanted = {pk for _day, came, left, parents in moves for pk in (*came, *left, *parents) if pk}
    names = dict(Unit.objects.filter(pk__in=wanted).values_list("pk", "name"))
    found = []
    for day, came, left, parents in moves:
        told = {"day": formats.date_format(day, "DATE_FORMAT"), "unit": unit.name}
        if parents:
            before, after = (names.get(parent or 0, "–") for parent in parents)
            words = _("%(unit)s stood under %(before)s until %(day)s, and under %(after)s since.")
            found.append(words % (told | {"before": before, "after": after}))
        for pks, words in (
            (came, _("Since %(day)s the figure holds %(units)s, which moved here.")),
            (left, _("Since %(day)s the figure is without %(units)s, which moved away.")),
        ):
            if pks:
                found.append(words % (told | {"units": ", ".join(sorted(names[pk] for pk in pks))}))
    return found


def _moved(placements: Placements, unit: int, day: date) -> tuple[set[int], set[int], tuple[int | None, ...]]:
    """Of a day: the topmost units that came, those that left, and the unit's own (old, new) parent."""
    before, after = placements.tree_on(day - timedelta(days=1)), placements.tree_on(day)
    old, new = before.subtree(unit), after.subtree(unit)
    came = {pk for pk in new - old if after.parents.get(pk) not in new - old}
    left = {pk for pk in old - new if before.parents.get(pk) not in old - new}
    parents = before.parents.get(unit), after.parents.get(unit)
    return came, left, parents if parents[0] != parents[1] else ()
