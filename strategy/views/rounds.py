"""The Service Quotient: its rounds, the answers, the results, what is agreed, and the first hour."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.export import table_response
from common.figure_words import localised
from common.listing import page_of
from common.policy import policy, require
from organisation.access import person_of
from organisation.forms import posted
from organisation.models import Unit
from organisation.views.people import units_managed_by
from scoreboard.settled import local_date
from strategy.actions import rounds as actions
from strategy.forms.rounds import (
    WORDS,
    AgreeFormSet,
    AnswerForm,
    ExtendForm,
    FirstHourForm,
    RoundForm,
    RoundSearch,
)
from strategy.models import FirstHour, Round, Seat
from strategy.quotient import MINIMUM
from strategy.reading import LEVELS, Side, drawing, sides, strongest, weakest, whole_quotient
from strategy.views.doors import (
    all_units,
    change_row,
    change_table,
    differing,
    saved,
    step_page,
    take_refusal,
    take_step,
    today,
)

MOVED_ON = gettext_noop("This round has moved on meanwhile. Please look again.")


def round_for(request: HttpRequest, reference: str) -> Round:
    rounds = Round.objects.visible_to(request.user).select_related("unit", "owner")
    return get_object_or_404(rounds, reference=reference)


def _managed(request: HttpRequest, reference: str) -> Round:
    found = round_for(request, reference)
    require(request.user, "strategy.manage", found)
    return found


@policy("strategy.read")
@require_safe
def round_list(request: HttpRequest) -> HttpResponseBase:
    person = person_of(request)
    search = RoundSearch(request.GET, user=person, units=all_units(request.user), today=today())
    found = search.filter(Round.objects.visible_to(request.user).select_related("unit", "owner"))
    if request.GET.get("export") in ("csv", "xlsx"):
        header = [_("Code"), _("Name"), _("Unit"), _("From"), _("Until"), _("State"), _("Service Quotient")]
        return table_response(request.GET["export"], "service-quotient", header, _lines(found))
    page = page_of(request, found)
    for each in page.object_list:
        each.figure = whole_quotient(each)
    context = {
        "search": search,
        "page": page,
        "may_manage": request.user.has_perm("strategy.manage"),
        "is_filtered": search.is_filtered,
        "to_answer": Seat.objects.filter(
            person=person, has_answered=False, round__state=Round.State.OPEN
        ).select_related("round"),
        "checklist_unit": person.home_unit,
    }
    return render(request, "strategy/rounds.html", context, status=422 if search.errors else 200)


def _lines(found: Any) -> Iterator[list[Any]]:
    for each in found:
        yield [
            *(each.reference, each.name, each.unit.name, each.opens_on, each.closes_on),
            *(each.get_state_display(), whole_quotient(each)),
        ]


@policy("strategy.read")
@require_safe
def round_detail(request: HttpRequest, reference: str) -> HttpResponseBase:
    """What was found; `?with=` sets another round of the same questionnaire beside it."""
    found = round_for(request, reference)
    others = list(Round.objects.comparable_with(found))
    beside = next((each for each in others if each.reference == request.GET.get("with")), None)
    rows = sides(found, beside)
    if request.GET.get("export") in ("csv", "xlsx") and found.state == Round.State.CLOSED:
        name = f"service-quotient-{found.reference}"
        return table_response(request.GET["export"], name, _side_header(), _side_lines(rows))
    seat = Seat.objects.filter(round=found, person=person_of(request)).first()
    context = {
        "round": found,
        "rows": rows,
        "quotient": whole_quotient(found),
        "is_shown": any(row.whole for row in rows),
        "has_rows": any(row.whole or row.consensus for row in rows),
        "drawing": drawing(rows) if found.state == Round.State.CLOSED else None,
        "strongest": strongest(rows),
        "weakest": weakest(rows),
        "others": others,
        "beside": beside,
        "seat": seat,
        "waits": found.takes_answers(local_date(found.unit, timezone.now())),
        "answered": found.answered or found.seats.filter(has_answered=True).count(),
        "minimum": MINIMUM,
        "events": found.events.select_related("by"),
        "may_manage": request.user.has_perm("strategy.manage", found),
    }
    return render(request, "strategy/round.html", context)


def _side_header() -> list[Any]:
    return [
        *(_("Side"), _("Leadership"), _("Middle level"), _("Front line"), _("All shown"), _("Answers")),
        *(_("Between the levels"), _("Agreed"), _("Target"), _("What shows it")),
    ]


def _side_lines(rows: list[Side]) -> Iterator[list[Any]]:
    """What is hidden is an empty cell, here as on the page."""
    for row in rows:
        agreed = row.consensus
        yield [
            row.name,
            *(figure["mean"] if figure else None for figure in row.levels),
            row.whole["mean"] if row.whole else None,
            row.whole["n"] if row.whole else None,
            row.distance,
            *((agreed.score, agreed.target, agreed.evidence) if agreed else (None, None, "")),
        ]


# ------------------------------------------------------------------- running


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def round_add(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = RoundForm(posted(request), units=units_managed_by(person), initial={"opens_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.plan_round(fields=form.round_fields | {"owner": person}, by=person)
        except ValidationError as refused:
            take_refusal(form, refused)
        else:
            return saved(request, found, _("The round is planned. Open it when everybody knows of it."))
    words: dict[str, Any] = {"about": _("Service Quotient"), "back": reverse("strategy:rounds")}
    return step_page(request, form, title=_("Plan a round"), do=_("Plan it"), room="quotient", **words)


def _words(found: Round) -> dict[str, Any]:
    return {"about": found.name, "back": found.get_absolute_url(), "room": "quotient"}


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def round_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Before it opens, everything; while it is open, only more time."""
    found = _managed(request, reference)
    if found.state == Round.State.OPEN:
        return _extend(request, found)
    if found.state != Round.State.PLANNED and request.method == "GET":
        messages.info(request, _(MOVED_ON))
        return redirect(found)
    return _change(request, found)


