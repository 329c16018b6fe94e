"""Answers in people's own words: which wait, and their points."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.days import organisation_day
from organisation.forms import posted
from organisation.views.people import units_managed_by
from training.actions.attempts import AlreadyMarked, MarkingRefused, mark_open_answer
from training.actions.corrections import TakesCertificate, correct_mark
from training.actions.turns import ChangedMeanwhile
from training.forms.lists import MarkingSearch
from training.forms.marking import CorrectionForm, MarkForm
from training.models import AttemptQuestion
from training.views.doors import answer_to_mark


@policy("training.look_after")
@require_safe
def marking(request: HttpRequest) -> HttpResponseBase:
    """The answers that wait, the oldest first."""
    now = timezone.now()
    search = MarkingSearch(request.GET, user=request.user, units=units_managed_by(request.user))
    waiting = AttemptQuestion.objects.to_mark_by(request.user)
    found = search.ordered(search.filter(waiting, "attempt__assignment__", organisation_day(now)))
    found = found.select_related("version", "attempt__assignment__person", "attempt__assignment__course")
    found = found.prefetch_related(
        "version__texts",
        "attempt__assignment__course__texts",
        "attempt__assignment__person__memberships__unit",
    )
    if request.GET.get("export") in ("csv", "xlsx"):
        return table_response(request.GET["export"], "marking", _header(), _lines(found))
    context = {
        "search": search,
        "page": page_of(request, found),
        "is_filtered": any(request.GET.get(name) for name in ("q", "course", "unit")),
        "now": now,
    }
    return render(request, "training/marking.html", context)


def _header() -> list[Any]:
    return [_("Name"), _("Course"), _("Question"), _("Answer"), _("Points"), _("Handed in")]


def _lines(found: Any) -> Iterator[list[Any]]:
    for row in found:
        held = row.attempt.assignment
        yield [
            held.person.name,
            str(held.course),
            row.wording.text,
            row.answer,
            str(row.points),
            row.attempt.submitted_at.isoformat(timespec="minutes"),
        ]


@policy("training.look_after")
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """One answer with the guide to its marking. Saved, the next one that waits comes up."""
    row = answer_to_mark(request.user, reference, position)
    form = MarkForm(posted(request), points=row.points)
    if request.method == "GET" or not form.is_valid():
        return _page(request, row, form, 422 if form.is_bound else 200)
    try:
        mark_open_answer(row, by=person_of(request), **form.cleaned_data)
    except AlreadyMarked:
        row = answer_to_mark(request.user, reference, position)
        return _page(request, row, form, 409)
    except MarkingRefused:
        form.add_error("mark", _("These points cannot be given."))
        return _page(request, row, form, 422)
    messages.success(request, _("Marked."))
    following = _next_after(request, row)
    return redirect(following) if following else redirect("training:marking")


def _next_after(request: HttpRequest, row: AttemptQuestion) -> AttemptQuestion | None:
    """The oldest that waits, of the same course where there is one: one reads best what one is in."""
    waiting = AttemptQuestion.objects.to_mark_by(request.user).select_related("attempt")
    oldest = waiting.order_by("attempt__submitted_at", "attempt_id", "position")
    same = oldest.filter(attempt__assignment__course=row.attempt.assignment.course_id)
    return same.first() or oldest.first()


def _page(request: HttpRequest, row: AttemptQuestion, form: MarkForm, status: int) -> HttpResponse:
    context = {
        "row": row,
        "assignment": row.attempt.assignment,
        "guide": row.wording.content.get("guide", ""),
        "form": form,
        "lost": form.data.get("remark", "") if status == 409 else "",
        "waiting": AttemptQuestion.objects.to_mark_by(request.user).count(),
    }
    return render(request, "training/mark.html", context, status=status)


@policy("training.look_after")
@require_http_methods(["GET", "POST"])
def mark_correct(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """Other points for an answer that is marked, with a reason."""
    row = answer_to_mark(request.user, reference, position)
    if row.mark is None:
        return redirect(row)
    form = _correction(row, posted(request))
    if request.method == "GET" or not form.is_valid():
        return _correction_page(request, row, form, 422 if form.is_bound else 200)
    try:
        correct_mark(row, by=person_of(request), **form.cleaned_data)
    except ChangedMeanwhile:
        return _corrected_meanwhile(request, reference, position, form)
    except TakesCertificate:
        words = _("With these points the quiz is not passed. Say that the certificate is withdrawn.")
        form.add_error("withdraw", words)
    except MarkingRefused:
        form.add_error("mark", _("These points cannot be given."))
    except ValidationError as refused:
        form.add_error(None, refused)
    else:
        messages.success(request, _("The mark is corrected."))
        return redirect("training:attempt_answers", reference)
    row.refresh_from_db()  # nothing was kept: the page says what still stands
    return _correction_page(request, row, form, 422)


def _correction(row: AttemptQuestion, data: Any) -> CorrectionForm:
    mark = f"{row.mark.normalize():f}" if row.mark is not None else ""
    initial = {"mark": mark, "remark": row.remark, "seen": row.corrections.count()}
    has_certificate = row.attempt.assignment.proof is not None
    return CorrectionForm(data, points=row.points, has_certificate=has_certificate, initial=initial)


def _corrected_meanwhile(request: HttpRequest, reference: str, position: int, form: Any) -> HttpResponse:
    """A colleague was quicker: what was typed stays, beside what stands now."""
    row = answer_to_mark(request.user, reference, position)
    data = form.data.copy()
    data["seen"] = row.corrections.count()
    words = _("A colleague has corrected this mark meanwhile. Look at it, and save again if it still fits.")
    messages.warning(request, words)
    return _correction_page(request, row, _correction(row, data), 409)


def _correction_page(
    request: HttpRequest, row: AttemptQuestion, form: CorrectionForm, status: int
) -> HttpResponse:
    context = {
        "row": row,
        "assignment": row.attempt.assignment,
        "guide": row.wording.content.get("guide", ""),
        "form": form,
        "corrections": row.corrections.select_related("by", "marked_by"),
    }
    return render(request, "training/mark_correct.html", context, status=status)
