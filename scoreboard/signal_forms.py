"""Searching signals, putting one aside, and how often the letter comes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.text import clean_text, search_form, validate_text
from organisation.models import Tree, Unit
from scoreboard.models import LetterChoice, Signal

WAITING = "waiting"
STATES = [(WAITING, _("To look at")), *Signal.State.choices, ("all", _("All"))]


class SignalSearch(forms.Form):
    """Which signals to show; those that wait for somebody unless told otherwise."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    unit = forms.ModelChoiceField(
        label=_("Unit"), required=False, queryset=Unit.objects.active(), to_field_name="slug"
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Signal.Kind.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("Everybody’s")), ("mine", _("About standards I own"))],
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["unit"].empty_label = _("All units")  # type: ignore[attr-defined]

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def filter(self, signals: Any, today: Any) -> "QuerySet[Signal]":
        """The signals that match, those of units below included; a wrong filter is left out and named."""
        self.is_valid()
        wanted = self.cleaned_data
        state = wanted.get("state") or WAITING
        if state == WAITING:
            signals = signals.waiting()
        elif state != "all":
            signals = signals.filter(state=state)
        if wanted.get("kind"):
            signals = signals.filter(kind=wanted["kind"])
        if wanted.get("unit"):
            signals = signals.below(Tree.on(today).subtree(wanted["unit"].pk))
        if wanted.get("whose"):
            signals = signals.of_owner(self.user)
        if words := (wanted.get("q") or "").strip():
            signals = signals.filter(search__contains=search_form(words))
        return signals


class DismissForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is put aside"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
        help_text=_("For example: the counter was closed for two weeks. Everybody can read it."),
    )

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"], max_length=500)


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=_("How often"), choices=LetterChoice.Rhythm.choices, widget=forms.RadioSelect
    )
