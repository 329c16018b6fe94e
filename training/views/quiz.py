"""The quiz, one question a page: every page that is left is saved, the clock is the server's."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.imprint import imprint
from common.policy import policy
from training.actions import attempts
from training.actions.turns import NotOpen
from training.answers import answer_of
from training.asking import Asked, asked
from training.models import Attempt
from training.standing import quiz_standing
from training.views.doors import own_assignment, own_attempt

FIELD = "answer"
SUMMARY = "all"


@policy("training.learn")
@require_POST
def attempt_start(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin an attempt, or go on with the open one."""
    assignment = own_assignment(request.user, reference)
    try:
        return redirect(attempts.start_attempt(assignment))
    except attempts.TooSoon as refused:
        when = date_format(timezone.localtime(refused.from_), "DATETIME_FORMAT")
        messages.warning(request, _("The next attempt may begin on %(when)s.") % {"when": when})
    except attempts.AttemptsUsedUp:
        messages.warning(request, _("You have used all attempts. Talk to your manager."))
    except attempts.NoQuestions:
        messages.warning(request, _("There is nothing to ask yet."))
    except NotOpen:
        pass
    return redirect(assignment)


@policy("training.learn")
@require_safe
def attempt(request: HttpRequest, reference: str) -> HttpResponse:
    """The question that `?question=` names, the list of all before handing in, or the result."""
    found = own_attempt(request.user, reference)
    if found.is_open and found.is_over(timezone.now()):
        return render(request, "training/attempt_over.html", {"attempt": found})
    questions = _questions(found)
    if not found.is_open:
        return render(request, "training/attempt_result.html", _result(found, questions))
    wanted = request.GET.get("question", "")
    if wanted == SUMMARY:
        return render(request, "training/attempt_summary.html", _page(found, questions))
    return _ask(request, found, questions, _position(wanted, questions))


def _questions(found: Attempt) -> list[Asked]:
    rows = found.questions.select_related("version", "marked_by").prefetch_related(
        "version__texts", "corrections__by"
    )
    return [asked(row) for row in rows]


def _position(raw: str, questions: list[Asked]) -> int:
    """The position asked for; without one the first that has no answer."""
    if raw.isascii() and raw.isdigit() and len(raw) < 4 and 1 <= int(raw) <= len(questions):
        return int(raw)
    return next((each.row.position for each in questions if not each.is_answered), 1)


def _page(found: Attempt, questions: list[Asked]) -> dict[str, Any]:
    now = timezone.now()
    seconds = max(0, int((found.ends_at - now).total_seconds())) if found.ends_at else None
    return {
        "attempt": found,
        "course": found.assignment.course.text(),
        "quiz": found.quiz.text(),
        "questions": questions,
        "answered": sum(each.is_answered for each in questions),
        "total": len(questions),
        "seconds": seconds,
        "minutes": -(-seconds // 60) if seconds is not None else None,
    }


def _ask(
    request: HttpRequest, found: Attempt, questions: list[Asked], position: int, **more: Any
) -> HttpResponse:
    status = 422 if more.get("error") else 200
    each = questions[position - 1]
    shown = "" if more.get("error") else imprint(each.row.answer)
    context = _page(found, questions) | {"asked": each, "position": position, "shown": shown} | more
    return render(request, "training/attempt.html", context, status=status)


@policy("training.learn")
@require_POST
def attempt_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the answer of one page and go where the button says. A page on which nothing was changed changes
    nothing: another tab may have answered since."""
    found = own_attempt(request.user, reference)
    questions = _questions(found)
    position = _position(request.POST.get("position", ""), questions)
    each = questions[position - 1]
    try:
        answer = answer_of(each.kind, each.wording.content, request.POST, FIELD)
    except ValidationError as error:
        questions[position - 1] = asked(each.row, request.POST.get(FIELD, ""))
        return _ask(request, found, questions, position, error=" ".join(error.messages))
    is_changed = request.POST.get("shown") != imprint(answer)
    kept = attempts.save_answers(found, answers={position: answer} if is_changed else {})
    if request.headers.get("X-Saved-As-Typed"):
        return HttpResponse(status=204 if kept else 409)
    if not kept:
        words = _("This attempt was handed in already, so nothing more is kept.")
        if found.ended_by_limit:
            words = _("The time was up. What was saved before has been handed in.")
        messages.warning(request, words)
        return redirect(found)
    return redirect(_where_to(request.POST.get("go", ""), found, position, len(questions)))


def _where_to(go: str, found: Attempt, position: int, total: int) -> str:
    target: int | str = position - 1 if go == "back" else position + 1
    if go == SUMMARY or (position == total and go != "back"):
        target = SUMMARY
    elif go.isascii() and go.isdigit():
        target = go
    return f"{reverse('training:attempt', args=[found.reference])}?question={target}"


@policy("training.learn")
@require_POST
def attempt_submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand in what is saved."""
    found = own_attempt(request.user, reference)
    attempts.submit_attempt(found)
    return redirect(found)


def _result(found: Attempt, questions: list[Asked]) -> dict[str, Any]:
    standing = quiz_standing(found.assignment, found.quiz, timezone.now())
    return {
        "attempt": found,
        "assignment": found.assignment,
        "course": found.assignment.course.text(),
        "standing": standing,
        "questions": questions,
        "right": sum(each.is_right for each in questions),
        "passed": found.percentage is not None and found.percentage >= found.quiz.pass_mark,
        "certificate": found.assignment.proof,
    }
