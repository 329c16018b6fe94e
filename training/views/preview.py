"""A draft as the learner will see it. Nothing is recorded here."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from common.policy import policy
from training.actions.questions import newest_of
from training.asking import asked
from training.models import AttemptQuestion, Course, CoursePicture, CourseVersion, Lesson
from training.scenario import MOST_TURNS, Path, walk
from training.tongues import choices_for
from training.views.course_doors import language_of, lesson_of, own_course, question_of, shown_version
from training.views.learn import captions_of

Kind = Lesson.Kind
SANDBOX = "sandbox; default-src 'none'; media-src 'self'"


def _common(request: HttpRequest, course: Course, owner: Any) -> dict[str, Any]:
    language = language_of(request, course)
    return {
        "course": course,
        "language": language,
        "languages": choices_for(owner, language, course.language),
        "course_words": course.text(language),
    }


def _version(course: Course) -> CourseVersion:
    version = shown_version(course)
    if version is None:
        raise Http404
    return version


@policy("training.edit_course")
@require_safe
def course_preview(request: HttpRequest, key: str) -> HttpResponse:
    """The whole course: what it says of itself, its lessons, its quiz."""
    course = own_course(request.user, key)
    version = _version(course)
    context = _common(request, course, course)
    language = context["language"]
    context |= {
        "version": version,
        "modules": [
            (module.text(language), [(lesson, lesson.text(language)) for lesson in lessons])
            for module, lessons in version.parts()
        ],
        "quiz": version.quiz if version.has_quiz() else None,
        "quiz_words": version.quiz.text(language) if version.has_quiz() else None,
        "questions": version.quiz.bank.questions.active().order_by("position", "pk")
        if version.has_quiz()
        else [],
    }
    return render(request, "training/preview_course.html", context)


@policy("training.edit_course")
@require_safe
def lesson_preview(request: HttpRequest, key: str, lesson: str) -> HttpResponse:
    """One lesson; a conversation is played by links that carry the replies so far."""
    course = own_course(request.user, key)
    found = lesson_of(course, lesson)
    context = _common(request, course, found)
    words = found.text(context["language"])
    content = words.content if words else {}
    lessons = _version(course).lessons()
    here = [each.key for each in lessons].index(found.key) if found in lessons else -1
    context |= {
        "lesson": found,
        "words": words,
        "content": content,
        "items": content.get("items", []),
        "number": here + 1,
        "total": len(lessons),
        "next": lessons[here + 1] if 0 <= here < len(lessons) - 1 else None,
    }
    if found.kind == Kind.SCENARIO:
        path = _path(request.GET.getlist("reply"))
        context |= {"walk": walk(content, path), "replies": [f"{step}.{number}" for step, number in path]}
    return render(request, "training/preview_lesson.html", context)


def _path(replies: list[str]) -> Path:
    """The replies so far, each “step.number”; what is none of these ends the path."""
    found: Path = []
    for reply in replies[:MOST_TURNS]:
        step, _dot, number = reply.rpartition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 4):
            break
        found.append([step, int(number)])
    return found


@policy("training.edit_course")
@require_safe
def question_preview(request: HttpRequest, key: str, question: str) -> HttpResponse:
    """One question as it is asked, and what is said afterwards."""
    course = own_course(request.user, key)
    found = question_of(course, question)
    newest = newest_of(found)
    if newest is None:
        raise Http404
    context = _common(request, course, newest)
    content = newest.text(context["language"]).content
    parts: list[Any] = next((content[name] for name in ("options", "items", "pairs") if name in content), [])
    row = AttemptQuestion(
        version=newest, language=context["language"], order=list(range(len(parts))), points=newest.points
    )
    with translation.override(context["language"]):
        context |= {"question": found, "newest": newest, "asked": asked(row)}
    return render(request, "training/preview_question.html", context)


@policy("training.edit_course")
@require_safe
def lesson_file_preview(request: HttpRequest, key: str, lesson: str) -> HttpResponseBase:
    """The file of a video or a download of the draft."""
    found = lesson_of(own_course(request.user, key), lesson)
    if found.file is None:
        raise Http404
    return _file(found.file, as_attachment=found.kind != Kind.VIDEO)


@policy("training.edit_course")
@require_safe
def lesson_captions_preview(request: HttpRequest, key: str, lesson: str) -> HttpResponse:
    """The captions of a video of the draft, in the language asked for."""
    course = own_course(request.user, key)
    return captions_of(lesson_of(course, lesson).text(language_of(request, course)))


@policy("training.see_courses")
@require_safe
def picture(request: HttpRequest, reference: str) -> HttpResponseBase:
    """A picture of a lesson, for whoever sees its course."""
    visible = CoursePicture.objects.visible_to(request.user).filter(file__reference=reference)
    found = get_object_or_404(CoursePicture.objects.select_related("file"), pk=visible.values("pk")[:1])
    response = _file(found.file, as_attachment=False)
    response["Cache-Control"] = "private, max-age=86400"
    return response


def _file(attachment: Any, *, as_attachment: bool) -> FileResponse:
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=as_attachment,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response
