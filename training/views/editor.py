"""The editor of a draft: its parts in sight, its own words, its modules, and their order."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter.forms.charters import MoveForm
from charter.views.doors import posted
from common.policy import policy
from organisation.access import person_of
from organisation.drafting import is_preview, offer, settle
from organisation.models import FormDraft
from training.actions import course_parts, course_words
from training.actions.course_words import ChangedMeanwhile, course_imprint, module_imprint
from training.fitness import release_problems, translation_gaps
from training.forms.courses import CourseForm
from training.forms.lessons import ModuleForm, OrderForm
from training.models import Course, Lesson
from training.tongues import choices_for, gaps_of, is_behind
from training.views.course_doors import language_of, module_of, own_course, shown_version


def words_in(owner: Any, language: str) -> Any:
    """The owner's words in the language, as a dict; None where nothing is written in it."""
    rows = owner.texts.all() if owner else []
    return next((row.words for row in rows if row.language == language), None)


def sent_by(request: HttpRequest, language: str) -> Any:
    """What decides on the number of rows in a form: what was posted, or what was kept of it."""
    if request.method == "POST":
        return request.POST
    if request.GET.get("draft") != "use":
        return None
    address = f"{request.path}?language={language}"
    kept = FormDraft.objects.filter(person=person_of(request), form=address).first()
    return {name: values[0] for name, values in kept.content.items() if values} if kept else None


