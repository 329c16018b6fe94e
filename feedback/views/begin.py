"""Beginning a questionnaire: empty, with a starter, as a copy, or from a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.policy import policy
from feedback.actions import questionnaires as actions
from feedback.forms.questionnaires import (
    RESERVED_KEYS,
    EmptyQuestionnaireForm,
    FileForm,
    QuestionnaireForm,
)
from feedback.models import Questionnaire
from feedback.plan import Plan, asked_from, plan_of
from feedback.plan_file import PlanRefused, read_file
from feedback.starters import OF_NEEDS, starters
from feedback.views.draft_doors import drawn, questionnaire_for, written_language
from organisation.drafting import offer, settle


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def questionnaire_add(request: HttpRequest) -> HttpResponse:
    """An empty questionnaire; the starters are offered beside it."""
    form = EmptyQuestionnaireForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        questionnaire = actions.create_questionnaire(language=written_language(request), **form.cleaned_data)
        return settle(request, redirect("feedback:questionnaire_detail", questionnaire.key))
    context = {"form": form, "starters": starters().values(), "draft": offer(request, form)}
    status = 422 if form.is_bound else 200
    return render(request, "feedback/questionnaire_add.html", context, status=status)


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def starter_detail(request: HttpRequest, starter: str) -> HttpResponse:
    """A starter to look at; a POST begins a questionnaire with it."""
    found = starters().get(starter)
    if found is None:
        raise Http404
    page = {"title": found.name, "summary": found.summary, "is_of_needs": starter == OF_NEEDS}
    initial = {"name": found.name, "key": _free_key(starter), "kind": found.plan.kind}
    return _begin(request, found.plan, initial, page)


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def questionnaire_copy(request: HttpRequest, key: str) -> HttpResponse:
    """A new questionnaire that asks what another one asks."""
    questionnaire = questionnaire_for(request.user, key)
    version = questionnaire.draft() or questionnaire.current_version()
    if version is None:
        raise Http404
    name = (_("Copy of %(name)s") % {"name": questionnaire.name})[:150]
    initial = {"name": name, "key": _free_key(key), "kind": questionnaire.kind}
    return _begin(request, plan_of(version), initial, {"title": name, "summary": ""})


def _free_key(wanted: str) -> str:
    """The key itself, or with the first number behind it that is free; nothing for nothing."""
    taken = {*Questionnaire.objects.values_list("key", flat=True), *RESERVED_KEYS}
    if not wanted:
        return ""
    candidates = (wanted, *(f"{wanted[:55]}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in candidates if each not in taken)


def _begin(request: HttpRequest, plan: Plan, initial: dict[str, Any], page: dict[str, Any]) -> HttpResponse:
    form = QuestionnaireForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        questionnaire = actions.begin_with_plan(plan=plan, **form.cleaned_data)
        return redirect("feedback:questionnaire_detail", questionnaire.key)
    context = {"form": form, "plan": plan, **page, **drawn(asked_from(plan), _language(request, plan))}
    status = 422 if form.is_bound else 200
    return render(request, "feedback/questionnaire_begin.html", context, status=status)


def _language(request: HttpRequest, plan: Plan) -> str:
    wanted = request.GET.get("language") or written_language(request)
    return wanted if wanted in plan.words else plan.languages[0]


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def questionnaire_import(request: HttpRequest) -> HttpResponse:
    """A file is read and shown first, with everything that is wrong with it; then it is taken in.

    Between the two its text travels in the form, so nothing is stored before it is wanted.
    """
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method != "POST" or not form.is_valid():
        return _file_page(request, form)
    text = form.cleaned_data["text"]
    try:
        plan, notes = read_file(text)
    except PlanRefused as refused:
        return _file_page(request, form, problems=refused.problems)
    names = QuestionnaireForm(
        request.POST if "name" in request.POST else None,
        initial={"name": plan.name, "kind": plan.kind, "key": _free_key(plan.key)},
    )
    if names.is_bound and names.is_valid():
        questionnaire = actions.begin_with_plan(plan=plan, **names.cleaned_data)
        return redirect("feedback:questionnaire_detail", questionnaire.key)
    context = {
        "form": names,
        "text": text,
        "notes": notes,
        "plan": plan,
        "title": plan.name,
        **drawn(asked_from(plan), _language(request, plan)),
    }
    return render(
        request, "feedback/questionnaire_begin.html", context, status=422 if names.is_bound else 200
    )


def _file_page(request: HttpRequest, form: FileForm, problems: list[str] | None = None) -> HttpResponse:
    context = {"form": form, "problems": problems}
    return render(
        request, "feedback/questionnaire_import.html", context, status=422 if form.is_bound else 200
    )
