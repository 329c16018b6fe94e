"""Forms of units."""

from datetime import date
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from common.period import add_months
from common.text import clean_text, search_form
from organisation.forms import offer
from organisation.models import Unit

MONTHS_AHEAD = 18


class UnitChoice(forms.ModelChoiceField):
    """Units in the order of the tree, each told apart by its depth. The value is the slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Unit.objects.none(), to_field_name="slug", **kwargs)


def offer_units(form: forms.BaseForm, name: str, units: list[Unit]) -> None:
    """Only these may be chosen in the field, in this order."""
    field = cast(UnitChoice, form.fields[name])
    field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
    rows: list[tuple[str, Any]] = [(unit.slug, "\u2003" * unit.depth + unit.name) for unit in units]
    field.choices = rows if field.empty_label is None else [("", field.empty_label), *rows]


class UnitForm(forms.ModelForm):
    timezone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = Unit
        fields = ["name", "slug", "timezone", "external_reference"]
        labels = {"external_reference": _("Reference in other systems")}
        help_texts = {
            "slug": _("Small letters, digits and hyphens. It stands in addresses that customers see."),
            "external_reference": _("The name of this unit in files that you import, where it differs."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "timezone", [(zone, zone) for zone in sorted(available_timezones())])

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"], max_length=200)

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].lower()

    def clean_external_reference(self) -> str:
        return clean_text(self.cleaned_data["external_reference"], max_length=100)


class NewUnitForm(UnitForm):
    parent = UnitChoice(label=_("Stands below"), empty_label=None)

    field_order = ["name", "slug", "parent", "timezone", "external_reference"]

    def __init__(self, *args: Any, parents: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "parent", parents)
        if parents:
            # Not `setdefault`: the instance behind the form brings the model's default along.
            self.initial["timezone"] = parents[0].timezone


class PlacementForm(forms.Form):
    """Below which unit, and from which month on."""

    parent = UnitChoice(label=_("Stands below"), empty_label=None)
    starts_on = forms.TypedChoiceField(label=_("From"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, parents: list[Unit], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "parent", parents)
        months = [add_months(today, ahead) for ahead in range(MONTHS_AHEAD)]
        offer(self, "starts_on", [(each.isoformat(), each.strftime("%Y-%m")) for each in months])


class UnitSearch(forms.Form):
    """The tree is read whole to be put in order, so the search filters the ordered list."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("In use")), ("archived", _("Archived")), ("all", _("All"))],
    )

    def filter(self, units: list[Unit]) -> list[Unit]:
        if not self.is_valid():
            return []
        words = search_form(self.cleaned_data["q"]).split()
        state = self.cleaned_data["state"]
        return [
            unit
            for unit in units
            if (state == "all" or (unit.archived_at is not None) == (state == "archived"))
            and all(word in search_form(f"{unit.name} {unit.slug}") for word in words)
        ]
