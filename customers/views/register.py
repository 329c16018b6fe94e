"""What the pages of segments and needs share: lists, how a row is edited, how an archived one returns."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from customers.actions import ChangedMeanwhile
from customers.forms.register import RegisterForm
from organisation.drafting import offer, settle


def edit_page(
    request: HttpRequest, template: str, form: RegisterForm, row: Any, save: Callable[[], Any]
) -> HttpResponse:
    """The form of a new row (`row` is None) or of one that stands; 409 where a colleague was faster.

    `save` writes what the form holds and raises ChangedMeanwhile.
    """
    context: dict[str, Any] = {"form": form, "row": row}
    status = 200
    if form.is_valid():
        try:
            saved = save()
        except ChangedMeanwhile:
            row = type(row).objects.select_related("unit").get(pk=row.pk)
            context |= {"conflict": True, "changed": form.keep_over(row.version, form.stored(row))}
            context["last"] = row.events.select_related("by").first()
            status = 409
        else:
            messages.success(request, _("Saved."))
            return settle(request, redirect(saved))
    elif form.is_bound:
        status = 422
    context["draft"] = offer(request, form)
    return render(request, template, context, status=status)


def list_page(
    request: HttpRequest, template: str, search: Any, page: Any, *, everyone: Any, **more: Any
) -> HttpResponse:
    """A page of the rows that `search` has found among `everyone`; 422 where a filter is nonsense."""
    context: dict[str, Any] = {
        "search": search,
        "page": page,
        "may_add": request.user.has_perm("customers.edit"),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
        "just_archived": _just_archived(request, everyone),
    }
    return render(request, template, context | more, status=422 if search.errors else 200)


def _just_archived(request: HttpRequest, rows: Any) -> Any:
    """The row that `?archived=` names, where the person has just archived it and may undo that."""
    reference = request.GET.get("archived", "")
    if not reference.isalnum():
        return None
    row = rows.archived().filter(reference=reference[:20]).first()
    return row if row and request.user.has_perm("customers.edit", row) else None
