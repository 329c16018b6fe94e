"""Needs of customers and the standards that answer them; which of either stand alone."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest
from django.middleware.csrf import get_token

from charter.forms.needs import TieForm
from charter.models import NeedMeasure, Standard
from customers.models import Need


def standards_in_use(need_ids: Iterable[int]) -> dict[int, int]:
    """Need → how many standards in use answer it. One query."""
    tied = Standard.objects.active().filter(needs__in=list(need_ids)).order_by()
    return dict(tied.values_list("needs").annotate(many=Count("pk", distinct=True)))


def standards_of_need(need: Need, request: HttpRequest) -> dict[str, Any]:
    """On the page of a need: the standards that answer it, and the form that ties one more."""
    tied = list(_with_words(Standard.objects.active().filter(needs=need)))
    for standard in tied:
        standard.may_untie = request.user.has_perm("charter.edit", standard)
    form = TieForm(user=request.user, need=need)
    may_tie = form.has_standards and need.archived_at is None
    return {
        "need": need,
        "standards": tied,
        "form": form if may_tie else None,
        "csrf_token": get_token(request),
    }


def measures_of_need(need: Need, request: HttpRequest) -> dict[str, Any]:
    """On the page of a need: how important it is, how satisfied customers are, and what else shows it."""
    rows = need.measures.in_use().select_related("measure__standard__charter__unit")
    order = list(NeedMeasure.Role.values)
    return {
        "need": need,
        "rows": sorted(rows, key=lambda row: order.index(row.role)),
        "may_edit": request.user.has_perm("customers.edit", need) and need.archived_at is None,
    }


def _with_words(standards: Any) -> Any:
    found = standards.select_related("charter__unit").prefetch_related("texts")
    return found.order_by("charter__unit__name", "position", "pk")


def unanswered_needs() -> Any:
    """Needs in use that no standard in use answers."""
    tied = Standard.objects.active().filter(needs=OuterRef("pk"))
    return Need.objects.active().filter(~Exists(tied)).with_evidence().prefetch_related("segments")


def standards_without_need() -> Any:
    """Standards in use that answer no need in use."""
    needs = Need.objects.active().filter(standards=OuterRef("pk"))
    return _with_words(Standard.objects.active().filter(~Exists(needs)))
