"""Poster and leaflet: a published charter as the data of a Typst document."""

import hashlib
import io
import json
from functools import lru_cache
from typing import Any

import segno
from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from common import charts, pdf
from common.figure_words import goal, plain_words, summary
from common.languages import language_suffix, spoken_language
from common.markdown import plain_blocks
from common.templatetags.public import money
from home.doors import root_unit, unit_today
from home.published import Policy, Promise, PublishedCharter, Words
from organisation.models import Installation
from organisation.prints import logo_of
from scoreboard.figures import Figure

MOST_KEPT = 16
ENTRIES_SHOWN = 2


def document_of(charter: PublishedCharter, kind: str, addresses: dict[str, str]) -> bytes:
    """The `poster` or `leaflet` of a charter in the language that is spoken now, as a tagged PDF.

    The same words and figures are set once: the document is kept in memory.
    """
    installation = Installation.current()
    data = data_of(charter, kind, addresses, installation)
    logo = installation.logo.reference if installation and installation.logo else ""
    return _made(kind, json.dumps(data, ensure_ascii=False, sort_keys=True), logo)


@lru_cache(maxsize=MOST_KEPT)
def _made(kind: str, text: str, logo: str) -> bytes:
    data = json.loads(text)
    images = images_of(data["address"], logo)
    try:
        return pdf.document(kind, data, images)
    except pdf.NotDrawable:
        if "logo" not in images:
            raise
    # a logo that browsers forgive is not always a picture that can be printed
    return pdf.document(kind, data, {"qr": images["qr"]})


def images_of(address: str, logo: str) -> pdf.Images:
    """The QR code of the public page, and the logo where there is one that can be read."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, xmldecl=False, dark="#1b272c")
    images = {"qr": drawn.getvalue()}
    return images | logo_of(logo)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def data_of(
    charter: PublishedCharter, kind: str, addresses: dict[str, str], installation: Installation | None
) -> dict[str, Any]:
    """What the Typst templates read: words and figures as they are printed."""
    words, edition = charter.words, charter.edition
    organisation = installation.name if installation else "Charterwell"
    title = words.get("title") or _("What you can expect from us")
    address = f"{settings.BASE_URL}{addresses['charter']}{language_suffix()}"
    return {
        "title": f"{title} – {organisation}",
        "language": spoken_language(),
        "right_to_left": get_language_bidi(),
        "author": [organisation],
        "colour": installation.colour if installation else "#0f6b6b",
        "organisation": organisation,
        "unit": "" if charter.unit == root_unit() else charter.unit.name,
        "heading": _part(words, title),
        "purpose": _blocks(words, "purpose"),
        "vision": _part(words, words.get("vision", "")),
        "promises": [_promise(each, figures=kind == "leaflet") for each in charter.promises],
        "policies": [_policy(each) for each in charter.policies],
        "values": [
            {"name": _part(each.words, each.words.get("name", "")), "meaning": _blocks(each.words, "meaning")}
            for each in charter.values
        ],
        "entries": _entries(charter),
        "help": _help(words),
        "address": address,
        "address_shown": address.partition("://")[2].partition("?")[0].rstrip("/"),
        "missing_note": _("□ stands for a character that this document cannot print."),
        "labels": _labels(charter),
        "edition": _("Edition %(number)d, in force since %(day)s.")
        % {"number": edition.number, "day": _day(edition.in_force_from)},
    }


def _day(day: Any) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def _part(words: Words, text: str) -> dict[str, str]:
    """A text with the language that it is in."""
    return {"text": text, "language": words.foreign or spoken_language()}


def _blocks(words: Words, *names: str) -> list[dict[str, str]]:
    return [_part(words, block) for name in names for block in plain_blocks(words.get(name, ""))]


def _labels(charter: PublishedCharter) -> dict[str, str]:
    today = _day(unit_today(charter.unit))
    review = charter.edition.charter.next_review_on
    periods = [promise.usual_period for promise in charter.promises if promise.figures]
    period = str(periods[0]) if periods else ""
    return {
        "promises": _("Our promises"),
        "values": _("Our values"),
        "said_did": _("You said, we did"),
        "policies": _("What we may do for you on the spot"),
        "scan": _("Scan for today’s results"),
        "read": _("Today’s results, and every promise in full:"),
        "qr": _("QR code of %(address)s"),
        "as_of": _("As of %(day)s") % {"day": today},
        "period": _("How well we kept them: %(period)s. The mark is our figure, the line our goal.")
        % {"period": period}
        if period
        else "",
        "more": _("%(number)s more promises stand on our page."),
        "review": _("Next review of this charter: %(day)s.") % {"day": _day(review)} if review else "",
    }


def _help(words: Words) -> dict[str, dict[str, Any]]:
    titles = {
        "when_missed": _("If we miss a promise"),
        "how_to_complain": _("How to complain"),
        "reach_us": _("Speak to a person"),
        "we_ask": _("What we ask of you"),
    }
    return {
        name: {"title": title, "blocks": _blocks(words, name)}
        for name, title in titles.items()
        if words.get(name)
    }


def _entries(charter: PublishedCharter) -> list[dict[str, Any]]:
    """The latest of “you said, we did”."""
    found = [entry for promise in charter.promises for entry in promise.entries]
    found.sort(key=lambda entry: (entry.day, entry.reference), reverse=True)
    return [
        {
            "said": _part(entry.words, entry.words.get("said", "")),
            "did": _part(entry.words, entry.words.get("did", "")),
            "since": _("Since %(day)s.") % {"day": _day(entry.day)},
        }
        for entry in found[:ENTRIES_SHOWN]
    ]


def _promise(promise: Promise, *, figures: bool) -> dict[str, Any]:
    return {
        "promise": _part(promise.words, promise.words.get("promise", "")),
        "why": _blocks(promise.words, "why"),
        "holds": " · ".join(part for part in (promise.limit, promise.place) if part),
        "figures": [_figure(each, promise) for each in promise.figures] if figures else [],
    }


def _figure(figure: Figure, promise: Promise) -> dict[str, Any]:
    """The sentence, with its period where that is not the one of the others, and the strip as fractions of
    its track."""
    words = plain_words(figure)
    return {
        "words": f"{words} ({figure.period})" if figure.period in promise.other_periods else words,
        "strip": charts.strip_on_paper(figure, summary(figure, public=True)),
        "goal": _("goal %(goal)s") % {"goal": goal(figure)} if figure.goal is not None else "",
    }


def _policy(policy: Policy) -> dict[str, Any]:
    up_to = ""
    if policy.amount:
        up_to = _("Up to %(amount)s") % {"amount": money(policy.amount, policy.currency)}
    return {
        "name": _part(policy.words, policy.words.get("name", "")),
        "up_to": up_to,
        "gives": _blocks(policy.words, "gives"),
    }