def _extend(request: HttpRequest, found: Round) -> HttpResponse:
    form = ExtendForm(posted(request), initial={"closes_on": found.closes_on})

    def act(wanted: dict[str, Any]) -> None:
        actions.extend_round(found, closes_on=wanted["closes_on"], by=person_of(request))

    words = _words(found) | {"title": _("Give more time"), "do": _("Save"), "done": _("Saved.")}
    return take_step(request, form, act, to=found, moved_on=_(MOVED_ON), **words)


def _change(request: HttpRequest, found: Round) -> HttpResponse:
    """409 with both where somebody else has saved since the form was opened."""
    person = person_of(request)
    start = _stored(found) | {"unit": found.unit.slug, "version": found.version}
    form = RoundForm(posted(request), units=units_managed_by(person), initial=start)

    def save() -> None:
        fields, version = form.round_fields, form.expected_version
        actions.change_round(found, fields=fields, by=person, expected_version=version)

    def stands() -> tuple[int, dict[str, Any], Any] | None:
        standing = round_for(request, found.reference)
        last = standing.events.select_related("by").last()
        is_planned = standing.state == Round.State.PLANNED
        return (standing.version, _stored(standing), last) if is_planned else None

    words = _words(found) | {"title": _("Change the round"), "do": _("Save"), "done": _("Saved.")}
    return change_row(request, form, save, to=found, stands=stands, moved_on=_(MOVED_ON), **words)


def _stored(found: Round) -> dict[str, Any]:
    """What stands now, by the names of the form's fields."""
    return {name: getattr(found, name) for name in RoundForm.field_names}


MOVES = {
    "open": actions.open_round,
    "close": actions.close_round,
    "call-off": actions.call_off_round,
}
SAID = {
    "open": gettext_noop("The round is open; everybody is asked."),
    "close": gettext_noop("The round is closed. Agree on figures and targets next."),
    "call-off": gettext_noop("The round is called off; whatever had been answered is erased."),
}


@policy("strategy.manage")
@require_POST
def round_move(request: HttpRequest, reference: str) -> HttpResponse:
    """Open, close or call off."""
    found = _managed(request, reference)
    name = request.POST.get("move", "")
    try:
        if name in MOVES:
            MOVES[name](found, by=person_of(request))
            messages.success(request, _(SAID[name]))
    except actions.RoundMovedOn:
        messages.warning(request, _(MOVED_ON))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(found)


# ------------------------------------------------------------------- answers


