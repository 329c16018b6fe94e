"""Publishing, and the editions as they were published."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from charter import actions
from charter.forms.charters import EditionSearchForm, PublishForm
from charter.forms.fields import language_of
from charter.languages import choices_for
from charter.models import Charter, Review
from charter.reading import read_edition
from charter.views.doors import acting, charter_for, posted
from charter.views.publishing import panel
from common.export import csv_response
from common.listing import page_of
from common.navigation import rendered_slot
from common.policy import policy, require
from organisation.drafting import offer, settle

TIME_TO_REVIEW = timedelta(days=365)


@policy("charter.publish")
@require_http_methods(["GET", "POST"])
def edition_publish(request: HttpRequest, unit: str) -> HttpResponse:
    """Publish the draft: the page names the effect, and what stands against it."""
    charter = charter_for(request.user, unit)
    require(request.user, "charter.publish", charter)
    review = charter.reviews.running().filter(state=Review.State.SIGNED_OFF).first()
    form = PublishForm(posted(request), initial=_suggested(charter, review))
    refused: list[actions.Problem] = []
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            if wanted["review"] != (review.number if review else None):
                raise actions.PublishedMeanwhile(charter)
            edition = actions.publish_edition(
                charter=charter,
                note=wanted["note"],
                in_force_from=wanted["in_force_from"],
                next_review_on=wanted["next_review_on"],
                work_change=wanted["work_change"],
                review=review,
                expected_version=wanted["version"],
                by=acting(request),
            )
        except actions.PublishedMeanwhile:
            return _overtaken(request, unit, form)
        except actions.PublishingRefused as refusal:
            refused = refusal.problems
        else:
            messages.success(request, _("%(edition)s is published.") % {"edition": edition})
            return settle(request, redirect(edition))
    return _publish_page(request, charter, form, refused, status=422 if form.errors or refused else 200)


def _suggested(charter: Charter, review: Review | None) -> dict[str, Any]:
    today = charter.local_day(timezone.now())
    return {
        "version": charter.version,
        "review": review.number if review else "",
        "in_force_from": today,
        "next_review_on": today + TIME_TO_REVIEW,
    }


def _overtaken(request: HttpRequest, unit: str, form: PublishForm) -> HttpResponse:
    """409: somebody published or edited first; what was typed stays, and the page shows the newer draft."""
    charter = charter_for(request.user, unit)
    form.keep_over(charter.version, {})
    waiting = charter.reviews.running().filter(state=Review.State.SIGNED_OFF).first()
    form.keep_review(waiting.number if waiting else None)
    last = charter.events.select_related("by").first()
    return _publish_page(request, charter, form, [], status=409, overtaken=last)


def _publish_page(
    request: HttpRequest,
    charter: Charter,
    form: PublishForm,
    refused: list[actions.Problem],
    *,
    status: int,
    **more: Any,
) -> HttpResponse:
    shown = panel(charter, charter.local_day(timezone.now()))
    if refused:
        shown["problems"] = refused
    baselines = rendered_slot("charter.baseline", charter)
    context = {"charter": charter, "form": form, "panel": shown, "baselines": baselines}
    context["draft"] = offer(request, form)
    return render(request, "charter/publish.html", context | more, status=status)


@policy("charter.read")
@require_GET
def edition_list(request: HttpRequest, unit: str) -> HttpResponseBase:
    charter = charter_for(request.user, unit)
    search = EditionSearchForm(request.GET)
    editions = search.filter(
        charter.editions.with_end().select_related("published_by").defer("content", "changes")
    )
    if request.GET.get("export") == "csv":
        header = [_("Edition"), _("In force from"), _("Published"), _("By"), _("What changed")]
        rows = (
            [each.number, each.in_force_from, each.published_at, str(each.published_by or ""), each.note]
            for each in editions
        )
        return csv_response(f"editions-{unit}", header, rows)
    context = {
        "charter": charter,
        "search": search,
        "page": page_of(request, editions),
        "may_publish": request.user.has_perm("charter.publish", charter),
    }
    return render(request, "charter/edition_list.html", context)


@policy("charter.read")
@require_GET
def edition_detail(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """An edition as it was published, in any language it was written in."""
    charter = charter_for(request.user, unit)
    editions = charter.editions.with_end().select_related("published_by", "review__signed_off_by")
    edition = get_object_or_404(editions, number=number)
    edition.charter = charter
    language = language_of(request.GET.get("language"))
    written = edition.content.get("texts", {})
    context = {
        "charter": charter,
        "edition": edition,
        "reviewers": edition.review.reviewers.select_related("user") if edition.review else [],
        "may_see_review": Review.objects.visible_to(request.user).filter(edition=edition).exists(),
        "today": charter.local_day(timezone.now()),
        "reading": read_edition(edition.content, language),
        "languages": [each for each in choices_for(written, language) if each.code in written],
        "language": language,
    }
    return render(request, "charter/edition_detail.html", context)
