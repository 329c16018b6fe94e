"""Forms and the search of initiatives."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.citations import is_known_place
from common.fields import DAY_WIDGET, VersionedForm, text_field
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Unit, User
from strategy.forms.fields import MeasureChoice, PersonChoice, RoomSearch, offer_measures, offer_people
from strategy.models import Factor, Initiative, Stake
from strategy.starters import starters


class InitiativeSearch(RoomSearch):
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("Under way and to come")), ("archived", _("Archived")), ("all", _("All"))],
    )

    def filter(self, initiatives: Any) -> Any:
        initiatives = self.narrowed(initiatives)
        if not self.is_valid() or self.cleaned_data["state"] == "all":
            return initiatives
        return initiatives.filter(archived_at__isnull=self.cleaned_data["state"] != "archived")


class InitiativeForm(VersionedForm):
    field_names = ("name", "unit", "owner", "starts_on", "ends_on", "vision")

    name = text_field(Initiative, "name")
    unit = UnitChoice(label=_("Unit, with all below"), empty_label=_("Choose a unit"))
    owner = PersonChoice(label=_("Sponsor"))
    starts_on = forms.DateField(label=_("From"), widget=DAY_WIDGET)
    ends_on = forms.DateField(label=_("Until"), widget=DAY_WIDGET)
    vision = text_field(
        Initiative, "vision", help_text=_("What customers will say of you when it has succeeded.")
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        units: list[Unit],
        standing: Initiative | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kept = [standing.unit] if standing and standing.unit not in units else []
        offer_units(self, "unit", [*units, *kept])
        offer_people(self, "owner", user, standing.owner if standing else None)

    @property
    def initiative_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.field_names}


class BeginForm(InitiativeForm):
    """A new one, with the steps of a template."""

    starter = forms.ChoiceField(label=_("Steps"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["starter"].choices = [(each.key, f"{each.name}: {each.words}") for each in starters().values()]


def stored(initiative: Initiative) -> dict[str, Any]:
    return {name: getattr(initiative, name) for name in InitiativeForm.field_names}


def initial(initiative: Initiative) -> dict[str, Any]:
    found = stored(initiative) | {"version": initiative.version}
    return found | {"unit": initiative.unit.slug, "owner": initiative.owner.reference}


class StakeForm(VersionedForm):
    field_names = ("kind", "text", "evidence", "address")

    kind = forms.ChoiceField(label=_("Kind"), choices=Stake.Kind.choices)
    text = text_field(Stake, "text")
    evidence = text_field(
        Stake, "evidence", help_text=_("A figure, a finding, a report: without it, it is an opinion.")
    )
    address = text_field(Stake, "address", help_text=_("Begins with https:// or with / for a page here."))

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address and not is_known_place(address):
            raise forms.ValidationError(_("An address begins with https:// or with /."))
        return address


class FactorForm(VersionedForm):
    field_names = ("text", "measure")

    text = text_field(Factor, "text")
    measure = MeasureChoice(label=_("Measure that tells"), required=False)

    def __init__(self, *args: Any, standing: Factor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_measures(self, "measure", standing.measure if standing else None)