@policy("strategy.read")
@require_http_methods(["GET", "POST"])
def round_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """The statements. Nothing is kept while they are filled in: words kept for a person would name one."""
    found, person = round_for(request, reference), person_of(request)
    seat = Seat.objects.filter(round=found, person=person).first()
    if seat is None or seat.has_answered or not found.takes_answers(local_date(found.unit, timezone.now())):
        return _nothing_to_answer(request, found, seat)
    form = AnswerForm(posted(request), content=found.content)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_round(found, person=person, answers=form.answers)
        except (actions.RoundMovedOn, actions.AnsweredAlready):
            return _nothing_to_answer(request, found, seat)
        except ValidationError as refused:
            take_refusal(form, refused)
        else:
            messages.success(request, _("Thank you. Nobody can see which answers are yours, not even we."))
            return redirect("strategy:rounds")
    context = {"round": found, "form": form, "words": list(WORDS.items()), "level": seat.get_level_display()}
    return render(request, "strategy/round_answer.html", context, status=422 if form.errors else 200)


def _nothing_to_answer(request: HttpRequest, found: Round, seat: Seat | None) -> HttpResponse:
    if seat is None:
        messages.info(request, _("You are not asked in this round."))
    elif seat.has_answered:
        messages.info(request, _("You have answered already. Thank you."))
    else:
        messages.info(request, _("The round takes no answers now."))
    return redirect(found)


# ----------------------------------------------------------------- agreement


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def round_agree(request: HttpRequest, reference: str) -> HttpResponse:
    """What the three levels, at one table, agree on: a figure, what shows it, and a target.

    409 where somebody else has saved since the table was opened.
    """
    found = _managed(request, reference)
    if found.state != Round.State.CLOSED:
        messages.info(request, _("Agree once the round is closed."))
        return redirect(found)
    rows = sides(found)
    formset: Any = AgreeFormSet(posted(request), initial=[_agreed(row) for row in rows], prefix="side")

    def save(version: int) -> None:
        actions.agree(found, rows=formset.rows, by=person_of(request), expected_version=version)

    def stands() -> tuple[int, list[tuple[str, str]], Any]:
        standing = round_for(request, reference)
        names = {row.key: row.name for row in rows}
        typed = [(names.get(row["side"], ""), _agreed_words(row)) for row in formset.rows]
        now = [(row.name, _agreed_words(_agreed(row))) for row in sides(standing) if row.consensus]
        return standing.version, differing(now, typed), standing.events.select_related("by").last()

    return change_table(
        request,
        formset,
        save,
        to=found,
        stands=stands,
        version=found.version,
        moved_on=_(MOVED_ON),
        done=_("What was agreed is kept. Sides half a point under target are gaps."),
        template="strategy/round_agree.html",
        round=found,
        pairs=list(zip(rows, formset.forms, strict=False)),
    )


def _agreed_words(agreed: dict[str, Any]) -> str:
    figures = {name: localised(agreed[name], 1) for name in ("score", "target")}
    return _("%(score)s, target %(target)s: %(evidence)s") % (figures | {"evidence": agreed["evidence"]})


def _agreed(row: Side) -> dict[str, Any]:
    if row.consensus is None:
        return {"side": row.key}
    agreed = row.consensus
    given = {"score": agreed.score, "target": agreed.target, "evidence": agreed.evidence}
    return {"side": row.key} | given


# ---------------------------------------------------------------- first hour


@policy("strategy.read")
@require_http_methods(["GET", "POST"])
def checklist(request: HttpRequest, slug: str) -> HttpResponse:
    """The short list of a first hour: everybody reads it, who manages the unit fills it in."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), slug=slug)
    may_manage = request.user.has_perm("strategy.manage", unit)
    if request.method == "POST":
        require(request.user, "strategy.manage", unit)
    form = FirstHourForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.keep_first_hour(
            unit=unit, answers=form.answers, note=form.cleaned_data["note"], by=person_of(request)
        )
        messages.success(request, _("Kept. Come back in three months."))
        return redirect("strategy:checklist", slug=unit.slug)
    kept = list(FirstHour.objects.filter(unit=unit).select_related("by")[:10])
    context = {
        "unit": unit,
        "form": form,
        "kept": kept,
        "last": [(field, kept[0].answers.get(field.name)) for field in form.questions] if kept else [],
        "answers": FirstHour.Answer,
        "may_manage": may_manage,
        "levels": LEVELS,
    }
    return render(request, "strategy/checklist.html", context, status=422 if form.errors else 200)
