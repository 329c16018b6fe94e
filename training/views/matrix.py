"""Who has learned what: people × courses."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.export import streamed_response
from common.listing import page_of
from common.policy import policy
from organisation.models import Tree
from training.days import organisation_day
from training.matrix import (
    MARKS,
    exported,
    exported_header,
    most_given_first,
    narrowed,
    overdue_courses,
    rows_of,
)
from training.people import looked_after, managed_units, taught_courses
from training.searches import MatrixSearch


@policy("training.see_people")
@require_safe
def matrix(request: HttpRequest) -> HttpResponseBase:
    """Fifty people a page, every released course, or the one that is asked for."""
    today = organisation_day(timezone.now())
    units, every_course = managed_units(request.user, today), taught_courses(request.user)
    search = MatrixSearch(request.GET, units=units, courses=every_course)
    if not search.is_valid():
        return render(request, "training/matrix.html", {"search": search}, status=422)
    wanted, courses = search.cleaned_data, search.chosen_courses
    unit = search.chosen_unit
    people = looked_after(
        request.user,
        units=Tree.on(today).subtree(unit.pk) if unit else None,
        role=wanted["role"],
        level=wanted["level"],
    )
    filters = {name: wanted[name] for name in ("q", "state", "overdue", "sort")}
    people = narrowed(people, courses, today, **filters)
    courses = most_given_first(people, courses)
    kind = request.GET.get("export")
    if kind in ("csv", "xlsx"):
        return streamed_response(
            kind, f"training-{today}", exported_header(courses), exported(people, courses, today)
        )
    page = page_of(request, people.prefetch_related("memberships__unit"))
    context = {
        "search": search,
        "page": page,
        "rows": rows_of(list(page), courses, today),
        "courses": courses,
        "has_courses": bool(every_course),
        "overdue": overdue_courses(people, courses, today),
        "shows_missing": wanted["state"] == "none",
        "marks": [(state.value, mark) for state, mark in MARKS.items()],
        "today": today,
    }
    return render(request, "training/matrix.html", context)