def form_page(
    request: HttpRequest,
    template: str,
    course: Course,
    owner: Any,
    form: Any,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    """A form of words in one language, beside the first language's where it translates."""
    language = language_of(request, course)
    source = None
    if owner is not None and language != course.language:
        source = next((row for row in owner.texts.all() if row.language == course.language), None)
    row = next((row for row in owner.texts.all() if row.language == language), None) if owner else None
    kept = offer(request, form, language=language)
    if hasattr(form, "editor"):
        form.initial |= form.editor.after_growth()
    plain = [name for name in form.names if isinstance(getattr(source, name, None), str)]
    context = {
        "course": course,
        "owner": owner,
        "form": form,
        "draft": kept,
        "is_preview": is_preview(request),
        "language": language,
        "languages": choices_for(owner, language, course.language) if owner else [],
        "source": source,
        "source_words": [(form.fields[name].label, getattr(source, name)) for name in plain if source],
        "is_behind": row is not None and is_behind(row, source),
    }
    return render(request, template, context | more, status=status or (422 if form.errors else 200))


def conflict_page(
    request: HttpRequest, template: str, course: Course, owner: Any, form: Any, imprint: str, **more: Any
) -> HttpResponse:
    """409: what was typed, beside what stands now and who wrote it."""
    form.stand_over(imprint)
    stands = words_in(owner, language_of(request, course)) or {}
    changed = [
        (form.fields[name].label, stands[name])
        for name in form.names
        if name in stands and stands[name] != form.cleaned_data.get(name)
    ]
    last = course.events.filter(assignment__isnull=True).select_related("by").first()
    told = {"conflict": True, "changed": changed, "last": last}
    return form_page(request, template, course, owner, form, status=409, **told, **more)


@policy("training.edit_course")
@require_safe
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """The parts of the draft, or of what is taught where there is no draft yet."""
    course = own_course(request.user, key)
    if course.state == Course.State.ARCHIVED:
        messages.info(request, _("This course is archived: bring it back before you change it."))
        return redirect(course)
    version = shown_version(course)
    if version is None:
        raise Http404
    spoken = {row.language for row in course.texts.all()}
    parts = version.parts()
    for module, lessons in parts:
        owners: list[Any] = [module, *lessons]
        for owner in owners:
            owner.gaps = gaps_of(owner, spoken, course.language)
    modules = list(version.modules.all())
    context = {
        "course": course,
        "words": course.text(course.language),
        "version": version,
        "parts": parts,
        "archived_modules": [each for each in modules if each.archived_at],
        "archived_lessons": [
            lesson
            for module in modules
            if module.archived_at is None
            for lesson in module.lessons.all()
            if lesson.archived_at
        ],
        "quiz": version.quiz if version.has_quiz() else None,
        "question_count": course_words.questions_of(course).active().count(),
        "problem_count": len(release_problems(version)),
        "gap_count": len(translation_gaps(version)),
        "kinds": Lesson.Kind.choices,
        "module_form": ModuleForm(auto_id="new-%s"),
        "gaps": gaps_of(course, spoken, course.language),
    }
    return render(request, "training/draft.html", context)


@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def course_edit(request: HttpRequest, key: str) -> HttpResponse:
    """The course's own words; in its first language also levels, times, standards and values."""
    course = own_course(request.user, key)
    language, template = language_of(request, course), "training/course_edit.html"
    form = CourseForm(
        posted(request),
        course=course,
        words=words_in(course, language),
        version=course_imprint(course, language),
        is_translation=language != course.language,
    )
    if not form.is_valid():
        return form_page(request, template, course, course, form)
    links = {name: form.cleaned_data[name] for name in ("standards", "values") if name in form.fields}
    try:
        course_words.save_course(
            course,
            language=language,
            words=form.words,
            facts=form.facts,
            **links,
            expected=form.expected,
            by=person_of(request),
        )
    except ChangedMeanwhile:
        course = own_course(request.user, key)
        return conflict_page(request, template, course, course, form, course_imprint(course, language))
    messages.success(request, _("Saved. These words hold at once, for every version of the course."))
    return settle(request, redirect("training:draft", key), language=language)


@policy("training.edit_course")
@require_POST
def module_add(request: HttpRequest, key: str) -> HttpResponse:
    """A new module at the end."""
    course = own_course(request.user, key)
    form = ModuleForm(request.POST)
    if not form.is_valid():
        return form_page(request, "training/module_edit.html", course, None, form)
    made = course_words.write_module(
        course, language=course.language, title=form.cleaned_data["title"], by=person_of(request)
    )
    messages.success(request, _("The module is added. Now give it lessons."))
    return redirect(f"{_draft_url(key)}#module-{made.key}")


def _draft_url(key: str) -> str:
    return redirect("training:draft", key)["Location"]


@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def module_edit(request: HttpRequest, key: str, module: str) -> HttpResponse:
    """The module's title in one language."""
    course = own_course(request.user, key)
    found, language = module_of(course, module), language_of(request, course)
    template = "training/module_edit.html"
    words = words_in(found, language)
    form = ModuleForm(posted(request), words=words, version=module_imprint(found, language))
    if not form.is_valid():
        return form_page(request, template, course, found, form)
    try:
        course_words.write_module(
            course,
            key=module,
            language=language,
            title=form.cleaned_data["title"],
            expected=form.expected,
            by=person_of(request),
        )
    except ChangedMeanwhile:
        found = module_of(course, module)
        return conflict_page(request, template, course, found, form, module_imprint(found, language))
    messages.success(request, _("Saved in the draft."))
    response = redirect(f"{_draft_url(key)}#module-{module}")
    return settle(request, response, language=language)


# ------------------------------------------------------- order, out, back in


def _change_part(
    request: HttpRequest, key: str, change: Callable[[Course], None], anchor: str
) -> HttpResponse:
    """Do it to the draft; 404 where the part is gone."""
    course = own_course(request.user, key)
    try:
        change(course)
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect(f"{_draft_url(key)}#{anchor}")


def _anchor(module: str, lesson: str) -> str:
    return f"lesson-{lesson}" if lesson else f"module-{module}"


@policy("training.edit_course")
@require_POST
def part_move(request: HttpRequest, key: str, module: str = "", lesson: str = "") -> HttpResponse:
    """A module or a lesson one place up or down."""
    own_course(request.user, key)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Http404
    part: dict[str, Any] = {"module": module, "lesson": lesson, "up": form.is_up, "by": person_of(request)}
    return _change_part(
        request, key, lambda course: course_parts.move_part(course, **part), _anchor(module, lesson)
    )


@policy("training.edit_course")
@require_POST
def part_archive(request: HttpRequest, key: str, module: str = "", lesson: str = "") -> HttpResponse:
    """Out of the draft; the editor offers to put it back."""
    part: dict[str, Any] = {"module": module, "lesson": lesson, "by": person_of(request)}
    response = _change_part(
        request, key, lambda course: course_parts.archive_part(course, **part), "archived"
    )
    messages.success(request, _("Taken out of the draft. You can put it back until the release."))
    return response


@policy("training.edit_course")
@require_POST
def part_restore(request: HttpRequest, key: str, module: str = "", lesson: str = "") -> HttpResponse:
    part: dict[str, Any] = {"module": module, "lesson": lesson, "by": person_of(request)}
    response = _change_part(
        request, key, lambda course: course_parts.restore_part(course, **part), _anchor(module, lesson)
    )
    messages.success(request, _("It is back in the draft."))
    return response


@policy("training.edit_course")
@require_POST
def parts_order(request: HttpRequest, key: str) -> HttpResponse:
    """The order that a list was dragged to. Says nothing more: the page shows it already."""
    course = own_course(request.user, key)
    form = OrderForm(request.POST)
    if not form.is_valid():
        raise Http404
    module = form.cleaned_data["module"]
    course_parts.put_parts_in_order(course, module=module, keys=form.keys, by=person_of(request))
    return HttpResponse(status=204)
