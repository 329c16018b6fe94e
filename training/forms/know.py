"""The review of what was prepared from an edition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from training.models import Preparation


class ReviewForm(forms.Form):
    """Which questions are accepted, and how many days people have."""

    accepted = forms.MultipleChoiceField(required=False)
    due_days = forms.IntegerField(
        label=gettext_lazy("Days to take it"), min_value=1, max_value=365, initial=30
    )

    def __init__(self, *args: Any, preparation: Preparation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = preparation.questions.values_list("key", flat=True)
        field: Any = self.fields["accepted"]
        field.choices = [(key, key) for key in keys]


class StateForm(forms.Form):
    """The list of what was prepared, narrowed to a state."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *Preparation.State.choices],
    )

    def filter(self, rows: Any) -> Any:
        chosen = self.cleaned_data.get("state") if self.is_valid() else ""
        return rows.filter(state=chosen) if chosen else rows
