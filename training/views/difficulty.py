"""The questions of the quizzes that are most often answered wrongly."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from training.difficulty import MINIMUM, QuestionRow, narrowed_rows, question_rows
from training.people import looked_after, taught_courses
from training.searches import QuestionSearch


@policy("training.see_people")
@require_safe
def hard_questions(request: HttpRequest) -> HttpResponseBase:
    """Of the people whom the reader looks after, by course and standard."""
    courses = taught_courses(request.user)
    every = question_rows(looked_after(request.user), courses)
    standards = {row.standard.key: row.standard for row in every if row.standard}
    ordered = sorted(standards.values(), key=str)
    search = QuestionSearch(request.GET, standards=ordered, courses=courses)
    if not search.is_valid():
        return render(request, "training/hard_questions.html", {"search": search}, status=422)
    wanted, course = search.cleaned_data, search.chosen_course
    rows = narrowed_rows(
        [row for row in every if course is None or row.course == course],
        q=wanted["q"],
        standard=wanted["standard"],
        sort=wanted["sort"],
    )
    if (kind := request.GET.get("export")) in ("csv", "xlsx"):
        return table_response(kind, "questions", _header(), _lines(rows))
    context = {"search": search, "page": page_of(request, rows), "minimum": MINIMUM, "every": every}
    return render(request, "training/hard_questions.html", context)


def _header() -> list[Any]:
    return [
        _("Question"),
        _("Wording"),
        _("Course"),
        _("Standard"),
        _("Answers"),
        _("Right"),
        _("Per cent right"),
        _("From"),
        _("To"),
        _("Wrong option chosen most often"),
        _("How often"),
        _("Not answered"),
    ]


def _lines(rows: Iterable[QuestionRow]) -> Iterator[list[Any]]:
    """Under five answers only how many there are."""
    for row in rows:
        head = [row.words, row.version.number, str(row.course), str(row.standard or ""), row.n]
        if row.share is None or row.bounds is None:
            yield [*head, "", "", "", "", "", "", ""]
            continue
        share, low, high = (round(each, 4) for each in (row.share, *row.bounds))
        yield [*head, row.right, share, low, high, row.wrong_option, row.wrong_count or "", row.blank]
