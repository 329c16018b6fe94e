"""What was seen of a practice, on which day."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.forms.fields import DAY_WIDGET, CleanTextField
from training.models import PracticeObservation

MOST_DAYS_AGO = 366


class SeenForm(forms.Form):
    """`items` are the numbers of all that there is: what a colleague has seen meanwhile is no mistake."""

    item = forms.TypedMultipleChoiceField(coerce=int, required=True, label=gettext_lazy("What you saw"))
    seen_on = forms.DateField(label=gettext_lazy("Seen on"), widget=DAY_WIDGET)
    note = CleanTextField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=PracticeObservation._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The learner reads it."),
    )

    def __init__(self, *args: Any, items: Iterable[int], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        fields: Any = self.fields
        fields["item"].choices = [(number, str(number)) for number in items]
        fields["item"].error_messages["required"] = _("Tick at least one thing that you saw.")
        self.initial.setdefault("seen_on", today)

    @property
    def ticked(self) -> set[str]:
        """The numbers that are ticked as the form stands, right or wrong."""
        return {str(each) for each in self["item"].value() or []}

    def clean_seen_on(self) -> date:
        day: date = self.cleaned_data["seen_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        if day < self.today - timedelta(days=MOST_DAYS_AGO):
            raise forms.ValidationError(_("This is more than a year ago. Is the year right?"))
        return day

    def seen_at(self, zone: str, now: datetime) -> datetime:
        """The moment that is kept: now for today, else noon of the day where the learner works."""
        day: date = self.cleaned_data["seen_on"]
        if day == self.today:
            return now
        return min(datetime.combine(day, time(12), ZoneInfo(zone)), now)
