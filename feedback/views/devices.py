"""The devices of kiosks for those who look after them: last contact, what waits there, their links."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy, require
from feedback.actions import kiosk as actions
from feedback.actions.listening import ChangedMeanwhile
from feedback.forms.devices import DeviceForm, DeviceSearch
from feedback.models import Collector, KioskDevice
from feedback.views.collectors import collector_for
from organisation.access import person_of
from organisation.drafting import offer, settle
from organisation.forms import posted


def device_for(user: Any, reference: str, permission: str = "feedback.see_collectors") -> KioskDevice:
    """The one door: devices of the user's collectors; else 404, and 403 without the permission."""
    seen = KioskDevice.objects.visible_to(user).select_related("collector__unit")
    device = get_object_or_404(seen, reference=reference)
    require(user, permission, device.collector)
    return device


@policy("feedback.see_collectors")
@require_GET
def device_list(request: HttpRequest) -> HttpResponseBase:
    search = DeviceSearch(request.GET)
    seen = KioskDevice.objects.visible_to(request.user).select_related("collector__unit")
    found = search.filter(seen)
    if request.GET.get("export") == "csv":
        return _csv(found)
    at = timezone.now()
    page = page_of(request, found)
    for each in page.object_list:
        each.heard_of = each.is_heard_of(at)
    filtered = any(request.GET.get(name) for name in ("q", "state", "collector"))
    context = {"search": search, "page": page, "is_filtered": filtered}
    return render(request, "feedback/device_list.html", context)


def _csv(found: Any) -> HttpResponseBase:
    header = [_("Name"), _("Kiosk"), _("Unit"), _("Last contact"), _("Cards waiting"), _("Cards refused")]
    rows = (
        (
            *(each.name, each.collector.name, each.collector.unit.name),
            each.last_contact_at.isoformat(timespec="seconds") if each.last_contact_at else "",
            *(each.waiting, each.refused),
        )
        for each in found.iterator()
    )
    return csv_response("kiosk-devices", header, rows)


@policy("feedback.edit_collectors")
@require_http_methods(["GET", "POST"])
def device_add(request: HttpRequest, slug: str) -> HttpResponse:
    """The link is shown in the answer itself, once, because nobody keeps it."""
    collector = collector_for(request.user, slug)
    require(request.user, "feedback.edit_collectors", collector)
    if collector.kind != Collector.Kind.KIOSK:
        raise Http404
    form = DeviceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        device, secret = actions.add_device(
            collector=collector, fields=form.cleaned_data, by=person_of(request)
        )
        return settle(request, _made(request, device, secret, 201))
    context = {"form": form, "collector": collector, "draft": offer(request, form)}
    return render(request, "feedback/device_form.html", context, status=422 if form.is_bound else 200)


def _made(request: HttpRequest, device: KioskDevice, secret: str, status: int) -> HttpResponse:
    link = settings.BASE_URL + reverse("feedback:kiosk", args=[secret])
    picture = segno.make(link, error="m").svg_data_uri(border=2, scale=5, dark="#000", light="#fff")
    context = {"device": device, "link": link, "picture": picture}
    return render(request, "feedback/device_made.html", context, status=status)


@policy("feedback.see_collectors")
@require_GET
def device_detail(request: HttpRequest, reference: str) -> HttpResponse:
    device = device_for(request.user, reference)
    at = timezone.now()
    context = {
        "device": device,
        "heard_of": device.is_heard_of(at),
        "clock_off": abs(device.clock_ahead) > 120,
        "may_edit": request.user.has_perm("feedback.edit_collectors", device.collector),
    }
    return render(request, "feedback/device_detail.html", context)


@policy("feedback.edit_collectors")
@require_http_methods(["GET", "POST"])
def device_edit(request: HttpRequest, reference: str) -> HttpResponse:
    device = device_for(request.user, reference, "feedback.edit_collectors")
    form = DeviceForm(posted(request), instance=device)
    status, conflict = 422 if form.is_bound else 200, {}
    if request.method == "POST" and form.is_valid():
        standing = KioskDevice.objects.get(pk=device.pk)
        try:
            actions.change_device(standing, fields=form.cleaned_data, seen=form.cleaned_data["seen"])
        except ChangedMeanwhile:
            conflict = {"conflict": True, "changed": form.keep_over(actions.device_stands(standing))}
            status = 409
        else:
            messages.success(request, _("Saved. The device shows it at its next contact."))
            return settle(request, redirect(device))
    context = {"form": form, "device": device, "collector": device.collector, **conflict}
    context["draft"] = offer(request, form)
    return render(request, "feedback/device_form.html", context, status=status)


@policy("feedback.edit_collectors")
@require_POST
def device_renew(request: HttpRequest, reference: str) -> HttpResponse:
    device = device_for(request.user, reference, "feedback.edit_collectors")
    return _made(request, device, actions.renew_link(device, by=person_of(request)), 200)


@policy("feedback.edit_collectors")
@require_POST
def device_revoke(request: HttpRequest, reference: str) -> HttpResponse:
    device = device_for(request.user, reference, "feedback.edit_collectors")
    if actions.revoke_device(device, by=person_of(request)):
        messages.success(request, _("Taken out of use. A new link brings it back, with what waits on it."))
    return redirect(device)
