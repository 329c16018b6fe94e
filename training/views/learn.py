"""What a learner reads and does, on a telephone first."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.policy import policy
from organisation.access import person_of
from training.actions import assign, learn
from training.actions.turns import NotOpen
from training.models import Assignment, InPersonSession, Lesson, Seat
from training.scenario import walk
from training.standing import CoursePage, Step, cards_of, course_page
from training.views.doors import own_assignment, own_lesson, own_page, own_step

Kind = Lesson.Kind


@policy("training.learn")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is due, what is done."""
    cards = cards_of(person_of(request), timezone.now())
    due = [card for card in cards if card.assignment.is_open]
    rest = [card for card in cards if not card.assignment.is_open]
    return render(request, "training/mine.html", {"due": due, "rest": rest})


@policy("training.learn")
@require_safe
def assignment(request: HttpRequest, reference: str) -> HttpResponse:
    """One course with its lessons and how far one is."""
    page = own_page(request.user, reference, timezone.now())
    kept = Seat.objects.filter(assignment=page.assignment, session__cancelled_at__isnull=True)
    seated = set(kept.exclude(attended=False).values_list("session__lesson_key", flat=True))
    context = {"page": page, "resume": page.resume(), "seated": seated}
    return render(request, "training/assignment.html", context)


@policy("training.learn")
@require_POST
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin the next cycle early, from the opening of its window on; no days are lost."""
    done = own_assignment(request.user, reference)
    try:
        opened = assign.renew(done, by=person_of(request))
    except assign.TooEarly as early:
        day = date_format(early.args[0], "DATE_FORMAT")
        messages.warning(request, _("You can renew it from %(day)s on.") % {"day": day})
    except (NotOpen, assign.AssigningRefused):
        messages.warning(request, _("There is nothing to renew here."))
    else:
        return redirect(opened)
    return redirect(done)


@policy("training.learn")
@require_POST
def go_on(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the lesson where one stopped, or the one that was asked for."""
    page = own_page(request.user, reference, timezone.now())
    step = page.step(request.POST.get("lesson", "")) or page.resume()
    if step is None:
        return redirect(page.assignment)
    try:
        learn.start_lesson(page.assignment, lesson=step.lesson)
    except (NotOpen, learn.NotThisVersion):
        return redirect(page.assignment)
    return redirect("training:lesson", reference, step.lesson.key)


