"""Questionnaires: their list, the editor's page with the draft beside the card, publishing, putting away."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy, require
from feedback.actions import questionnaires as actions
from feedback.asked import Asked, asked_in
from feedback.fitness import missing_languages, part_problems, questions_of, starting_anew
from feedback.forms.questionnaires import QuestionnaireSearch, RenameForm, WordsForm
from feedback.forms.rules import answer_in_words
from feedback.models import Question, Questionnaire, QuestionnaireVersion
from feedback.plan import as_data, plan_of
from feedback.showing import MATCHES, rule_in_words
from feedback.views.draft_doors import (
    changed,
    draft_for,
    drawn,
    edited_meanwhile,
    language_choices,
    questionnaire_for,
    written_language,
)
from organisation.drafting import offer, settle


@policy("feedback.see_questionnaires")
@require_GET
def questionnaire_list(request: HttpRequest) -> HttpResponse:
    search = QuestionnaireSearch(request.GET)
    found = search.filter(Questionnaire.objects.visible_to(request.user))
    context = {
        "search": search,
        "page": page_of(request, found),
        "is_filtered": any(request.GET.get(name) for name in ("q", "kind", "state")),
        "may_add": request.user.has_perm("feedback.edit_questionnaires"),
    }
    return render(request, "feedback/questionnaire_list.html", context)


@policy("feedback.see_questionnaires")
@require_GET
def questionnaire_export(request: HttpRequest) -> HttpResponseBase:
    rows = QuestionnaireSearch(request.GET).filter(Questionnaire.objects.visible_to(request.user))
    header = [_("Name"), _("Key"), _("Kind"), _("Published version"), _("Places")]
    lines = (
        [each.name, each.key, each.get_kind_display(), each.published or "", each.places]  # type: ignore[attr-defined]
        for each in rows.iterator()
    )
    return csv_response("questionnaires", header, lines)


@policy("feedback.see_questionnaires")
@require_GET
def questionnaire_detail(request: HttpRequest, key: str) -> HttpResponse:
    """The draft, if there is one, and what is asked now, with the card beside it."""
    return _detail(request, questionnaire_for(request.user, key))


def _detail(
    request: HttpRequest, questionnaire: Questionnaire, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    draft, current = questionnaire.draft(), questionnaire.current_version()
    shown = draft or current
    language = written_language(request, shown)
    drafted, asked = _questions(draft), _questions(current)
    context = {
        "questionnaire": questionnaire,
        "draft": draft,
        "drafted": _rows(draft, drafted),
        "new_series": starting_anew(drafted),
        "current": current,
        "asked": _rows(current, asked),
        "places": questionnaire.collectors.filter(archived_at__isnull=True).select_related("unit"),
        "languages": language_choices(shown, drafted or asked, language) if shown else [],
        "language": language,
        "problems": problems,
        "may_edit": request.user.has_perm("feedback.edit_questionnaires", questionnaire),
        "may_add": request.user.has_perm("feedback.edit_questionnaires"),
        "may_ask": request.user.has_perm("feedback.edit_collectors"),
    }
    if shown:
        context |= drawn(asked_in(shown), language)
    return render(request, "feedback/questionnaire_detail.html", context, status=status)


def _questions(version: QuestionnaireVersion | None) -> list[Question]:
    return questions_of(version) if version else []


def _rows(version: QuestionnaireVersion | None, questions: list[Question]) -> list[dict[str, Any]]:
    """Each question with its rows or options, its rule in words and the languages it lacks."""
    by_key = {question.key: question for question in questions}
    spoken = {row.language for row in version.texts.all()} if version else set()
    return [
        {
            "question": question,
            "parts": [row for row in questions if row.matrix_id == question.pk]
            or list(question.options.all()),
            "rule": rule_in_words(question, by_key, answer_in_words),
            "match": MATCHES.get((question.show_if or {}).get("match", "all")),
            "missing": missing_languages(question, spoken),
            "problems": part_problems(question, questions),
        }
        for question in questions
        if question.matrix_id is None
    ]


@policy("feedback.edit_questionnaires")
@require_POST
def draft_open(request: HttpRequest, key: str) -> HttpResponse:
    questionnaire = questionnaire_for(request.user, key)
    require(request.user, "feedback.edit_questionnaires", questionnaire)
    actions.open_draft(questionnaire)
    return redirect("feedback:questionnaire_detail", key)


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def words_edit(request: HttpRequest, key: str) -> HttpResponse:
    """The words around the questions in one language."""
    draft = draft_for(request.user, key)
    language = written_language(request, draft)
    form = WordsForm(
        request.POST if request.method == "POST" else None, initial=WordsForm.values_of(draft, language)
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            actions.save_words(
                draft,
                edit_mark=wanted["edit_mark"],
                language=language,
                words=form.words,
                is_shuffled=wanted["is_shuffled"],
            )
            return settle(request, redirect("feedback:questionnaire_detail", key), language=language)
        except actions.EditedMeanwhile:
            form.add_error(None, edited_meanwhile())
    context = {
        "form": form,
        "questionnaire": draft.questionnaire,
        "languages": language_choices(draft, questions_of(draft), language),
        "draft": offer(request, form, language=language),
    }
    return render(request, "feedback/words_form.html", context, status=422 if form.is_bound else 200)


@policy("feedback.edit_questionnaires")
@require_POST
def questionnaire_publish(request: HttpRequest, key: str) -> HttpResponse:
    draft = draft_for(request.user, key)
    try:
        actions.publish_version(draft, edit_mark=request.POST.get("edit_mark", ""))
    except ValidationError as refused:
        return _detail(request, draft.questionnaire, refused.messages, status=422)
    except actions.EditedMeanwhile:
        messages.warning(request, _("A colleague has changed this draft meanwhile. Please look at it again."))
    else:
        messages.success(request, _published_words(draft.questionnaire))
    return redirect("feedback:questionnaire_detail", key)


def _published_words(questionnaire: Questionnaire) -> str:
    """What a publication means: nobody is asked anything where no place asks it."""
    if not questionnaire.collectors.active().exists():
        return _("Published. No place asks it yet.")
    if questionnaire.kind == Questionnaire.Kind.EMPLOYEES:
        return _("Published. Colleagues are asked this version from now on.")
    return _("Published. Customers are asked this version from now on.")


@policy("feedback.edit_questionnaires")
@require_POST
def draft_discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw the draft away where a version is published; that one is asked as before."""
    draft = draft_for(request.user, key)
    return changed(request, actions.discard_draft, draft)


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def questionnaire_rename(request: HttpRequest, key: str) -> HttpResponse:
    """The name at the desk and the kind."""
    questionnaire = questionnaire_for(request.user, key)
    require(request.user, "feedback.edit_questionnaires", questionnaire)
    form = RenameForm(request.POST if request.method == "POST" else None, instance=questionnaire)
    if request.method == "POST" and form.is_valid():
        actions.rename_questionnaire(questionnaire, **form.cleaned_data)
        return settle(request, redirect("feedback:questionnaire_detail", key))
    standing = Questionnaire.objects.get(pk=questionnaire.pk)
    context = {"form": form, "questionnaire": standing, "draft": offer(request, form)}
    return render(request, "feedback/rename_form.html", context, status=422 if form.is_bound else 200)


