"""The card in a frame of another website: the only card that may be framed. No cookie, no session.

One script tag (`/embed.js` with `data-card`) or an ordinary iframe puts it there.
"""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from common.languages import asked_language, speaking
from common.policy import PUBLIC, policy
from feedback.models import Response
from feedback.views.card import answer_card

ANYBODY = {"frame-ancestors": ["*"]}
# What a page of ours gets in a frame: only as high as its words, and it tells the page around it how high.
IN_A_FRAME = (
    (b'<main class="card"', b'<main class="card framed"'),
    (b"</body>", b'<script src="/embed.js" data-inside="yes" async></script></body>'),
)


@policy(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "POST"])
@xframe_options_exempt
@csp_replace(ANYBODY)  # type: ignore[arg-type]
def embed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The card as on its own page; the page around it is told how high it is."""
    with speaking(asked_language(request), request.POST.get("language", "")):
        return _framed(answer_card(request, slug))


def _framed(answer: HttpResponseBase) -> HttpResponseBase:
    if isinstance(answer, HttpResponse):
        for ours, in_a_frame in IN_A_FRAME:
            answer.content = answer.content.replace(ours, in_a_frame, 1)
    return answer


@policy(PUBLIC)
@require_GET
@xframe_options_exempt
@csp_replace(ANYBODY)  # type: ignore[arg-type]
def embed_thanks(request: HttpRequest, slug: str, code: str) -> HttpResponseBase:
    """Thanks and the receipt code, in the frame. What was said stands only on the receipt, outside it."""
    told = Response.objects.select_related("collector", "version")
    response = get_object_or_404(told, collector__slug=slug, receipt_code=code.upper())
    with speaking(asked_language(request), response.language):
        answer = render(
            request,
            "feedback/card_embed_thanks.html",
            {
                "response": response,
                "own_thanks": response.collector.thanks(response.language),
                "words": response.version.text(response.language),
            },
        )
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return _framed(answer)
