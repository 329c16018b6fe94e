"""The catalogue of courses, the library to begin with, and the page of one course."""

from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.db.models import CharField, Count, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from charter.views.doors import posted
from common.export import table_response
from common.listing import page_of
from common.policy import policy, require
from organisation.access import person_of
from organisation.models import Membership, Unit
from training.actions import copy_course as copying
from training.actions import course_words, courses
from training.actions.import_course import import_course
from training.course_package import carries_files, write_package
from training.course_writing import write_course
from training.export_course import course_file_of, whole_course
from training.forms.courses import CopyForm, CourseSearchForm, NewCourseForm
from training.library import library, not_taken_in
from training.models import Course, CourseText, CourseVersion
from training.tongues import NAMES
from training.views.course_doors import course_for, own_course, shown_version

LATEST = 12


def _listed(user: Any) -> Any:
    """The courses that the person sees, with their name, how many have them, and the version taught."""
    texts = CourseText.objects.filter(course=OuterRef("pk"))
    mine = texts.filter(language=get_language() or "").values("title")[:1]
    first = texts.filter(language=OuterRef("language")).values("title")[:1]
    released = CourseVersion.objects.released().filter(course=OuterRef("pk")).order_by("-number")
    open_people = Count(
        "assignments__person",
        filter=Q(assignments__state__in=["assigned", "in_progress", "awaiting"]),
        distinct=True,
    )
    return (
        Course.objects.filter(pk__in=Course.objects.visible_to(user).values("pk"))
        .select_related("unit")
        .prefetch_related("texts")
        .annotate(
            name=Coalesce(Subquery(mine), Subquery(first), F("key"), output_field=CharField()),
            people=open_people,
            taught=Subquery(released.values("number")[:1]),
            waiting=Min("versions__number", filter=Q(versions__released_at__isnull=True)),
        )
    )


@policy("training.see_courses")
@require_safe
def course_list(request: HttpRequest) -> HttpResponseBase:
    """Every course that the person may see; managers begin new ones here."""
    search = CourseSearchForm(request.GET)
    found = search.filter(_listed(request.user))
    if kind := request.GET.get("export"):
        return _export(kind, found)
    may_add = request.user.has_perm("training.edit_course")
    page = page_of(request, found)
    for course in page:
        course.languages = [
            name for code, name in NAMES.items() if code in {t.language for t in course.texts.all()}
        ]
        course.level_words = levels_in_words(course)
    context = {
        "search": search,
        "page": page,
        "may_add": may_add,
        "library": not_taken_in() if may_add else [],
        "is_filtered": any(request.GET.get(name) for name in search.fields),
    }
    return render(request, "training/course_list.html", context)


def levels_in_words(course: Course) -> str:
    labels = dict(Membership.Level.choices)
    return ", ".join(str(labels[level]) for level in course.levels if level in labels) or _("everybody")


def _export(kind: str, found: Any) -> HttpResponseBase:
    header = [_("Key"), _("Title"), _("State"), _("Version taught"), _("Unit"), _("For whom"), _("Minutes")]
    header += [_("Again after so many months"), _("How many take it"), _("Languages")]
    rows = (
        [
            *(course.key, course.name, course.get_state_display(), course.taught, course.unit.name),
            *(levels_in_words(course), course.minutes, course.refresh_months, course.people),
            ", ".join(sorted(text.language for text in course.texts.all())),
        ]
        for course in found
    )
    return table_response(kind, "courses", header, rows)


@policy("training.see_courses")
@require_safe
def course(request: HttpRequest, key: str) -> HttpResponse:
    """What the course teaches and to whom; for those who may change it also what they can do with it."""
    found = course_for(request.user, key)
    may_edit = request.user.has_perm("training.edit_course", found)
    current, draft = found.current_version(), found.draft()
    shown = current or (draft if may_edit else None)
    version = CourseVersion.objects.with_parts().get(pk=shown.pk) if shown else None
    context = {
        "course": found,
        "words": found.text(),
        "levels": levels_in_words(found),
        "version": version,
        "parts": version.parts() if version else [],
        "quiz": version.quiz if version and version.has_quiz() else None,
        "current": current,
        "draft": draft if may_edit else None,
        "may_edit": may_edit,
        "standards": found.standards.prefetch_related("texts").select_related("charter__unit"),
        "values": found.values.prefetch_related("texts"),
        "versions": found.versions.released().select_related("released_by"),
        "languages": [(text.language, NAMES.get(text.language, text.language)) for text in found.texts.all()],
    }
    if person_of(request).is_manager:
        context["tally"] = _tally(found)
        context["events"] = found.events.filter(assignment__isnull=True).select_related("by")[:LATEST]
    return render(request, "training/course.html", context)


