"""What colleagues enter for customers: paper sheets, one after the other, and interviews on the spot."""

import uuid
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.policy import policy
from feedback.actions import collectors as actions
from feedback.actions.receive import EnvelopeAltered, EnvelopeErased
from feedback.asked import Asked, asked_by_card, version_asked
from feedback.card import language_for
from feedback.envelope import (
    Envelope,
    EnvelopeInvalid,
    answers_in,
    from_form,
    number_of,
    read_answers,
    uid_of,
)
from feedback.fields import Field, Typed, fields_of
from feedback.forms.collectors import SheetDayForm
from feedback.models import Collector, Refusal, Response, ResponseEvent
from feedback.steps import order_of
from feedback.views.collectors import collector_for
from organisation.access import person_of

Kind = Collector.Kind
ADAPTED = "feedback/_entry_adapted.html"


def _asked_at(request: HttpRequest, slug: str, kind: str) -> tuple[Collector, Asked]:
    """A collector of this kind with what it asks, or what the form that comes back had asked; else 404."""
    collector = collector_for(request.user, slug)
    asked = version_asked(collector.questionnaire_id, None)
    if collector.kind != kind or asked is None:
        raise Http404
    named, number = request.POST.get("questionnaire"), number_of(request.POST.get("version"))
    return collector, asked_by_card(collector, asked, questionnaire=named, number=number) or asked


@policy("feedback.enter")
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """A sheet is typed in with its true day, and the next one lies there at once."""
    collector, asked = _asked_at(request, slug, Kind.PAPER)
    today = collector.local_day(timezone.now())
    given = request.POST if request.method == "POST" else {"day": request.GET.get("day") or str(today)}
    form = SheetDayForm(given, collector=collector, today=today)
    typed = Typed()
    if request.method == "POST":
        envelope, typed = _read(request, asked)
        if envelope and form.is_valid():
            day = form.cleaned_data["day"]
            if _is_stored(request, collector, envelope, day):
                return redirect(f"{request.path}?day={day}")
    context = {"form": form, "is_paper": True}
    return _page(request, collector, asked, typed, context)


@policy("feedback.enter")
@require_http_methods(["GET", "POST"])
def interview(request: HttpRequest, slug: str) -> HttpResponse:
    """On a colleague's telephone: the questions, and a button for those who do not want to."""
    collector, asked = _asked_at(request, slug, Kind.INTERVIEW)
    today = collector.local_day(timezone.now())
    if not collector.is_open(today):
        return render(request, "feedback/entry_closed.html", {"collector": collector}, status=404)
    typed = Typed()
    context = {"is_paper": False, "refusal_uid": uuid.uuid4()}
    if request.method == "POST":
        if request.headers.get("HX-Request"):
            return _page(request, collector, asked, Typed(request.POST), context, ADAPTED)
        envelope, typed = _read(request, asked)
        if envelope and _asks_further(request.POST, asked):
            more = _("This answer brings up a further question. Please ask it before you store the card.")
            typed = Typed(request.POST, {}, more)
        elif envelope and _is_stored(request, collector, envelope, today):
            return redirect(request.path)
    return _page(request, collector, asked, typed, context)


def _asks_further(posted: QueryDict, asked: Asked) -> bool:
    """Whether the answers bring up a question that the form, as far as it says, has not shown yet."""
    if "shown" not in posted:
        return False
    brought_up = {
        each.key for each in _shown(asked, "", Typed(posted)) if each.is_conditional and each.is_shown
    }
    return bool(brought_up - set(posted.get("shown", "").split(",")))


def _shown(asked: Asked, language: str, typed: Typed, *, order: int = 0) -> list[Field]:
    """The fields of an interview, where answers show and hide questions."""
    shown = read_answers(asked, answers_in(typed.data, asked)).shown
    return fields_of(asked, language, typed, shown=shown, order=order)


def _read(request: HttpRequest, asked: Asked) -> tuple[Envelope | None, Typed]:
    try:
        return from_form(request.POST, asked), Typed(request.POST)
    except EnvelopeInvalid as refused:
        return None, Typed(request.POST, refused.errors)


