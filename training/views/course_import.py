"""One course file taken in with the browser: looked at first, then taken in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from charter.views.doors import posted
from common.policy import policy, require
from common.uploads import takes_files
from organisation.access import person_of
from organisation.models import Attachment, Import
from training.actions.courses import ReleasedMeanwhile
from training.actions.import_package import KIND, TakenAlready, import_package, known_pictures
from training.course_file import CourseFile, FileRefused, read_course
from training.course_package import MOST_PACKAGE, Package, read_package
from training.course_writing import write_course
from training.forms.courses import REFUSED, CourseFileForm, KeptFileForm, KeptPackageForm
from training.import_plan import plan_course
from training.models import Course
from training.table import Problem
from training.tongues import NAMES
from training.uploads import file_name

PAGE = "training/course_import.html"


@takes_files(MOST_PACKAGE)
@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def course_import(request: HttpRequest) -> HttpResponse:
    """A POST with a file shows what it would do; a POST with its kept text, or upload, does it."""
    if request.method == "POST" and ("text" in request.POST or "upload" in request.POST):
        return _take_in(request)
    form = CourseFileForm(
        posted(request), request.FILES if request.method == "POST" else None, user=request.user
    )
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        package, unit = form.cleaned_data["file"], form.cleaned_data["unit"]
        _require(request, package.course, unit)
        try:
            context |= _look(package, unit) | _kept(request, package, unit)
        except FileRefused as refusal:
            form.problems = refusal.problems
            form.add_error("file", REFUSED)
    return render(request, PAGE, context, status=422 if form.errors else 200)


def _require(request: HttpRequest, file: CourseFile, unit: Any) -> None:
    """The file changes a course that is here already, or begins one in the unit."""
    standing = Course.objects.filter(key=file.key).select_related("unit").first()
    require(request.user, "training.edit_course", standing or unit)


def _look(package: Package, unit: Any) -> dict[str, Any]:
    """What the file would do; nothing is written. Raises FileRefused."""
    file = known_pictures(package)
    plan = plan_course(file, unit=unit)
    carried = [each.name for each in (*package.pictures.values(), *package.files.values())]
    return {
        "file": file,
        "is_new": not Course.objects.filter(key=file.key).exists(),
        "unit": unit,
        "notes": plan.notes,
        "changes": plan.course + plan.changes,
        "is_compared": plan.is_compared,
        "lesson_count": len(file.lessons()),
        "languages": [NAMES[code] for code in file.languages],
        "carried": carried,
    }


def _kept(request: HttpRequest, package: Package, unit: Any) -> dict[str, Any]:
    """What the page sends back to take the file in: its text, or the name of the upload."""
    if package.archive is None:
        return {"text": write_course(package.course).decode()}
    package.archive.seek(0)
    name = file_name(package.archive.name)
    kept = Attachment.store(package.archive, name=name, content_type="application/zip")
    return {"upload": Import.objects.create(kind=KIND, file=kept, unit=unit, created_by=person_of(request))}


def _take_in(request: HttpRequest) -> HttpResponse:
    form_class = KeptPackageForm if "upload" in request.POST else KeptFileForm
    form = form_class(request.POST, user=request.user)
    again = CourseFileForm(user=request.user)
    if not form.is_valid():
        return render(request, PAGE, {"form": again, "is_lost": True}, status=422)
    unit = form.cleaned_data["unit"]
    try:
        package, upload = _sent_again(request, form.cleaned_data)
        _require(request, package.course, unit)
        imported = import_package(package, unit=unit, by=person_of(request), import_=upload)
    except FileRefused as refusal:
        again.problems = refusal.problems
        return render(request, PAGE, {"form": again, "is_lost": True}, status=422)
    except ReleasedMeanwhile:
        return render(request, PAGE, {"form": again, "is_lost": True}, status=409)
    except TakenAlready:
        messages.warning(request, _("This file was taken in already."))
        return redirect("training:draft", package.course.key)
    messages.success(request, _("The file is taken in as a draft. Nobody sees it before you release it."))
    for note in imported.notes:
        messages.info(request, note)
    return redirect("training:draft", imported.course.key)


def _sent_again(request: HttpRequest, told: dict[str, Any]) -> tuple[Package, Import | None]:
    """The file that was looked at: its text, or one's own upload. Raises FileRefused where that is gone."""
    if "upload" not in told:
        return Package(read_course(told["text"].encode())), None
    rows = Import.objects.filter(kind=KIND, reference=told["upload"]).select_related("file")
    upload = rows.first()
    if upload is None:
        raise FileRefused([Problem("", _("What was looked at is not kept any more."))])
    if upload.created_by != person_of(request):
        raise Http404
    return read_package(upload.file.file.open("rb")), upload
