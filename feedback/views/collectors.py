"""Where we ask: places with their short address and their poster."""

import io
from typing import Any

import segno
from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy, require
from feedback.actions.collectors import archive_collector, reopen_collector
from feedback.forms.collectors import CollectorForm, CollectorSearch, NewCollectorForm
from feedback.models import Collector, counts_where


def _collector_for(user: Any, slug: str) -> Collector:
    """The one door: places of the user's units; else 404."""
    places = Collector.objects.places().visible_to(user).select_related("unit", "questionnaire")
    return get_object_or_404(places, slug=slug)


def _found(search: CollectorSearch, user: Any) -> Any:
    counted = counts_where("responses__")
    return (
        search.filter(Collector.objects.places().visible_to(user))
        .select_related("unit", "questionnaire")
        .annotate(
            cards=Count("responses", filter=counted), latest=Max("responses__service_date", filter=counted)
        )
        .order_by("name", "pk")
    )


@policy("feedback.see_collectors")
@require_GET
def collector_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    search = CollectorSearch(request.GET)
    page = page_of(request, _found(search, user))
    for each in page.object_list:
        each.asks_now = each.is_open(each.local_day(timezone.now()))
        each.may_edit = user.has_perm("feedback.edit_collectors", each)
    return render(
        request,
        "feedback/collector_list.html",
        {
            "search": search,
            "page": page,
            "is_filtered": bool(request.GET.get("q") or request.GET.get("state")),
            "may_add": user.has_perm("feedback.edit_collectors"),
        },
    )


@policy("feedback.see_collectors")
@require_GET
def collector_export(request: HttpRequest) -> HttpResponseBase:
    rows = _found(CollectorSearch(request.GET), request.user)
    header = [_("Place"), _("Address"), _("Unit"), _("Questionnaire"), _("Cards"), _("Last card")]
    lines = (
        [each.name, each.address, each.unit.name, each.questionnaire.name, each.cards, each.latest or ""]
        for each in rows.iterator()
    )
    return csv_response("places", header, lines)


@policy("feedback.edit_collectors")
@require_http_methods(["GET", "POST"])
def collector_add(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = NewCollectorForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        collector = form.save()
        messages.success(request, _("We ask here now. Print the poster and hang it up."))
        return redirect("feedback:collector_poster", collector.slug)
    return render(request, "feedback/collector_form.html", {"form": form}, status=_status(form))


@policy("feedback.edit_collectors")
@require_http_methods(["GET", "POST"])
def collector_edit(request: HttpRequest, slug: str) -> HttpResponse:
    collector = _collector_for(request.user, slug)
    require(request.user, "feedback.edit_collectors", collector)
    form = CollectorForm(request.POST if request.method == "POST" else None, instance=collector)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("feedback:collector_list")
    return render(
        request, "feedback/collector_form.html", {"form": form, "collector": collector}, status=_status(form)
    )


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


@policy("feedback.edit_collectors")
@require_POST
def collector_archive(request: HttpRequest, slug: str) -> HttpResponse:
    collector = _collector_for(request.user, slug)
    require(request.user, "feedback.edit_collectors", collector)
    archive_collector(collector)
    messages.success(request, _("Archived. Customers are told that we do not ask here any more."))
    return redirect("feedback:collector_list")


@policy("feedback.edit_collectors")
@require_POST
def collector_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    collector = _collector_for(request.user, slug)
    require(request.user, "feedback.edit_collectors", collector)
    reopen_collector(collector)
    messages.success(request, _("We ask here again."))
    return redirect("feedback:collector_list")


@policy("feedback.see_collectors")
@require_GET
def collector_poster(request: HttpRequest, slug: str) -> HttpResponse:
    """A page to print and hang up: the question, the QR code, the short address."""
    collector = _collector_for(request.user, slug)
    version = collector.questionnaire.current_version()
    words = version.text() if version else None
    short_address = collector.address.partition("://")[2]
    return render(
        request,
        "feedback/collector_poster.html",
        {"collector": collector, "words": words, "short_address": short_address},
    )


@policy("feedback.see_collectors")
@require_GET
def collector_qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The QR code of the short address as SVG."""
    picture = io.BytesIO()
    segno.make(_collector_for(request.user, slug).address, error="q").save(
        picture, kind="svg", border=2, scale=8, dark="#000", light="#fff"
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
