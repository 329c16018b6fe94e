"""Of which unit, place and period a page of the feedback room speaks; all of it in the address."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.period import Period, resolve
from feedback.models import Collector, Response
from organisation.models import Tree, Unit, User

NAMES = ("unit", "collector", "first", "last")
USUAL = "last-3-months"
PERIODS = [
    ("last-30-days", gettext_lazy("Last 30 days")),
    ("last-3-months", gettext_lazy("This month and the two before")),
    ("last-12-months", gettext_lazy("This month and the eleven before")),
]


def _day() -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ScopeForm(forms.Form):
    """What is not understood is told and left out; no unit means all that the reader may see."""

    names: ClassVar[tuple[str, ...]] = NAMES
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Unit"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("All units"),
    )
    collector = forms.ModelChoiceField(
        Collector.objects.none(),
        label=gettext_lazy("Where we ask"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("All places"),
    )
    period = forms.CharField(label=gettext_lazy("Period"), required=False, max_length=40)
    first = _day()
    last = _day()

    def __init__(self, data: Any, *, user: User, today: date) -> None:
        asked = data.get("period") or USUAL
        super().__init__({**{name: data.get(name) for name in self.names}, "period": asked})
        self.today = today
        mine = Unit.objects.active()
        units: Any = self.fields["unit"]
        units.queryset = mine if user.is_administrator else mine.filter(pk__in=user.unit_ids)
        places: Any = self.fields["collector"]
        places.queryset = Collector.objects.visible_to(user)
        self.fields["first"].label, self.fields["last"].label = _("First day"), _("Last day")
        self._offer_periods()

    def _offer_periods(self) -> None:
        """The usual ones, this year, the last one, and the one that the address names."""
        asked = self.data["period"][:40]
        years = [(f"{year}", f"{year}") for year in (self.today.year, self.today.year - 1)]
        choices = [*PERIODS, *years]
        if asked not in dict(choices):
            choices.append((asked, asked))
        self.fields["period"].widget = forms.Select(choices=choices)

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        code, first, last = asked.get("period") or USUAL, asked.get("first"), asked.get("last")
        try:
            if first or last:
                code = f"{first or last}..{last or first}"
            asked["period"] = resolve(code, today=self.today)
        except ValidationError as error:
            asked.pop("period", None)
            self.add_error("period", error)
        return asked

    @property
    def chosen(self) -> Period:
        """The period asked for; the usual one where the address is wrong."""
        found = getattr(self, "cleaned_data", {}).get("period")
        return found if isinstance(found, Period) else resolve(USUAL, today=self.today)

    def narrowed(self, responses: "QuerySet[Response]") -> "QuerySet[Response]":
        """The responses of the unit (with what stands below it today) and of the place; any day."""
        asked = self.cleaned_data
        if asked.get("unit"):
            responses = responses.filter(unit__in=Tree.on(self.today).subtree(asked["unit"].pk))
        if asked.get("collector"):
            responses = responses.filter(collector=asked["collector"])
        return responses
