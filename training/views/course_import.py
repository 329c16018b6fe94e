"""One course file taken in with the browser: looked at first, then taken in."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from charter.views.doors import posted
from common.policy import policy, require
from organisation.access import person_of
from training.actions.courses import ReleasedMeanwhile
from training.actions.import_course import Imported, import_course
from training.course_file import CourseFile, FileRefused, read_course, write_course
from training.fitness import Change, changes_of
from training.forms.courses import REFUSED, CourseFileForm, KeptFileForm
from training.models import Course

PAGE = "training/course_import.html"


@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def course_import(request: HttpRequest) -> HttpResponse:
    """A POST with a file shows what it would do; a POST with its kept text does it."""
    if request.method == "POST" and "text" in request.POST:
        return _take_in(request)
    form = CourseFileForm(
        posted(request), request.FILES if request.method == "POST" else None, user=request.user
    )
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file, unit = form.cleaned_data["file"], form.cleaned_data["unit"]
        _require(request, file, unit)
        try:
            context |= _look(file, unit)
        except FileRefused as refusal:
            form.problems = refusal.problems
            form.add_error("file", REFUSED)
    return render(request, PAGE, context, status=422 if form.errors else 200)


def _require(request: HttpRequest, file: CourseFile, unit: Any) -> None:
    """The file changes a course that is here already, or begins one in the unit."""
    standing = Course.objects.filter(key=file.key).select_related("unit").first()
    require(request.user, "training.edit_course", standing or unit)


class _Looked(Exception):
    """Ends the try: everything that it wrote is undone."""


def _look(file: CourseFile, unit: Any) -> dict[str, Any]:
    """What the file would do, found out by doing it and undoing it. Raises FileRefused."""
    told: dict[str, Any] = {}
    is_new = not Course.objects.filter(key=file.key).exists()
    try:
        with transaction.atomic():
            imported = import_course(file, unit=unit, by=None)
            told = {"notes": imported.notes, "changes": _changes(imported)}
            raise _Looked
    except _Looked:
        pass
    lessons = len(file.lessons())
    return told | {
        "file": file,
        "is_new": is_new,
        "unit": unit,
        "lesson_count": lessons,
        "text": write_course(file).decode(),
    }


def _changes(imported: Imported) -> list[Change]:
    return changes_of(imported.draft)


def _take_in(request: HttpRequest) -> HttpResponse:
    form = KeptFileForm(request.POST, user=request.user)
    again = CourseFileForm(user=request.user)
    if not form.is_valid():
        return render(request, PAGE, {"form": again, "is_lost": True}, status=422)
    try:
        file = read_course(form.cleaned_data["text"].encode())
        _require(request, file, form.cleaned_data["unit"])
        imported = import_course(file, unit=form.cleaned_data["unit"], by=person_of(request))
    except FileRefused as refusal:
        again.problems = refusal.problems
        return render(request, PAGE, {"form": again, "is_lost": True}, status=422)
    except ReleasedMeanwhile:
        return render(request, PAGE, {"form": again, "is_lost": True}, status=409)
    messages.success(request, _("The file is taken in as a draft. Nobody sees it before you release it."))
    for note in imported.notes:
        messages.info(request, note)
    return redirect("training:draft", imported.course.key)
