"""Beginning a report, finding one, finding comments for it, and which reports come by themselves."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.period import Period
from common.text import search_form, validate_text
from organisation.models import Tree, Unit, User
from scoreboard.models import Report, ReportPlan
from scoreboard.reports.periods import offered

ARCHIVED = "archived"


class ReportForm(forms.Form):
    """Which unit and which period; only those that are over are offered."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), to_field_name="slug")
    period = forms.ChoiceField(label=_("Period"), help_text=_("A month, a quarter or a year that is over."))

    def __init__(self, *args: Any, user: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.active().managed_by(user)  # type: ignore[attr-defined]
        self.fields["period"].choices = offered(today)  # type: ignore[attr-defined]

    def clean_period(self) -> Period:
        return Period.parse(self.cleaned_data["period"])


class ReportSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    unit = forms.ModelChoiceField(
        label=_("Unit"), required=False, queryset=Unit.objects.all(), to_field_name="slug"
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Report.Kind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All but archived")), *Report.State.choices, (ARCHIVED, _("Archived"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].empty_label = _("All units")  # type: ignore[attr-defined]

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def filter(self, reports: Any, today: date) -> "QuerySet[Report]":
        """The reports that match, those of units below included; a wrong filter is left out and named."""
        self.is_valid()
        wanted = self.cleaned_data
        state = wanted.get("state")
        reports = reports.filter(archived_at__isnull=state != ARCHIVED)
        if state and state != ARCHIVED:
            reports = reports.filter(state=state)
        if wanted.get("kind"):
            reports = reports.filter(kind=wanted["kind"])
        if wanted.get("unit"):
            reports = reports.filter(unit__in=Tree.on(today).subtree(wanted["unit"].pk))
        if words := (wanted.get("q") or "").strip():
            reports = reports.filter(search__contains=search_form(words))
        return reports


class CommentSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    mood = forms.ChoiceField(
        label=_("Rating"),
        required=False,
        choices=[("", _("All")), ("good", _("Good")), ("middling", _("Fair")), ("bad", _("Poor"))],
    )
    RATINGS = {"good": (75, 100), "middling": (50, 50), "bad": (0, 25)}

    def filter(self, responses: Any) -> Any:
        """Good first, poor first: every kind can be found. A wrong filter is left out."""
        self.is_valid()
        if mood := self.cleaned_data.get("mood"):
            responses = responses.filter(rating__range=self.RATINGS[mood])
        if words := (self.cleaned_data.get("q") or "").strip():
            responses = responses.filter(search__contains=search_form(words))
        return responses


class PlanForm(forms.ModelForm):
    """The readers offered are the people whom the manager sees, and those who are chosen already."""

    class Meta:
        model = ReportPlan
        fields = ["monthly", "quarterly", "annual", "readers"]
        widgets = {"readers": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance.readers.values("pk") if self.instance.pk else []
        known = Q(pk__in=User.objects.visible_to(user).values("pk"), is_active=True)
        offered_readers = User.objects.filter(known | Q(pk__in=chosen)).order_by("name", "pk")
        self.fields["readers"].queryset = offered_readers  # type: ignore[attr-defined]
