"""Fields and searches that the forms of the strategy room share."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from common.fields import search_field
from common.text import search_form
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Tree, Unit, User


class KeyChoice(forms.ModelChoiceField):
    """Rows by their public key; what no database can look up is none of them."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\x00", "?") if isinstance(value, str) else value)


class PersonChoice(KeyChoice):
    """People who may sign in, by their references."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("Choose a person"))
        super().__init__(User.objects.none(), to_field_name="reference", **kwargs)


class MeasureChoice(KeyChoice):
    """Measures in use, by their keys; each says which promise it belongs to."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("No measure"))
        super().__init__(Measure.objects.none(), to_field_name="key", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.standard})"


def offer_people(form: forms.BaseForm, name: str, user: User, kept: User | None = None) -> None:
    """Those whom the user sees and who may sign in, and who is chosen already."""
    fields: Any = form.fields
    seen = Q(pk__in=User.objects.visible_to(user).filter(is_active=True).values("pk"))
    chosen = Q(pk=kept.pk) if kept is not None else Q()
    fields[name].queryset = User.objects.get_queryset().filter(seen | chosen).order_by("name", "pk")


def offer_measures(form: forms.BaseForm, name: str, kept: Measure | None = None) -> None:
    """The measures in use, and the one that is chosen already, though it may be archived by now."""
    fields: Any = form.fields
    standing = Q(archived_at__isnull=True, standard__archived_at__isnull=True)
    chosen = Q(pk=kept.pk) if kept is not None else Q()
    measures = Measure.objects.filter(standing | chosen)
    found = measures.select_related("standard__charter").prefetch_related("standard__texts")
    fields[name].queryset = found.order_by("standard__charter__unit__name", "standard__position", "pk")


class RoomSearch(forms.Form):
    """What every list of the room is searched by: words, a unit with those below it, and whose it is."""

    q = search_field(_("Search"))
    unit = UnitChoice(label=_("Unit"), required=False, empty_label=_("Every unit"))
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[("", _("Everybody’s")), ("mine", _("Mine"))]
    )

    def __init__(self, *args: Any, user: User, units: list[Unit], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        offer_units(self, "unit", units)

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def narrowed(self, rows: Any) -> Any:
        """The rows that fit; they have `search`, `unit` and `owner`. Nonsense in a filter shows nothing."""
        if not self.is_valid():
            return rows.none()
        wanted = self.cleaned_data
        if wanted["unit"]:
            rows = rows.filter(unit__in=Tree.on(self.today).subtree(wanted["unit"].pk))
        if wanted["whose"] == "mine":
            rows = rows.filter(owner=self.user)
        elif wanted["whose"] == "managed":
            rows = rows.filter(unit__in=Unit.objects.managed_by(self.user))
        for word in search_form(wanted["q"]).split():
            rows = rows.filter(search__contains=word)
        return rows
