"""Forms that tie standards to needs, and the search for those that stand alone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.forms.improvements import StandardChoice, own_standards
from charter.models import Standard
from common.fields import matching, search_field
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
