"""Where we ask: the form of a place, and the search for one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.text import search_form, validate_text
from feedback.models import Collector, Questionnaire
from organisation.models import Unit, User


def _dates() -> dict[str, forms.Widget]:
    return {
        name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("opens_on", "closes_on")
    }


class CollectorForm(forms.ModelForm):
    """A place that is there already. Its address is printed on posters and its unit owns the answers,
    so neither changes."""

    class Meta:
        model = Collector
        fields = ["name", "questionnaire", "opens_on", "closes_on"]
        widgets = _dates()
        help_texts = {
            "closes_on": _("From this day on we ask no more here. Leave it empty to go on asking."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["questionnaire"].queryset = Questionnaire.objects.filter(  # type: ignore[attr-defined]
            archived_at__isnull=True, versions__published_at__isnull=False
        ).distinct()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes <= opens:
            raise ValidationError({"closes_on": _("This day must come after the first one.")})
        return cleaned


class NewCollectorForm(CollectorForm):
    """A new place, in a unit that the user manages."""

    class Meta(CollectorForm.Meta):
        fields = ["name", "slug", "unit", "questionnaire", "opens_on", "closes_on"]
        help_texts = {
            **CollectorForm.Meta.help_texts,
            "slug": _("Short, for typing by hand: it becomes the end of the address."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.managed_by(user).active()  # type: ignore[attr-defined]
        self.fields["slug"].validators.append(
            RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Small letters, digits and hyphens only."))
        )


class CollectorSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In use")), ("archived", _("Archived")), ("all", _("All"))],
    )

    def filter(self, collectors: "QuerySet[Collector]") -> "QuerySet[Collector]":
        self.is_valid()
        state = self.cleaned_data.get("state", "")
        if state != "all":
            collectors = collectors.filter(archived_at__isnull=state != "archived")
        wanted = search_form(self.cleaned_data.get("q", ""))
        if not wanted:
            return collectors
        # There are few places: compared here, because SQLite folds the case of ASCII only.
        found = [
            each.pk
            for each in collectors.select_related("unit")
            if wanted in search_form(f"{each.name} {each.slug} {each.unit.name}")
        ]
        return collectors.filter(pk__in=found)
