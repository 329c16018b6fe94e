"""Forms of needs and of their evidence."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.citations import is_known_place
from common.fields import DAY_WIDGET, CleanTextField, text_field
from customers.forms.register import RegisterForm, RegisterSearchForm
from customers.models import Need, NeedEvidence, Segment
from organisation.models import Unit


class NeedForm(RegisterForm):
    names = (
        *("need", "expectation", "minimum_words", "desired_words"),
        *("minimum_level", "desired_level", "ask_every"),
    )

    need = text_field(Need, "need", help_text=_("Such as “to know what happens next”."))
    expectation = text_field(Need, "expectation", rows=2)
    segments = forms.ModelMultipleChoiceField(
        Segment.objects.none(),
        to_field_name="reference",
        label=_("Whose need it is"),
        widget=forms.CheckboxSelectMultiple,
    )
    minimum_words = text_field(Need, "minimum_words", help_text=_("Such as “an answer within a week”."))
    desired_words = text_field(Need, "desired_words", help_text=_("Such as “an answer on the same day”."))
    minimum_level = forms.DecimalField(
        label=_("The least that is accepted, from 1 to 5"),
        min_value=1,
        max_value=5,
        decimal_places=2,
        required=False,
        help_text=_("On the scale on which customers say how satisfied they are."),
    )
    desired_level = forms.DecimalField(
        label=_("What is wished for, from 1 to 5"), min_value=1, max_value=5, decimal_places=2, required=False
    )
    ask_every = forms.IntegerField(
        label=_("Ask again after so many months"), min_value=1, max_value=60, initial=12
    )

    def __init__(self, *args: Any, row: Need | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        field: Any = self.fields["segments"]
        field.queryset = Segment.objects.active().order_by("name", "pk")
        if row:
            chosen = Segment.objects.filter(pk__in=row.segments.values("pk"))
            field.queryset = (Segment.objects.active() | chosen).order_by("name", "pk")

    def stored(self, row: Need) -> dict[str, Any]:
        found: dict[str, Any] = {name: getattr(row, name) for name in self.names}
        return found | {"unit": row.unit, "segments": row.segments.all()}

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        least, wished = wanted.get("minimum_level"), wanted.get("desired_level")
        if least is not None and wished is not None and least > wished:
            self.add_error("desired_level", _("What is wished for cannot be less than what is accepted."))
        return wanted

    @property
    def need_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.names, "unit")}


class EvidenceForm(forms.Form):
    """Words of customers, kept as evidence of a need."""

    need = forms.ModelChoiceField(
        Need.objects.none(), to_field_name="reference", label=_("Which need"), empty_label=_("Choose a need")
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=NeedEvidence.Kind.choices)
    text = text_field(
        NeedEvidence,
        "text",
        help_text=_("As it was said; it stays so. Leave out names and what else points to a person."),
    )
    said_on = forms.DateField(label=_("From which day"), widget=DAY_WIDGET)
    address = CleanTextField(
        label=_("Where it can be read"),
        max_length=500,
        required=False,
        help_text=_("An address of this product, beginning with /, or of the web, beginning with https://."),
    )
    confirms = forms.BooleanField(
        label=_("Customers were asked: it still stands"),
        required=False,
        initial=True,
        help_text=_("Then they are to be asked again after the months that the need names."),
    )

    def __init__(self, *args: Any, user: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        field: Any = self.fields["need"]
        own = Unit.objects.managed_by(user)
        field.queryset = Need.objects.active().filter(unit__in=own).order_by("need", "pk")

    def clean_said_on(self) -> date:
        day: date = self.cleaned_data["said_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        if day.year < 1990:
            raise forms.ValidationError(_("That is too long ago to say what customers need."))
        return day

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address and not is_known_place(address):
            raise forms.ValidationError(_("An address begins with / or with https://."))
        return address


class NeedSearchForm(RegisterSearchForm):
    """Which needs the register shows: those in use, unless told otherwise."""

    orders = {"": ("need", "pk"), "due": ("ask_again_on", "need", "pk"), "newest": ("-created_at", "-pk")}

    segment = forms.ModelChoiceField(
        Segment.objects.order_by("name", "pk"),
        to_field_name="reference",
        label=_("Whose"),
        required=False,
        empty_label=_("All segments"),
    )
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("In use")),
            ("assumed", _("Assumed")),
            ("known", _("With evidence")),
            ("due", _("To be asked again")),
            ("archived", _("Archived")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[("", _("Need")), ("due", _("To be asked soonest")), ("newest", _("Newest first"))],
    )

    def filter(self, needs: Any, today: date) -> Any:
        """The needs with `is_known`."""
        needs = self.found(needs).with_evidence()
        if not self.is_valid():
            return needs
        wanted = self.cleaned_data
        shown = {
            "": needs.active(),
            "assumed": needs.active().filter(is_known=False),
            "known": needs.active().filter(is_known=True),
            "due": needs.due(today),
            "archived": needs.archived(),
        }
        needs = shown[wanted["show"]]
        if wanted["segment"]:
            needs = needs.filter(segments=wanted["segment"])
        return needs.order_by(*self.orders[wanted["sort"]])
