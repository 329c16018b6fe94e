"""What is hung up or put on a table: posters as pages and PDF, and the QR code alone."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common.languages import asked_language, speaking
from common.policy import policy
from feedback.prints import SIZES, poster_of, qr_code
from feedback.views.collectors import collector_for


@policy("feedback.see_collectors")
@require_GET
def collector_poster(request: HttpRequest, slug: str) -> HttpResponse:
    """A page to print and hang up: the question, the QR code, the short address."""
    collector = collector_for(request.user, slug)
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
def collector_print(request: HttpRequest, slug: str, size: str) -> HttpResponse:
    """The same as a PDF: A4, A5 or a tent for the table, in the language of `?language=`."""
    collector = collector_for(request.user, slug)
    if size not in SIZES or not collector.is_reached_by_address:
        raise Http404
    with speaking(asked_language(request)):
        answer = HttpResponse(poster_of(collector, size), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{collector.slug}-{size}.pdf"'
    return answer


@policy("feedback.see_collectors")
@require_GET
def collector_qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The QR code of the short address as SVG."""
    picture = qr_code(collector_for(request.user, slug).address, border=2)
    return HttpResponse(picture, content_type="image/svg+xml")
