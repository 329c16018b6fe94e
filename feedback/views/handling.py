"""Colleagues among themselves: a card in somebody's hands, notes, praise passed on, many at once."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common.listing import page_of
from common.policy import policy, require
from feedback.actions import handling, inbox
from feedback.actions.themes import set_theme_by_hand
from feedback.forms.desk import AssignForm, BulkForm, CardThemeForm, NoteForm, PassOnForm
from feedback.models import PassedOn
from feedback.said import comment_of, written
from feedback.views.inbox import UNDO, assignable, detail_page, response_for
from organisation.access import person_of


def _people(response: Any) -> Any:
    return handling.colleagues_of(response.unit, timezone.now().date())


@policy("feedback.handle")
@require_POST
def response_assign(request: HttpRequest, reference: str) -> HttpResponse:
    response = response_for(request.user, reference)
    require(request.user, "feedback.handle", response)
    form = AssignForm(request.POST, people=_people(response))
    if not form.is_valid():
        return detail_page(request, response, assign=form, status=422)
    try:
        to = form.cleaned_data["to"]
        handling.assign_response(response, to=to, by=person_of(request))
    except (inbox.AlreadyDone, handling.NotAColleague):
        messages.warning(request, _("Nothing to change: a colleague may have been faster."))
    else:
        words = _("%(name)s has the card in hand now.") if to else _("Nobody has the card in hand now.")
        messages.success(request, words % {"name": to})
    return redirect(response)


@policy("feedback.handle")
@require_POST
def response_note(request: HttpRequest, reference: str) -> HttpResponse:
    response = response_for(request.user, reference)
    require(request.user, "feedback.handle", response)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return detail_page(request, response, note=form, status=422)
    try:
        handling.note_on_response(response, text=form.cleaned_data["note"], by=person_of(request))
    except inbox.AlreadyDone:
        messages.warning(request, _("The card is gone: the customer has erased it."))
    else:
        messages.success(request, _("The note is kept."))
    return redirect(response)


@policy("feedback.handle")
@require_POST
def response_theme(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a theme off that the rules found wrongly, or set one that they did not find."""
    response = response_for(request.user, reference)
    require(request.user, "feedback.handle", response)
    form = CardThemeForm(request.POST)
    if not form.is_valid():
        return detail_page(request, response, theme=form, status=422)
    theme, off = form.cleaned_data["theme"], form.cleaned_data["off"]
    try:
        set_theme_by_hand(response, theme=theme, is_about=not off, by=person_of(request))
    except inbox.AlreadyDone:
        messages.warning(request, _("Nothing to change: a colleague may have been faster."))
    else:
        words = _("The theme “%(name)s” is taken off.") if off else _("The theme “%(name)s” is set.")
        messages.success(request, words % {"name": theme})
    return redirect(response)


@policy("feedback.handle")
@require_POST
def response_pass_on(request: HttpRequest, reference: str) -> HttpResponse:
    """Praise to the colleague whom it names."""
    response = response_for(request.user, reference)
    require(request.user, "feedback.handle", response)
    form = PassOnForm(request.POST, people=_people(response))
    if not form.is_valid():
        return detail_page(request, response, pass_on=form, status=422)
    to = form.cleaned_data["person"]
    try:
        handling.pass_praise_on(response, to=to, words=form.cleaned_data["words"], by=person_of(request))
    except handling.AlreadyPassedOn:
        messages.warning(request, _("%(name)s has this praise already.") % {"name": to})
    else:
        messages.success(request, _("%(name)s finds it under “My work”.") % {"name": to})
    return redirect(response)


@policy("feedback.handle")
@require_POST
def response_bulk(request: HttpRequest) -> HttpResponse:
    """The same for many: for all that were chosen, or for none."""
    back = _way_back(request)
    form = BulkForm(request.POST, people=assignable(request.user))
    if not form.is_valid():
        context = {"form": form, "back": back, "chosen": request.POST.getlist("chosen")}
        return render(request, "feedback/response_bulk.html", context, status=422)
    asked = form.cleaned_data
    try:
        outcome = handling.handle_many(
            asked["chosen"], change=asked["do"], to=asked["to"], by=person_of(request)
        )
    except handling.NotYours:
        raise Http404 from None
    except handling.NotAColleague:
        form.add_error("to", _("This colleague does not work in all the places these cards came from."))
        context = {"form": form, "back": back, "chosen": asked["chosen"]}
        return render(request, "feedback/response_bulk.html", context, status=422)
    words = ngettext("Done for %(count)d response.", "Done for %(count)d responses.", outcome.done)
    told = words % {"count": outcome.done}
    if outcome.unchanged:
        more = ngettext("%(count)d was so already.", "%(count)d were so already.", outcome.unchanged)
        told = f"{told} {more % {'count': outcome.unchanged}}"
    messages.success(request, told)
    if outcome.changed and asked["do"] in handling.UNDOES:
        request.session[UNDO] = {"do": handling.UNDOES[asked["do"]], "chosen": outcome.changed}
    return redirect(back)


def _way_back(request: HttpRequest) -> str:
    """The list with the filters that it had."""
    back = request.POST.get("back", "")
    mine = reverse("feedback:response_list")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.split("?")[0] == mine:
        return back
    return mine


@policy("feedback.see")
@require_GET
def praise_list(request: HttpRequest) -> HttpResponse:
    """What customers wrote about the person who reads this."""
    mine = PassedOn.objects.filter(person=person_of(request), response__deleted_at__isnull=True)
    mine = mine.select_related("by", "response__unit", "response__person")
    page = page_of(request, mine.prefetch_related(written("response__answers")))
    for passed in page.object_list:
        contact = getattr(passed.response, "person", None)
        passed.comment = comment_of(passed.response, mask=True, person=contact)
    return render(request, "feedback/praise_list.html", {"page": page})
