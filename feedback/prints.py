"""The posters of a collector: A4, A5 and a tent for the table, in the organisation's look."""

import io
from typing import Any

import segno
from django.utils.translation import get_language_bidi, gettext

from common import pdf
from common.languages import spoken_language
from feedback.models import Collector, Question, QuestionnaireVersion
from organisation.models import Installation
from organisation.prints import logo_of

SIZES = ("a4", "a5", "tent")
LONGEST_QUESTION = 90
"""What fits between the words and the code, in letters."""


def qr_code(address: str, *, border: int = 0) -> bytes:
    """The QR code of an address as SVG, with enough redundancy for a scratched poster (level Q)."""
    drawn = io.BytesIO()
    segno.make(address, error="q").save(drawn, kind="svg", border=border, scale=8, dark="#000", light="#fff")
    return drawn.getvalue()


def poster_of(collector: Collector, size: str) -> bytes:
    """The poster in the language that is spoken now, as a tagged PDF. A logo that cannot be printed is
    left out."""
    installation = Installation.current()
    data = data_of(collector, size, installation)
    images = {"qr": qr_code(data["address"])}
    logo = logo_of(installation.logo.reference) if installation and installation.logo else {}
    try:
        return pdf.document("ask", data, images | logo)
    except pdf.NotDrawable:
        if not logo:
            raise
    return pdf.document("ask", data, images)


def data_of(collector: Collector, size: str, installation: Installation | None) -> dict[str, Any]:
    """What the Typst template reads."""
    version = collector.questionnaire.current_version()
    words: Any = version.text(spoken_language()) if version else None
    title = words.title if words else collector.questionnaire.name
    organisation = installation.name if installation else "Charterwell"
    return {
        "title": f"{title} – {collector.name}",
        "language": spoken_language(),
        "right_to_left": get_language_bidi(),
        "author": [organisation],
        "colour": installation.colour if installation else "#0f6b6b",
        "organisation": organisation,
        "unit": collector.unit.name,
        "size": size,
        "heading": {"text": title, "language": words.language if words else spoken_language()},
        "shows": _shown(version),
        "says": gettext("Tell us in under a minute. No account, no app."),
        "scan": gettext("Point your camera here"),
        "or_type": gettext("or type"),
        "receipt": gettext("You get a receipt code with which you can read our answer."),
        "address": collector.address,
        "address_shown": collector.address.partition("://")[2].rstrip("/"),
        "qr": gettext("QR code of %(address)s") % {"address": collector.address},
        "missing_note": gettext("□ stands for a character that this document cannot print."),
    }


def _shown(version: QuestionnaireVersion | None) -> dict[str, Any]:
    """What the card begins with: faces, or the question itself where it is short enough."""
    first = (
        version.questions.filter(matrix__isnull=True).prefetch_related("texts").first() if version else None
    )
    if first is not None and first.kind == Question.Kind.MATRIX:
        return {"faces": False}
    if first is None or first.kind == Question.Kind.FACES:
        return {"faces": first is not None}
    words = first.text(spoken_language())
    if words is None or len(words.wording) > LONGEST_QUESTION:
        return {"faces": False}
    return {"faces": False, "question": {"text": words.wording, "language": words.language}}
