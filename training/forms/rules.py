"""A rule that gives out a course."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.forms.fields import DAY_WIDGET, text_field
from organisation.forms import offer
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Membership, Unit
from training.forms.lists import CourseField
from training.models import AssignmentRule, Course

MOST_DAYS = 3650


class RuleForm(forms.ModelForm):
    """`seen` are the terms of the rule as they stood when the form was opened."""

    course = CourseField(label=gettext_lazy("Course"), empty_label=gettext_lazy("Choose a course"))
    unit = UnitChoice(label=gettext_lazy("Unit, with all below"), empty_label=None)
    why = text_field(AssignmentRule, "why", widget=forms.Textarea(attrs={"rows": 2}))
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    class Meta:
        model = AssignmentRule
        fields = [
            *("course", "unit", "role", "level", "hired_within_days", "hired_after"),
            *("due_days", "counted_from", "starts_on", "why"),
        ]
        labels = {
            "role": gettext_lazy("Role"),
            "level": gettext_lazy("Level"),
            "hired_within_days": gettext_lazy("Hired within so many days"),
            "hired_after": gettext_lazy("Hired after"),
            "due_days": gettext_lazy("Due after so many days"),
            "counted_from": gettext_lazy("Counted from"),
            "starts_on": gettext_lazy("In force from"),
        }
        help_texts = {
            "hired_within_days": gettext_lazy("For newcomers: 90 means hired in the last 90 days."),
            "starts_on": gettext_lazy("Nobody gets the course by this rule before that day."),
        }
        widgets = {
            "hired_after": DAY_WIDGET,
            "starts_on": DAY_WIDGET,
            "hired_within_days": forms.NumberInput(attrs={"min": 0, "max": MOST_DAYS}),
            "due_days": forms.NumberInput(attrs={"min": 0, "max": MOST_DAYS}),
        }

    def __init__(self, *args: Any, user: Any, units: list[Unit], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["course"].required = True
        fields["course"].queryset = Course.objects.visible_to(user).released().prefetch_related("texts")
        offer_units(self, "unit", units)
        offer(self, "role", [("", _("Every role")), *Membership.Role.choices])
        offer(self, "level", [("", _("Every level")), *Membership.Level.choices])
        self.initial.setdefault("starts_on", today)
        if self.instance.pk:
            del self.fields["course"]
            self.initial["unit"] = self.instance.unit.slug
            self.initial["seen"] = self.instance.terms()

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("hired_within_days", "due_days"):
            if (wanted.get(name) or 0) > MOST_DAYS:
                self.add_error(name, _("At most %(days)d days.") % {"days": MOST_DAYS})
        return wanted
