"""Forms of segments."""

from typing import Any, ClassVar

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from common.fields import text_field
from customers.forms.register import RegisterForm, RegisterSearchForm
from customers.models import Channel, Segment
from organisation.models import Unit


class SegmentForm(RegisterForm):
    names = ("name", "kind", "description", "size", "size_source", "come_for", "accessibility", "languages")

    name = text_field(Segment, "name")
    kind = forms.ChoiceField(label=_("Who they are"), choices=Segment.Kind.choices)
    description = text_field(Segment, "description")
    come_for = text_field(Segment, "come_for", help_text=_("In their words where you can."))
    size = forms.IntegerField(
        label=_("How many there are"), min_value=0, max_value=2_000_000_000, required=False
    )
    size_source = text_field(
        Segment, "size_source", help_text=_("For example “census 2025” or “our estimate”.")
    )
    channels = forms.MultipleChoiceField(
        label=_("How they come to us"),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    units = forms.ModelMultipleChoiceField(
        Unit.objects.active(),
        to_field_name="slug",
        label=_("Units to which they come"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    accessibility = text_field(
        Segment,
        "accessibility",
        help_text=_("Such as steps, hearing, reading, or no telephone of their own."),
    )
    languages = text_field(Segment, "languages", help_text=_("Such as Polish, sign language, plain words."))

    def stored(self, row: Segment) -> dict[str, Any]:
        used = {each.channel for each in row.channels.all()}
        found: dict[str, Any] = {name: getattr(row, name) for name in self.names}
        found["channels"] = [value for value in Channel.values if value in used]
        return found | {"unit": row.unit, "units": row.units.all()}

    @property
    def segment_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.names, "unit")}


class SegmentSearchForm(RegisterSearchForm):
    """Which segments the list shows: those in use, unless told otherwise."""

    orders: ClassVar[dict[str, tuple[Any, ...]]] = {
        "": ("name", "pk"),
        "size": (F("size").desc(nulls_last=True), "name", "pk"),
        "newest": ("-created_at", "-pk"),
    }

    kind = forms.ChoiceField(
        label=_("Who"), required=False, choices=[("", _("Everybody")), *Segment.Kind.choices]
    )
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("Any")), *Channel.choices]
    )
    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("In use")), ("archived", _("Archived"))]
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[("", _("Name")), ("size", _("Largest first")), ("newest", _("Newest first"))],
    )

    def filter(self, segments: Any) -> Any:
        segments = self.found(segments)
        if not self.is_valid():
            return segments
        wanted = self.cleaned_data
        segments = segments.archived() if wanted["show"] else segments.active()
        if wanted["kind"]:
            segments = segments.filter(kind=wanted["kind"])
        if wanted["channel"]:
            segments = segments.filter(channels__channel=wanted["channel"])
        return segments.order_by(*self.orders[wanted["sort"]])
