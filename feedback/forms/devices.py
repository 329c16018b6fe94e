"""Devices of a kiosk: the form, and the search for one."""

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from common.text import search_form, validate_text
from feedback.actions.kiosk import device_stands
from feedback.forms.seen import SeenForm
from feedback.models import KioskDevice
from organisation.drafting import NEVER

SECRET = {"inputmode": "numeric", "autocomplete": "off", NEVER: True}


class DeviceForm(SeenForm):
    class Meta:
        model = KioskDevice
        fields = ["name", "exit_code", "idle_seconds", "interval_seconds"]
        help_texts = {
            "name": _("Where it stands: “Tablet at the door”."),
            "exit_code": _("Whoever types it on the device sees what waits there and can leave the kiosk."),
            "interval_seconds": _(
                "So long the thanks stand before the next card: nobody fills in ten in a row."
            ),
        }
        widgets = {"exit_code": forms.TextInput(attrs=SECRET)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.see(device_stands(self.instance))
        else:
            del self.fields["seen"]


class DeviceSearch(forms.Form):
    SORTS: dict[str, tuple[Any, list[Any]]] = {
        "": (_("Name"), ["search", "pk"]),
        "contact": (_("Longest without contact first"), [F("last_contact_at").asc(nulls_first=True), "pk"]),
        "waiting": (_("Most cards waiting first"), ["-waiting", "search", "pk"]),
    }
    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    collector = forms.SlugField(required=False, widget=forms.HiddenInput())
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In use")), ("revoked", _("Taken out of use")), ("all", _("All"))],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"), required=False, choices=[(name, label) for name, (label, _order) in SORTS.items()]
    )

    def filter(self, devices: "QuerySet[KioskDevice]") -> "QuerySet[KioskDevice]":
        self.is_valid()
        wanted = self.cleaned_data
        devices = devices.order_by(*self.SORTS[wanted.get("sort", "")][1])
        if wanted.get("state", "") != "all":
            devices = devices.filter(revoked_at__isnull=wanted.get("state", "") != "revoked")
        if wanted.get("collector"):
            devices = devices.filter(collector__slug=wanted["collector"])
        if words := search_form(wanted.get("q", "")):
            devices = devices.filter(search__contains=words)
        return devices
