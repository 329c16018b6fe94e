"""What customers wrote beside the answers of a figure: for those who may read it, masked for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from charter.models import Measure
from common.period import Period
from feedback.models import Answer, Response
from feedback.said import comment_of, written
from organisation.models import Tree, Unit

SHOWN = 3


@dataclass(frozen=True)
class Comments:
    """The newest ones and how many there are. `reads` says whether the reader may open the inbox here."""

    shown: list[tuple[Response, str]]
    total: int
    reads: bool


def comments_behind(
    measures: Sequence[Measure], unit: Unit, period: Period, *, user: Any, today: date
) -> Comments:
    """The comments on the cards that answer one of the measures, in the unit and below it.

    As far as the reader sees the cards: managers their subtree, staff their own unit and without personal
    data. The tree is that of today, as in the inbox.
    """
    reads = bool(user.has_perm("feedback.see", unit))
    cards: QuerySet[Response] = (
        Response.objects.visible_to(user)
        .countable()
        .filter(
            pk__in=Answer.objects.filter(measure__in=measures).values("response"),
            unit__in=Tree.on(today).subtree(unit.pk),
            service_date__gte=period.start,
            service_date__lt=period.end,
            has_comment=True,
        )
    )
    newest = cards.order_by("-service_date", "-pk").select_related("unit", "person")
    shown = [
        (card, comment_of(card, mask=_is_masked(user, card), person=getattr(card, "person", None)))
        for card in newest.prefetch_related(written())[:SHOWN]
    ]
    return Comments(shown, cards.count(), reads)


def _is_masked(user: Any, card: Response) -> bool:
    return not (user.is_administrator or card.unit_id in user.managed_unit_ids)
