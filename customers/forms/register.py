"""What the forms of segments and needs share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import VersionedForm, search_field
from common.text import search_form
from organisation.models import Unit


class RegisterForm(VersionedForm):
    """A form of a row that a unit looks after: one of those that the person manages."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), to_field_name="slug", label=_("Unit that looks after it"), empty_label=None
    )

    def __init__(self, *args: Any, user: Any, row: Any = None, **kwargs: Any) -> None:
        kwargs["initial"] = (self.stored(row) if row else {}) | {"version": row.version if row else 0}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        own = Unit.objects.managed_by(user).active()
        field.queryset = (own | Unit.objects.filter(pk=row.unit_id)) if row else own

    def stored(self, row: Any) -> dict[str, Any]:
        """What stands now, by the names of the form's fields."""
        raise NotImplementedError


class RegisterSearchForm(forms.Form):
    """Search words and the unit that looks after the rows; each list adds its own filters."""

    q = search_field(_("Search"))
    unit = forms.ModelChoiceField(
        Unit.objects.all(),
        to_field_name="slug",
        label=_("Looked after by"),
        required=False,
        empty_label=_("Any"),
    )

    def found(self, rows: Any) -> Any:
        """The rows that fit the words and the unit; nonsense in a filter shows nothing."""
        if not self.is_valid():
            return rows.none()
        wanted = self.cleaned_data
        if wanted["unit"]:
            rows = rows.filter(unit=wanted["unit"])
        if wanted["q"]:
            rows = rows.filter(search__contains=search_form(wanted["q"]))
        return rows
