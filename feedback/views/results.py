"""Live results: what was answered, question by question, for a unit, a place and a period."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.export import csv_response, table_response
from common.listing import page_of
from common.policy import policy
from feedback import a11
from feedback.crossing import cross_of
from feedback.forms.results import ResultsForm, ResultsSearch
from feedback.models import Questionnaire, Response
from feedback.results import MINIMUM, Result, Scope, counted_questions, is_confidential, results_of
from feedback.searching import named
from feedback.spoken import ENOUGH_FOR_COMMENTS, comments_of_employees
from organisation.access import person_of


@policy("feedback.see")
@require_GET
def results_list(request: HttpRequest) -> HttpResponseBase:
    """The questionnaires that were ever published, with what the reader may count of each."""
    user = person_of(request)
    search = ResultsSearch(request.GET)
    search.is_valid()
    mine = Response.objects.visible_to(user).countable().order_by()
    rows = (
        Questionnaire.objects.visible_to(user)
        .filter(versions__published_at__isnull=False, pk__in=named(search.cleaned_data.get("q") or ""))
        .annotate(
            n=Count(
                "versions__responses", filter=Q(versions__responses__in=mine.values("pk")), distinct=True
            ),
            last=Max(
                "versions__responses__service_date", filter=Q(versions__responses__in=mine.values("pk"))
            ),
        )
        .order_by("name", "pk")
        .distinct()
    )
    if request.GET.get("export") == "csv":
        header = [_("Questionnaire"), _("Kind"), _("Responses"), _("Last day")]
        lines = ([row.name, row.get_kind_display(), row.n, row.last or ""] for row in rows)
        return csv_response("results", header, lines)
    context = {
        "set_aside": Response.objects.set_aside_for(user).count(),
        "search": search,
        "page": page_of(request, rows),
        "is_filtered": bool(request.GET.get("q")),
    }
    return render(request, "feedback/results_list.html", context, status=422 if search.errors else 200)


@policy("feedback.see")
@require_GET
def results(request: HttpRequest, key: str) -> HttpResponseBase:
    user, today = person_of(request), timezone.now().date()
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(user), key=key)
    questions = [each for each in counted_questions(questionnaire).values() if each.is_newest]
    form = ResultsForm(request.GET, user=user, today=today, questions=questions)
    form.is_valid()
    scope = form.scope(questionnaire)
    found = results_of(scope, user=user, today=today)
    if kind := request.GET.get("export"):
        return _file(kind, form, scope, found)
    crossed = form.crossed
    hides = is_confidential(questionnaire)
    context: dict[str, Any] = {
        "questionnaire": questionnaire,
        "scope": form,
        "period": scope.period,
        "before": scope.before,
        "results": found,
        "cross": cross_of(scope, *crossed, user=user, today=today) if crossed else None,
        "hides": hides,
        "minimum": MINIMUM,
        "enough": ENOUGH_FOR_COMMENTS,
        "comments": comments_of_employees(scope, today) if hides else None,
    }
    return render(request, "feedback/results.html", context, status=422 if form.errors else 200)


def _file(kind: str, form: ResultsForm, scope: Scope, found: list[Result]) -> HttpResponseBase:
    """The table as CSV or XLSX, or one of the two files of A-11."""
    name = f"{scope.questionnaire.key}-{scope.period.code}"
    if kind == "a11-header":
        unit = form.cleaned_data.get("unit")
        return csv_response(f"a11-header-{name}", a11.HEADER, a11.header_rows(scope, found, str(unit or "")))
    if kind == "a11-responses":
        return csv_response(f"a11-responses-{name}", a11.RESPONSES, a11.response_rows(scope, found))
    return table_response(kind, f"results-{name}", _header(), _lines(found))


def _header() -> list[str]:
    return [_("Question"), _("Series"), _("Of"), _("Answer"), _("How many"), _("Share"), _("Low"), _("High")]


def _lines(found: Iterable[Result]) -> Iterable[list[Any]]:
    """Unrounded; what is hidden on the page is hidden here."""
    for result in found:
        question = [str(result.question), result.question.series]
        for bar in result.bars:
            yield [*question, _("all"), bar.label, bar.count, bar.share, None, None]
        yield [*question, _("all"), _("Does not apply"), result.na, None, None, None]
        parts: list[tuple[str, Any]] = [
            (_("all"), result),
            *((part.name, part) for part in [*result.units, *result.places]),
        ]
        for name, part in parts:
            if figure := part.figure:
                yield [*question, name, figure.words, figure.n, figure.value, figure.low, figure.high]
