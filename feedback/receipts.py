"""The receipt as the customer reads it.

Right after a card was sent it says what every receipt of that place says, but for the code, the day and
the answers: that page is rendered once and kept in the process, like the card (`feedback.card`). With our
answer on it, or erased, a receipt is rendered by itself.
"""

import secrets
from functools import lru_cache
from typing import Any

from django.db import connection
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import escape

from common.languages import spoken_language
from feedback.asked import Asked, asked_of
from feedback.card import Place, known_place
from feedback.models import Answer, Response
from feedback.said import consent_line, lines_of, reply_of
from organisation.models import Installation

# What a receipt reads, in one statement that need not be made anew: few columns of both, each in
# the order of its model (`from_db` counts on that).
_OF_THE_CARD = (
    *("id", "receipt_code", "collector_id", "unit_id", "version_id", "language", "service_date"),
    *("consent", "has_agreed", "replied_at", "erased_at"),
)
_OF_AN_ANSWER = ("id", "response_id", "question_id", "value", "is_na", "text", "date")
_READ = """
    SELECT response.id, response.receipt_code, response.collector_id, response.unit_id, response.version_id,
      response.language, response.service_date, response.consent, response.has_agreed, response.replied_at,
      response.erased_at, answer.id, answer.response_id, answer.question_id, answer.value, answer.is_na,
      answer.text, answer.date
    FROM feedback_response response LEFT JOIN feedback_answer answer ON answer.response_id = response.id
    WHERE response.receipt_code = %s
"""
# Where code, day and answers go: unguessable, so that no wording can contain them.
_CODE, _DAY, _SAID = (secrets.token_hex(16) for _place in range(3))


def receipt_behind(code: str) -> tuple[Response, list[Answer]] | None:
    """The response with this receipt code and its answers, both with few columns. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [code])
        rows = cursor.fetchall()
    if not rows:
        return None
    many = len(_OF_THE_CARD)
    answers = [Answer.from_db("default", _OF_AN_ANSWER, row[many:]) for row in rows if row[many] is not None]
    return Response.from_db("default", _OF_THE_CARD, rows[0][:many]), answers


def receipt_page(response: Response, answers: list[Answer]) -> str:
    """The page in the language that is spoken. No query where the place is known, but those for what is
    rarer: our answer, options chosen, another version."""
    place = known_place(response.collector_id)
    if place is not None:
        response.collector = place.collector
        if place.collector.unit_id == response.unit_id:
            response.unit = place.collector.unit
    asked = _asked(response, place)
    said = _said(response, answers, asked)
    is_plain = response.replied_at is None and response.erased_at is None
    if place is None or not is_plain or place.collector.unit_id != response.unit_id:
        return _rendered_by_itself(response, asked, said)
    shell = _shell(place, asked, response.language)
    day = escape(date_format(response.service_date))
    return shell.replace(_CODE, response.receipt_code).replace(_DAY, day).replace(_SAID, said)


def _asked(response: Response, place: Place | None) -> Asked:
    if place is not None and place.asked is not None and place.version_id == response.version_id:
        return place.asked
    return asked_of(response.version_id, response.version.edit_mark)


def _said(response: Response, answers: list[Answer], asked: Asked) -> str:
    lines = lines_of(asked.answered(answers), response.language)
    return render_to_string("feedback/_said.html", {"lines": lines + consent_line(response)})


def _shell(place: Place, asked: Asked, language: str) -> str:
    return _rendered(
        place.collector.unit.name,
        place.organisation,
        place.short_name,
        asked.version.pk,
        asked.version.edit_mark,
        language,
        place.thanks(language),
        spoken_language(),
    )


@lru_cache(maxsize=512)
def _rendered(
    unit: str,
    organisation: str,
    short_name: str,
    version_id: int,
    mark: str,
    language: str,
    thanks: str,
    _spoken: str,
) -> str:
    """The receipt of every plain card of a place, with marks where one differs from the other."""
    own = {"language": language, "thanks": thanks} if thanks else None
    context = {
        "installation": {"name": organisation, "short_name": short_name},
        "unit": unit,
        "words": asked_of(version_id, mark).version.text(language),
        "own_thanks": own,
        "code": _CODE,
        "day": _DAY,
        "said": _SAID,
        "may_erase": True,
    }
    return render_to_string("feedback/receipt.html", context)


def _rendered_by_itself(response: Response, asked: Asked, said: str) -> str:
    context: dict[str, Any] = {
        "installation": Installation.current(),
        "unit": response.unit.name,
        "words": asked.version.text(response.language),
        "own_thanks": response.collector.thanks(response.language),
        "code": response.receipt_code,
        "day": date_format(response.service_date),
        "said": said,
        "reply": reply_of(response),
        "may_erase": response.erased_at is None,
    }
    return render_to_string("feedback/receipt.html", context)
