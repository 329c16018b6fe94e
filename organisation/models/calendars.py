"""Business calendars: when the organisation is open, and which units keep which calendar."""

import hashlib
import json
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.clock import DAYS, Calendar, read_hours
from common.reference import new_reference
from common.text import search_form, validate_text
from organisation.models.units import Tree, Unit, validate_zone


class BusinessCalendarQuerySet(models.QuerySet["BusinessCalendar"]):
    def active(self) -> "BusinessCalendarQuerySet":
        return self.filter(archived_at__isnull=True)

    def visible_to(self, user: Any) -> "BusinessCalendarQuerySet":
        """Opening hours are no secret: everybody who is signed in reads every calendar."""
        return self if user.is_authenticated else self.none()

    def kept_by(self, unit: Unit, on: date) -> "BusinessCalendar | None":
        """The calendar of the unit, else of the nearest unit above it on that day; None where none is."""
        path = Tree.on(on).path(unit.pk)
        uses = {use.unit_id: use for use in CalendarUse.objects.filter(unit__in=path)}
        found = next((uses[pk] for pk in reversed(path) if pk in uses), None)
        return self.get(pk=found.calendar_id) if found else None


class BusinessCalendar(models.Model):
    """Weekly open hours in one time zone, with the days that are different.

    `week` is the weekly part of a rule: `{"mon": ["09:00-12:00", "13:00-17:00"]}`. What is due is
    reckoned with `clock`; whoever stores a due time stores the rule as it was (`freeze`).
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    name = models.CharField(_("name"), max_length=100, unique=True, validators=[validate_text])
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    week = models.JSONField(_("open hours"))
    version = models.PositiveIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    search = models.TextField(editable=False, default="", help_text="the name, case-folded")

    objects = BusinessCalendarQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("organisation:calendar_detail", args=[self.reference])

    def as_rule(self) -> dict[str, Any]:
        """The whole calendar as JSON, in the one way in which `common.clock` writes it."""
        days = list(self.days.all())
        rule = {
            "zone": self.zone,
            "week": self.week,
            "closed": {day.day.isoformat(): day.name for day in days if not day.hours},
            "special": {day.day.isoformat(): day.hours for day in days if day.hours},
        }
        return Calendar.from_rule(rule).as_rule()

    @cached_property
    def clock(self) -> Calendar:
        """The calendar to reckon with. Raises CalendarRefused where it has no open time."""
        return Calendar.from_rule(self.as_rule())

    def freeze(self) -> "FrozenCalendar":
        """The row that keeps the rule as it is now; equal rules share one row."""
        return FrozenCalendar.objects.keep(self.as_rule())

    @property
    def week_in_order(self) -> list[tuple[str, list[str]]]:
        return [(name, self.week.get(name, [])) for name in DAYS]


class CalendarDay(models.Model):
    """A date that differs from its weekday: closed where it has no hours, else open only in these."""

    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=100, validators=[validate_text])
    hours = models.JSONField(_("open hours"), default=list, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="one_calendar_day_a_date")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

    def clean(self) -> None:
        try:
            read_hours(self.hours)
        except ValueError as error:
            raise ValidationError({"hours": _("These are no open hours.")}) from error


class CalendarUse(models.Model):
    """A unit keeps a calendar; so do the units below it that keep none of their own."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="calendar_use")
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.PROTECT, related_name="uses")

    def __str__(self) -> str:
        return f"{self.unit}: {self.calendar}"


class FrozenCalendarQuerySet(models.QuerySet["FrozenCalendar"]):
    def keep(self, rule: dict[str, Any]) -> "FrozenCalendar":
        """The row of this rule, made where it is new."""
        text = json.dumps(rule, sort_keys=True, ensure_ascii=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return self.get_or_create(digest=digest, defaults={"rule": rule})[0]


class FrozenCalendar(models.Model):
    """A calendar's rule as it was when something became due by it. Never changed, never deleted."""

    digest = models.CharField(max_length=64, unique=True)
    rule = models.JSONField()

    objects = FrozenCalendarQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest[:12]

    @cached_property
    def clock(self) -> Calendar:
        return Calendar.from_rule(self.rule)
