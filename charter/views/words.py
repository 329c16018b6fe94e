"""The charter's words and its values, one language at a time."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from charter import actions
from charter.forms.charters import CharterTextsForm, MoveForm, ValueForm, WordsForm
from charter.forms.fields import language_of
from charter.models import Charter
from charter.views.doors import acting, own_charter, own_value, posted
from charter.views.translating import words_context
from common.policy import policy
from organisation.drafting import settle


def _row(owner: Any, language: str) -> Any:
    return next((each for each in owner.texts.all() if each.language == language), None)


def _words_page(
    request: HttpRequest,
    charter: Charter,
    owner: Any,
    form: WordsForm,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    """The form of one row of words, beside the words of the language that they are translated from."""
    context = words_context(request, owner, form, form.names)
    context |= {"charter": charter, "owner": owner}
    name = "charter/texts_form.html" if owner == charter else "charter/value_form.html"
    return render(request, name, context | more, status=status or (422 if form.errors else 200))


def _conflict_page(request: HttpRequest, charter: Charter, owner: Any, form: WordsForm) -> HttpResponse:
    """409: what was typed, beside what stands now and who wrote it."""
    row = owner.texts.get(language=language_of(request.GET.get("language")))
    changed = form.keep_over(row.version, {name: getattr(row, name) for name in form.names})
    last = charter.events.select_related("by").first()
    return _words_page(request, charter, owner, form, status=409, conflict=True, changed=changed, last=last)


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def texts_edit(request: HttpRequest, unit: str) -> HttpResponse:
    charter = own_charter(request.user, unit)
    language = language_of(request.GET.get("language"))
    form = CharterTextsForm(posted(request), row=_row(charter, language))
    if not form.is_valid():
        return _words_page(request, charter, charter, form)
    try:
        actions.save_charter_texts(
            charter=charter,
            language=language,
            words=form.words,
            expected_version=form.expected_version,
            by=acting(request),
        )
    except actions.WordsChangedMeanwhile:
        return _conflict_page(request, charter, charter, form)
    messages.success(request, _("Saved in the draft. The public sees it with the next edition."))
    return settle(request, redirect(charter), language=language)


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def value_add(request: HttpRequest, unit: str) -> HttpResponse:
    charter = own_charter(request.user, unit)
    form = ValueForm(posted(request))
    if not form.is_valid():
        return _words_page(request, charter, None, form)
    language = language_of(request.GET.get("language"))
    actions.save_value(charter=charter, value=None, language=language, words=form.words, by=acting(request))
    messages.success(request, _("The value is added to the draft."))
    return settle(request, redirect(charter), language=language)


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def value_edit(request: HttpRequest, unit: str, key: str) -> HttpResponse:
    value = own_value(request.user, unit, key)
    language = language_of(request.GET.get("language"))
    form = ValueForm(posted(request), row=_row(value, language))
    if not form.is_valid():
        return _words_page(request, value.charter, value, form)
    try:
        actions.save_value(
            charter=value.charter,
            value=value,
            language=language,
            words=form.words,
            expected_version=form.expected_version,
            by=acting(request),
        )
    except actions.WordsChangedMeanwhile:
        return _conflict_page(request, value.charter, value, form)
    messages.success(request, _("Saved in the draft. The public sees it with the next edition."))
    return settle(request, redirect(value.charter), language=language)


@policy("charter.edit")
@require_POST
def value_move(request: HttpRequest, unit: str, key: str) -> HttpResponse:
    value = own_value(request.user, unit, key)
    form = MoveForm(request.POST)
    if not form.is_valid() or value.archived_at:
        raise Http404
    actions.move_value(value=value, up=form.is_up, by=acting(request))
    return redirect(value.charter)


@policy("charter.edit")
@require_POST
def value_archive(request: HttpRequest, unit: str, key: str) -> HttpResponse:
    value = own_value(request.user, unit, key)
    actions.archive_value(value=value, by=acting(request))
    messages.success(request, _("The value is archived. You can restore it below."))
    return redirect(value.charter)


@policy("charter.edit")
@require_POST
def value_restore(request: HttpRequest, unit: str, key: str) -> HttpResponse:
    value = own_value(request.user, unit, key)
    actions.restore_value(value=value, by=acting(request))
    messages.success(request, _("The value is back in the draft."))
    return redirect(value.charter)
