"""What the pages of the room share: who asks, what may be chosen, and the small page of one step."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from organisation.models import Unit
from training.days import organisation_day


def today() -> date:
    """The organisation's day: what lists call overdue."""
    return organisation_day(timezone.now())


def all_units(user: Any) -> list[Unit]:
    """Units in use, in the order of the tree."""
    units = Unit.objects.visible_to(user).in_tree_order(today())
    return [unit for unit in units if unit.archived_at is None]


def take_refusal(form: forms.BaseForm, refused: ValidationError) -> None:
    """What an action refused, beside its field where the form has one, else above the form."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def step_page(request: HttpRequest, form: forms.BaseForm, *, status: int = 0, **words: Any) -> HttpResponse:
    """One step on a page of its own. `words`: title, back (address), about, do (the button), intro,
    and `room`, the key of the menu's link."""
    context = {"form": form, "danger": False} | words
    default = 422 if form.is_bound and form.errors else 200
    return render(request, "strategy/step.html", context, status=status or default)
