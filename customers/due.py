"""What the customers room puts into My work: needs that customers are to be asked about again."""

from datetime import datetime
from typing import Any

from customers.models import Need
from organisation.days import organisation_day
from organisation.models import User

SHOWN = 5


def due(user: User, at: datetime) -> dict[str, Any] | None:
    """The needs that the units look after in which the person is a manager; None where nothing is due."""
    own = {role.unit_id for role in user.roles if role.role != role.Role.STAFF}
    if not own:
        return None
    found = Need.objects.due(organisation_day(at)).filter(unit__in=own).order_by("ask_again_on", "pk")
    needs = list(found[: SHOWN + 1])
    return {"needs": needs[:SHOWN], "has_more": len(needs) > SHOWN} if needs else None
