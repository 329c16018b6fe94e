"""What a manager decides about somebody's course: more time, or none at all, each with a reason."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.forms.fields import DAY_WIDGET, CleanTextField
from training.forms.assigning import MOST_YEARS_AHEAD
from training.models import Assignment


def _reason(label: Any) -> CleanTextField:
    return CleanTextField(
        label=label,
        max_length=Assignment._meta.get_field("waiver_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The learner reads it."),
    )


class Decision(forms.Form):
    """`seen` is how the cycle stood when the page was opened (`Assignment.stand`).

    Two decisions stand on one page, so each has ids of its own.
    """

    ids = "id_%s"
    seen = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, assignment: Assignment, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", self.ids)
        super().__init__(*args, **kwargs)
        self.assignment, self.today = assignment, today
        self.initial.setdefault("seen", assignment.stand)

    def refuse_far_days(self, day: date) -> date:
        if day > self.today + timedelta(days=366 * MOST_YEARS_AHEAD):
            raise forms.ValidationError(_("This is more than ten years ahead. Is the year right?"))
        return day


class ExtendForm(Decision):
    ids = "extend_%s"
    due_on = forms.DateField(label=gettext_lazy("Due on"), widget=DAY_WIDGET)
    reason = _reason(gettext_lazy("Why more time is given"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = max(self.assignment.due_on, self.today) + timedelta(days=14)
        self.initial.setdefault("due_on", later)

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError(_("This day is past: choose one that is still to come."))
        if due_on <= self.assignment.due_on:
            raise forms.ValidationError(_("An extension gives more time: choose a later day."))
        return self.refuse_far_days(due_on)


class WaiveForm(Decision):
    ids = "waive_%s"
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DAY_WIDGET,
        help_text=gettext_lazy("The last day. Empty: for good."),
    )
    reason = _reason(gettext_lazy("Why the course is waived"))

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is None:
            return None
        if until < self.today:
            raise forms.ValidationError(_("A waiver cannot end before today."))
        return self.refuse_far_days(until)
