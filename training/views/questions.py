"""How a course asks: the settings of its quiz, and its questions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter.views.doors import posted
from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.drafting import settle
from training.actions import course_words, questions
from training.actions.course_words import ChangedMeanwhile, quiz_imprint
from training.actions.courses import QuestionNeeded
from training.actions.questions import newest_of, question_imprint
from training.course_file import FileRefused
from training.fitness import newest_wordings
from training.forms.questions import QuestionForm, QuestionSearchForm, QuizForm
from training.models import Course, Question, QuestionVersion, Quiz
from training.tongues import gaps_of
from training.views.course_doors import language_of, own_course, question_of, shown_version
from training.views.editor import conflict_page, form_page, sent_by, words_in

Kind = QuestionVersion.Kind
PAGE = "training/question_edit.html"


def _quiz(course: Course) -> Quiz | None:
    version = shown_version(course)
    return version.quiz if version is not None and version.has_quiz() else None


@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def quiz_edit(request: HttpRequest, key: str) -> HttpResponse:
    """The quiz's title in one language and, in the course's first one, how it asks."""
    course = own_course(request.user, key)
    quiz, language, template = _quiz(course), language_of(request, course), "training/quiz_edit.html"
    form = QuizForm(
        posted(request),
        quiz=quiz,
        words=words_in(quiz, language),
        version=quiz_imprint(quiz, language),
        is_translation=language != course.language,
    )
    count = course_words.questions_of(course).active().count()
    if not form.is_valid():
        return form_page(request, template, course, quiz, form, question_count=count)
    try:
        course_words.save_quiz(
            course,
            language=language,
            title=form.cleaned_data["title"],
            settings=form.settings,
            expected=form.expected,
            by=person_of(request),
        )
    except ChangedMeanwhile:
        quiz = _quiz(course)
        stands = quiz_imprint(quiz, language)
        return conflict_page(request, template, course, quiz, form, stands, question_count=count)
    messages.success(request, _("Saved in the draft."))
    return settle(request, redirect("training:draft", key), language=language)


@policy("training.edit_course")
@require_POST
def quiz_remove(request: HttpRequest, key: str) -> HttpResponse:
    """The draft asks no more. Its questions stay."""
    course = own_course(request.user, key)
    if course_words.remove_quiz(course, by=person_of(request)):
        messages.success(request, _("The draft has no quiz any more. Its questions are kept."))
    return redirect("training:draft", key)


@policy("training.edit_course")
@require_safe
def question_list(request: HttpRequest, key: str) -> HttpResponseBase:
    """The course's question bank."""
    course = own_course(request.user, key)
    every = course_words.questions_of(course)
    search = QuestionSearchForm(request.GET, questions=every)
    found = search.filter(every).select_related("standard")
    if kind := request.GET.get("export"):
        return _export(kind, course, found)
    page = page_of(request, found.prefetch_related("versions__texts", "standard__texts"))
    spoken = {row.language for row in course.texts.all()}
    for question in page:
        versions = sorted(question.versions.all(), key=lambda row: row.number)
        question.newest = versions[-1] if versions else None
        question.waits = bool(versions) and versions[-1].released_at is None
        question.gaps = gaps_of(question.newest, spoken, course.language) if versions else []
    context = {
        "course": course,
        "search": search,
        "page": page,
        "kinds": Kind.choices,
        "quiz": _quiz(course),
        "used_in": _used_in(every),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
    }
    return render(request, "training/question_list.html", context)


def _used_in(every: Any) -> list[Quiz]:
    """The quizzes of other courses, or other versions, that draw from the same bank."""
    quizzes = Quiz.objects.filter(bank__questions__in=every).distinct()
    return list(
        quizzes.select_related("version__course")
        .prefetch_related("version__course__texts")
        .order_by("version")
    )


