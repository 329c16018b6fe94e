"""The daily totals of customer activity, as they were brought in."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.export import streamed_response
from common.listing import page_of
from common.policy import policy
from customers.forms.activity import ActivitySearchForm
from customers.models import Activity
from customers.models.activity import NUMBERS
from customers.room import page_url
from customers.views.doors import today


@policy("customers.read")
@require_GET
def activity_list(request: HttpRequest) -> HttpResponseBase:
    search = ActivitySearchForm(request.GET)
    everything = Activity.objects.visible_to(request.user).countable()
    totals = search.filter(everything, today()).select_related("unit")
    if kind := request.GET.get("export"):
        return _table(kind, totals)
    context = {
        "search": search,
        "page": page_of(request, totals),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
        "import_url": page_url("import", request.user),
        "dashboard_url": page_url("dashboard", request.user),
    }
    return render(request, "customers/activity_list.html", context, status=422 if search.errors else 200)


def _table(kind: str, totals: Any) -> HttpResponseBase:
    header = [_("Day"), _("Unit"), _("How they came"), _("Where they live"), _("Product or service")]
    header += [_("Customers served"), _("Bought or used"), _("Returned"), _("Came back"), _("Complaints")]
    rows = (
        [
            *(each.day, each.unit.slug, each.get_channel_display(), each.area, each.product),
            *(getattr(each, name) for name in NUMBERS),
        ]
        for each in totals.iterator(chunk_size=1000)
    )
    return streamed_response(kind, "customer-activity", header, rows)
