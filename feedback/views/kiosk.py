"""What a kiosk's device talks to: its page, the card, its contacts, and the worker that keeps it offline.

The secret in the address is all that a device has: no session, no cookie.
"""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from common.policy import PUBLIC, policy
from feedback.actions.kiosk import (
    MOST_HOURS_TOLD,
    NotAskedThen,
    device_behind,
    note_contact,
    receive_kiosk_card,
)
from feedback.actions.receive import EnvelopeAltered, EnvelopeErased
from feedback.asked import Asked, asked_by_card, version_asked
from feedback.card import language_for
from feedback.envelope import EnvelopeInvalid, from_form, number_of
from feedback.fields import Field, Typed, fields_of, free_on
from feedback.models import KioskDevice
from organisation.models import Installation

Answer = TypeVar("Answer", bound=HttpResponse)
MOST_FIELDS = 20_000
_WHOLE = re.compile(r"-?[0-9]{1,14}", re.ASCII)
ASSETS = ("charterwell.css", "mark.svg", "feedback/kiosk-store.js", "feedback/kiosk.js")


def _asked(device: KioskDevice) -> Asked | None:
    """What the device shows today."""
    collector = device.collector
    is_open = collector.is_open(collector.local_day(timezone.now()))
    return version_asked(collector.questionnaire_id, None) if is_open else None


def _asked_in(device: KioskDevice, posted: QueryDict) -> Asked | None:
    """The version on which a card was filled in, perhaps weeks ago. Where it is not known here, the card
    stays on the device rather than be read against another one."""
    collector = device.collector
    now_asked = version_asked(collector.questionnaire_id, None)
    number = number_of(posted.get("version"))
    if now_asked is None or number is None:
        return None
    return asked_by_card(collector, now_asked, questionnaire=posted.get("questionnaire"), number=number)


