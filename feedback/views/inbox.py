"""The inbox of the desk: what customers said, for those whose unit it concerns."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.export import json_response, streamed_response
from common.listing import page_of
from common.policy import policy, require
from feedback.actions import inbox
from feedback.actions.handling import colleagues_of, praised_in
from feedback.forms.desk import AssignForm, BulkForm, CardThemeForm, NoteForm, PassOnForm
from feedback.forms.responses import ReplyForm, ResponseSearch
from feedback.models import Answer, Person, Response, SavedView, ThemeMatch
from feedback.said import comment_of, consent_line, helper_of, lines_of, reply_of, said_in, words_of
from feedback.spam import explain
from organisation.models import User

WITH_ANSWERS = ("answers__question__texts", "answers__chosen__option__texts")
"""What the words of an answer are made from, whatever its question asked for."""

UNDO = "feedback-undo"
"""In the session, until the list is shown next: what would take back what was done to many cards."""


def _door(user: Any, state: str = "") -> "QuerySet[Response]":
    """What the user may see; the deleted ones only where the user manages, and only when asked for."""
    return Response.objects.deleted_for(user) if state == "deleted" else Response.objects.visible_to(user)


def _rows(request: HttpRequest, search: ResponseSearch) -> "QuerySet[Response]":
    user: Any = request.user
    search.is_valid()
    state = search.cleaned_data.get("state", "")
    found = search.filter(_door(user, state), on=timezone.now().date())
    return found.select_related("unit", "collector", "person", "assigned_to")


def _sees_person(user: Any, response: Response) -> bool:
    return user.is_administrator or response.unit_id in user.managed_unit_ids


@policy("feedback.see")
@require_GET
def response_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    search = ResponseSearch(request.GET, user=user)
    written = Prefetch("answers", Answer.objects.exclude(text="").select_related("question"))
    themes = Prefetch("themes", ThemeMatch.objects.about())
    page = page_of(request, _rows(request, search).prefetch_related(written, themes))
    for response in page.object_list:
        _tell(response, mask=not _sees_person(user, response))
        response.face = face_of(response)
    return render(
        request,
        "feedback/response_list.html",
        {
            "search": search,
            "page": page,
            "is_filtered": any(request.GET.get(name) for name in search.fields if name != "sort"),
            "may_handle": user.is_manager,
            "bulk": BulkForm(people=assignable(user)) if user.is_manager else None,
            "views": SavedView.objects.visible_to(user).select_related("person"),
            "query": search.query,
            "undo": request.session.pop(UNDO, None) if user.is_manager else None,
        },
    )


def _tell(response: Any, *, mask: bool) -> None:
    person = person_of_card(response)
    response.comment = comment_of(response, mask=mask, person=person)
    response.helper = helper_of(response, mask=mask, person=person)


def assignable(user: Any) -> "QuerySet[User]":
    """Whom a manager may give cards: those who work in the units of the manager, and the manager."""
    return User.objects.visible_to(user).filter(is_active=True).order_by("name", "pk")


def person_of_card(response: Response) -> Person | None:
    return getattr(response, "person", None)


def face_of(response: Response) -> int | None:
    """The rating as one of five faces, for the list."""
    return None if response.rating is None else 1 + round(response.rating / 25)


@policy("feedback.see")
@require_GET
def response_export(request: HttpRequest) -> HttpResponseBase:
    """The list with the same filters as CSV, XLSX or JSON: one column for each question that was answered."""
    user: Any = request.user
    search = ResponseSearch(request.GET, user=user)
    rows = _rows(request, search).prefetch_related(*WITH_ANSWERS)
    keys = list(
        Answer.objects.filter(response__in=rows.order_by().values("pk"))
        .order_by("question__key")
        .values_list("question__key", flat=True)
        .distinct()
    )
    header = [
        _("Number"),
        _("Day"),
        _("Unit"),
        _("Where we ask"),
        _("Language"),
        _("Rating"),
        _("State"),
        _("Agreed to"),
    ]
    kind = request.GET.get("format", "csv")
    if kind == "json":
        names = [f"q-{key}" if key in JSON_NAMES else key for key in keys]
        return json_response("responses", [*JSON_NAMES, *names], _lines(rows, keys, user))
    return streamed_response(kind, "responses", [*header, *keys], _lines(rows, keys, user))


JSON_NAMES = ("number", "day", "unit", "where", "language", "rating", "state", "agreed_to")
"""A question whose key is one of them is told apart as in the forms: `q-rating`."""


def _lines(rows: "QuerySet[Response]", keys: list[str], user: Any) -> Iterator[list[Any]]:
    for response in rows.iterator(chunk_size=500):
        said = {answer.question.key: answer for answer in response.answers.all()}
        mask = not _sees_person(user, response)
        yield [
            response.reference,
            response.service_date.isoformat(),
            response.unit.name,
            response.collector.name,
            response.language,
            response.rating if response.rating is not None else "",
            _("answered") if response.replied_at else _("spam") if response.is_spam else _("new"),
            response.consent if response.has_agreed else "",
            *(_cell(said.get(key), mask, person_of_card(response)) for key in keys),
        ]


def _cell(answer: Answer | None, mask: bool, person: Person | None) -> Any:
    if answer is None:
        return ""
    if answer.text:
        return lines_of([answer], mask=mask, person=person)[0].words
    return words_of(answer) if answer.is_na or answer.value is None else answer.value


def response_for(user: Any, reference: str) -> Response:
    """The one door: visible, or deleted and the user's to bring back; else 404."""
    both = (Response.objects.visible_to(user), Response.objects.deleted_for(user))
    for visible in both:
        found = (
            visible.filter(reference=reference)
            .select_related("unit", "collector", "person", "version__questionnaire", "edition", "assigned_to")
            .prefetch_related(*WITH_ANSWERS, "events__by")
            .first()
        )
        if found is not None:
            return found
    raise Http404


