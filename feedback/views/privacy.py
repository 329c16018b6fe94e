"""How long things are kept, and one person's data in one file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.export import csv_response
from common.languages import speaking
from common.listing import page_of
from common.policy import PUBLIC, policy, require
from feedback.actions import retention as actions
from feedback.actions.files import KEEP_FILES
from feedback.forms.privacy import PersonDataForm, RetentionForm, RetentionSearch
from feedback.models import Questionnaire, Response
from feedback.models.retention import Retention, retention_of
from feedback.persons import (
    invitations_of,
    invited,
    letters_refused,
    responses_of,
    seen_state,
    told,
    with_words,
)
from feedback.searching import named
from organisation.access import person_of
from organisation.forms import posted


@policy("feedback.see_questionnaires")
@require_GET
def retention_list(request: HttpRequest) -> HttpResponseBase:
    """Each questionnaire with how long what it brings is kept: everybody may know."""
    search = RetentionSearch(request.GET)
    search.is_valid()
    rows = Questionnaire.objects.visible_to(request.user).select_related("retention")
    rows = rows.filter(pk__in=named(search.cleaned_data.get("q") or ""))
    if request.GET.get("export") == "csv":
        header = [_("Questionnaire"), _("Names and addresses, days"), _("What was written, months")]
        header += [_("People invited, days")]
        rules = ((each.name, _rule_of(each)) for each in rows)
        lines = (
            [name, rule.contact_days, rule.words_months or "", rule.invited_days] for name, rule in rules
        )
        return csv_response("retention", header, lines)
    page = page_of(request, rows)
    for row in page.object_list:
        row.rule = _rule_of(row)
        row.may_edit = request.user.has_perm("feedback.edit_questionnaires", row)
    context = {"search": search, "page": page, "is_filtered": bool(request.GET.get("q"))}
    context["file_days"] = KEEP_FILES.days
    context["may_look_up"] = request.user.has_perm("feedback.reply")
    return render(request, "feedback/retention_list.html", context, status=422 if search.errors else 200)


def _rule_of(questionnaire: Questionnaire) -> Any:
    return getattr(questionnaire, "retention", None) or Retention(questionnaire=questionnaire)


@policy("feedback.edit_questionnaires")
@require_http_methods(["GET", "POST"])
def retention_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Says first what would go, then saves; what goes is erased by the next turn of the job."""
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), key=key)
    require(request.user, "feedback.edit_questionnaires", questionnaire)
    form = RetentionForm(posted(request), instance=retention_of(questionnaire))
    if not form.is_valid():
        return _retention_page(request, questionnaire, form, status=422 if form.errors else 200)
    if request.POST.get("do") != "save":
        going = actions.preview(form.typed, at=timezone.now())
        return _retention_page(request, questionnaire, form, going=going)
    asked = form.cleaned_data
    try:
        actions.set_retention(
            questionnaire,
            contact_days=asked["contact_days"],
            words_months=asked["words_months"],
            invited_days=asked["invited_days"],
            version=asked["version"],
            by=person_of(request),
        )
    except actions.ChangedMeanwhile:
        now = retention_of(questionnaire)
        return _retention_page(request, questionnaire, form, status=409, now=now)
    messages.success(request, _("Saved. What is kept longer than that goes within the hour."))
    return redirect("feedback:retention_list")


def _retention_page(
    request: HttpRequest, questionnaire: Questionnaire, form: RetentionForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"questionnaire": questionnaire, "form": form, "file_days": KEEP_FILES.days, **more}
    return render(request, "feedback/retention_edit.html", context, status=status)


@policy("feedback.reply")
@require_http_methods(["GET", "POST"])
def person_data(request: HttpRequest) -> HttpResponseBase:
    """All that is kept under an e-mail address: cards and invitations, shown, or as a file to hand over."""
    form = PersonDataForm(posted(request))
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        email = form.cleaned_data["email"]
        found = list(responses_of(email, user=request.user))
        lists, refused = list(invitations_of(email, user=request.user)), letters_refused(email)
        if request.POST.get("do") == "file":
            more = {"invitations": [invited(each) for each in lists], "no_letters": refused}
            return _file([told(response) for response in found], **more)
        context |= {"found": found, "invitations": [(each, seen_state(each)) for each in lists]}
        context |= {"refused": refused, "is_empty": not (found or lists or refused)}
    return render(request, "feedback/person_data.html", context, status=422 if form.errors else 200)


@policy(PUBLIC)
@require_GET
def receipt_data(request: HttpRequest, code: str) -> HttpResponseBase:
    """The customer's own copy, for whoever holds the receipt code."""
    response = with_words(Response.objects.filter(receipt_code=code.upper())).first()
    if response is None:
        return redirect("feedback:receipt", code)
    with speaking(response.language):
        return _file([told(response)])


def _file(rows: list[dict[str, Any]], **more: Any) -> JsonResponse:
    answer = JsonResponse({"responses": rows, **more}, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
