"""Dates of lessons in person, and why one is called off."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.forms.fields import CleanTextField, text_field
from common.fields import MomentField
from organisation.forms import offer
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Unit
from training.models import InPersonSession, Lesson

LONGEST_DAYS = 31


def lessons_in_person() -> list[tuple[str, str]]:
    """The lessons of released courses that are taught in person: “course/lesson” and its words."""
    newest = {
        lesson.module.version.course_id: lesson.module.version_id
        for lesson in Lesson.objects.filter(
            module__version__released_at__isnull=False, module__version__course__state="released"
        )
        .select_related("module__version")
        .order_by("module__version__number")
    }
    lessons = Lesson.objects.filter(kind=Lesson.Kind.SESSION, module__version__in=newest.values())
    rows = lessons.select_related("module__version__course").prefetch_related(
        "texts", "module__version__course__texts"
    )
    found = [
        (f"{lesson.module.version.course.key}/{lesson.key}", f"{lesson.module.version.course}: {lesson}")
        for lesson in rows
    ]
    return sorted(found, key=lambda each: each[1])


class SessionForm(forms.Form):
    """Times are those of the unit's place. `lesson` cannot be changed once the date is set.

    `seen` are the terms of the date as they stood when the form was opened.
    """

    lesson = forms.ChoiceField(label=gettext_lazy("Lesson"))
    unit = UnitChoice(label=gettext_lazy("Unit"), empty_label=None)
    place = text_field(InPersonSession, "place")
    starts_at = MomentField(label=gettext_lazy("Begins"))
    ends_at = MomentField(label=gettext_lazy("Ends"))
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=1000, initial=12)
    led_by = text_field(InPersonSession, "led_by", label=gettext_lazy("Led by"))
    note = text_field(InPersonSession, "note", label=gettext_lazy("Note for those who come"))
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, units: list[Unit], session: InPersonSession | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        offer_units(self, "unit", units)
        if session is None:
            offer(self, "lesson", lessons_in_person())
        else:
            del self.fields["lesson"]
            self.initial = {name: getattr(session, name) for name in ("place", "seats", "led_by", "note")}
            zone = ZoneInfo(session.unit.timezone)
            self.initial |= {"unit": session.unit.slug, "seen": session.terms()}
            for name in ("starts_at", "ends_at"):
                self.initial[name] = getattr(session, name).astimezone(zone).replace(tzinfo=None)

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        unit = wanted.get("unit")
        for name in ("starts_at", "ends_at"):
            if unit and wanted.get(name):
                wanted[name] = wanted[name].replace(tzinfo=ZoneInfo(unit.timezone))
        starts, ends = wanted.get("starts_at"), wanted.get("ends_at")
        if unit and starts and ends:
            self._refuse_odd_times(starts, ends)
        return wanted

    def _refuse_odd_times(self, starts: datetime, ends: datetime) -> None:
        if ends <= starts:
            self.add_error("ends_at", _("The meeting cannot end before it begins."))
        elif (ends - starts).days >= LONGEST_DAYS:
            self.add_error("ends_at", _("This meeting would last over a month. Is the date right?"))

    def fill(self, session: InPersonSession) -> InPersonSession:
        """The row with what was typed, not saved."""
        for name in ("unit", "place", "starts_at", "ends_at", "seats", "led_by", "note"):
            setattr(session, name, self.cleaned_data[name])
        return session


class CancelForm(forms.Form):
    reason = CleanTextField(
        label=gettext_lazy("Why it is called off"),
        max_length=InPersonSession._meta.get_field("cancel_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stands in the letter to everybody who has a seat."),
    )
