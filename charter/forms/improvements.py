"""Forms of “you said, we did”."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import DAY_WIDGET, VersionedForm, matching, search_field, text_field
from charter.models import Improvement, ImprovementText, Standard
from organisation.models import Unit


def own_standards(user: Any, chosen: Standard | None = None) -> Any:
    """The active promises of the charters that the person manages, and the one that is chosen already."""
    units = Unit.objects.managed_by(user).active()
    found = Standard.objects.active().filter(charter__unit__in=units)
    if chosen:
        found = found | Standard.objects.filter(pk=chosen.pk)
    return (
        found.select_related("charter__unit")
        .prefetch_related("texts")
        .order_by("charter__unit__name", "position")
    )


class StandardChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.charter.unit.name})"


class ImprovementForm(VersionedForm):
    """One entry in one language. The citation is folded: most entries need none."""

    field_names = ("done_on", "citation_kind", "citation_text", "citation_address")
    folded_names = ("citation_kind", "citation_text", "citation_address")

    standard = StandardChoice(
        Standard.objects.none(),
        to_field_name="key",
        label=_("The promise"),
        empty_label=_("Choose a promise"),
    )
    said = text_field(ImprovementText, "said")
    did = text_field(ImprovementText, "did")
    done_on = forms.DateField(label=_("Since when"), widget=DAY_WIDGET)
    citation_kind = forms.ChoiceField(
        label=_("What stands behind it"), required=False, choices=[("", _("Nothing to cite"))]
    )
    citation_text = text_field(
        Improvement,
        "citation_text",
        help_text=_("As it is today; it stays so, for example “72 of 100 said yes from July to September”."),
    )
    citation_address = forms.URLField(
        label=_("Where it can be read"), required=False, max_length=500, assume_scheme="https"
    )

    def __init__(
        self,
        *args: Any,
        user: Any,
        today: date,
        language: str,
        improvement: Improvement | None = None,
        **kwargs: Any,
    ) -> None:
        self.today = today
        kwargs["initial"] = stored(improvement, language) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["standard"].queryset = own_standards(user, improvement.standard if improvement else None)
        choices["citation_kind"].choices = [("", _("Nothing to cite")), *Improvement.Kind.choices]

    def clean_done_on(self) -> date:
        day: date = self.cleaned_data["done_on"]
        if day > self.today:
            raise forms.ValidationError(_("Say what you have done already: this day is still to come."))
        return day

    def clean_citation_address(self) -> str:
        address: str = self.cleaned_data["citation_address"]
        if address and not address.startswith(("https://", "http://")):
            raise forms.ValidationError(_("An address begins with https:// or http://."))
        return address

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        cited = [name for name in self.folded_names if wanted.get(name)]
        if cited and not wanted.get("citation_text") and "citation_text" not in self.errors:
            self.add_error("citation_text", _("Say in a sentence what it says."))
        if wanted.get("citation_text") and not wanted.get("citation_kind"):
            wanted["citation_kind"] = Improvement.Kind.OTHER
        return wanted

    @property
    def has_folded_errors(self) -> bool:
        return any(name in self.errors for name in self.folded_names)

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("said", "did")}

    @property
    def improvement_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.field_names}


def stored(improvement: Improvement | None, language: str) -> dict[str, Any]:
    """What stands now, by the names of the form's fields."""
    if improvement is None:
        return {"version": 0}
    row = next((each for each in improvement.texts.all() if each.language == language), None)
    found = {name: getattr(row, name) if row else "" for name in ("said", "did")}
    found |= {name: getattr(improvement, name) for name in ImprovementForm.field_names}
    return found | {"standard": improvement.standard, "version": improvement.version}


class ImprovementSearchForm(forms.Form):
    """Which entries the list shows: those that are not archived, unless told otherwise."""

    q = search_field(_("Search what was said and done"))
    charter = forms.ModelChoiceField(
        Unit.objects.filter(charter__isnull=False).order_by("name"),
        to_field_name="slug",
        label=_("Charter of"),
        required=False,
        empty_label=_("All charters"),
    )
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Published and drafts")),
            ("published", _("Published")),
            ("draft", _("Drafts")),
            ("archived", _("Archived")),
        ],
    )

    def filter(self, improvements: Any) -> Any:
        """The entries that fit every filter that makes sense; nonsense in one filter shows nothing."""
        if not self.is_valid():
            return improvements.none()
        wanted = self.cleaned_data
        shown = {
            "": improvements.filter(archived_at__isnull=True),
            "published": improvements.published(),
            "draft": improvements.drafts(),
            "archived": improvements.archived(),
        }
        improvements = shown[wanted["show"]]
        if wanted["charter"]:
            improvements = improvements.filter(standard__charter__unit=wanted["charter"])
        if wanted["q"]:
            rows = ImprovementText.objects.values_list("improvement_id", "said", "did")
            found = matching(((pk, f"{said}\n{did}") for pk, said, did in rows), wanted["q"])
            improvements = improvements.filter(pk__in=found)
        return improvements.newest_first()
