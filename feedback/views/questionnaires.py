"""The questionnaire editor: a draft beside the published version."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy, require
from feedback.actions import questionnaires as actions
from feedback.actions import questions as question_actions
from feedback.asked import asked_in
from feedback.card import render_card
from feedback.fields import Typed
from feedback.fitness import questions_of, series_of
from feedback.forms.questionnaires import QuestionForm, QuestionnaireForm, QuestionnaireSearch, WordsForm
from feedback.models import Question, Questionnaire, QuestionnaireVersion
from organisation.models import Installation


def _questionnaire_for(user: Any, key: str) -> Questionnaire:
    return get_object_or_404(Questionnaire.objects.visible_to(user), key=key)


def _draft_for(user: Any, key: str) -> QuestionnaireVersion:
    """The draft that the user may write; 404 where there is none."""
    questionnaire = _questionnaire_for(user, key)
    require(user, "feedback.edit_questionnaires", questionnaire)
    draft = questionnaire.draft()
    if draft is None:
        raise Http404
    return draft


def _language(request: HttpRequest) -> str:
    """The language that is being written."""
    wanted = request.POST.get("language") or request.GET.get("language") or get_language() or ""
    known = dict(settings.TEXT_LANGUAGES)
    return wanted if wanted in known else settings.LANGUAGE_CODE


def _found(search: QuestionnaireSearch, user: Any) -> Any:
    published = Q(versions__published_at__isnull=False)
    found = search.filter(Questionnaire.objects.visible_to(user))
    return found.annotate(
        places=Count("collectors", filter=Q(collectors__archived_at__isnull=True), distinct=True),
        published=Max("versions__number", filter=published),
        drafts=Count("versions", filter=~published, distinct=True),
    ).order_by("name", "pk")


@policy("feedback.see_questionnaires")
@require_GET
def questionnaire_list(request: HttpRequest) -> HttpResponse:
    search = QuestionnaireSearch(request.GET)
    context = {
        "search": search,
        "page": page_of(request, _found(search, request.user)),
        "is_filtered": bool(request.GET.get("q")),
        "may_add": request.user.has_perm("feedback.edit_questionnaires"),
    }
    return render(request, "feedback/questionnaire_list.html", context)


@policy("feedback.see_questionnaires")
@require_GET
def questionnaire_export(request: HttpRequest) -> HttpResponseBase:
    rows = _found(QuestionnaireSearch(request.GET), request.user)
    header = [_("Name"), _("Key"), _("Published version"), _("Places")]
    lines = ([each.name, each.key, each.published or "", each.places] for each in rows.iterator())
    return csv_response("questionnaires", header, lines)


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def questionnaire_add(request: HttpRequest) -> HttpResponse:
    form = QuestionnaireForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        questionnaire = actions.create_questionnaire(
            key=cleaned["key"], name=cleaned["name"], language=_language(request), title=cleaned["title"]
        )
        return redirect("feedback:questionnaire_detail", questionnaire.key)
    return render(
        request, "feedback/questionnaire_add.html", {"form": form}, status=422 if form.is_bound else 200
    )


@policy("feedback.see_questionnaires")
@require_GET
def questionnaire_detail(request: HttpRequest, key: str) -> HttpResponse:
    """The draft, if there is one, and what is asked now."""
    questionnaire = _questionnaire_for(request.user, key)
    return _detail(request, questionnaire)


def _detail(
    request: HttpRequest, questionnaire: Questionnaire, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    draft, current = questionnaire.draft(), questionnaire.current_version()
    drafted = _questions(draft)
    context = {
        "questionnaire": questionnaire,
        "draft": draft,
        "drafted": drafted,
        "new_series": _new_series(drafted),
        "current": current,
        "asked": _questions(current),
        "places": questionnaire.collectors.filter(archived_at__isnull=True).select_related("unit"),
        "languages": settings.TEXT_LANGUAGES,
        "problems": problems,
        "may_edit": request.user.has_perm("feedback.edit_questionnaires", questionnaire),
    }
    return render(request, "feedback/questionnaire_detail.html", context, status=status)


def _questions(version: QuestionnaireVersion | None) -> list[Question]:
    return questions_of(version) if version else []


def _new_series(drafted: list[Question]) -> set[str]:
    """The questions whose figures start anew when the draft is published."""
    series = series_of(drafted)
    return {each.key for each in drafted if each.is_asked and series[each.key] > max(1, each.series)}


@policy("feedback.edit_questionnaires")
@require_POST
def draft_open(request: HttpRequest, key: str) -> HttpResponse:
    questionnaire = _questionnaire_for(request.user, key)
    require(request.user, "feedback.edit_questionnaires", questionnaire)
    actions.open_draft(questionnaire)
    return redirect("feedback:questionnaire_detail", key)


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def words_edit(request: HttpRequest, key: str) -> HttpResponse:
    draft = _draft_for(request.user, key)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        initial=WordsForm.values_of(draft, _language(request)),
    )
    if request.method == "POST" and form.is_valid():
        mark = form.cleaned_data["edit_mark"]
        try:
            actions.save_words(draft, edit_mark=mark, language=_language(request), words=form.words)
            return redirect("feedback:questionnaire_detail", key)
        except actions.EditedMeanwhile:
            form.add_error(None, _edited_meanwhile())
    return _form_page(request, draft, form, _("Words around the questions"))


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def question_add(request: HttpRequest, key: str) -> HttpResponse:
    draft = _draft_for(request.user, key)
    initial = {"edit_mark": draft.edit_mark, "language": _language(request)}
    form = QuestionForm(request.POST if request.method == "POST" else None, initial=initial, version=draft)
    if request.method == "POST" and form.is_valid() and _saved(form, draft, form.key_for_new()):
        return redirect("feedback:questionnaire_detail", key)
    return _form_page(request, draft, form, _("New question"))


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def question_edit(request: HttpRequest, key: str, question: str) -> HttpResponse:
    draft = _draft_for(request.user, key)
    stored = get_object_or_404(draft.questions.select_related("version", "measure"), key=question)
    initial = QuestionForm.values_of(stored, _language(request))
    form = QuestionForm(
        request.POST if request.method == "POST" else None, initial=initial, version=draft, key=question
    )
    if request.method == "POST" and form.is_valid() and _saved(form, draft, question):
        return redirect("feedback:questionnaire_detail", key)
    return _form_page(request, draft, form, str(stored))


def _saved(form: QuestionForm, draft: QuestionnaireVersion, key: str) -> bool:
    cleaned = form.cleaned_data
    try:
        question_actions.save_question(
            draft,
            edit_mark=cleaned["edit_mark"],
            key=key,
            language=cleaned["language"],
            fields=form.question_fields,
            words=form.words,
        )
    except actions.EditedMeanwhile:
        form.add_error(None, _edited_meanwhile())
        return False
    return True


def _form_page(request: HttpRequest, draft: QuestionnaireVersion, form: Any, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "questionnaire": draft.questionnaire,
        "language": _language(request),
        "languages": settings.TEXT_LANGUAGES,
    }
    return render(request, "feedback/draft_form.html", context, status=422 if form.is_bound else 200)


def _edited_meanwhile() -> str:
    return _(
        "A colleague has changed this draft since you opened the form. Nothing is overwritten: copy what you"
        " wrote, open the form again, and put it in."
    )


@policy("feedback.edit_questionnaires")
@require_POST
def question_remove(request: HttpRequest, key: str, question: str) -> HttpResponse:
    draft = _draft_for(request.user, key)
    return _changed(request, key, question_actions.remove_question, draft, key=question)


@policy("feedback.edit_questionnaires")
@require_POST
def question_move(request: HttpRequest, key: str, question: str) -> HttpResponse:
    draft = _draft_for(request.user, key)
    get_object_or_404(draft.questions, key=question)
    up = request.POST.get("direction") == "up"
    return _changed(request, key, question_actions.move_question, draft, key=question, up=up)


def _changed(
    request: HttpRequest, page: str, action: Any, draft: QuestionnaireVersion, **what: Any
) -> HttpResponse:
    try:
        action(draft, edit_mark=request.POST.get("edit_mark", ""), **what)
    except actions.EditedMeanwhile:
        messages.warning(request, _("A colleague has changed this draft meanwhile. Please look at it again."))
    return redirect("feedback:questionnaire_detail", page)


@policy("feedback.edit_questionnaires")
@require_POST
def questionnaire_publish(request: HttpRequest, key: str) -> HttpResponse:
    draft = _draft_for(request.user, key)
    try:
        actions.publish_version(draft, edit_mark=request.POST.get("edit_mark", ""))
    except ValidationError as refused:
        return _detail(request, draft.questionnaire, refused.messages, status=422)
    except actions.EditedMeanwhile:
        messages.warning(request, _("A colleague has changed this draft meanwhile. Please look at it again."))
    else:
        messages.success(request, _("Published. Customers are asked this version from now on."))
    return redirect("feedback:questionnaire_detail", key)


@policy("feedback.see_questionnaires")
@require_GET
def questionnaire_preview(request: HttpRequest, key: str) -> HttpResponse:
    """The card as customers see it: the draft, else the published version. Nothing can be sent from it."""
    questionnaire = _questionnaire_for(request.user, key)
    version = questionnaire.draft() or questionnaire.current_version()
    if version is None:
        raise Http404
    installation = Installation.current()
    asked = asked_in(version)
    name = installation.name if installation else ""
    names = {"slug": "", "place": "", "unit": questionnaire.name, "organisation": name, "short_name": name}
    return HttpResponse(render_card(asked, names, _language(request), Typed(), uid="", stamp=""))