@policy("training.learn")
@require_safe
def lesson(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """The lesson reader."""
    page, step = own_step(request.user, reference, key, timezone.now())
    return render(request, "training/lesson.html", lesson_context(page, step))


def lesson_context(page: CoursePage, step: Step) -> dict[str, Any]:
    progress = page.assignment.progress.filter(lesson=step.lesson).first()
    state = progress.state if progress else {}
    content = step.words.content if step.words else {}
    number = [each.lesson.pk for each in page.steps].index(step.lesson.pk) + 1
    context = {
        "page": page,
        "step": step,
        "number": number,
        "content": content,
        "may_act": page.assignment.is_open,
        "next": page.after(step.lesson),
    }
    if step.lesson.kind == Kind.SCENARIO:
        context["walk"] = walk(content, state.get("path", []))
    if step.lesson.kind == Kind.CHECKLIST:
        ticked = set(state.get("ticked", []))
        context["items"] = [(each, words, each in ticked) for each, words in enumerate(content["items"])]
    if step.lesson.kind == Kind.PRACTICE:
        seen = {each.item: each for each in page.assignment.observations.filter(lesson=step.lesson)}
        context["items"] = [(words, seen.get(each)) for each, words in enumerate(content["items"])]
    if step.lesson.kind == Kind.SESSION:
        context |= _dates(page.assignment, step.lesson)
    return context


def _dates(assignment: Assignment, lesson: Lesson) -> dict[str, Any]:
    """The dates ahead, and the learner's own seat."""
    dates = InPersonSession.objects.for_lesson(lesson).select_related("unit")
    seats = Seat.objects.filter(assignment=assignment, session__in=dates).select_related("session__unit")
    seat = seats.best_first().first()
    ahead = dates.ahead(timezone.now()).order_by("starts_at")
    return {"dates": list(ahead[:20]), "seat": seat}


def _to_lesson(reference: str, key: str) -> HttpResponse:
    response = redirect("training:lesson", reference, key)
    response["Location"] += "#now"
    return response


@policy("training.learn")
@require_POST
def lesson_finish(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Through with this lesson: on to the next one, to the quiz, or to the certificate."""
    assignment, lesson = own_lesson(request.user, reference, key)
    try:
        certificate = learn.finish_lesson(assignment, lesson=lesson)
    except learn.NotFinished:
        messages.warning(request, _("Something on this page is still to be done."))
        return redirect("training:lesson", reference, key)
    except learn.NotThisVersion:
        return redirect(assignment)
    if certificate is not None:
        messages.success(request, _("You have completed the course. Here is your certificate."))
        return redirect(assignment)
    return _after(request, assignment, lesson)


def _after(request: HttpRequest, assignment: Assignment, lesson: Lesson) -> HttpResponse:
    page = course_page(own_assignment(request.user, assignment.reference), timezone.now())
    step = page.after(lesson) if page else None
    if step is None or not assignment.is_open:
        return redirect(assignment)
    try:
        learn.start_lesson(assignment, lesson=step.lesson)
    except (NotOpen, learn.NotThisVersion):  # waived, or begun in another version, a moment ago
        return redirect(assignment)
    return redirect("training:lesson", assignment.reference, step.lesson.key)


@policy("training.learn")
@require_POST
def lesson_reply(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """One reply in a conversation."""
    assignment, lesson = own_lesson(request.user, reference, key)
    step, _dot, number = request.POST.get("reply", "").rpartition(".")
    if step and number.isascii() and number.isdigit() and len(number) < 4:
        try:
            learn.give_reply(assignment, lesson=lesson, step=step, reply=int(number))
        except (NotOpen, learn.NotThisVersion):
            return redirect(assignment)
    return _to_lesson(reference, key)


@policy("training.learn")
@require_POST
def lesson_restart(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """The conversation once more."""
    assignment, lesson = own_lesson(request.user, reference, key)
    try:
        learn.restart_conversation(assignment, lesson=lesson)
    except (NotOpen, learn.NotThisVersion):
        return redirect(assignment)
    return _to_lesson(reference, key)


@policy("training.learn")
@require_POST
def lesson_tick(request: HttpRequest, reference: str, key: str) -> HttpResponseBase:
    """Keep the ticks of a checklist; with all of them it is finished."""
    assignment, lesson = own_lesson(request.user, reference, key)
    items = [
        int(raw) for raw in request.POST.getlist("item") if raw.isascii() and raw.isdigit() and len(raw) < 4
    ]
    try:
        learn.save_ticks(assignment, lesson=lesson, items=items)
    except (NotOpen, learn.NotThisVersion):
        return redirect(assignment)
    return lesson_finish(request, reference, key)


@policy("training.learn")
@require_safe
def lesson_captions(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """The captions of a video in the language that is spoken, else in the first one."""
    _assignment, lesson = own_lesson(request.user, reference, key)
    return captions_of(lesson.text())


def captions_of(words: Any) -> HttpResponse:
    """WebVTT of a lesson's words; 404 where there is none."""
    captions = words.content.get("vtt", "") if words else ""
    if not captions:
        raise Http404
    return HttpResponse(captions, content_type="text/vtt; charset=utf-8")


@policy("training.learn")
@require_safe
def lesson_file(request: HttpRequest, reference: str, key: str) -> HttpResponseBase:
    """The file of a video or a download, under the name that it was uploaded with."""
    _assignment, lesson = own_lesson(request.user, reference, key)
    if lesson.file is None:
        raise Http404
    as_attachment = lesson.kind != Kind.VIDEO
    response = FileResponse(
        lesson.file.file.open("rb"),
        as_attachment=as_attachment,
        filename=lesson.file.name,
        content_type=lesson.file.content_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; media-src 'self'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
