"""Forms of business calendars."""

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.clock import (
    DAYS,
    Calendar,
    CalendarRefused,
    Limit,
    Unit,
    read_clock,
    refuse_far,
    refuse_hours,
    write_hours,
)
from common.fields import MomentField
from common.text import clean_text, search_form, validate_text
from organisation.forms import offer
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import BusinessCalendar
from organisation.models import Unit as OrganisationUnit
from organisation.public_holidays import countries, regions

WEEKDAYS = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
LIMIT_UNITS = [
    (Unit.MINUTES, _("business minutes")),
    (Unit.WORKING_DAYS, _("working days")),
    (Unit.DAYS, _("calendar days")),
    (Unit.WEEKS, _("calendar weeks")),
]
YEARS_AHEAD = 5
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_SPANS = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_BETWEEN = re.compile(r"\s*(?:[-–—]|\bto\b)\s*")


class HoursField(forms.CharField):
    """Open hours as people write them: “9-12, 13:30-17”; blank is closed. Gives what a rule holds."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"placeholder": _("closed"), "autocomplete": "off"})
        )
        super().__init__(required=False, max_length=120, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        if not text or search_form(text) in (search_form(_now("closed")), "closed"):
            return []
        try:
            hours = tuple(sorted(self._span(part) for part in _SPANS.split(text) if part))
            refuse_hours(hours)
        except CalendarRefused:
            raise
        except ValueError as error:
            words = _now("“%(text)s” cannot be read. Write hours like 9-12, 13:30-17.")
            raise ValidationError(words, params={"text": text[:40]}) from error
        return write_hours(hours)

    def _span(self, text: str) -> tuple[int, int]:
        start, end = _BETWEEN.split(text)
        return self._clock(start), self._clock(end)

    def _clock(self, text: str) -> int:
        text = text.replace(".", ":")
        return read_clock(text if ":" in text else f"{text}:00")


class CalendarForm(forms.Form):
    """Name, zone and the open hours of each weekday."""

    name = forms.CharField(label=_("Name"), max_length=100, validators=[validate_text])
    zone = forms.ChoiceField(label=_("Time zone"))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, calendar: BusinessCalendar | None = None, **kwargs: Any) -> None:
        if calendar:
            kwargs["initial"] = {
                "name": calendar.name,
                "zone": calendar.zone,
                "version": calendar.version,
                **calendar.week,
            }
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        offer(self, "zone", [(zone, zone) for zone in sorted(available_timezones())])
        for name in DAYS:
            self.fields[name] = HoursField(label=WEEKDAYS[name])

    def clean_name(self) -> str:
        name = clean_text(self.cleaned_data["name"], max_length=100)
        others = BusinessCalendar.objects.filter(search=search_form(name))
        if others.exclude(pk=self.calendar.pk if self.calendar else 0).exists():
            raise ValidationError(_now("There is a calendar of this name already."))
        return name

    @property
    def fields_of_calendar(self) -> dict[str, Any]:
        """What the actions take."""
        wanted = self.cleaned_data
        week = {name: wanted[name] for name in DAYS if wanted[name]}
        return {"name": wanted["name"], "zone": wanted["zone"], "week": week}


class DayForm(forms.Form):
    """A date that differs from its weekday."""

    day = forms.DateField(label=_("Date"), widget=DAY)
    name = forms.CharField(
        label=_("What is it?"), max_length=100, validators=[validate_text], help_text=_("Christmas Eve")
    )
    hours = HoursField(label=_("Open hours on that day"), help_text=_("Leave it empty where you are closed."))

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"], max_length=100)


class HolidayForm(forms.Form):
    """Which country's public holidays, where in it, and for which years."""

    country = forms.ChoiceField(label=_("Country"))
    region = forms.ChoiceField(label=_("Region"), required=False)
    first = forms.TypedChoiceField(label=_("From year"), coerce=int)
    last = forms.TypedChoiceField(label=_("To year"), coerce=int)

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"first": this_year, "last": this_year + 1})
        super().__init__(*args, **kwargs)
        years = [(year, year) for year in range(this_year - 1, this_year + YEARS_AHEAD)]
        offer(self, "country", [("", _now("Choose a country")), *countries()])
        offer(self, "first", years)
        offer(self, "last", years)
        country = self.data.get("country", "")
        offer(self, "region", [("", _now("Whole country")), *regions(country)])

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        if wanted.get("first", 0) > wanted.get("last", 0):
            self.add_error("last", _now("The last year comes before the first one."))
        return wanted

    @property
    def years(self) -> range:
        return range(self.cleaned_data["first"], self.cleaned_data["last"] + 1)


class TryForm(forms.Form):
    """When would something be due that arrives at a moment?"""

    received = MomentField(label=_("Received at"))
    amount = forms.IntegerField(label=_("Limit"), min_value=1, max_value=100_000)
    unit = forms.ChoiceField(label=_("Counted in"), choices=LIMIT_UNITS)

    def clean_received(self) -> datetime:
        typed: datetime = self.cleaned_data["received"]
        refuse_far(typed)
        return typed

    def moment_in(self, calendar: Calendar) -> datetime:
        """What was typed is a wall time of the calendar's zone."""
        typed: datetime = self.cleaned_data["received"]
        return typed.replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        if "amount" in wanted and "unit" in wanted:
            try:
                self.limit = Limit(wanted["amount"], Unit(wanted["unit"]))
            except ValidationError as refused:
                self.add_error("amount", refused)
        return wanted


class CalendarUseForm(forms.Form):
    """A unit that shall keep the calendar."""

    unit = UnitChoice(label=_("Unit"), empty_label=None)

    def __init__(self, *args: Any, units: list[OrganisationUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "unit", units)


class CalendarSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("In use")), ("archived", _("Archived")), ("all", _("All"))],
    )

    def filter(self, calendars: Any) -> Any:
        """The calendars that match; a filter that makes no sense is left out, and the form says so."""
        self.is_valid()
        state = self.cleaned_data.get("state")
        if state != "all":
            calendars = calendars.filter(archived_at__isnull=state != "archived")
        if words := self.cleaned_data.get("q"):
            calendars = calendars.filter(search__contains=search_form(words))
        return calendars


class YearForm(forms.Form):
    """Which year's days a calendar shows."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)

    def __init__(self, *args: Any, years: list[int], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "year", [("", _now("From today on")), *((year, year) for year in years)])
        self.today = today

    def filter(self, days: Any) -> Any:
        self.is_valid()
        year = self.cleaned_data.get("year")
        return days.filter(day__year=year) if year else days.filter(day__gte=self.today)
