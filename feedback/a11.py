"""Results as the two files that agencies of the United States hand in under OMB Circular A-11, section 280:
one line about the collection, and one for each question on five points. Blank is what we do not know.
The comment says where the volumes come from.
"""

from collections.abc import Iterable
from typing import Any

from feedback.a11_volumes import volumes_of
from feedback.results import Result, Scope
from organisation.models import Installation

HEADER = [
    *("submission comment", "survey_instrument_reference", "agency_poc_name", "agency_poc_email"),
    *("department", "bureau", "service", "transaction_point", "mode", "start_date", "end_date"),
    *("total_volume", "survey_opp_volume", "response_count", "OMB_control_number", "federal_register_url"),
]
RESPONSES = [
    *("standardized_question_number", "standardized_question_identifier", "customized_question_text"),
    *(f"likert_scale_{point}" for point in range(1, 6)),
    *("response_volume", "notes", "start_date", "end_date"),
]


def header_rows(scope: Scope, results: Iterable[Result], unit: str) -> list[list[Any]]:
    """The line about the collection. Its count is that of the question most answered."""
    installation = Installation.current()
    place = scope.collector
    volumes = volumes_of(scope)
    known = ["" if each is None else each for each in (volumes.total, volumes.could_answer)]
    count = max((result.n for result in results if not result.is_too_few), default=0)
    return [
        [
            *(volumes.note, scope.questionnaire.key, "", ""),
            installation.name if installation else "",
            unit,
            scope.questionnaire.name,
            place.name if place else "",
            str(place.get_kind_display()) if place else "",
            scope.period.start.isoformat(),
            scope.period.last_day.isoformat(),
            *(*known, count, "", ""),
        ]
    ]


def response_rows(scope: Scope, results: Iterable[Result]) -> list[list[Any]]:
    """A line a question on five points, with how often each point was given; too few are not handed in."""
    days = [scope.period.start.isoformat(), scope.period.last_day.isoformat()]
    found: list[list[Any]] = []
    for result in results:
        question = result.question
        if result.is_too_few or (question.scale_low, question.scale_high) != (1, 5) or result.is_older:
            continue
        counts = {bar.value: bar.count for bar in result.bars}
        points = [counts[point] for point in range(1, 6)]
        found.append([len(found) + 1, question.key, str(question), *points, result.n, "", *days])
    return found
