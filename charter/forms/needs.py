"""Forms that tie standards to needs, and the search for those that stand alone."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.forms.improvements import StandardChoice, own_standards
from charter.models import Measure, NeedMeasure, Standard
from common.fields import VersionedForm, matching, search_field
from common.text import search_form
from customers.models import Need
from organisation.models import Unit


class TieForm(forms.Form):
    """One of the standards that the person manages and that do not answer the need yet."""

    standard = StandardChoice(
        Standard.objects.none(),
        to_field_name="key",
        label=_("Another standard that answers it"),
        empty_label=_("Choose a standard"),
    )

    def __init__(self, *args: Any, user: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["standard"]
        field.queryset = own_standards(user).exclude(pk__in=need.standards.values("pk"))

    @property
    def has_standards(self) -> bool:
        return self.fields["standard"].queryset.exists()  # type: ignore[attr-defined]


class UnmatchedSearchForm(forms.Form):
    """Words and a unit, for both tables: whose need it is to look after, whose charter it is."""

    q = search_field(_("Search"))
    unit = forms.ModelChoiceField(
        Unit.objects.all(), to_field_name="slug", label=_("Unit"), required=False, empty_label=_("All units")
    )
    sort = forms.ChoiceField(
        label=_("Sort by"), required=False, choices=[("", _("Name")), ("newest", _("Newest first"))]
    )

    def needs(self, needs: Any) -> Any:
        if not self.is_valid():
            return needs.none()
        wanted = self.cleaned_data
        if wanted["unit"]:
            needs = needs.filter(unit=wanted["unit"])
        if wanted["q"]:
            needs = needs.filter(search__contains=search_form(wanted["q"]))
        return needs.order_by(*(("-created_at", "-pk") if wanted["sort"] else ("need", "pk")))

    def standards(self, standards: Any) -> Any:
        if not self.is_valid():
            return standards.none()
        wanted = self.cleaned_data
        if wanted["unit"]:
            standards = standards.filter(charter__unit=wanted["unit"])
        if wanted["q"]:
            rows = ((each.pk, str(each)) for each in standards)
            standards = standards.filter(pk__in=matching(rows, wanted["q"]))
        return standards.order_by("-pk") if wanted["sort"] else standards


class MeasureChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.standard.charter.unit.name})"


class MeasureChoices(forms.ModelMultipleChoiceField):
    label_from_instance = MeasureChoice.label_from_instance  # type: ignore[assignment]


class NeedMeasuresForm(VersionedForm):
    """The measures of a need; those that are chosen already stay, though they be archived."""

    importance = MeasureChoice(
        Measure.objects.none(),
        to_field_name="key",
        required=False,
        label=_("How important it is"),
        empty_label=_("Not asked yet"),
        help_text=_("A measure that is asked about a need: a mean of answers from 1 to 5."),
    )
    satisfaction = MeasureChoice(
        Measure.objects.none(),
        to_field_name="key",
        required=False,
        label=_("How satisfied customers are"),
        empty_label=_("Not asked yet"),
        help_text=_("Another mean of answers from 1 to 5. Its goal is where satisfaction is cut."),
    )
    others = MeasureChoices(
        Measure.objects.none(),
        to_field_name="key",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("What else shows how well we meet it"),
    )

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        kwargs["initial"] = chosen_measures(need) | {"version": need.version}
        super().__init__(*args, **kwargs)
        in_use = Q(archived_at__isnull=True, standard__archived_at__isnull=True)
        known = Measure.objects.filter(in_use | Q(pk__in=need.measures.values("measure")))
        known = known.select_related("standard__charter__unit").order_by("name", "pk")
        means = known.filter(method=Measure.Method.MEAN, scale_low=1, scale_high=5)
        fields: Any = self.fields
        fields["importance"].queryset = means.filter(is_of_need=True)
        fields["satisfaction"].queryset = means
        fields["others"].queryset = known


def chosen_measures(need: Need) -> dict[str, Any]:
    """What stands now, by the names of the form's fields."""
    by_role: dict[str, list[Measure]] = {}
    for row in need.measures.select_related("measure"):
        by_role.setdefault(row.role, []).append(row.measure)
    role = NeedMeasure.Role
    return {
        "importance": next(iter(by_role.get(role.IMPORTANCE, [])), None),
        "satisfaction": next(iter(by_role.get(role.SATISFACTION, [])), None),
        "others": Measure.objects.filter(pk__in=[each.pk for each in by_role.get(role.OTHER, [])]),
    }
