"""How many of those who must hold a course hold it, on any day."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.export import streamed_response
from common.policy import policy
from organisation.days import organisation_day
from organisation.models import Tree, Unit
from training.compliance import EVERYBODY, Compliance, Tally, compliance_on
from training.models import Course
from training.people import looked_after, managed_units, taught_courses
from training.searches import ComplianceSearch


@policy("training.see_people")
@require_safe
def compliance(request: HttpRequest) -> HttpResponseBase:
    """Units as a tree, each with those below it; courses beside."""
    today = organisation_day(timezone.now())
    every_unit, every_course = managed_units(request.user, today), taught_courses(request.user)
    search = ComplianceSearch(request.GET, today=today, units=every_unit, courses=every_course)
    if not search.is_valid():
        return render(request, "training/compliance.html", {"search": search}, status=422)
    day, courses, unit = search.cleaned_data["on"], search.chosen_courses, search.chosen_unit
    found = compliance_on(day, looked_after(request.user), courses)
    units = _below(unit, managed_units(request.user, day), day)
    if (kind := request.GET.get("export")) in ("csv", "xlsx"):
        return streamed_response(kind, f"compliance-{day}", _header(), _lines(found, units, courses))
    top = unit.pk if unit else EVERYBODY
    context = {
        "search": search,
        "day": day,
        "is_today": day == today,
        "unit": unit,
        "course": search.chosen_course,
        "total": found.pooled(top, courses),
        "units": _unit_rows(found, units, courses),
        "courses": _course_rows(found, top, courses),
        "has_courses": bool(courses),
    }
    return render(request, "training/compliance.html", context)


def _below(unit: Unit | None, units: Sequence[Unit], day: Any) -> list[Unit]:
    """The unit and those that stood below it on the day; all where none was chosen."""
    if unit is None:
        return list(units)
    below = Tree.on(day).subtree(unit.pk)
    return [each for each in units if each.pk in below]


def _unit_rows(
    found: Compliance, units: Sequence[Unit], courses: Sequence[Course]
) -> list[tuple[Unit, range, Tally]]:
    """(unit, how far it is indented, its tally); units that nobody of them counts in are left out."""
    top = min((unit.depth for unit in units), default=0)
    rows = [(unit, range(unit.depth - top), found.pooled(unit.pk, courses)) for unit in units]
    return [row for row in rows if not row[2].is_empty]


def _course_rows(found: Compliance, top: int, courses: Sequence[Course]) -> list[tuple[Course, Tally]]:
    rows = [(course, found.cell(top, course.pk)) for course in courses]
    return [row for row in rows if not row[1].is_empty]


def _header() -> list[Any]:
    return [
        _("Day"),
        _("Unit"),
        _("Course"),
        _("Required"),
        _("Current"),
        _("Per cent current"),
        _("Overdue"),
        _("Not due yet"),
        _("New starters in their grace period"),
        _("Waived"),
    ]


def _lines(found: Compliance, units: Sequence[Unit], courses: Sequence[Course]) -> Iterator[list[Any]]:
    """A line for each unit and course with somebody in it; each unit holds those below it."""
    for unit in units:
        for course in courses:
            tally = found.cell(unit.pk, course.pk)
            if tally.is_empty:
                continue
            share = round(100 * tally.current / tally.required, 4) if tally.required else ""
            numbers = [tally.required, tally.current, share, tally.overdue, tally.not_due]
            yield [
                found.day.isoformat(),
                unit.name,
                str(course),
                *numbers,
                tally.starters,
                tally.waived,
            ]
