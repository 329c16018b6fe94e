"""Know our charter: what was prepared from each edition, its review, and making it ready."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from charter.models import Edition
from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.days import organisation_zone
from training.actions.courses import ReleaseRefused
from training.actions.know import NotWaiting, choose_questions, make_ready
from training.fitness import changes_of
from training.forms.know import PreparationSearch, ReviewForm
from training.models import Preparation, PreparedQuestion


@policy("training.edit_course")
@require_safe
def know_list(request: HttpRequest) -> HttpResponseBase:
    """What was prepared in the units that one manages, the newest first."""
    search = PreparationSearch(request.GET)
    rows = Preparation.objects.visible_to(request.user).annotate(
        asked=Count("questions"), accepted=Count("questions", filter=Q(questions__is_accepted=True))
    )
    found = search.filter(rows.select_related("edition__charter__unit", "course", "decided_by"))
    if request.GET.get("export") in ("csv", "xlsx"):
        return table_response(request.GET["export"], "know-our-charter", _header(), _lines(found))
    context = {
        "search": search,
        "page": page_of(request, found),
        "is_filtered": any(request.GET.get(name) for name in ("q", "state")),
    }
    return render(request, "training/know_list.html", context, status=422 if search.errors else 200)


def _header() -> list[Any]:
    return [
        _("Unit"),
        _("Edition"),
        _("State"),
        _("Prepared on"),
        _("Questions"),
        _("Accepted"),
        _("New or changed standards"),
        _("Standards that are gone"),
        _("Decided on"),
        _("Decided by"),
    ]


def _lines(found: Any) -> Iterator[list[Any]]:
    zone = organisation_zone()
    for row in found:
        yield [
            str(row.edition.charter.unit),
            row.edition.number,
            str(row.get_state_display()),
            row.prepared_at.astimezone(zone).date().isoformat(),
            row.asked,
            row.accepted,
            len(row.changed),
            len(row.removed),
            row.decided_at.astimezone(zone).date().isoformat() if row.decided_at else "",
            str(row.decided_by or ""),
        ]


def _preparation(user: Any, unit: str, number: int) -> Preparation:
    rows = Preparation.objects.visible_to(user).select_related("edition__charter__unit", "course")
    return get_object_or_404(rows, edition__charter__unit__slug=unit, edition__number=number)


@policy("training.edit_course")
@require_http_methods(["GET", "HEAD", "POST"])
def know_detail(request: HttpRequest, unit: str, number: int) -> HttpResponse:
    """Every question with where it comes from; accept or leave out, then make it ready."""
    preparation = _preparation(request.user, unit, number)
    sent = request.POST if request.method == "POST" else None
    form = ReviewForm(sent, preparation=preparation)
    problems: list[Any] = []
    if form.is_valid():
        try:
            return _decide(request, preparation, form.cleaned_data)
        except NotWaiting:
            messages.warning(request, _("It does not wait for a review any more."))
            return redirect(preparation)
        except ReleaseRefused as refused:
            problems = refused.problems
    course = preparation.course if preparation.is_waiting else None
    draft = course.draft() if course else None
    context = {
        "preparation": preparation,
        "along": changes_of(draft) if draft else [],
        "questions": _rows(preparation, sent),
        "form": form,
        "problems": problems,
        "gaps": [each | {"about": PreparedQuestion.About(each["about"]).label} for each in preparation.gaps],
    }
    refused_ = bool(form.errors or problems)
    return render(request, "training/know_detail.html", context, status=422 if refused_ else 200)


def _decide(request: HttpRequest, preparation: Preparation, data: dict[str, Any]) -> HttpResponse:
    if "ready" not in request.POST:
        choose_questions(preparation, accepted=data["accepted"])
        messages.success(request, _("Your choice is kept. Nothing is taught yet."))
        return redirect(preparation)
    make_ready(preparation, accepted=data["accepted"], by=person_of(request), due_days=data["due_days"])
    messages.success(request, _("It is taught now. Whom it concerns is asked within a few minutes."))
    return redirect(preparation)


def _rows(preparation: Preparation, sent: Any) -> list[dict[str, Any]]:
    """Each question in the reader's language, ticked as it is kept, or as it was just sent."""
    ticked = set(sent.getlist("accepted")) if sent is not None else None
    language = get_language() or ""
    return [
        {
            "row": row,
            "shown": Edition.words(row.texts, language) | {"feedback": ""},
            "source": row.source.get(language) or next(iter(row.source.values()), ""),
            "languages": ", ".join(sorted(row.texts)),
            "is_accepted": row.key in ticked if ticked is not None else row.is_accepted,
        }
        for row in preparation.questions.all()
    ]