def _export(kind: str, course: Course, found: Any) -> HttpResponseBase:
    header = [_("Key"), _("Question"), _("Kind"), _("Points"), _("Standard")]
    rows = (
        [
            question.key,
            str(newest.text(course.language).text) if newest.text(course.language) else "",
            newest.get_kind_display(),
            newest.points,
            str(question.standard) if question.standard else "",
        ]
        for question, newest in newest_wordings(found)
    )
    return table_response(kind, f"questions-{course.key}", header, rows)


def _save(
    request: HttpRequest, course: Course, question: Question | None, kind: str, form: QuestionForm
) -> Question:
    """Raises ChangedMeanwhile, or FileRefused where a translation does not fit any more."""
    part = questions.part_of(
        question.key if question else "",
        kind=kind,
        words=form.words,
        points=form.points,
        marking=form.marking,
    )
    return questions.save_question(
        course,
        question=question,
        language=language_of(request, course) if question else course.language,
        part=part,
        standard=form.standard,
        quiz_title=_("Quiz"),
        expected=form.expected if question else None,
        by=person_of(request),
    )


@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def question_add(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """A new question of a kind, in the course's first language."""
    course = own_course(request.user, key)
    if kind not in Kind.values:
        raise Http404
    form = QuestionForm(posted(request), kind=kind, sent=sent_by(request, course.language))
    if not form.is_valid():
        return form_page(request, PAGE, course, None, form, kind=kind, kind_words=Kind(kind).label)
    _save(request, course, None, kind, form)
    messages.success(request, _("The question is added. It is asked from the next release on."))
    return settle(request, redirect("training:question_list", key), language=course.language)


@policy("training.edit_course")
@require_http_methods(["GET", "POST"])
def question_edit(request: HttpRequest, key: str, question: str) -> HttpResponse:
    """One question in one language. What is asked now stays until the next release."""
    course = own_course(request.user, key)
    found, language = question_of(course, question), language_of(request, course)
    newest = newest_of(found)
    if newest is None:
        raise Http404
    form = QuestionForm(
        posted(request),
        kind=newest.kind,
        words=words_in(newest, language),
        source=None if language == course.language else words_in(newest, course.language),
        source_language=course.language,
        facts={"points": newest.points, "marking": newest.marking, "standard": found.standard},
        sent=sent_by(request, language),
        version=question_imprint(found, language),
    )
    told: dict[str, Any] = {"kind": newest.kind, "kind_words": newest.get_kind_display(), "question": found}
    if not form.is_valid():
        return form_page(request, PAGE, course, newest, form, **told)
    try:
        _save(request, course, found, newest.kind, form)
    except FileRefused as refusal:
        for problem in refusal.problems:
            form.add_error(None, problem.reason)
        return form_page(request, PAGE, course, newest, form, **told)
    except ChangedMeanwhile:
        found = question_of(course, question)
        newest, stands = newest_of(found), question_imprint(found, language)
        return conflict_page(request, PAGE, course, newest, form, stands, **told)
    messages.success(request, _("Saved. The question is asked in these words from the next release on."))
    return settle(request, redirect("training:question_list", key), language=language)


@policy("training.edit_course")
@require_POST
def question_archive(request: HttpRequest, key: str, question: str) -> HttpResponse:
    """Ask it no more, from now on."""
    course = own_course(request.user, key)
    found = question_of(course, question)
    try:
        if questions.take_out_question(course, question=found, by=person_of(request)):
            messages.success(
                request, _("The question is archived: it is asked no more. You can bring it back.")
            )
    except QuestionNeeded:
        messages.error(
            request,
            _("The quiz that is taught draws as many questions as there are. Let it draw fewer first."),
        )
    return redirect("training:question_list", key)


@policy("training.edit_course")
@require_POST
def question_restore(request: HttpRequest, key: str, question: str) -> HttpResponse:
    course = own_course(request.user, key)
    found = question_of(course, question)
    if questions.put_back_question(course, question=found, by=person_of(request)):
        if questions.is_taught(course, found):
            messages.success(request, _("The question is back."))
        else:
            messages.success(request, _("The question is back. It is asked from the next release on."))
    return redirect("training:question_list", key)