@policy("feedback.edit_questionnaires")
@require_POST
def questionnaire_archive(request: HttpRequest, key: str) -> HttpResponse:
    questionnaire = questionnaire_for(request.user, key)
    require(request.user, "feedback.edit_questionnaires", questionnaire)
    try:
        actions.archive_questionnaire(questionnaire)
    except actions.StillAsked as still:
        places = still.args[0]
        words = ngettext(
            "It is still asked at %(places)d place. Close that first.",
            "It is still asked at %(places)d places. Close those first.",
            places,
        )
        messages.warning(request, words % {"places": places})
    return redirect("feedback:questionnaire_detail", key)


@policy("feedback.edit_questionnaires")
@require_POST
def questionnaire_restore(request: HttpRequest, key: str) -> HttpResponse:
    questionnaire = questionnaire_for(request.user, key)
    require(request.user, "feedback.edit_questionnaires", questionnaire)
    actions.restore_questionnaire(questionnaire)
    return redirect("feedback:questionnaire_detail", key)


def _shown_version(questionnaire: Questionnaire) -> QuestionnaireVersion:
    """The draft, else the published version; 404 where there is neither."""
    version = questionnaire.draft() or questionnaire.current_version()
    if version is None:
        raise Http404
    return version


@policy("feedback.see_questionnaires")
@require_GET
def questionnaire_preview(request: HttpRequest, key: str) -> HttpResponse:
    """Every page as customers see it. Nothing can be sent from it."""
    questionnaire = questionnaire_for(request.user, key)
    version = _shown_version(questionnaire)
    language = written_language(request, version)
    asked: Asked = asked_in(version)
    context = {
        "questionnaire": questionnaire,
        "languages": [
            each for each in language_choices(version, (), language) if each["missing"] is not None
        ],
        **drawn(asked, language),
    }
    return render(request, "feedback/questionnaire_preview.html", context)


@policy("feedback.see_questionnaires")
@require_GET
def questionnaire_file(request: HttpRequest, key: str) -> HttpResponse:
    """The draft, else the published version, as a JSON file that another installation can read."""
    version = _shown_version(questionnaire_for(request.user, key))
    text = json.dumps(as_data(plan_of(version)), ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{version.questionnaire.key}.json"'
    return answer
