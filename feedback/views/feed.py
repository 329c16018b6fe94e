"""What customers wrote about the own unit, for everybody who works there: without personal data."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from feedback.forms.feed import FeedForm
from feedback.models import Response, ThemeMatch
from feedback.said import comment_of, reply_of, said_in, written
from feedback.views.inbox import face_of, person_of_card
from organisation.access import person_of

SIZE = 20


@policy("feedback.see")
@require_GET
def comment_feed(request: HttpRequest) -> HttpResponseBase:
    """Newest first, masked for every reader alike, managers too: a page to read together."""
    user, today = person_of(request), timezone.now().date()
    form = FeedForm(request.GET, user=user, today=today)
    form.is_valid()
    rows = _comments(form, user)
    if kind := request.GET.get("export"):
        return table_response(kind, "comments", _header(), _lines(rows))
    page = page_of(request, rows, SIZE)
    for response in page.object_list:
        response.comment = comment_of(response, mask=True, person=person_of_card(response))
        response.face = face_of(response)
        reply = reply_of(response)
        response.reply = said_in(reply, mask=True, person=person_of_card(response)) if reply else ""
    context = {
        "scope": form,
        "period": form.chosen,
        "page": page,
        "is_filtered": any(request.GET.get(name) for name in ("unit", "collector", "theme", "q")),
    }
    return render(request, "feedback/comment_feed.html", context, status=422 if form.errors else 200)


def _comments(form: FeedForm, user: Any) -> "QuerySet[Response]":
    themes = Prefetch("themes", ThemeMatch.objects.about())
    told = Response.objects.visible_to(user).countable().filter(has_comment=True)
    rows = form.filtered(told).select_related("unit", "collector", "person")
    rows = rows.prefetch_related(written(), themes, "events")
    return rows.order_by("-service_date", "-pk")


def _header() -> list[str]:
    return [_("Day"), _("Unit"), _("Where we ask"), _("Rating"), _("Comment"), _("Themes")]


def _lines(rows: "QuerySet[Response]") -> Iterable[list[Any]]:
    for response in rows.iterator(chunk_size=500):
        yield [
            response.service_date,
            response.unit.name,
            response.collector.name,
            response.rating,
            comment_of(response, mask=True, person=person_of_card(response)),
            ", ".join(match.theme.name for match in response.themes.all()),
        ]
