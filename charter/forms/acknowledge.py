"""Forms of reading and signing an edition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import search_field, text_field
from charter.models import Acknowledgement
from common.text import search_form
from organisation.models import Membership

SIGNED, MISSING = "signed", "missing"


class SignForm(forms.Form):
    """“I have read it”, with one of three answers; a question and an objection need words."""

    answer = forms.ChoiceField(
        label=_("I have read it, and"), choices=Acknowledgement.Answer.choices, widget=forms.RadioSelect
    )
    words = text_field(
        Acknowledgement,
        "words",
        rows=4,
        required=False,
        help_text=_("A manager answers you. Nobody holds a question or an objection against you."),
    )

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        asks = wanted.get("answer") in Acknowledgement.ASKING
        if asks and "words" not in self.errors and not wanted.get("words"):
            self.add_error("words", _("Write your question or objection, so that somebody can answer it."))
        return wanted


class ReplyForm(forms.Form):
    reply = text_field(Acknowledgement, "reply", rows=3, required=True, label=_("Your answer"))


class PeopleSearchForm(forms.Form):
    """Which people of the own units the page lists: all, or those who have signed, or who have not."""

    q = search_field(_("Search names"))
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("Any")), *Membership.Level.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Any")),
            (MISSING, _("Not signed yet")),
            (SIGNED, _("Signed")),
            *Acknowledgement.Answer.choices[1:],
        ],
    )

    def __init__(self, *args: Any, units: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("Any")), *((unit.slug, unit.name) for unit in units)]

    def filter(self, people: list[Any]) -> list[Any]:
        wanted = self.cleaned_data if self.is_valid() else {}
        words = search_form(wanted.get("q", ""))
        return [
            each
            for each in people
            if words in each.role.user.search
            and wanted.get("unit", "") in ("", each.role.unit.slug)
            and wanted.get("level", "") in ("", each.role.level)
            and self._fits(each, wanted.get("state", ""))
        ]

    def _fits(self, each: Any, state: str) -> bool:
        if state == SIGNED:
            return bool(each.has_signed)
        if state == MISSING:
            return not each.has_signed
        return not state or bool(each.row and each.row.answer == state)
