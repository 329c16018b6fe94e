"""Segments: who our customers are."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from customers import actions
from customers.forms.segments import SegmentForm, SegmentSearchForm
from customers.models import Need, Segment
from customers.views.doors import own_segment, segment_for
from customers.views.register import edit_page, list_page
from organisation.access import person_of
from organisation.drafting import posted


@policy("customers.read")
@require_GET
def segment_list(request: HttpRequest) -> HttpResponseBase:
    """Who our customers are. `?archived=` offers to undo what has just happened."""
    search = SegmentSearchForm(request.GET)
    everyone = Segment.objects.visible_to(request.user)
    segments = search.filter(everyone).select_related("unit").prefetch_related("channels", "units")
    if kind := request.GET.get("export"):
        return _table(kind, segments)
    page = page_of(request, segments)
    return list_page(request, "customers/segment_list.html", search, page, everyone=everyone)


def _table(kind: str, segments: Any) -> HttpResponseBase:
    header = [_("Name"), _("Who they are"), _("How many there are"), _("Where the number comes from")]
    header += [_("Description"), _("What they come for"), _("How they come to us"), _("Units")]
    header += [_("What they need to reach us"), _("Languages"), _("Looked after by")]
    rows = (
        [
            *(each.name, each.get_kind_display(), each.size, each.size_source, each.description),
            *(each.come_for, ", ".join(each.channel_words)),
            ", ".join(unit.name for unit in each.units.all()),
            *(each.accessibility, each.languages, each.unit.name),
        ]
        for each in segments.iterator(chunk_size=500)
    )
    return table_response(kind, "segments", header, rows)


@policy("customers.read")
@require_GET
def segment_detail(request: HttpRequest, reference: str) -> HttpResponse:
    segment = segment_for(request.user, reference)
    context = {
        "segment": segment,
        "needs": Need.objects.active().filter(segments=segment).with_evidence().order_by("need", "pk"),
        "events": segment.events.select_related("by")[:20],
        "may_edit": request.user.has_perm("customers.edit", segment),
    }
    return render(request, "customers/segment_detail.html", context)


@policy("customers.edit")
@require_http_methods(["GET", "POST"])
def segment_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@policy("customers.edit")
@require_http_methods(["GET", "POST"])
def segment_edit(request: HttpRequest, reference: str) -> HttpResponse:
    return _edit(request, own_segment(request.user, reference))


def _edit(request: HttpRequest, segment: Segment | None) -> HttpResponse:
    form = SegmentForm(posted(request), user=request.user, row=segment)

    def save() -> Segment:
        return actions.save_segment(
            segment=segment,
            fields=form.segment_fields,
            units=form.cleaned_data["units"],
            channels=form.cleaned_data["channels"],
            expected_version=form.expected_version,
            by=person_of(request),
        )

    return edit_page(request, "customers/segment_form.html", form, segment, save)


@policy("customers.edit")
@require_POST
def segment_archive(request: HttpRequest, reference: str) -> HttpResponse:
    segment = own_segment(request.user, reference)
    actions.archive_segment(segment=segment, by=person_of(request))
    return redirect(f"{reverse('customers:segment_list')}?archived={segment.reference}")


@policy("customers.edit")
@require_POST
def segment_restore(request: HttpRequest, reference: str) -> HttpResponse:
    segment = own_segment(request.user, reference)
    actions.restore_segment(segment=segment, by=person_of(request))
    messages.success(request, _("The segment is back."))
    return redirect(segment)