@policy("feedback.see")
@require_GET
def response_detail(request: HttpRequest, reference: str) -> HttpResponse:
    return detail_page(request, response_for(request.user, reference))


def detail_page(request: HttpRequest, response: Response, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a card. `forms` (`form` of the reply, `assign`, `note`, `theme`, `pass_on`) are those
    refused."""
    user: Any = request.user
    sees_person = _sees_person(user, response)
    person = person_of_card(response)
    reply = reply_of(response)
    return render(
        request,
        "feedback/response_detail.html",
        {
            "response": response,
            "lines": lines_of(response.answers.all(), mask=not sees_person, person=person)
            + consent_line(response),
            "person": person if sees_person else None,
            "purpose": _(person.purpose) if person else "",
            "reply": reply,
            "reply_words": said_in(reply, mask=not sees_person, person=person) if reply else "",
            "events": response.events.all() if sees_person else [],
            "reasons": explain(response.spam_reason),
            "language_name": dict(settings.TEXT_LANGUAGES).get(response.language, response.language),
            "themes": [match.theme for match in ThemeMatch.objects.about().filter(response=response)],
            "may_handle": user.has_perm("feedback.handle", response),
            "may_reply": user.has_perm("feedback.reply", response),
            **_forms(user, response, forms),
        },
        status=status,
    )


def _forms(user: Any, response: Response, refused: dict[str, Any]) -> dict[str, Any]:
    """A fresh form wherever none was refused; those of the desk for those who may handle the card."""
    fresh: dict[str, Any] = {"form": ReplyForm()}
    if user.has_perm("feedback.handle", response):
        people = colleagues_of(response.unit, timezone.now().date())
        in_hand = response.assigned_to.reference if response.assigned_to else None
        fresh["assign"] = AssignForm(people=people, initial={"to": in_hand})
        fresh["note"] = NoteForm()
        fresh["theme"] = CardThemeForm()
        fresh["pass_on"] = PassOnForm(people=people, initial={"person": praised_in(response, people)})
    return fresh | refused


@policy("feedback.reply")
@require_POST
def response_reply(request: HttpRequest, reference: str) -> HttpResponse:
    response = response_for(request.user, reference)
    require(request.user, "feedback.reply", response)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return detail_page(request, response, form=form, status=422)
    try:
        inbox.reply_to_response(response, text=form.cleaned_data["text"], by=_acting(request))
        messages.success(request, _("Your answer is on the customer's receipt page."))
    except inbox.AlreadyReplied:
        messages.warning(request, _("A colleague has already replied, or the card is gone."))
    return redirect(response)


@policy("feedback.handle")
@require_POST
def response_spam(request: HttpRequest, reference: str) -> HttpResponse:
    return _act(request, reference, inbox.mark_as_spam, _("Marked as spam: it counts nowhere now."))


@policy("feedback.handle")
@require_POST
def response_restore(request: HttpRequest, reference: str) -> HttpResponse:
    return _act(request, reference, inbox.restore_response, _("Restored: it counts again."))


@policy("feedback.handle")
@require_POST
def response_delete(request: HttpRequest, reference: str) -> HttpResponse:
    return _act(request, reference, inbox.delete_response, _("Deleted. You can undo this here."))


@policy("feedback.handle")
@require_POST
def response_undelete(request: HttpRequest, reference: str) -> HttpResponse:
    return _act(request, reference, inbox.undelete_response, _("The response is back."))


def _act(request: HttpRequest, reference: str, action: Any, done: str) -> HttpResponse:
    response = response_for(request.user, reference)
    require(request.user, "feedback.handle", response)
    try:
        action(response=response, by=_acting(request))
        messages.success(request, done)
    except inbox.AlreadyDone:
        messages.warning(request, _("A colleague has already done this."))
    return redirect(response)


def _acting(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
