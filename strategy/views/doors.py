"""What the pages of the room share: who asks, what may be chosen, and the small page of one step."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from organisation.days import organisation_day
from organisation.drafting import offer, settle
from organisation.models import Unit
from strategy.actions.moved_on import MovedOn

BEGINS_FROM = ("gap", "parent", "measure", "unit", "kind")


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


def _address(request: HttpRequest) -> str:
    """The page of a form with what the form begins from, so that kept words come back to the same one."""
    start = {name: request.GET[name][:40] for name in BEGINS_FROM if request.GET.get(name)}
    return f"{request.path}{'?' if start else ''}{urlencode(start)}"


def step_page(request: HttpRequest, form: forms.Form, *, status: int = 0, **words: Any) -> HttpResponse:
    """One step on a page of its own. `words`: title, back (address), about, do (the button), intro,
    and `room`, the key of the menu's link; or `template`, where the form has a page of its own."""
    template = words.pop("template", "strategy/step.html")
    context = {"form": form, "danger": False, "draft": offer(request, form, page=_address(request))} | words
    default = 422 if form.is_bound and form.errors else 200
    return render(request, template, context, status=status or default)


def saved(request: HttpRequest, to: Any, done: Any) -> HttpResponse:
    """What was typed is saved: say so, forget what was kept of it, and go there."""
    messages.success(request, done)
    return settle(request, redirect(to), page=_address(request))


def take_step(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], Any],
    *,
    to: Any,
    done: Any,
    moved_on: Any,
    **words: Any,
) -> HttpResponse:
    """Show the form of a step about the row `to`, or do it. Who comes second is told so (`moved_on`) above
    what was typed, and changes nothing. `words` are those of `step_page`."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except MovedOn:
            messages.warning(request, moved_on)
            return step_page(request, form, status=409, **words)
        except ValidationError as refused:
            take_refusal(form, refused)
        else:
            return saved(request, to, done)
    return step_page(request, form, **words)


def change_row(
    request: HttpRequest,
    form: Any,
    save: Callable[[], Any],
    *,
    to: Any,
    stands: Callable[[], tuple[int, dict[str, Any], Any] | None],
    moved_on: Any,
    done: Any,
    **words: Any,
) -> HttpResponse:
    """Show the form of a row that stands, or save it; 409 with both texts where a colleague was faster.

    `stands` reads again what stands now: version, values by the names of the form's fields, and the last
    event; None where it cannot be changed any more, which `moved_on` says above what was typed.
    """
    if request.method != "POST" or not form.is_valid():
        return step_page(request, form, **words)
    try:
        save()
    except MovedOn:
        if (now := stands()) is None:
            messages.warning(request, moved_on)
            return step_page(request, form, status=409, **words)
        version, values, last = now
        changed = form.keep_over(version, values)
        return step_page(request, form, status=409, conflict=True, changed=changed, last=last, **words)
    except ValidationError as refused:
        take_refusal(form, refused)
        return step_page(request, form, **words)
    return saved(request, to, done)


def change_table(
    request: HttpRequest,
    formset: Any,
    save: Callable[[int], Any],
    *,
    to: Any,
    stands: Callable[[], tuple[int, list[tuple[str, str]], Any] | None],
    version: int,
    moved_on: Any,
    done: Any,
    template: str,
    **words: Any,
) -> HttpResponse:
    """Show a table that is saved whole, or save it over the `version` that it was opened on; 409 with both
    where a colleague was faster. `stands` reads what stands now: version, (what, words) and the last event;
    None where it cannot be changed any more, which `moved_on` says above what was typed."""
    context: dict[str, Any] = {"formset": formset, "refusals": [], "version": version} | words
    if not formset.is_bound:
        return render(request, template, context)
    context["version"] = opened_on = _version_of(request, version)
    if formset.is_valid():
        try:
            save(opened_on)
        except MovedOn:
            if (now := stands()) is None:
                messages.warning(request, moved_on)
                return render(request, template, context, status=409)
            context["version"], context["changed"], context["last"] = now
            return render(request, template, context | {"conflict": True}, status=409)
        except ValidationError as refused:
            context["refusals"] = refused.messages
        else:
            messages.success(request, done)
            return redirect(to)
    context["refusals"] += formset.non_form_errors()
    return render(request, template, context | {"is_wrong": True}, status=422)


def differing(now: list[tuple[str, str]], typed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rows of a table, (what, words), that stand otherwise than they were typed; without words those
    that do not stand."""
    names = {name for name, _words in now}
    return [row for row in now if row not in typed] + [
        (name, "") for name, _words in typed if name not in names
    ]


def _version_of(request: HttpRequest, standing: int) -> int:
    """The version that the page was opened on; what is no number was never given out."""
    typed = request.POST.get("version", "")
    if not typed:
        return standing
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
