"""Open data: the published results as a page and as files. Public: no session, no cookie.

The page and the words in the files speak the language of `?language=`, else one that the promises are in.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe

from charter.models import Edition, Measure
from common.export import csv_response
from common.languages import asked_language, first_of, language_suffix, speaking
from common.policy import PUBLIC, policy
from organisation.models import Installation
from scoreboard.method_words import method_sentence
from scoreboard.models import OpenData, PublishedResult

SECONDS = 300
COLUMNS = (
    *("measure", "unit", "unit_name", "period", "start", "last_day", "series", "edition"),
    *("n", "value", "low", "high", "goal", "hidden"),
)
FIXED = (
    *("method", "direction", "source", "scale_low", "scale_high", "minimum_n", "is_sample", "name"),
    *("counted", "per", "exposure"),
)


def _mark(request: HttpRequest) -> str:
    """Changes with the files, with what the installation says about itself, and with the language."""
    made, installation = OpenData.objects.values_list("pk", flat=True).first(), Installation.current()
    parts = (
        made,
        installation and (installation.licence, installation.name),
        asked_language(request),
        request.path,
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _described(row: dict[str, Any]) -> dict[str, Any]:
    """A measure's definition in words."""
    measure = Measure(**{name: row[name] for name in FIXED})
    words = Edition.words({code: {"promise": text} for code, text in row["promise"].items()})
    return {
        "key": row["key"],
        "name": row["name"],
        "promise": words.get("promise", ""),
        "method": row["method"],
        "method_words": method_sentence(measure),
        "direction": row["direction"],
        "goal": None if row["goal"] is None else float(row["goal"]),
        "minimum": 0 if measure.is_full_count else row["minimum_n"],
        "unit": row["unit"],
        "edition": row["edition"],
    }


@policy(PUBLIC)
@require_safe
@cache_control(public=True, max_age=SECONDS)
@etag(_mark)
def page(request: HttpRequest) -> HttpResponse:
    """What there is, what it means, and under which licence."""
    made = OpenData.newest()
    written = _languages(made)
    with speaking(asked_language(request), first_of(written)):
        suffix = language_suffix()
        context = {
            "made": made,
            "measures": _measures(made),
            "count": made.count if made else 0,
            "columns": _columns(),
            "languages": [(code, name) for code, name in settings.TEXT_LANGUAGES if code in written],
            "suffix": suffix,
            "home_url": f"/{suffix}",
        }
        return render(request, "scoreboard/opendata.html", context)


def _languages(made: OpenData | None) -> set[str]:
    """The codes of the languages in which any promise is written."""
    return {code for row in made.measures for code in row["promise"]} if made else set()


def _measures(made: OpenData | None) -> list[dict[str, Any]]:
    return [_described(row) for row in made.measures] if made else []


def _columns() -> list[tuple[str, str]]:
    """Name and meaning of each column of the files."""
    return [
        ("measure", _("Key of the measure; its definition stands above and in the JSON file.")),
        ("unit, unit_name", _("Where: the whole organisation or a part of it, with everything below it.")),
        (
            "period, start, last_day",
            _("A month (2026-10) or a quarter (2026-Q4), by the days of service, both ends included."),
        ),
        ("series", _("Another wording or scale of the question is another series. Never add them up.")),
        ("edition", _("The edition of the charter in force on the last day.")),
        ("n", _("How many answers or cases stand behind the figure.")),
        ("value", _("The figure, unrounded: shares in per cent. Empty where it is hidden.")),
        ("low, high", _("Its interval, 95 %. Empty where every case is counted.")),
        ("goal", _("The goal of that edition.")),
        (
            "hidden",
            _(
                "Why there is no figure: too_few_answers, or would_reveal_another where a hidden figure"
                " could be reckoned out from this one."
            ),
        ),
    ]


@policy(PUBLIC)
@require_safe
@cache_control(public=True, max_age=SECONDS)
@etag(_mark)
def as_csv(request: HttpRequest) -> HttpResponseBase:
    rows = ([row[name] for name in COLUMNS] for row in PublishedResult.objects.rows())
    return csv_response("results", list(COLUMNS), rows)


@policy(PUBLIC)
@require_safe
@cache_control(public=True, max_age=SECONDS)
@etag(_mark)
def as_json(request: HttpRequest) -> HttpResponseBase:
    """Definitions and results in one file."""
    made, installation = OpenData.newest(), Installation.current()
    with speaking(asked_language(request), first_of(_languages(made))):
        about = {
            "organisation": installation.name if installation else "",
            "source": settings.BASE_URL,
            "licence": installation.licence if installation else "",
            "made_at": made.made_at.isoformat() if made else None,
            "columns": dict(_columns()),
            "measures": _measures(made),
        }
    return StreamingHttpResponse(_json_lines(about), content_type="application/json; charset=utf-8")


def _json_lines(about: dict[str, Any]) -> Iterator[str]:
    """The object piece by piece, a result a line: the file may be large."""
    yield json.dumps(about, ensure_ascii=False, indent=1).removesuffix("\n}")
    yield ',\n "results": ['
    comma = "\n"
    for row in PublishedResult.objects.rows():
        yield comma + json.dumps(row, ensure_ascii=False)
        comma = ",\n"
    yield "]\n}\n"