def _tally(found: Course) -> dict[str, int]:
    """How many have it to do, and how many have completed it at some time."""
    rows = found.assignments.filter(person__is_active=True)
    return {
        "open": rows.filter(state__in=["assigned", "in_progress", "awaiting"])
        .values("person")
        .distinct()
        .count(),
        "completed": rows.filter(state="completed").values("person").distinct().count(),
    }


def _own_unit(user: Any) -> Unit | None:
    """The unit to which a new course belongs unless another is chosen: the topmost that one manages."""
    return Unit.objects.managed_by(user).active().order_by("pk").first()


@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def course_add(request: HttpRequest) -> HttpResponse:
    """Begin a course of one's own."""
    form = NewCourseForm(posted(request), user=request.user, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        require(request.user, "training.edit_course", unit)
        made = course_words.create_course(
            unit=unit, language=form.cleaned_data["language"], words=form.words, by=person_of(request)
        )
        messages.success(request, _("The course is begun. Nobody sees it before you release it."))
        return redirect("training:draft", made.key)
    return render(request, "training/course_add.html", {"form": form}, status=422 if form.errors else 200)


@policy("training.edit_course")
@require_POST
def library_take_in(request: HttpRequest, key: str) -> HttpResponse:
    """A course of the library as a draft of one's own. Pressed twice: one course."""
    wanted, unit = library().get(key), _own_unit(request.user)
    if wanted is None or unit is None:
        raise Http404
    if Course.objects.filter(key=key).exists():
        messages.warning(request, _("This course is here already."))
        return redirect("training:course_list")
    imported = import_course(wanted.file, unit=unit, by=person_of(request))
    messages.success(
        request, _("The course is yours now, as a draft. Read it, write your own parts, then release it.")
    )
    for note in imported.notes:
        messages.info(request, note)
    return redirect("training:draft", imported.course.key)


@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def course_copy(request: HttpRequest, key: str) -> HttpResponse:
    """A copy, to make another course of it."""
    found = course_for(request.user, key)
    title = _("%(title)s (copy)") % {"title": found}
    form = CopyForm(
        posted(request), user=request.user, initial={"title": title[:150], "unit": found.unit.slug}
    )
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        require(request.user, "training.edit_course", unit)
        made = copying.copy_course(found, title=form.cleaned_data["title"], unit=unit, by=person_of(request))
        messages.success(request, _("Here is the copy. It is a draft: nobody sees it before you release it."))
        return redirect("training:draft", made.key)
    context = {"form": form, "course": found}
    return render(request, "training/course_copy.html", context, status=422 if form.errors else 200)


@policy("training.edit_course")
@require_POST
def course_archive(request: HttpRequest, key: str) -> HttpResponse:
    """Give the course to nobody new; the page offers to undo it."""
    found = own_course(request.user, key)
    if courses.archive_course(found, by=person_of(request)):
        messages.success(
            request,
            _("The course is archived. Whoever has it keeps it. You can bring it back on this page."),
        )
    return redirect(found)


@policy("training.edit_course")
@require_POST
def course_restore(request: HttpRequest, key: str) -> HttpResponse:
    found = own_course(request.user, key)
    if courses.restore_course(found, by=person_of(request)):
        messages.success(request, _("The course is back, as it was before."))
    return redirect(found)


@policy("training.edit_course")
@require_GET
def course_file(request: HttpRequest, key: str) -> HttpResponseBase:
    """The course as one file (docs/course-format.md), with all its languages, or the one that is asked for
    alone, for whoever translates: a .zip where it shows files."""
    found = own_course(request.user, key)
    version = shown_version(found)
    language = request.GET.get("language")
    languages = {row.language for row in found.texts.all()}
    if version is None or not version.lessons() or (language and language not in languages):
        raise Http404
    file = course_file_of(version, language) if language else whole_course(version)
    name = "_".join([found.key, *file.languages])
    if carries_files(version, file):
        out = TemporaryFile()  # noqa: SIM115 the answer closes it
        write_package(version, file, out)
        out.seek(0)
        return FileResponse(out, as_attachment=True, filename=f"{name}.zip", content_type="application/zip")
    response = HttpResponse(write_course(file), content_type="application/toml")
    response["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return response
