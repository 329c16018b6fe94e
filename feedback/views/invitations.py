"""What the link of a letter leads to: the card, once, and the way out of all such letters."""

from dataclasses import replace
from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common.languages import asked_language, speaking
from common.policy import PUBLIC, policy
from feedback.actions import invitations as actions
from feedback.card import Place, place_at
from feedback.models import Invitation
from feedback.views.card import answer_at


@policy(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The card of one person, without a session: whoever holds the link may, once."""
    found = actions.invitation_behind(secret)
    language = found.language if found else ""
    with speaking(asked_language(request), request.POST.get("language", ""), language):
        if found is None or found.is_forgotten:
            return _over(request, None, 404)
        if found.state == Invitation.State.ANSWERED and request.method == "GET":
            return _over(request, found, 200)
        try:
            answer = answer_at(request, partial(_place_of, found))
        except actions.AlreadyAnswered:
            return _over(request, found, 409)
    return _private(answer)


def _place_of(found: Invitation) -> Place | None:
    place = place_at(found.round.collector.slug)
    if place is None:
        return None
    template = "feedback/card_anonymous.html" if found.round.is_anonymous else place.template
    return replace(place, take=partial(actions.answer_invitation, invitation=found), template=template)


def _over(request: HttpRequest, found: Invitation | None, status: int) -> HttpResponseBase:
    page = render(request, "feedback/card_invitation_over.html", {"invitation": found}, status=status)
    return _private(page)


@policy(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "POST"])
def invitation_stop(request: HttpRequest, secret: str) -> HttpResponseBase:
    """One click, here or in the mail program (RFC 8058). Looking at the page does nothing yet, since mail
    programs open links by themselves. It works for good, also when the address is forgotten."""
    found = actions.invitation_behind(secret)
    with speaking(asked_language(request), found.language if found else ""):
        is_done = request.method == "POST"
        if found and is_done:
            actions.unsubscribe(found)
        context = {"is_known": found is not None, "is_done": is_done}
        return _private(render(request, "feedback/card_invitation_stop.html", context))


def _private(answer: HttpResponseBase) -> HttpResponseBase:
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
