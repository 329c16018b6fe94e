"""Whether the figure of a measure can still say that a gap is closed."""

from datetime import date

from django.utils.translation import gettext_noop

from charter.models import Measure
from organisation.models import Tree

ARCHIVED = gettext_noop("The measure is in the archive: its figure decides no longer.")
WITHDRAWN = gettext_noop("The promise was withdrawn: its figure decides no longer.")
NO_GOAL = gettext_noop("The measure has no goal any more: its figure decides no longer.")


def why_undecided(measure: Measure, unit_id: int, on: date, tree: Tree | None = None) -> str:
    """Why no figure of the measure says any more whether the unit keeps the promise; empty where one does.

    `tree` is that of the day, where it has been read already.
    """
    if measure.archived_at is not None:
        return ARCHIVED
    if measure.standard.archived_at is not None:
        return WITHDRAWN
    path = (tree or Tree.on(on)).path(unit_id)
    return "" if measure.goal_for(path, on) else NO_GOAL
