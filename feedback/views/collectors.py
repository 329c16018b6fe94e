"""Where we ask: the list of collectors, the page of each, and its settings."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy, require
from feedback.actions.collectors import archive_collector, reopen_collector, save_collector
from feedback.coverage import coverage_of
from feedback.forms.collectors import CollectorForm, CollectorSearch, NewCollectorForm
from feedback.models import Collector, InvitationRound, KioskDevice, Questionnaire, counts_where
from feedback.models.kiosk import is_heard_of
from feedback.prints import SIZES
from feedback.response_rate import standing_of
from organisation.drafting import offer, settle
from organisation.forms import posted

A_WEEK = timedelta(days=7)


def collector_for(user: Any, slug: str) -> Collector:
    """The one door: collectors of the user's units; else 404."""
    seen = Collector.objects.listed().visible_to(user).select_related("unit", "questionnaire")
    return get_object_or_404(seen, slug=slug)


def _found(search: CollectorSearch, user: Any, at: datetime) -> Any:
    counted = counts_where("responses__")
    lately = counted & Q(responses__service_date__gt=at.date() - A_WEEK)
    heard = KioskDevice.objects.in_use().filter(collector=OuterRef("pk"), last_contact_at__isnull=False)
    heard = heard.order_by("-last_contact_at")
    annotated = Collector.objects.listed().visible_to(user).select_related("unit", "questionnaire")
    annotated = annotated.annotate(
        cards=Count("responses", filter=counted),
        this_week=Count("responses", filter=lately),
        latest=Max("responses__service_date", filter=counted),
        heard_at=Subquery(heard.values("last_contact_at")[:1]),
    )
    return search.filter(annotated)


@policy("feedback.see_collectors")
@require_GET
def collector_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    at = timezone.now()
    search = CollectorSearch(request.GET)
    page = page_of(request, _found(search, user, at))
    for each in page.object_list:
        each.asks_now, each.no_contact, each.says_nothing = _asking(each, at)
        each.may_edit = user.has_perm("feedback.edit_collectors", each)
    return render(
        request,
        "feedback/collector_list.html",
        {
            "search": search,
            "page": page,
            "is_filtered": any(request.GET.get(name) for name in ("q", "state", "kind")),
            "may_add": user.has_perm("feedback.edit_collectors"),
        },
    )


def _asking(collector: Any, at: datetime) -> tuple[bool, bool, bool]:
    """Whether it asks now, whether it is a kiosk that nothing is heard of, and whether no card lately means
    nothing: silence is a zero only where somebody was asked."""
    asks_now = collector.is_open(collector.local_day(at))
    no_contact = collector.kind == Collector.Kind.KIOSK and not is_heard_of(collector.heard_at, at)
    return asks_now, no_contact, not collector.this_week and (no_contact or not asks_now)


@policy("feedback.see_collectors")
@require_GET
def collector_export(request: HttpRequest) -> HttpResponseBase:
    at = timezone.now()
    rows = _found(CollectorSearch(request.GET), request.user, at)
    header = [_("Place"), _("How we ask"), _("Address"), _("Unit"), _("Questionnaire"), _("Asking")]
    header += [_("Cards"), _("Last 7 days"), _("Expected a week"), _("Last card")]
    lines = (
        (
            *(each.name, each.get_kind_display(), each.address, each.unit.name, each.questionnaire.name),
            _("yes") if each.is_open(each.local_day(at)) else _("no"),
            *(each.cards, "" if _asking(each, at)[2] else each.this_week),
            *(each.expected_a_week or "", each.latest or ""),
        )
        for each in rows.iterator()
    )
    return csv_response("places", header, lines)


@policy("feedback.see_collectors")
@require_GET
def collector_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """How this collector is used, and when it asked: silence is told apart from zero."""
    collector = collector_for(request.user, slug)
    at = timezone.now()
    version = collector.questionnaire.current_version()
    languages = [row.language for row in version.texts.order_by("pk")] if version else []
    kind = Collector.Kind
    context = {
        "collector": collector,
        "asks_now": collector.is_open(collector.local_day(at)),
        "may_edit": request.user.has_perm("feedback.edit_collectors", collector),
        "coverage": coverage_of(collector, at=at),
        "asked_in_person": _asked_in_person(collector) if collector.kind == kind.INTERVIEW else None,
        "devices": _devices(collector, at) if collector.kind == kind.KIOSK else [],
        "rounds": _rounds(collector, request.user) if collector.kind == kind.MAIL else [],
        "languages": [(code, dict(settings.TEXT_LANGUAGES).get(code, code)) for code in languages],
        "sizes": SIZES,
        "base": settings.BASE_URL,
    }
    return render(request, "feedback/collector_detail.html", context)


def _devices(collector: Collector, at: datetime) -> list[Any]:
    found: list[Any] = list(collector.devices.in_use())
    for device in found:
        device.heard_of = device.is_heard_of(at)
    return found


def _rounds(collector: Collector, user: Any) -> list[Any]:
    """The rounds that the user may see, each with how many were reached and have answered."""
    rounds = list(InvitationRound.objects.visible_to(user).filter(collector=collector))
    standing = standing_of(rounds)
    for each in rounds:
        vars(each).update(standing[each.pk])
    return rounds


def _asked_in_person(collector: Collector) -> dict[str, int]:
    """How many people were asked, and how many of them did not want to answer."""
    answered = collector.responses.countable().count()
    refused = collector.refusals.filter(withdrawn_at__isnull=True).count()
    asked = answered + refused
    percent = round(100 * answered / asked) if asked else 0
    return {"asked": asked, "answered": answered, "refused": refused, "percent": percent}


@policy("feedback.edit_collectors")
@require_http_methods(["GET", "POST"])
def collector_add(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    initial = {
        "kind": request.GET.get("kind") or Collector.Kind.PLACE,
        "questionnaire": Questionnaire.objects.filter(key=request.GET.get("questionnaire", "")).first(),
    }
    form = NewCollectorForm(posted(request), user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        save_collector(form.instance, thanks=form.thanks())
        messages.success(request, _("We ask here now. This page says how."))
        return settle(request, redirect("feedback:collector_detail", form.instance.slug))
    context = {"form": form, "draft": offer(request, form)}
    return render(request, "feedback/collector_form.html", context, status=_status(form))


@policy("feedback.edit_collectors")
@require_http_methods(["GET", "POST"])
def collector_edit(request: HttpRequest, slug: str) -> HttpResponse:
    collector = collector_for(request.user, slug)
    require(request.user, "feedback.edit_collectors", collector)
    form = CollectorForm(posted(request), instance=collector)
    if request.method == "POST" and form.is_valid():
        save_collector(form.instance, thanks=form.thanks())
        messages.success(request, _("Saved."))
        return settle(request, redirect("feedback:collector_detail", collector.slug))
    context = {"form": form, "collector": collector, "draft": offer(request, form)}
    return render(request, "feedback/collector_form.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


@policy("feedback.edit_collectors")
@require_POST
def collector_archive(request: HttpRequest, slug: str) -> HttpResponse:
    collector = collector_for(request.user, slug)
    require(request.user, "feedback.edit_collectors", collector)
    archive_collector(collector)
    messages.success(request, _("Archived. Customers are told that we do not ask here any more."))
    return redirect("feedback:collector_list")


@policy("feedback.edit_collectors")
@require_POST
def collector_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    collector = collector_for(request.user, slug)
    require(request.user, "feedback.edit_collectors", collector)
    reopen_collector(collector)
    messages.success(request, _("We ask here again."))
    return redirect("feedback:collector_list")
