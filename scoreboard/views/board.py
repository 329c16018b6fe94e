"""The scoreboard of a unit and a period."""

from typing import Any
from urllib.parse import urlencode

from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from charter.models import Measure, Standard
from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.models import Installation, Unit
from scoreboard import exports
from scoreboard.board import Sums, board_of, grouped, units_below
from scoreboard.figures import local_today
from scoreboard.forms import BoardSearch, SwitchForm

PAGES = {"activity": "scoreboard:activity", "needs": "scoreboard:needs"}
"""What `?on=` says of the page on which the switch stands → its address."""


def unit_for(request: HttpRequest, slug: str) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(request.user), slug=slug)


def switch_for(request: HttpRequest, unit: Unit, *, compares: bool = False) -> SwitchForm:
    """The switch as the address sets it. It offers the units in use and the one at hand; where the page
    `compares`, a second period too."""
    today = local_today(unit)
    units = [
        each
        for each in Unit.objects.visible_to(request.user).in_tree_order(today)
        if each.archived_at is None or each.pk == unit.pk
    ]
    installation = Installation.current()
    first_month = installation.financial_year_starts if installation else 1
    return SwitchForm(
        request.GET, units=units, unit=unit, today=today, first_month=first_month, compares=compares
    )


def _home_unit(user: Any) -> Unit | None:
    """Where the person works, else the whole organisation, else any unit."""
    installation = Installation.current()
    return user.home_unit or (installation and installation.root) or Unit.objects.active().first()


@policy("scoreboard.read")
@require_GET
def board(request: HttpRequest) -> HttpResponseBase:
    """Where the switch leads: the same page for the unit and period chosen."""
    home = _home_unit(request.user)
    if home is None:
        return render(request, "scoreboard/no_unit.html")
    unit = unit_for(request, _key(request, "unit") or home.slug)
    switch = switch_for(request, unit)
    kept = {name: request.GET[name] for name in ("q", "verdict", "against") if request.GET.get(name)}
    if not switch.is_valid():
        kept |= {name: request.GET.get(name, "") for name in ("period", "first", "last")}
    elif any(request.GET.get(name) for name in ("period", "first")):
        kept["period"] = switch.chosen.asked
    address = _page_of(request, unit)
    return redirect(f"{address}?{urlencode(kept)}" if kept else address)


def _key(request: HttpRequest, name: str) -> str:
    """A key in the address; what can be none is found nowhere, on every database."""
    key = request.GET.get(name, "")
    if key and not slug_re.fullmatch(key):
        raise Http404
    return key


def _page_of(request: HttpRequest, unit: Unit) -> str:
    """The page that the switch stood on, for the unit that it now says."""
    if key := _key(request, "measure"):
        measure = get_object_or_404(Measure.objects.visible_to(request.user), key=key)
        return reverse("scoreboard:measure", args=[unit.slug, measure.key])
    if key := _key(request, "standard"):
        standard = get_object_or_404(Standard.objects.visible_to(request.user), key=key)
        return reverse("scoreboard:standard", args=[unit.slug, standard.key])
    return reverse(PAGES.get(request.GET.get("on", ""), "scoreboard:unit"), args=[unit.slug])


@policy("scoreboard.read")
@require_GET
def unit(request: HttpRequest, slug: str) -> HttpResponseBase:
    at = unit_for(request, slug)
    switch, search = switch_for(request, at), BoardSearch(request.GET)
    if not (switch.is_valid() and search.is_valid()):
        context = {"unit": at, "switch": switch, "search": search}
        return render(request, "scoreboard/unit.html", context, status=422)
    every = board_of(at, switch.chosen, local_today(at))
    rows = search.filter(every)
    if kind := request.GET.get("export"):
        return table_response(
            kind, f"scoreboard-{at.slug}-{switch.chosen.code}", *exports.board(rows, switch.chosen)
        )
    page = page_of(request, rows)
    return render(
        request,
        "scoreboard/unit.html",
        {
            "unit": at,
            "period": switch.chosen,
            "switch": switch,
            "search": search,
            "every": every,
            "sums": Sums.of(every),
            "page": page,
            "groups": grouped(list(page.object_list)),
            "below": units_below(at, switch.chosen, local_today(at)),
        },
    )
