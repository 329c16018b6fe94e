"""The review of what was prepared from an edition."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from charter.forms.fields import search_field
from common.text import search_form
from organisation.models import Unit
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


class PreparationSearch(forms.Form):
    """What was prepared, by unit and state. Without a state what a later edition replaced is left out."""

    q = search_field(gettext_lazy("Search by unit"))
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All but the replaced")),
            *Preparation.State.choices,
            ("all", gettext_lazy("All")),
        ],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Sort by"),
        required=False,
        choices=[
            ("", gettext_lazy("The newest first")),
            ("oldest", gettext_lazy("The oldest first")),
            ("unit", gettext_lazy("Unit")),
        ],
    )
    ORDERS: ClassVar = {
        "": ["-prepared_at", "-pk"],
        "oldest": ["prepared_at", "pk"],
        "unit": ["edition__charter__unit__name", "-edition__number"],
    }

    def filter(self, rows: Any) -> Any:
        """In the order that was asked for; nothing where the search makes no sense."""
        if not self.is_valid():
            return rows.none()
        wanted = self.cleaned_data
        if words := search_form(wanted["q"]).split():
            units = Unit.objects.filter(charter__isnull=False).values_list("pk", "name")
            fitting = [pk for pk, name in units if all(word in search_form(name) for word in words)]
            rows = rows.filter(edition__charter__unit__in=fitting)
        if wanted["state"] == "":
            rows = rows.exclude(state=Preparation.State.SUPERSEDED)
        elif wanted["state"] != "all":
            rows = rows.filter(state=wanted["state"])
        return rows.order_by(*self.ORDERS[wanted["sort"]])
