"""How a round of invitations stands. The rate is a full count: whoever answered of those reached."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from feedback.models import Invitation, InvitationRound

State = Invitation.State


def standing_of(rounds: Iterable[InvitationRound]) -> dict[int, dict[str, Any]]:
    """Counts and response rate (in percent, one decimal) by round. One query.

    The denominator is everybody whom a letter has reached: bounced letters and those who were left out
    are no part of it, whoever wants no more letters is.
    """
    keys = [each.pk for each in rounds]
    counted = Invitation.objects.listed().filter(round__in=keys).order_by()
    states: dict[int, Counter[str]] = {key: Counter() for key in keys}
    for key, state, many in counted.values_list("round", "state").annotate(many=Count("pk")):
        states[key][state] = many
    return {key: _standing(found) for key, found in states.items()}


def _standing(states: "Counter[str]") -> dict[str, Any]:
    answered = states[State.ANSWERED]
    reached = states[State.ASKED] + states[State.STOPPED] + answered
    return {
        "listed": sum(states.values()),
        "waiting": states[State.WAITING],
        "reached": reached,
        "answered": answered,
        "stopped": states[State.STOPPED],
        "bounced": states[State.BOUNCED],
        "skipped": states[State.SKIPPED],
        "percent": round(100 * answered / reached, 1) if reached else None,
    }
