"""Business calendars: read by managers, changed by administrators."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.clock import Calendar, Explanation
from common.export import csv_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.actions import calendars as actions
from organisation.forms import posted
from organisation.forms.calendars import (
    WEEKDAYS,
    CalendarForm,
    CalendarSearch,
    CalendarUseForm,
    DayForm,
    HolidayForm,
    TryForm,
    YearForm,
)
from organisation.models import BusinessCalendar, Installation, Unit
from organisation.public_holidays import public_holidays

MOST_STEPS = 40


def _today() -> date:
    return timezone.now().date()


def _calendar_for(request: HttpRequest, reference: str) -> BusinessCalendar:
    return get_object_or_404(BusinessCalendar.objects.visible_to(request.user), reference=reference)


@policy("organisation.see_settings")
@require_GET
def calendar_list(request: HttpRequest) -> HttpResponseBase:
    search = CalendarSearch(request.GET)
    found = search.filter(BusinessCalendar.objects.visible_to(request.user))
    found = found.prefetch_related("uses__unit")
    if request.GET.get("export") == "csv":
        return _as_csv(found)
    context = {
        "page": page_of(request, found),
        "search": search,
        "may_edit": request.user.has_perm("organisation.administer"),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
    }
    return render(request, "organisation/calendar_list.html", context)


def _as_csv(calendars: Any) -> HttpResponseBase:
    header = [_("Calendar"), _("Time zone"), *(str(name) for name in WEEKDAYS.values()), _("Kept by")]
    rows = (
        [
            each.name,
            each.zone,
            *(", ".join(hours) for _day, hours in each.week_in_order),
            ", ".join(use.unit.name for use in each.uses.all()),
        ]
        for each in calendars
    )
    return csv_response("calendars", header, rows)


@policy("organisation.administer")
@require_http_methods(["GET", "POST"])
def calendar_add(request: HttpRequest) -> HttpResponse:
    installation = Installation.current()
    zone = installation.root.timezone if installation else "UTC"
    form = CalendarForm(posted(request), initial={"zone": zone})
    if form.is_valid():
        try:
            calendar = actions.create_calendar(**form.fields_of_calendar, by=person_of(request))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("“%(name)s” is added.") % {"name": calendar.name})
            return redirect(calendar)
    context = {"form": form, "calendar": None}
    return render(request, "organisation/calendar_form.html", context, status=422 if form.errors else 200)


@policy("organisation.see_settings")
@require_GET
def calendar_detail(request: HttpRequest, reference: str) -> HttpResponse:
    return _detail_page(request, _calendar_for(request, reference))


def _detail_page(
    request: HttpRequest, calendar: BusinessCalendar, *, day_form: DayForm | None = None, status: int = 200
) -> HttpResponse:
    """The calendar's page; `day_form` is one that was refused."""
    trial = TryForm(request.GET if "received" in request.GET else None, initial={"amount": 5})
    days = calendar.days.all()
    years = YearForm(request.GET, years=[each.year for each in days.dates("day", "year")], today=_today())
    uses = list(calendar.uses.select_related("unit").order_by("unit__name"))
    context = {
        "calendar": calendar,
        "week": [(WEEKDAYS[name], hours) for name, hours in calendar.week_in_order],
        "years": years,
        "page": page_of(request, years.filter(days)),
        "has_days": days.exists(),
        "uses": uses,
        "trial": trial,
        "answer": _answer(trial, calendar),
        "may_edit": request.user.has_perm("organisation.administer"),
        "day_form": day_form or DayForm(),
        "use_form": CalendarUseForm(units=_units_without(uses)),
    }
    status = 422 if trial.errors else status
    return render(request, "organisation/calendar_detail.html", context, status=status)


def _units_without(uses: list[Any]) -> list[Unit]:
    taken = {use.unit_id for use in uses}
    ordered = Unit.objects.in_tree_order(_today())
    return [unit for unit in ordered if unit.archived_at is None and unit.pk not in taken]


def _answer(trial: TryForm, calendar: BusinessCalendar) -> dict[str, Any] | None:
    """What the “try it” box says: the due time and the open hours that lead to it."""
    if not trial.is_bound or not trial.is_valid():
        return None
    clock = calendar.clock
    try:
        explained = clock.explain(trial.moment_in(clock), trial.limit)
    except ValidationError as refused:
        trial.add_error("amount", refused)
        return None
    return explanation_context(clock, explained)


def explanation_context(clock: Calendar, explained: Explanation) -> dict[str, Any]:
    """What `organisation/_explanation.html` needs to show a due time in the calendar's zone."""
    return {
        "explained": explained,
        "zone": clock.zone,
        "steps": explained.intervals[:MOST_STEPS],
        "more": len(explained.intervals[MOST_STEPS:]),
    }