def _mark(device: KioskDevice, asked: Asked | None) -> str:
    """Changes whenever the page of the device has changed, so that it is read anew."""
    collector = device.collector
    parts = [collector.name, collector.slug, device.exit_code, device.idle_seconds, device.interval_seconds]
    parts += [asked.version.edit_mark if asked else "closed", *(static(name) for name in ASSETS)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


@policy(PUBLIC)
@require_GET
def kiosk(request: HttpRequest, secret: str) -> HttpResponse:
    """The card at full screen. Without a device behind the link: 404 with words for whoever set it up."""
    device = device_behind(secret)
    if device is None:
        return _private(render(request, "feedback/kiosk_unknown.html", status=404))
    asked = _asked(device)
    language = language_for(asked, request.GET.get("language")) if asked else settings.LANGUAGE_CODE
    with override(language):
        return _private(render(request, "feedback/kiosk.html", _context(device, secret, asked, language)))


def _context(device: KioskDevice, secret: str, asked: Asked | None, language: str) -> dict[str, Any]:
    languages = asked.languages if asked else []
    code = f"{device.reference}:{device.exit_code}"
    return {
        "device": device,
        "collector": device.collector,
        "secret": secret,
        "asked": asked,
        "words": asked.version.text(language) if asked else None,
        "thanks": device.collector.thanks(language),
        "language": language,
        "languages": [get_language_info(each) | {"current": each == language} for each in languages],
        "steps": _steps(asked, language) if asked else [],
        "exit_hash": hashlib.sha256(code.encode()).hexdigest(),
        "mark": _mark(device, asked),
    }


def _steps(asked: Asked, language: str) -> list[tuple[Field, str, int]]:
    """The questions with their rules as JSON, and the page within which they may stand in any order (0: they
    keep their place): without a network the device decides what it shows, and in which order."""
    rules = {question.key: question.show_if for question in asked.questions}
    free = {each.key: page for page, on_it in enumerate(asked.pages, 1) for each in free_on(asked, on_it)}
    fields = fields_of(asked, language, Typed())
    return [
        (field, json.dumps(rules[field.key]) if rules[field.key] else "", free.get(field.key, 0))
        for field in fields
    ]


@policy(PUBLIC)
@require_GET
def kiosk_manifest(request: HttpRequest, secret: str) -> HttpResponse:
    """What makes the kiosk installable."""
    device = device_behind(secret)
    if device is None:
        return JsonResponse({"detail": _("This device is not known.")}, status=404)
    installation = Installation.current()
    address = reverse("feedback:kiosk", args=[secret])
    return _private(
        JsonResponse(
            {
                "name": f"{device.collector.name} – {device.name}",
                "short_name": device.collector.name[:12],
                "start_url": address,
                "scope": address,
                "display": "fullscreen",
                "background_color": "#fbf8f2",
                "theme_color": installation.colour if installation else "#0f6b6b",
                "icons": [{"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
            },
            content_type="application/manifest+json",
        )
    )


@policy(PUBLIC)
@require_GET
@cache_control(no_cache=True)
def kiosk_worker(request: HttpRequest) -> HttpResponse:
    """The service worker of all kiosks. It changes with the files that it keeps."""
    assets = [static(name) for name in ASSETS]
    version = hashlib.sha256("".join(assets).encode()).hexdigest()[:12]
    text = render_to_string("feedback/kiosk-worker.js", {"assets": assets, "version": version})
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@policy(PUBLIC)
@csrf_exempt
@require_POST
def kiosk_card(request: HttpRequest, secret: str) -> JsonResponse:
    """One card that the device has kept. 201: stored. 200: it was stored before. Only these two and 410
    (erased since) let the device forget its copy; 409 and 422 are kept there and shown to a colleague."""
    at = timezone.now()
    posted = request.POST
    try:
        device = device_behind(secret)
        if device is None:
            return _refused(_("This device is not known."), 404)
        asked = _asked_in(device, posted)
        if asked is None:
            return _refused(_("Nothing is asked here."), 422)
        told = {name: posted.get(name) for name in ("answered_at", "sent_at")}
        envelope = from_form(posted, asked, **told)
        ahead = _milliseconds(posted.get("ahead", ""))
        received = receive_kiosk_card(device=device, envelope=envelope, ahead=ahead, at=at)
    except EnvelopeInvalid as refused:
        return _refused(_("Some answers cannot be taken in."), 422, errors=refused.errors)
    except NotAskedThen:
        return _refused(_("We did not ask here on that day."), 422)
    except EnvelopeAltered:
        return _refused(_("This card was sent before with other answers."), 409)
    except EnvelopeErased:
        return _refused(_("This card was erased at the customer's wish."), 410)
    except (DatabaseError, InterfaceError):
        return _refused(_("Not stored. Please send it again."), 503)
    return _private(JsonResponse({"stored": True}, status=200 if received.is_replay else 201))


@policy(PUBLIC)
@csrf_exempt
@require_POST
def kiosk_contact(request: HttpRequest, secret: str) -> JsonResponse:
    """The device says that it is there, how many cards wait on it, and in which hours it ran; it is told
    whether its page has changed."""
    device = device_behind(secret)
    if device is None:
        return _refused(_("This device is not known."), 404)
    posted = _told(request)
    waiting, refused = number_of(posted.get("waiting")), number_of(posted.get("refused"))
    sent_at = _moment(posted.get("sent_at", ""))
    if waiting is None or refused is None or sent_at is None:
        return _refused(_("Say how many cards wait, how many were refused, and your time."), 422)
    at = timezone.now()
    note_contact(
        device=device,
        waiting=waiting,
        refused=refused,
        sent_at=sent_at,
        hours=_moments(posted, "hour"),
        known_hours=_moments(posted, "known_hour"),
        at=at,
    )
    return _private(JsonResponse({"mark": _mark(device, _asked(device)), "now": at.isoformat()}))


def _told(request: HttpRequest) -> QueryDict:
    """The fields of a contact, however many: a device that was alone for months has many hours to tell."""
    if request.content_type != "application/x-www-form-urlencoded":
        return request.POST
    told = QueryDict(mutable=True)
    try:
        pairs = parse_qsl(request.body.decode(errors="replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return told
    for name, value in pairs:
        told.appendlist(name, value)
    return told


def _moments(posted: QueryDict, name: str) -> list[datetime]:
    """The newest of the moments told."""
    told = (_moment(each) for each in posted.getlist(name)[-MOST_HOURS_TOLD:])
    return [each for each in told if each]


def _milliseconds(text: str) -> timedelta | None:
    return timedelta(milliseconds=int(text)) if _WHOLE.fullmatch(text) else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _refused(detail: str, status: int, **more: Any) -> JsonResponse:
    return _private(JsonResponse({"detail": detail, **more}, status=status))


def _private(answer: Answer) -> Answer:
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
