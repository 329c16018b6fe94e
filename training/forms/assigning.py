"""Whom to give a course to, by when, and why."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.forms.fields import DAY_WIDGET, CleanTextField
from common.text import search_form
from organisation.forms import offer
from organisation.models import Membership, Unit, User
from training.assigning import Group
from training.models import Assignment

MOST_FOUND = 20
MOST_YEARS_AHEAD = 10
DAYS_OFFERED = 30


class ManyField(forms.ModelMultipleChoiceField):
    """Several rows by their public names; what no database can look up is no row."""

    def clean(self, value: Any) -> Any:
        return super().clean([str(each).replace("\x00", "?") for each in value or []])


class AssignForm(forms.Form):
    """`searched` holds who was found by the words of `q`, `chosen` who is ticked already.

    The fields of `SINGLE` hold one value each, the others several.
    """

    SINGLE = ("role", "level", "hired_since", "q", "due_on", "why")

    units = ManyField(
        Unit.objects.none(),
        label=gettext_lazy("Units, with all below"),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False)
    hired_since = forms.DateField(label=gettext_lazy("Hired since"), required=False, widget=DAY_WIDGET)
    people = ManyField(
        User.objects.none(), label=gettext_lazy("People"), to_field_name="reference", required=False
    )
    q = CleanTextField(
        label=gettext_lazy("Search by name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    due_on = forms.DateField(label=gettext_lazy("Due on"), widget=DAY_WIDGET)
    why = CleanTextField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=Assignment._meta.get_field("why").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The learner reads it beside the course."),
    )

    def __init__(self, *args: Any, user: User, units: list[Unit], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        fields: Any = self.fields
        fields["units"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        top = min((unit.depth for unit in units), default=0)
        fields["units"].choices = [(unit.slug, "\u2003" * (unit.depth - top) + unit.name) for unit in units]
        offer(self, "role", [("", _("Every role")), *Membership.Role.choices])
        offer(self, "level", [("", _("Every level")), *Membership.Level.choices])
        self.initial.setdefault("due_on", today + timedelta(days=DAYS_OFFERED))
        self.everybody = User.objects.visible_to(user).filter(is_active=True)
        fields["people"].queryset = self.everybody

    @property
    def chosen(self) -> list[User]:
        """Who is ticked by name, whether or not the rest of the form is right."""
        raw = self["people"].value() or []
        references = [str(each).replace("\x00", "")[:20] for each in raw][:1000]
        return list(self.everybody.filter(reference__in=references).order_by("name", "pk"))

    @property
    def searched(self) -> list[User]:
        """The first people whose name or address holds the words, without those who are ticked."""
        words = search_form(str(self["q"].value() or "")).replace("\x00", "").split()
        if not words:
            return []
        found = self.everybody.exclude(pk__in=[person.pk for person in self.chosen])
        for word in words[:8]:
            found = found.filter(search__contains=word)
        return list(found.order_by("name", "pk")[:MOST_FOUND])

    def group(self) -> Group | None:
        """The group that was described; None where only people were named."""
        wanted = self.cleaned_data
        names = ("role", "level", "hired_since")
        if not wanted["units"] and not any(wanted[name] for name in names):
            return None
        return Group(list(wanted["units"]), *(wanted[name] for name in names))

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError(_("The course cannot be due before today."))
        if due_on > self.today + timedelta(days=366 * MOST_YEARS_AHEAD):
            raise forms.ValidationError(_("This is more than ten years ahead. Is the year right?"))
        return due_on

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and self.group() is None and not wanted["people"]:
            raise forms.ValidationError(_("Choose somebody: units, a role or level, or people by name."))
        return wanted


class CourseChoice(forms.Form):
    """The first step where no course is chosen yet."""

    q = CleanTextField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def filter(self, courses: Any) -> Any:
        if not self.is_valid():
            return courses.none()
        for word in search_form(self.cleaned_data["q"]).split():
            courses = courses.filter(search__contains=word)
        return courses