@policy("organisation.administer")
@require_http_methods(["GET", "POST"])
def calendar_edit(request: HttpRequest, reference: str) -> HttpResponse:
    calendar = _calendar_for(request, reference)
    form = CalendarForm(posted(request), calendar=calendar)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            actions.save_calendar(
                calendar, **form.fields_of_calendar, expected_version=version, by=person_of(request)
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Saved. What is due already stays due as it was."))
            return redirect(calendar)
    context = {"form": form, "calendar": calendar}
    return render(request, "organisation/calendar_form.html", context, status=422 if form.errors else 200)


@policy("organisation.administer")
@require_POST
def calendar_day_set(request: HttpRequest, reference: str) -> HttpResponse:
    calendar = _calendar_for(request, reference)
    form = DayForm(request.POST)
    if form.is_valid():
        try:
            actions.set_day(calendar, **form.cleaned_data, by=person_of(request))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The day is noted."))
            return redirect(calendar)
    return _detail_page(request, calendar, day_form=form, status=422)


@policy("organisation.administer")
@require_POST
def calendar_day_remove(request: HttpRequest, reference: str, day: str) -> HttpResponse:
    calendar = _calendar_for(request, reference)
    row = get_object_or_404(calendar.days, day=_date(day))
    try:
        actions.remove_day(calendar, day=row.day, by=person_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("That day is like its weekday again."))
    return redirect(calendar)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@policy("organisation.administer")
@require_http_methods(["GET", "POST"])
def calendar_holidays(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose (GET), look at what would be added, tick what shall be (POST)."""
    calendar = _calendar_for(request, reference)
    sent = request.POST if request.method == "POST" else request.GET if "country" in request.GET else None
    form = HolidayForm(sent, this_year=_today().year)
    found: list[tuple[date, str]] = []
    if form.is_valid():
        wanted = form.cleaned_data
        found = public_holidays(wanted["country"], wanted["region"], form.years, get_language() or "en")
        if request.method == "POST":
            return _add_holidays(request, calendar, found)
    standing = set(calendar.days.values_list("day", flat=True))
    context = {
        "calendar": calendar,
        "form": form,
        "found": [(day, name, day in standing) for day, name in found],
    }
    return render(request, "organisation/calendar_holidays.html", context, status=422 if form.errors else 200)


def _add_holidays(
    request: HttpRequest, calendar: BusinessCalendar, found: list[tuple[date, str]]
) -> HttpResponse:
    ticked = set(request.POST.getlist("day"))
    days = [(day, name) for day, name in found if day.isoformat() in ticked]
    try:
        count = actions.add_holidays(calendar, days=days, by=person_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(calendar)
    text = ngettext("%(count)d holiday is added.", "%(count)d holidays are added.", count)
    messages.success(request, text % {"count": count})
    return redirect(calendar)


@policy("organisation.administer")
@require_POST
def calendar_use(request: HttpRequest, reference: str) -> HttpResponse:
    """The chosen unit keeps this calendar from now on."""
    calendar = _calendar_for(request, reference)
    form = CalendarUseForm(request.POST, units=_units_without([]))
    if not form.is_valid():
        return _detail_page(request, calendar, status=422)
    unit = form.cleaned_data["unit"]
    try:
        actions.use_calendar(unit, calendar=calendar, by=person_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("“%(unit)s” keeps this calendar now.") % {"unit": unit.name})
    return redirect(calendar)


@policy("organisation.administer")
@require_POST
def calendar_unuse(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    calendar = _calendar_for(request, reference)
    use = get_object_or_404(calendar.uses.select_related("unit"), unit__slug=slug)
    actions.use_calendar(use.unit, calendar=None, by=person_of(request))
    messages.success(request, _("“%(unit)s” keeps the calendar of the unit above it.") % {"unit": use.unit})
    return redirect(calendar)


@policy("organisation.administer")
@require_POST
def calendar_archive(request: HttpRequest, reference: str) -> HttpResponse:
    calendar = _calendar_for(request, reference)
    try:
        actions.archive_calendar(calendar, by=person_of(request))
    except actions.CalendarInUse as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The calendar is archived. You can restore it."))
    return redirect(calendar)


@policy("organisation.administer")
@require_POST
def calendar_restore(request: HttpRequest, reference: str) -> HttpResponse:
    calendar = _calendar_for(request, reference)
    actions.restore_calendar(calendar, by=person_of(request))
    messages.success(request, _("The calendar is offered again."))
    return redirect(calendar)
