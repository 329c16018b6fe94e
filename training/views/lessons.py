"""The editor of one lesson, and the pictures of a course."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from charter.views.doors import posted
from common.policy import policy
from common.uploads import takes_files
from organisation.access import person_of
from organisation.drafting import settle
from organisation.models import Attachment
from training.actions import course_words
from training.actions.course_words import ChangedMeanwhile, lesson_imprint
from training.forms.lessons import LessonForm, PictureForm
from training.models import Course, Lesson
from training.uploads import MOST_PICTURE, MOST_VIDEO, file_name
from training.views.course_doors import language_of, lesson_of, module_of, own_course
from training.views.editor import conflict_page, form_page, sent_by, words_in

PAGE = "training/lesson_edit.html"


def _files(request: HttpRequest) -> Any:
    """Files belong to what is saved; a preview looks at none."""
    return request.FILES if posted(request) is not None else None


def _fields(form: LessonForm) -> dict[str, Any]:
    """What does not depend on the language; an uploaded file is kept first."""
    fields = dict(form.facts)
    if file := form.cleaned_data.get("new_file"):
        kept = Attachment.store(file, name=file_name(file.name), content_type=file.content_type)
        fields["file"] = kept
    elif form.cleaned_data.get("remove_file"):
        fields["file"] = None
    return fields


def _told(course: Course, kind: str, lesson: Lesson | None = None, module: Any = None) -> dict[str, Any]:
    return {
        "kind": kind,
        "kind_words": Lesson.Kind(kind).label,
        "lesson": lesson,
        "module": module,
        "pictures": course.pictures.select_related("file")[:12],
    }


@takes_files(MOST_VIDEO)
@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def lesson_add(request: HttpRequest, key: str, module: str, kind: str) -> HttpResponse:
    """A new lesson of a kind at the end of a module, in the course's first language."""
    course = own_course(request.user, key)
    below, language = module_of(course, module), course.language
    if kind not in Lesson.Kind.values:
        raise Http404
    form = LessonForm(posted(request), _files(request), kind=kind, sent=sent_by(request, language))
    if not form.is_valid():
        return form_page(request, PAGE, course, None, form, **_told(course, kind, module=below))
    try:
        made = course_words.write_lesson(
            course,
            module=module,
            kind=kind,
            language=language,
            words=form.words,
            fields=_fields(form),
            by=person_of(request),
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, _("The lesson is added to the draft."))
    return settle(request, _to_draft(key, made.key), language=language)


def _to_draft(key: str, lesson: str) -> HttpResponse:
    response = redirect("training:draft", key)
    response["Location"] += f"#lesson-{lesson}"
    return response


@takes_files(MOST_VIDEO)
@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def lesson_edit(request: HttpRequest, key: str, lesson: str) -> HttpResponse:
    """One lesson in one language."""
    course = own_course(request.user, key)
    found, language = lesson_of(course, lesson), language_of(request, course)
    is_first = language == course.language
    form = LessonForm(
        posted(request),
        _files(request),
        kind=found.kind,
        words=words_in(found, language),
        source=None if is_first else words_in(found, course.language),
        source_language=course.language,
        lesson=found,
        sent=sent_by(request, language),
        version=lesson_imprint(found, language),
    )
    told = _told(course, found.kind, found)
    if not form.is_valid():
        return form_page(request, PAGE, course, found, form, **told)
    try:
        course_words.write_lesson(
            course,
            key=lesson,
            language=language,
            words=form.words,
            fields=_fields(form) if is_first else None,
            expected=form.expected,
            by=person_of(request),
        )
    except ChangedMeanwhile:
        found = lesson_of(course, lesson)
        return conflict_page(request, PAGE, course, found, form, lesson_imprint(found, language), **told)
    messages.success(request, _("Saved in the draft."))
    return settle(request, _to_draft(key, lesson), language=language)


@takes_files(MOST_PICTURE)
@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def picture_list(request: HttpRequest, key: str) -> HttpResponse:
    """The pictures of the course with the words to put them into a lesson. A POST adds one."""
    course = own_course(request.user, key)
    form = PictureForm(posted(request), _files(request))
    added, told = None, ""
    if request.method == "POST" and form.is_valid():
        picture = form.cleaned_data["picture"]
        added = course_words.add_picture(
            course,
            file=picture,
            name=file_name(picture.name),
            content_type=picture.content_type,
            by=person_of(request),
        )
        told = form.cleaned_data["words"]
        form = PictureForm()
    context = {
        "course": course,
        "form": form,
        "added": added,
        "told": told,
        "pictures": course.pictures.select_related("file"),
    }
    return render(request, "training/picture_list.html", context, status=422 if form.errors else 200)
