"""What customers see: the card, the receipt, the erasure. No session, no cookie, no script."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from common.languages import asked_language, speaking
from common.middleware import on_the_short_way
from common.policy import PUBLIC, policy
from feedback.actions.erase import erase_response, was_erased
from feedback.actions.receive import EnvelopeAltered, EnvelopeErased, receive_response
from feedback.asked import Asked, asked_by_card
from feedback.card import Place, card_again, fresh_card, language_for, place_at
from feedback.envelope import EnvelopeInvalid, from_form, number_of, uid_of
from feedback.fields import Typed
from feedback.models import Response
from feedback.receipts import receipt_behind, receipt_page
from feedback.source import source_hash
from feedback.spam import STAMP_LIVES, FormTraces, issued_at, new_stamp
from feedback.steps import Turn, next_turn, page_with

logger = logging.getLogger(__name__)


@on_the_short_way
@policy(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The comment card of a place: five faces, a few questions, and a receipt."""
    with speaking(asked_language(request), request.POST.get("language", "")):
        return answer_card(request, slug)


def answer_card(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The card handed out (GET) or taken in (POST), in whichever frame it stands."""

    def find() -> Place | None:
        found = place_at(slug)
        return found if found and found.collector.is_reached_by_address else None

    return answer_at(request, find)


def answer_at(request: HttpRequest, find: Callable[[], Place | None]) -> HttpResponseBase:
    """The card of the place that is found, or the words that we do not ask there."""
    try:
        place = find()
        if place is None or place.asked is None:
            return _not_asking(request)
        answer = _take_in(request, place) if request.method == "POST" else _hand_out(request, place)
    except (DatabaseError, InterfaceError) as broken:
        _log_failure("served", broken)
        answer = HttpResponse(render_to_string("feedback/unavailable.html"), status=503)
        answer["Retry-After"] = "30"
    answer["Cache-Control"] = "no-store"
    return answer


def _log_failure(what: str, broken: Exception) -> None:
    """Without the words of the database, which quote the row that it refused."""
    logger.error("card could not be %s: %s", what, type(broken).__name__)


def _hand_out(request: HttpRequest, place: Place) -> HttpResponse:
    at = timezone.now()
    if place.asked is None or not place.collector.is_open(place.collector.local_day(at)):
        return _not_asking(request)
    if place.take:
        return _again(request, place, place.asked, Typed(), page=1)
    return HttpResponse(fresh_card(place, _language(request, place.asked), at=at))


def _take_in(request: HttpRequest, place: Place) -> HttpResponse:
    """Store the card and lead to its receipt; whatever is wrong comes back with everything typed."""
    at = timezone.now()
    posted = request.POST
    asked = _asked_in(posted, place)
    if asked.is_stepped and "page" in posted:
        if request.headers.get("HX-Request"):
            return _adapted(request, place, asked)
        turn = next_turn(asked, posted)
        if turn is not None:
            return _turned(request, place, asked, turn)
    try:
        envelope = from_form(posted, asked)
        if not _was_open(place, posted.get("stamp", ""), at):
            return _receipt_or_closed(request, place, envelope.uid)
        received = (place.take or receive_response)(
            collector=place.collector,
            envelope=envelope,
            source_hash=source_hash(request, at=at),
            traces=FormTraces(stamp=posted.get("stamp", ""), trap=posted.get("website", "")),
            at=at,
        )
    except EnvelopeInvalid as refused:
        return _again(request, place, asked, Typed(posted, refused.errors), status=422)
    except EnvelopeAltered as altered:
        return render(
            request,
            "feedback/card_altered.html",
            {"first": str(altered), "slug": place.collector.slug},
            status=409,
        )
    except EnvelopeErased:
        return render(request, "feedback/receipt_erased.html", status=410)
    except (DatabaseError, InterfaceError) as broken:
        _log_failure("stored", broken)
        message = _("We could not store your card just now. Nothing is lost: please send it once more.")
        return _again(request, place, asked, Typed(posted, {}, message), status=503)
    return _thanked(request, received.response.receipt_code)


def _thanked(request: HttpRequest, code: str) -> HttpResponse:
    """On to the receipt; in a frame to the words of thanks, for a receipt is shown in no frame."""
    if request.resolver_match and request.resolver_match.url_name == "embed":
        answer = redirect("feedback:embed_thanks", request.resolver_match.kwargs["slug"], code)
    else:
        answer = redirect("feedback:receipt", code)
    answer.status_code = 303
    return answer


def _adapted(request: HttpRequest, place: Place, asked: Asked) -> HttpResponse:
    """What the answers so far show and hide on the page, for htmx to put in its place."""
    return _again(request, place, asked, Typed(request.POST), template="feedback/_card_adapted.html")


def _turned(request: HttpRequest, place: Place, asked: Asked, turn: Turn) -> HttpResponse:
    """The page that comes next, or the same one with what has to be mended or is asked further."""
    more = _("Your answer brings up a further question. Please look at it before you go on.")
    typed = Typed(request.POST, turn.errors, more if turn.is_more else "")
    return _again(request, place, asked, typed, page=turn.page, status=422 if turn.errors else 200)


def _asked_in(posted: QueryDict, place: Place) -> Asked:
    """The version that the form showed, else the one that is asked now."""
    now_asked = place.asked
    assert now_asked is not None
    named, number = posted.get("questionnaire"), number_of(posted.get("version"))
    return asked_by_card(place.collector, now_asked, questionnaire=named, number=number) or now_asked


def _was_open(place: Place, stamp: str, at: datetime) -> bool:
    """Whether the place asks now, or did when it handed the form out (a day ago at most)."""
    collector = place.collector
    if collector.is_open(collector.local_day(at)):
        return True
    issued = issued_at(stamp, collector)
    return issued is not None and at - issued < STAMP_LIVES and collector.is_open(collector.local_day(issued))


def _again(
    request: HttpRequest,
    place: Place,
    asked: Asked,
    typed: Typed,
    *,
    page: int = 0,
    status: int = 200,
    template: str = "",
) -> HttpResponse:
    """The same card under the same uid, unless it had none; without a page, where the errors are."""
    uid = uid_of(request.POST.get("uid"))
    stamp = request.POST.get("stamp", "") if uid else new_stamp(place.collector, at=timezone.now())
    content = card_again(
        place,
        asked,
        _language(request, asked),
        typed,
        uid=str(uid or uuid.uuid4()),
        stamp=stamp,
        page=page or page_with(asked, request.POST, typed.errors),
        template=template or place.template,
    )
    return HttpResponse(content, status=status)


def _language(request: HttpRequest, asked: Asked) -> str:
    wanted = request.GET.get("language") or request.POST.get("language")
    return language_for(asked, wanted, request.headers.get("Accept-Language", ""))


def _not_asking(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/not_asking.html", status=404)


def _receipt_or_closed(request: HttpRequest, place: Place, uid: uuid.UUID) -> HttpResponse:
    """A replay is answered as the first was, even after the place has closed."""
    first = Response.objects.filter(collector=place.collector, uid=uid).first()
    return _thanked(request, first.receipt_code) if first else _not_asking(request)


@policy(PUBLIC)
@require_GET
def receipt_find(request: HttpRequest) -> HttpResponse:
    """Where a receipt code is typed in."""
    typed = request.GET.get("code", "")[:30]
    code = "".join(typed.split()).replace("-", "").upper()[:20]
    if code.isascii() and code.isalnum():
        return _to_receipt(request, code)
    with speaking(asked_language(request)):
        context = {"nonsense": bool(code), "typed": typed}
        return render(request, "feedback/receipt_find.html", context, status=422 if code else 200)


@on_the_short_way
@policy(PUBLIC)
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Thanks, the code, what was said, and our answer if there is one."""
    found = receipt_behind(code.upper())
    if found is None:
        return _no_receipt(request, code)
    response, answers = found
    with speaking(asked_language(request), response.language):
        return _private(HttpResponse(receipt_page(response, answers)))


def _to_receipt(request: HttpRequest, code: str) -> HttpResponse:
    language = asked_language(request)
    suffix = f"?language={language}" if language else ""
    return redirect(f"{reverse('feedback:receipt', args=[code])}{suffix}")


@policy(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "POST"])
def receipt_erase(request: HttpRequest, code: str) -> HttpResponse:
    """Asks once more, then erases. Whoever holds the code may; there is no session to protect."""
    response = _response_with(code)
    if response is None:
        return _no_receipt(request, code)
    if request.method == "POST":
        erase_response(response)
        answer = redirect("feedback:receipt", code)
        answer.status_code = 303
        return answer
    with speaking(asked_language(request), response.language):
        return _private(render(request, "feedback/receipt_erase.html", {"response": response}))


def _response_with(code: str) -> Response | None:
    return Response.objects.filter(receipt_code=code.upper()).select_related("unit", "collector").first()


def _no_receipt(request: HttpRequest, code: str) -> HttpResponse:
    with speaking(asked_language(request)):
        if was_erased(code):
            return _private(render(request, "feedback/receipt_erased.html", status=410))
        return _private(render(request, "feedback/receipt_unknown.html", {"code": code[:20]}, status=404))


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
