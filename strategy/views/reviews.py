"""Reviews: list, one of them with its agenda, attendance, decisions, end and minutes."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.export import table_response
from common.listing import page_of
from common.policy import policy, require
from organisation.access import person_of
from organisation.forms import posted
from organisation.views.people import units_managed_by
from strategy.actions import reviews as actions
from strategy.agenda import agenda_of
from strategy.forms.reviews import (
    AttendanceForm,
    DecisionForm,
    HoldForm,
    ReviewForm,
    ReviewSearch,
    attended,
    stored,
)
from strategy.models import PlanReview
from strategy.models.review import was_noted
from strategy.prints import minutes_of
from strategy.prints import page_of as strategy_page
from strategy.views.doors import all_units, change_row, saved, step_page, take_step, today
from strategy.views.initiatives import factors_of, initiative_for

MOVED_ON = gettext_noop("This review has moved on meanwhile. Please look again.")


@policy("strategy.read")
@require_safe
def review_list(request: HttpRequest) -> HttpResponseBase:
    search = ReviewSearch(request.GET, user=person_of(request), units=all_units(request.user), today=today())
    found = search.filter(PlanReview.objects.visible_to(request.user).select_related("unit", "owner"))
    if request.GET.get("export") in ("csv", "xlsx"):
        header = [_("Code"), _("Title"), _("Unit"), _("Day"), _("Led by"), _("State")]
        return table_response(request.GET["export"], "reviews", header, _lines(found))
    context = {
        "search": search,
        "page": page_of(request, found),
        "may_manage": request.user.has_perm("strategy.manage"),
        "is_filtered": search.is_filtered,
    }
    return render(request, "strategy/reviews.html", context, status=422 if search.errors else 200)


def _lines(found: Any) -> Iterator[list[Any]]:
    for each in found:
        yield [
            *(each.reference, each.title, each.unit.name, each.held_on, str(each.owner)),
            each.get_state_display(),
        ]


def review_for(request: HttpRequest, reference: str) -> PlanReview:
    reviews = PlanReview.objects.visible_to(request.user)
    return get_object_or_404(reviews.select_related("unit", "owner", "next_review"), reference=reference)


def _own(request: HttpRequest, reference: str) -> PlanReview:
    review = review_for(request, reference)
    require(request.user, "strategy.work", review)
    return review


@policy("strategy.read")
@require_safe
def review_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """To come: the agenda as it is today. Held: as it lay on the table."""
    review = review_for(request, reference)
    is_planned = review.state == PlanReview.State.PLANNED
    there = list(review.attendance.select_related("person"))
    context = {
        "review": review,
        "agenda": agenda_of(review, today()) if is_planned else review.agenda,
        "attendance": there,
        "is_noted": was_noted(there),
        "decisions": review.decisions.select_related("action", "measure", "standard", "by").prefetch_related(
            "standard__texts"
        ),
        "before": PlanReview.objects.filter(next_review=review).first(),
        "events": review.events.select_related("by"),
        "may_work": request.user.has_perm("strategy.work", review),
        "is_planned": is_planned,
    }
    return render(request, "strategy/review.html", context)


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def review_add(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = ReviewForm(
        posted(request),
        user=person,
        units=units_managed_by(person),
        initial={"owner": person.reference, "title": _("Review of the strategy")},
    )
    if request.method == "POST" and form.is_valid():
        review = actions.plan_review(fields=form.review_fields, by=person)
        return saved(request, review, _("The review is planned. Say who is asked."))
    words: dict[str, Any] = {"about": _("Reviews"), "back": reverse("strategy:reviews"), "room": "reviews"}
    return step_page(request, form, title=_("Plan a review"), do=_("Plan it"), **words)


def _words(review: PlanReview) -> dict[str, Any]:
    return {"about": review.title, "back": review.get_absolute_url(), "room": "reviews"}


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def review_edit(request: HttpRequest, reference: str) -> HttpResponse:
    review, person = _own(request, reference), person_of(request)
    start = stored(review) | {"version": review.version, "unit": review.unit.slug}
    form = ReviewForm(
        posted(request),
        user=person,
        units=units_managed_by(person),
        standing=review,
        initial=start | {"owner": review.owner.reference},
    )

    def save() -> None:
        fields, version = form.review_fields, form.expected_version
        actions.change_review(review, fields=fields, by=person, expected_version=version)

    def stands() -> tuple[int, dict[str, Any], Any] | None:
        standing = review_for(request, reference)
        last = standing.events.select_related("by").last()
        is_planned = standing.state == PlanReview.State.PLANNED
        return (standing.version, stored(standing), last) if is_planned else None

    return change_row(
        request,
        form,
        save,
        to=review,
        stands=stands,
        moved_on=_(MOVED_ON),
        title=_("Change the review"),
        do=_("Save"),
        done=_("Saved."),
        **_words(review),
    )


def _step(
    request: HttpRequest,
    review: PlanReview,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    **words: Any,
) -> HttpResponse:
    return take_step(request, form, act, to=review, moved_on=_(MOVED_ON), **_words(review), **words)


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def review_attendance(request: HttpRequest, reference: str) -> HttpResponse:
    """409 with both where somebody else has saved since the form was opened."""
    review, person = _own(request, reference), person_of(request)
    start = {name: [each.reference for each in people] for name, people in attended(review).items()}
    start |= {"version": review.version}  # type: ignore[dict-item]
    form = AttendanceForm(posted(request), review=review, user=person, initial=start)

    def save() -> None:
        asked, came = form.cleaned_data["asked"], form.cleaned_data["came"]
        version = form.expected_version
        actions.set_attendance(review, asked=asked, came=came, by=person, expected_version=version)

    def stands() -> tuple[int, dict[str, Any], Any] | None:
        standing = review_for(request, reference)
        last = standing.events.select_related("by").last()
        is_planned = standing.state == PlanReview.State.PLANNED
        return (standing.version, attended(standing), last) if is_planned else None

    words = {"title": _("Who is asked, and who came"), "do": _("Save"), "done": _("Saved.")}
    return change_row(
        request,
        form,
        save,
        to=review,
        stands=stands,
        moved_on=_(MOVED_ON),
        **_words(review),
        **words,
    )


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def review_decide(request: HttpRequest, reference: str) -> HttpResponse:
    review, person = _own(request, reference), person_of(request)
    form = DecisionForm(posted(request), review=review, user=person, today=today())

    def act(wanted: dict[str, Any]) -> None:
        names = ("kind", "text", "about", "ends_on", "target")
        actions.decide(review, by=person, **{name: wanted[name] for name in names})

    return _step(
        request,
        review,
        form,
        act,
        title=_("Keep, change or stop"),
        do=_("It is decided"),
        intro=_(
            "A decision takes effect at once: an action is moved or cancelled, a goal holds from today,"
            " a promise gets a reason for the next edition."
        ),
        done=_("Decided."),
    )


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def review_hold(request: HttpRequest, reference: str) -> HttpResponse:
    review, person = _own(request, reference), person_of(request)

    def act(wanted: dict[str, Any]) -> None:
        actions.hold_review(review, minutes=wanted["minutes"], next_on=wanted["next_on"], by=person)

    return _step(
        request,
        review,
        HoldForm(posted(request)),
        act,
        title=_("Close the review"),
        do=_("It has been held"),
        intro=_("The agenda is kept as it is now, the minutes can be printed, and the next one is planned."),
        done=_("The review is closed."),
    )


@policy("strategy.work")
@require_POST
def review_call_off(request: HttpRequest, reference: str) -> HttpResponse:
    review = _own(request, reference)
    try:
        actions.call_off_review(review, by=person_of(request))
        messages.success(request, _("The review is called off."))
    except actions.ReviewMovedOn:
        messages.warning(request, _(MOVED_ON))
    return redirect(review)


def _pdf(name: str, document: bytes) -> HttpResponse:
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@policy("strategy.read")
@require_safe
def review_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The minutes; there are none before the review has been held."""
    review = review_for(request, reference)
    if review.state != PlanReview.State.HELD:
        raise Http404
    return _pdf(f"minutes-{review.reference}", minutes_of(review))


@policy("strategy.read")
@require_safe
def initiative_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The strategy on a page."""
    initiative = initiative_for(request, reference)
    document = strategy_page(initiative, factors_of(initiative), today())
    return _pdf(f"strategy-{initiative.reference}", document)
