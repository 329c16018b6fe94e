"""Where we ask: the form of a collector, and the search for one."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.text import search_form, validate_text
from feedback.models import Collector, CollectorText, Questionnaire
from feedback.models.response import CONFIDENTIAL
from organisation.forms import offer
from organisation.models import Unit, User

THANKS = "thanks_"
OLDEST_SHEET = timedelta(days=366)
KINDS = [(kind.value, kind.label) for kind in Collector.Kind if kind != Collector.Kind.IMPORT]


def _dates() -> dict[str, forms.Widget]:
    return {
        name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("opens_on", "closes_on")
    }


class CollectorForm(forms.ModelForm):
    """A collector that is there already. Its address is printed on posters and its unit owns the answers,
    so neither changes."""

    class Meta:
        model = Collector
        fields = ["name", "questionnaire", "opens_on", "closes_on", "expected_a_week"]
        widgets = _dates()
        help_texts = {
            "closes_on": _("From this day on we ask no more here. Leave it empty to go on asking."),
            "expected_a_week": _("About how many, where all is well. The list then says what is missing."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = self.instance.questionnaire_id
        offered = Questionnaire.objects.filter(
            Q(archived_at__isnull=True) | Q(pk=asks), versions__published_at__isnull=False
        ).distinct()
        asked: Any = self.fields["questionnaire"]
        asked.queryset, asked.empty_label = offered, _("Choose a questionnaire")
        self.for_colleagues = self.instance.questionnaire.kind == CONFIDENTIAL if asks else None
        written = {row.language: row.thanks for row in self.instance.texts.all()} if self.instance.pk else {}
        largest = CollectorText._meta.get_field("thanks").max_length
        for code, name in settings.TEXT_LANGUAGES:
            self.fields[THANKS + code] = forms.CharField(
                label=name,
                required=False,
                max_length=largest,
                validators=[validate_text],
                initial=written.get(code, ""),
                widget=forms.Textarea(attrs={"rows": 2, "lang": code, "dir": "auto"}),
            )

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith(THANKS)]

    @property
    def thanks_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(THANKS)]

    @property
    def has_thanks(self) -> bool:
        return any(field.value() or field.errors for field in self.thanks_fields)

    def thanks(self) -> dict[str, str]:
        """What was typed, by language."""
        return {code: self.cleaned_data[THANKS + code] for code, _name in settings.TEXT_LANGUAGES}

    def clean_questionnaire(self) -> Questionnaire:
        """Answers of colleagues and of customers are kept apart everywhere, also at the place of asking."""
        chosen: Questionnaire = self.cleaned_data["questionnaire"]
        if self.for_colleagues is not None and (chosen.kind == CONFIDENTIAL) != self.for_colleagues:
            raise ValidationError(
                _("This place asks customers. Set up another place to ask colleagues.")
                if chosen.kind == CONFIDENTIAL
                else _("This place asks colleagues. Set up another place to ask customers.")
            )
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes <= opens:
            raise ValidationError({"closes_on": _("This day must come after the first one.")})
        return cleaned


class NewCollectorForm(CollectorForm):
    """A new collector, in a unit that the user manages."""

    class Meta(CollectorForm.Meta):
        fields = ["kind", "name", "slug", "unit", "questionnaire", "opens_on", "closes_on", "expected_a_week"]
        help_texts = {
            **CollectorForm.Meta.help_texts,
            "slug": _("Short, for typing by hand: it becomes the end of the address."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset, units.empty_label = Unit.objects.managed_by(user).active(), _("Choose a unit")
        self.fields["slug"].validators.append(
            RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Small letters, digits and hyphens only."))
        )
        cast(forms.ChoiceField, self.fields["kind"]).choices = KINDS
        self.fields["kind"].required = False

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Collector.Kind.PLACE


class CollectorSearch(forms.Form):
    SORTS: dict[str, tuple[Any, list[Any]]] = {
        "": (_("Name"), ["name", "pk"]),
        "latest": (_("Last card first"), [F("latest").desc(nulls_last=True), "name", "pk"]),
        "fewest": (_("Fewest cards this week first"), ["this_week", "name", "pk"]),
    }
    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    kind = forms.ChoiceField(label=_("How we ask"), required=False, choices=[("", _("All ways")), *KINDS])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In use")), ("archived", _("Archived")), ("all", _("All"))],
    )
    sort = forms.ChoiceField(label=_("Sort by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "sort", [(name, label) for name, (label, _order) in self.SORTS.items()])

    def filter(self, collectors: "QuerySet[Collector]") -> "QuerySet[Collector]":
        self.is_valid()
        wanted = self.cleaned_data
        collectors = collectors.order_by(*self.SORTS[wanted.get("sort", "")][1])
        if wanted.get("kind"):
            collectors = collectors.filter(kind=wanted["kind"])
        if wanted.get("state", "") != "all":
            collectors = collectors.filter(archived_at__isnull=wanted.get("state", "") != "archived")
        words = search_form(wanted.get("q", ""))
        if not words:
            return collectors
        # There are few of them: compared here, because SQLite folds the case of ASCII only.
        found = [
            each.pk
            for each in collectors.select_related("unit")
            if words in search_form(f"{each.name} {each.slug} {each.unit.name}")
        ]
        return collectors.filter(pk__in=found)


class SheetDayForm(forms.Form):
    """The day on which a paper sheet was filled in."""

    day = forms.DateField(
        label=_("Day of the visit"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, collector: Collector, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collector, self.today = collector, today
        widget = self.fields["day"].widget
        widget.attrs |= {"max": today.isoformat(), "min": (today - OLDEST_SHEET).isoformat()}

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("This day has not come yet."))
        if day < self.today - OLDEST_SHEET:
            raise ValidationError(_("A sheet can be entered for a year at most."))
        opens, closes = self.collector.opens_on, self.collector.closes_on
        if (opens and day < opens) or (closes and day >= closes):
            raise ValidationError(_("We did not ask here on this day."))
        return day
