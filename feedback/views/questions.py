"""The questions of a draft: added, changed, shown by rules, moved and taken out."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.policy import policy
from feedback.actions import questions as actions
from feedback.actions.questionnaires import EditedMeanwhile
from feedback.fitness import questions_of
from feedback.forms.questions import QuestionForm
from feedback.forms.rules import RuleForm
from feedback.models import Question, QuestionnaireVersion
from feedback.plan import asked_from, plan_of
from feedback.views.draft_doors import (
    changed,
    draft_for,
    drawn,
    edited_meanwhile,
    language_choices,
    written_language,
)
from organisation.drafting import kept_words, offer, settle


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def question_add(request: HttpRequest, key: str) -> HttpResponse:
    draft = draft_for(request.user, key)
    initial = {
        "edit_mark": draft.edit_mark,
        "language": written_language(request, draft),
        "kind": request.GET.get("kind") or Question.Kind.FACES,
        "scale_low": 1,
        "scale_high": 5,
    }
    return _question_page(request, draft, initial, "", _("New question"))


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def question_edit(request: HttpRequest, key: str, question: str) -> HttpResponse:
    draft = draft_for(request.user, key)
    stored = _stored(draft, question)
    initial = QuestionForm.values_of(stored, written_language(request, draft))
    return _question_page(request, draft, initial, question, str(stored))


def _stored(draft: QuestionnaireVersion, key: str) -> Question:
    """A question of the draft that is edited by itself; a row is edited with its matrix."""
    questions = draft.questions.filter(matrix__isnull=True).select_related("version", "measure")
    return get_object_or_404(questions, key=key)


def _question_page(
    request: HttpRequest, draft: QuestionnaireVersion, initial: dict[str, Any], key: str, title: str
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    language = written_language(request, draft)
    if posted is not None and request.headers.get("HX-Request"):
        looked_at = QuestionForm(posted, initial=initial, version=draft, key=key)
        return render(request, "feedback/_live.html", _drawn_question(looked_at, draft, language))
    typed = kept_words(request, language=language) if posted is None else posted if "act" in posted else None
    if typed is not None:
        form = QuestionForm.as_typed(typed, version=draft, key=key, known=initial.get("lines", []))
    else:
        form = QuestionForm(posted, initial=initial, version=draft, key=key)
    if form.is_bound and form.is_valid() and _saved(form, draft, key or form.key_for_new()):
        saved = redirect("feedback:questionnaire_detail", draft.questionnaire.key)
        return settle(request, saved, language=language)
    context = {
        "form": form,
        "key": key,
        "title": title,
        "questionnaire": draft.questionnaire,
        "languages": language_choices(draft, questions_of(draft), language),
        "draft": offer(request, form, language=language),
        **_drawn_question(form, draft, language),
    }
    status = 422 if form.is_bound else 200
    return render(request, "feedback/question_form.html", context, status=status)


def _drawn_question(form: QuestionForm, draft: QuestionnaireVersion, language: str) -> dict[str, Any]:
    """The one question as it is typed, drawn as customers would see it."""
    plan = replace(plan_of(draft), questions=(form.planned(language),))
    return drawn(asked_from(plan), language)


def _saved(form: QuestionForm, draft: QuestionnaireVersion, key: str) -> bool:
    cleaned = form.cleaned_data
    try:
        actions.save_question(
            draft,
            edit_mark=cleaned["edit_mark"],
            key=key,
            language=cleaned["language"],
            fields=form.question_fields,
            words=form.words,
            parts=form.all_parts,
        )
    except EditedMeanwhile:
        form.add_error(None, edited_meanwhile())
        return False
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def question_rule(request: HttpRequest, key: str, question: str) -> HttpResponse:
    """By which earlier answers the question is shown."""
    draft = draft_for(request.user, key)
    stored = _stored(draft, question)
    earlier = [each for each in questions_of(draft) if each.position < stored.position and each.is_asked]
    posted = request.POST if request.method == "POST" else None
    typed = kept_words(request) if posted is None else posted if "act" in posted else None
    if typed is not None:
        form = RuleForm(initial=typed.dict(), sources=earlier)
    else:
        form = RuleForm(posted, initial=RuleForm.values_of(stored, draft.edit_mark), sources=earlier)
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data
        try:
            actions.save_rule(draft, edit_mark=wanted["edit_mark"], key=question, rule=wanted["rule"])
            return settle(request, redirect("feedback:questionnaire_detail", key))
        except EditedMeanwhile:
            form.add_error(None, edited_meanwhile())
        except ValidationError as refused:
            form.add_error(None, refused)
    context = {
        "form": form,
        "question": stored,
        "questionnaire": draft.questionnaire,
        "has_sources": bool(earlier),
        "draft": offer(request, form),
    }
    return render(request, "feedback/rule_form.html", context, status=422 if form.is_bound else 200)


@policy("feedback.edit_questionnaires")
@require_POST
def question_remove(request: HttpRequest, key: str, question: str) -> HttpResponse:
    draft = draft_for(request.user, key)
    words = str(draft.questions.filter(key=question).first() or question)
    done = _("“%(question)s” is taken out of the draft.") % {"question": words}
    return changed(request, actions.remove_question, draft, done=done, key=question)


@policy("feedback.edit_questionnaires")
@require_POST
def question_move(request: HttpRequest, key: str, question: str) -> HttpResponse:
    draft = draft_for(request.user, key)
    _stored(draft, question)
    up = request.POST.get("direction") == "up"
    return changed(request, actions.move_question, draft, key=question, up=up)


@policy("feedback.edit_questionnaires")
@require_POST
def question_order(request: HttpRequest, key: str) -> HttpResponse:
    """The order that the questions were dragged to; 422 where a rule would look ahead."""
    draft = draft_for(request.user, key)
    try:
        actions.put_questions_in_order(draft, keys=request.POST.getlist("key")[:200])
    except (ValidationError, EditedMeanwhile):
        return HttpResponse(status=422)
    return HttpResponse(status=204)
