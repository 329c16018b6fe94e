"""Forms of the charter's own words and its values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import DAY_WIDGET, CleanTextField, VersionedForm, matching, search_field, text_field
from charter.models import Charter, CharterText, Edition, Standard, StandardText, ValueText
from organisation.models import Unit


class WordsForm(VersionedForm):
    """The words of one text row in one language."""

    names: tuple[str, ...] = ()

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in self.names} if row else {}
        kwargs["initial"] = initial | {"version": row.version if row else 0}
        super().__init__(*args, **kwargs)

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.names}


class CharterTextsForm(WordsForm):
    markdown = ("purpose", "vision", "why", "when_missed", "we_ask", "how_to_complain")
    names = ("title", "purpose", "vision", "why", "reach_us", "when_missed", "we_ask", "how_to_complain")
    title = text_field(CharterText, "title")
    purpose = text_field(CharterText, "purpose")
    vision = text_field(CharterText, "vision")
    why = text_field(CharterText, "why")
    reach_us = text_field(CharterText, "reach_us")
    when_missed = text_field(CharterText, "when_missed")
    we_ask = text_field(CharterText, "we_ask")
    how_to_complain = text_field(CharterText, "how_to_complain")


ONE_A_LINE = _("One behaviour a line.")


class ValueForm(WordsForm):
    behaviours = ("we_do_customers", "we_dont_customers", "we_do_colleagues", "we_dont_colleagues")
    names = ("name", "meaning", *behaviours)
    name = text_field(ValueText, "name")
    meaning = text_field(ValueText, "meaning")
    we_do_customers = text_field(ValueText, "we_do_customers", help_text=ONE_A_LINE)
    we_dont_customers = text_field(ValueText, "we_dont_customers", help_text=ONE_A_LINE)
    we_do_colleagues = text_field(ValueText, "we_do_colleagues", help_text=ONE_A_LINE)
    we_dont_colleagues = text_field(ValueText, "we_dont_colleagues", help_text=ONE_A_LINE)


class NewCharterForm(forms.Form):
    """Begin the charter of a unit that has none yet and whose affairs the person may change."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), to_field_name="slug", label=_("Unit"), empty_label=_("Choose a unit")
    )
    title = text_field(CharterText, "title")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.managed_by(user).active().filter(charter__isnull=True)


class CharterSearchForm(forms.Form):
    q = search_field(_("Search units"))

    def filter(self, charters: Any) -> Any:
        words = self.cleaned_data.get("q", "") if self.is_valid() else ""
        if not words:
            return charters
        return charters.filter(pk__in=matching(Charter.objects.values_list("pk", "unit__name"), words))


class StandardSearchForm(forms.Form):
    """Which standards of a charter the editor shows: the active ones unless told otherwise."""

    q = search_field(_("Search promises"))
    discretion = forms.ChoiceField(
        label=_("Judgement"),
        required=False,
        choices=[("", _("Any")), *Standard.Discretion.choices],
    )
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("Standards in the draft")), ("archived", _("Archived standards"))],
    )

    def filter(self, standards: Any) -> Any:
        wanted = self.cleaned_data if self.is_valid() else {}
        standards = standards.filter(archived_at__isnull=wanted.get("show") != "archived")
        if discretion := wanted.get("discretion"):
            standards = standards.filter(discretion=discretion)
        if words := wanted.get("q"):
            rows = StandardText.objects.filter(standard__in=standards).values_list("standard_id", "promise")
            standards = standards.filter(pk__in=matching(rows, words))
        return standards


class OrderForm(forms.Form):
    """The keys of a part of the charter, in the order that they were dragged to."""

    part = forms.ChoiceField(choices=[(part, part) for part in ("values", "standards", "policies")])

    @property
    def keys(self) -> list[str]:
        return self.data.getlist("key")[:1000]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Which way a thing moves in its list."""

    way = forms.ChoiceField(choices=[("up", _("Up")), ("down", _("Down"))])

    @property
    def is_up(self) -> bool:
        return self.cleaned_data["way"] == "up"


class EditionSearchForm(forms.Form):
    q = search_field(_("Search what changed"))

    def filter(self, editions: Any) -> Any:
        words = self.cleaned_data.get("q", "") if self.is_valid() else ""
        if not words:
            return editions
        return editions.filter(pk__in=matching(editions.values_list("pk", "note"), words))


class PublishForm(VersionedForm):
    """What changed and from when; the version is that of the draft."""

    note = CleanTextField(
        label=_("What changed, and why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown with the edition, to everybody."),
    )
    in_force_from = forms.DateField(label=_("In force from"), widget=DAY_WIDGET)
    next_review_on = forms.DateField(
        label=_("Next review"),
        widget=DAY_WIDGET,
        help_text=_("Shown to everybody. You get a letter 30 days before and on the day."),
    )
    work_change = text_field(
        Edition,
        "work_change",
        rows=2,
        label=_("What changes for staff"),
        help_text=_(
            "If the edition changes what they do, say it here in a sentence: then everybody in the unit"
            " and below it reads and signs it. Leave it empty, and nobody is asked."
        ),
    )
    review = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def keep_review(self, number: int | None) -> None:
        """After a conflict: sent again, it publishes the round that waits now, or none."""
        self.data["review"] = str(number or "")  # type: ignore[index]
