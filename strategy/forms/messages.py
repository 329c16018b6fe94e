"""Forms and the search of announcements, and a team's part."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import VersionedForm, text_field
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Membership, Unit
from strategy.forms.fields import RoomSearch
from strategy.models import Announcement, Reader, TeamPart


class AnnouncementSearch(RoomSearch):
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Sent")),
            ("unread", _("Not read by me yet")),
            ("draft", _("Drafts")),
            ("withdrawn", _("Withdrawn")),
        ],
    )

    def filter(self, found: Any) -> Any:
        found = self.narrowed(found)
        if not self.is_valid():
            return found
        state = self.cleaned_data["state"]
        if state == "draft":
            return found.filter(sent_at__isnull=True, withdrawn_at__isnull=True)
        if state == "withdrawn":
            return found.filter(withdrawn_at__isnull=False)
        found = found.filter(sent_at__isnull=False, withdrawn_at__isnull=True)
        if state == "unread":
            owed = Reader.objects.filter(person=self.user, read_at__isnull=True)
            found = found.filter(pk__in=owed.values("announcement"))
        return found


class AnnouncementForm(VersionedForm):
    field_names = ("unit", "levels", "title", "text")

    unit = UnitChoice(label=_("To everybody in"), empty_label=_("Choose a unit"))
    levels = forms.MultipleChoiceField(
        label=_("Of these levels"),
        required=False,
        choices=Membership.Level.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means every level."),
    )
    title = text_field(Announcement, "title")
    text = text_field(Announcement, "text", rows=8, help_text=_("Markdown: **bold**, lists, links."))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "unit", units)

    @property
    def message_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.field_names}


def stored(found: Announcement) -> dict[str, Any]:
    """What stands now, by the names of the form's fields."""
    return {name: getattr(found, name) for name in AnnouncementForm.field_names}


class PartForm(VersionedForm):
    why = text_field(
        TeamPart, "why", help_text=_("What a customer loses where we fail, and gains where not.")
    )
    part = text_field(TeamPart, "part", help_text=_("What of it is in our hands, every day."))
