"""Searches over background work and outgoing letters."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.text import search_form, validate_text
from organisation.jobs import kinds
from organisation.models import Job, OutgoingMail

ANY = ("", _("All"))


class JobSearch(forms.Form):
    """Words are looked for in the codes of the work and of what it works on."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *Job.State.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [ANY, *kinds()]  # type: ignore[attr-defined]

    def filter(self, jobs: Any) -> Any:
        """The jobs that match; a filter that makes no sense is left out, and the form says so."""
        self.is_valid()
        if words := self.cleaned_data.get("q"):
            jobs = jobs.filter(Q(reference__icontains=words) | Q(subject__icontains=words))
        if state := self.cleaned_data.get("state"):
            jobs = jobs.filter(state=state)
        if kind := self.cleaned_data.get("kind"):
            jobs = jobs.filter(kind=kind)
        return jobs


class MailSearch(forms.Form):
    """Words are looked for in the address and the subject."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *OutgoingMail.State.choices])

    def filter(self, letters: Any) -> Any:
        """The letters that match; a filter that makes no sense is left out, and the form says so."""
        self.is_valid()
        if words := self.cleaned_data.get("q"):
            letters = letters.filter(search__contains=search_form(words))
        if state := self.cleaned_data.get("state"):
            letters = letters.filter(state=state)
        return letters
