"""What the scoreboard says on pages of other rooms."""

from typing import Any

from charter.models import Charter, Measure
from scoreboard.board import fed


def measures_without_source(charter: Charter) -> dict[str, Any] | None:
    """Before an edition is published: the measures that nothing feeds yet."""
    unfed = (
        Measure.objects.active()
        .filter(standard__charter=charter)
        .exclude(fed())
        .select_related("standard")
        .prefetch_related("standard__texts")
    )
    measures = list(unfed)
    return {"measures": measures} if measures else None
