"""What the manager's pages are filtered by. Everything is sent by GET, so that an address says it all."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import DAY_WIDGET, search_field
from organisation.models import Membership, Unit
from training.matrix import CellState
from training.models import Course

FIRST_YEAR = 1990


def unit_choices(units: Sequence[Unit]) -> list[tuple[str, Any]]:
    """The units as a tree of words; the empty choice stands for all of them."""
    top = min((unit.depth for unit in units), default=0)
    return [("", _("All units")), *((unit.slug, "\u2003" * (unit.depth - top) + unit.name) for unit in units)]


def course_choices(courses: Sequence[Course]) -> list[Any]:
    """Those that are taught first; archived ones say so."""
    taught = [(course.key, str(course)) for course in courses if course.state == Course.State.RELEASED]
    gone = [(course.key, str(course)) for course in courses if course.state == Course.State.ARCHIVED]
    groups = [(_("Archived"), gone)] if gone else []
    return [("", _("All courses")), *taught, *groups]


class ScopeSearch(forms.Form):
    """A unit with those below it, and a course; whoever sees neither cannot choose it."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    course = forms.ChoiceField(label=_("Course"), required=False)

    def __init__(self, data: Any, *, units: Sequence[Unit], courses: Sequence[Course]) -> None:
        super().__init__(data)
        self._units = {unit.slug: unit for unit in units}
        self._courses = {course.key: course for course in courses}
        fields: Any = self.fields
        if "unit" in fields:
            fields["unit"].choices = unit_choices(units)
        fields["course"].choices = course_choices(courses)

    @property
    def chosen_unit(self) -> Unit | None:
        return self._units.get(self.cleaned_data.get("unit") or "")

    @property
    def chosen_course(self) -> Course | None:
        return self._courses.get(self.cleaned_data.get("course") or "")

    @property
    def chosen_courses(self) -> list[Course]:
        """The one that was chosen, else all that are released."""
        if self.chosen_course:
            return [self.chosen_course]
        return [each for each in self._courses.values() if each.state == Course.State.RELEASED]

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class MatrixSearch(ScopeSearch):
    """Which people and courses the matrix shows, and in which order."""

    q = search_field(_("Search names"))
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("Every role")), *Membership.Role.choices]
    )
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("Every level")), *Membership.Level.choices]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Every state")), *CellState.choices]
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("By name")),
            ("-name", _("By name, from Z")),
            ("overdue", _("Most overdue first")),
            ("hired", _("Newest colleagues first")),
        ],
    )
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)
    field_order = ["q", "unit", "role", "level", "course", "state", "sort", "overdue"]


class ComplianceSearch(ScopeSearch):
    """Which units and courses are reckoned, and on which day: today unless told otherwise."""

    on = forms.DateField(label=_("On the day"), required=False, widget=DAY_WIDGET)
    field_order = ["on", "unit", "course"]

    def __init__(self, data: Any, *, today: date, **scope: Any) -> None:
        asked = data.copy()
        asked["on"] = data.get("on") or today.isoformat()
        super().__init__(asked, **scope)
        self.today = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"] or self.today
        if day > self.today:
            raise ValidationError(_("This day has not come yet."))
        if day.year < FIRST_YEAR:
            raise ValidationError(_("This day is too long ago."))
        return day


class QuestionSearch(ScopeSearch):
    """Which questions of the quizzes are shown, and in which order."""

    unit = None  # type: ignore[assignment]
    q = search_field(_("Search questions"))
    standard = forms.ChoiceField(label=_("Standard"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("Most often wrong first")),
            ("right", _("Most often right first")),
            ("n", _("Most answers first")),
        ],
    )
    field_order = ["q", "course", "standard", "sort"]

    def __init__(self, data: Any, *, standards: Sequence[Any], courses: Sequence[Course]) -> None:
        super().__init__(data, units=[], courses=courses)
        field: Any = self.fields["standard"]
        field.choices = [("", _("All standards")), *((each.key, str(each)) for each in standards)]
