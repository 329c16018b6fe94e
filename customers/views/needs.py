"""The register of needs and expectations."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import table_response
from common.listing import page_of
from common.navigation import rendered_slot
from common.policy import policy
from customers import actions
from customers.answered import promises_of
from customers.forms.needs import NeedForm, NeedSearchForm
from customers.models import Need, Segment
from customers.views.doors import need_for, own_need, today
from customers.views.register import edit_page, list_page
from organisation.access import person_of
from organisation.drafting import posted


@policy("customers.read")
@require_GET
def need_list(request: HttpRequest) -> HttpResponseBase:
    """The register. `?archived=` offers to undo what has just happened."""
    on = today()
    search = NeedSearchForm(request.GET)
    everyone = Need.objects.visible_to(request.user)
    counted = Count("evidence", filter=Q(evidence__removed_at__isnull=True), distinct=True)
    needs = search.filter(everyone, on).annotate(cited=counted)
    needs = needs.select_related("unit").prefetch_related("segments")
    if kind := request.GET.get("export"):
        return _table(kind, needs)
    page = page_of(request, needs)
    promises = promises_of(need.pk for need in page)
    for need in page:
        need.promises, need.due = promises[need.pk], need.is_due(on)
    has_segments = Segment.objects.active().exists()
    return list_page(
        request, "customers/need_list.html", search, page, everyone=everyone, has_segments=has_segments
    )


def _table(kind: str, needs: Any) -> HttpResponseBase:
    found = list(needs)
    promises = promises_of(each.pk for each in found)
    header = [_("Need"), _("Expectation"), _("Whose"), _("The least"), _("Wished for")]
    header += [_("The least, 1 to 5"), _("Wished for, 1 to 5"), _("Known or assumed"), _("Evidence")]
    header += [_("Last confirmed"), _("To be asked again"), _("Promises"), _("Looked after by")]
    rows = (
        [
            *(each.need, each.expectation, ", ".join(str(segment) for segment in each.segments.all())),
            *(each.minimum_words, each.desired_words, each.minimum_level, each.desired_level),
            *(_("known") if each.is_known else _("assumed"), each.cited),
            *(each.last_confirmed_on, each.ask_again_on, promises[each.pk], each.unit.name),
        ]
        for each in found
    )
    return table_response(kind, "needs", header, rows)


@policy("customers.read")
@require_GET
def need_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """The need, its evidence, and what the rooms above say of it (slot `customers.need`)."""
    need = need_for(request.user, reference)
    evidence = list(need.evidence.select_related("by"))
    standing = [each for each in evidence if each.removed_at is None]
    context = {
        "need": need,
        "evidence": standing,
        "removed": [each for each in evidence if each.removed_at],
        "is_known": any(each.kind != each.Kind.OURS for each in standing),
        "is_due": need.is_due(today()),
        "events": need.events.select_related("by")[:20],
        "may_edit": request.user.has_perm("customers.edit", need),
        "guests": rendered_slot("customers.need", need, request),
    }
    return render(request, "customers/need_detail.html", context)


@policy("customers.edit")
@require_http_methods(["GET", "POST"])
def need_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@policy("customers.edit")
@require_http_methods(["GET", "POST"])
def need_edit(request: HttpRequest, reference: str) -> HttpResponse:
    return _edit(request, own_need(request.user, reference))


def _edit(request: HttpRequest, need: Need | None) -> HttpResponse:
    form = NeedForm(posted(request), user=request.user, row=need)

    def save() -> Need:
        return actions.save_need(
            need=need,
            fields=form.need_fields,
            segments=form.cleaned_data["segments"],
            expected_version=form.expected_version,
            by=person_of(request),
        )

    return edit_page(request, "customers/need_form.html", form, need, save)


@policy("customers.edit")
@require_POST
def need_archive(request: HttpRequest, reference: str) -> HttpResponse:
    need = own_need(request.user, reference)
    actions.archive_need(need=need, by=person_of(request))
    return redirect(f"{reverse('customers:need_list')}?archived={need.reference}")


@policy("customers.edit")
@require_POST
def need_restore(request: HttpRequest, reference: str) -> HttpResponse:
    need = own_need(request.user, reference)
    actions.restore_need(need=need, by=person_of(request))
    messages.success(request, _("The need is back."))
    return redirect(need)