def _is_stored(request: HttpRequest, collector: Collector, envelope: Envelope, day: date) -> bool:
    """Whether the card stands now as it was typed. Whoever goes back and mends a card that was stored has
    mended it."""
    try:
        entered = actions.enter_card(collector=collector, envelope=envelope, day=day, by=person_of(request))
    except EnvelopeErased:
        messages.warning(request, _("This sheet was erased at the customer's wish. Nothing was stored."))
        return True
    except EnvelopeAltered:
        messages.warning(
            request, _("Somebody else has stored this sheet with other answers. Look at it first.")
        )
        return False
    if entered.is_correction:
        messages.success(request, _("Mended: the sheet counts as it stands now, and no longer as before."))
    return True


def _page(
    request: HttpRequest,
    collector: Collector,
    asked: Asked,
    typed: Typed,
    context: dict[str, Any],
    template: str = "feedback/entry.html",
) -> HttpResponse:
    language = language_for(asked, request.GET.get("language"), get_language() or "")
    uid = uid_of(request.POST.get("uid")) or uuid.uuid4()
    if context["is_paper"]:
        # All of it in the order in which it is printed: whoever types it in finds each question there.
        fields = fields_of(asked, language, typed)
    else:
        fields = _shown(asked, language, typed, order=order_of(asked, str(uid)))
    known = {each.key for each in fields} | {row.key for each in fields for row in each.rows}
    entered = _entered_today(request, collector)
    context |= {
        "collector": collector,
        "fields": fields,
        "typed": typed,
        "problems": [problem for each in fields for problem in each.problems],
        "others": typed.other_errors(known),
        "version": asked.version,
        "words": asked.version.text(language),
        "language": language,
        "uid": uid,
        "shown": ",".join(each.key for each in fields if each.is_conditional and each.is_shown),
        "entered": entered.count(),
        "last": entered.order_by("-events__at", "-pk").first(),
    }
    if not context["is_paper"]:
        context |= _refusals(request, collector)
    is_refused = request.method == "POST" and template != ADAPTED and not typed.message
    return render(request, template, context, status=422 if is_refused else 200)


def _entered_today(request: HttpRequest, collector: Collector) -> Any:
    """The cards that this person has entered here since midnight, and not taken back."""
    today = collector.local_day(timezone.now())
    midnight = datetime.combine(today, time(), ZoneInfo(collector.unit.timezone))
    mine = Response.objects.filter(collector=collector, deleted_at__isnull=True)
    return mine.filter(
        events__what=ResponseEvent.What.ENTERED, events__by=person_of(request), events__at__gte=midnight
    )


def _refusals(request: HttpRequest, collector: Collector) -> dict[str, Any]:
    mine = Refusal.objects.filter(collector=collector, by=person_of(request))
    mine = mine.filter(day=collector.local_day(timezone.now()), withdrawn_at__isnull=True)
    return {"refused": mine.count(), "last_refusal": mine.first()}


@policy("feedback.enter")
@require_POST
def interview_refused(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody did not want to; pressed twice it is one."""
    collector, _asked = _asked_at(request, slug, Kind.INTERVIEW)
    uid = uid_of(request.POST.get("uid"))
    day = collector.local_day(timezone.now())
    if uid is None or not collector.is_open(day):
        messages.warning(request, _("Not counted. Please press once more."))
    else:
        actions.record_refusal(collector=collector, uid=uid, day=day, by=person_of(request))
    return redirect("feedback:interview", slug)


@policy("feedback.enter")
@require_POST
def refusal_withdraw(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    collector, _asked = _asked_at(request, slug, Kind.INTERVIEW)
    refusal = get_object_or_404(Refusal, collector=collector, uid=uid, by=person_of(request))
    actions.withdraw_refusal(refusal)
    messages.success(request, _("Not counted any more."))
    return redirect("feedback:interview", slug)


@policy("feedback.enter")
@require_POST
def entry_take_back(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Whoever has entered a card wrongly takes it back and enters it again."""
    collector = collector_for(request.user, slug)
    if collector.kind not in Collector.BY_STAFF:
        raise Http404
    response = get_object_or_404(Response, collector=collector, reference=reference)
    if actions.take_back_card(response, by=person_of(request)):
        messages.success(request, _("Taken back: it counts nowhere. Enter it again if it was a slip."))
    else:
        messages.warning(request, _("Only whoever has entered it can take it back, once."))
    return redirect(reverse(f"feedback:{collector.kind}", args=[slug]))
