"""Questions of a course out of a file and into one: upload, dry run, taking in, export."""

from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from common.listing import page_of
from common.policy import policy, require
from common.uploads import MEGABYTE, takes_files
from organisation.access import person_of
from organisation.models import Attachment, Import
from training.actions.import_questions import KIND, TakenAlready, plan_import, take_in_questions
from training.bank import bank_parts
from training.formats.found import MOST_BYTES
from training.formats.gift import write_gift
from training.formats.reading import read_questions
from training.forms.question_files import QuestionFileForm
from training.models import Course, Question, QuestionBank, QuestionVersionText
from training.tongues import NAMES, language_asked


def course_to_edit(user: Any, key: str) -> Course:
    course = get_object_or_404(Course.objects.visible_to(user).select_related("unit"), key=key)
    require(user, "training.edit_course", course)
    return course


def _import_for(user: Any, course: Course, reference: str) -> Import:
    """One's own upload for this course; administrators see all."""
    rows = Import.objects.visible_to(user).filter(kind=KIND, mapping__course=course.key)
    return get_object_or_404(rows.select_related("file"), reference=reference)


@takes_files(MOST_BYTES // MEGABYTE)
@policy("training.edit_course")
@require_http_methods(["GET", "HEAD", "POST"])
def questions_import(request: HttpRequest, key: str) -> HttpResponse:
    """Send a file; nothing is taken in before it was looked at."""
    course = course_to_edit(request.user, key)
    sent_data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = QuestionFileForm(*sent_data, first=course.language)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        name = sent.name.rsplit("/", 1)[-1].replace("\x00", "") if sent else _("pasted text")
        file = Attachment.store(ContentFile(form.raw, name=name), name=name, content_type="text/plain")
        import_ = Import.objects.create(
            kind=KIND,
            file=file,
            unit=course.unit,
            created_by=person_of(request),
            mapping={"course": course.key, "language": form.cleaned_data["language"]},
        )
        return redirect("training:questions_review", course.key, import_.reference)
    tied = Question.objects.active().filter(bank__key=course.key, standard__isnull=False)
    context = {
        "course": course,
        "form": form,
        "standards": sorted({(each.standard.key, str(each.standard)) for each in _with_standard(tied)}),
        "languages": _languages(course),
        "count": Question.objects.active().filter(bank__key=course.key).count(),
    }
    return render(request, "training/questions_import.html", context, status=422 if form.errors else 200)


def _languages(course: Course) -> list[tuple[str, str]]:
    """Those in which some question of the bank is written, the course's first one in front."""
    rows = QuestionVersionText.objects.filter(version__question__bank__key=course.key)
    spoken = set(rows.values_list("language", flat=True)) | {course.language}
    ordered = sorted(spoken, key=lambda code: (code != course.language, code))
    return [(code, NAMES.get(code, code)) for code in ordered]


def _with_standard(questions: Any) -> Any:
    return questions.select_related("standard").prefetch_related("standard__texts")


@policy("training.edit_course")
@require_http_methods(["GET", "HEAD", "POST"])
def questions_review(request: HttpRequest, key: str, reference: str) -> HttpResponse:
    """The dry run: every question as it would be asked, what stays behind and why. Then take it in."""
    course = course_to_edit(request.user, key)
    import_ = _import_for(request.user, course, reference)
    read = read_questions(import_.file.file.read())
    if request.method == "POST":
        return _take_in(request, course, import_, read)
    language = import_.mapping.get("language", course.language)
    plan = plan_import(course, read, language)
    context = {
        "course": course,
        "import": import_,
        "plan": plan,
        "language": language,
        "language_name": NAMES.get(language, language),
        "page": page_of(request, plan.planned),
        "is_waiting": import_.state == Import.State.UPLOADED,
    }
    return render(request, "training/questions_review.html", context)


def _take_in(request: HttpRequest, course: Course, import_: Import, read: Any) -> HttpResponse:
    try:
        plan = take_in_questions(
            course,
            read,
            by=person_of(request),
            language=import_.mapping.get("language", ""),
            import_=import_,
        )
    except TakenAlready:
        messages.warning(request, _("This file was taken in already."))
        return redirect("training:questions_review", course.key, import_.reference)
    count = plan.counts["new"] + plan.counts["changed"]
    words = ngettext(
        "%(count)s question is taken in. It is asked from the next release of the course on.",
        "%(count)s questions are taken in. They are asked from the next release of the course on.",
        count,
    )
    messages.success(request, words % {"count": count})
    return redirect("training:questions_import", course.key)


@policy("training.edit_course")
@require_safe
def questions_export(request: HttpRequest, key: str) -> HttpResponse:
    """The bank as GIFT, in the course's first language or that of `?language=`; of one standard with
    `?standard=`. A question without words in the language carries those it has."""
    course = course_to_edit(request.user, key)
    language = language_asked(request.GET.get("language"), course.language)
    bank = QuestionBank.objects.filter(key=course.key).first()
    standard = request.GET.get("standard", "").replace("\x00", "")
    parts = bank_parts(bank, language, standard=standard) if bank else []
    response = HttpResponse(write_gift(parts, category=course.key), content_type="text/plain; charset=utf-8")
    name = course.key if language == course.language else f"{course.key}_{language}"
    response["Content-Disposition"] = f'attachment; filename="{name}.gift"'
    return response
