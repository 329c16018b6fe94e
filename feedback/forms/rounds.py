"""Rounds of invitations: the round, its words, its list, and the addresses that we do not write to."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.fields import CleanTextField, text_field
from common.text import search_form, validate_text
from feedback.actions.invitations import round_stands
from feedback.addresses import address_hash
from feedback.forms.seen import SeenForm
from feedback.models import Invitation, InvitationRound, RoundText, Suppression
from organisation.imports import refuse_size

LANGUAGES = settings.TEXT_LANGUAGES


class RoundForm(SeenForm):
    """The round and its letter in each language; the first language has to be written."""

    class Meta:
        model = InvitationRound
        fields = ["name", "first_reminder_days", "second_reminder_days", "is_anonymous"]
        help_texts = {
            "name": _("For you: “Library users, autumn”."),
            "first_reminder_days": _("Only to those who have not answered. Left empty, nobody is reminded."),
            "is_anonymous": _(
                "For good: nobody can see whose answers are whose, nor when they came. It cannot be undone."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["is_anonymous"]
            self.see(round_stands(self.instance))
        written = {row.language: row for row in self.instance.texts.all()} if self.instance.pk else {}
        for number, (code, name) in enumerate(LANGUAGES):
            row = written.get(code)
            for what, label in (("subject", _("Subject")), ("message", _("Letter"))):
                field = text_field(RoundText, what, rows=6, required=not number, label=f"{label} ({name})")
                field.initial = getattr(row, what, "")
                field.widget.attrs |= {"lang": code, "dir": "auto"}
                self.fields[f"{what}_{code}"] = field

    def main_fields(self) -> list[Any]:
        main = {*self.Meta.fields, *(f"{what}_{LANGUAGES[0][0]}" for what in ("subject", "message"))}
        return [self[name] for name in self.fields if name in main]

    def other_languages(self) -> list[Any]:
        main = {field.name for field in self.main_fields()}
        return [self[name] for name in self.fields if name not in main and name != "seen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code, _name in LANGUAGES:
            subject, message = cleaned.get(f"subject_{code}"), cleaned.get(f"message_{code}")
            if bool(subject) != bool(message) and f"subject_{code}" in cleaned:
                missing = f"message_{code}" if subject else f"subject_{code}"
                if missing not in self.errors:
                    self.add_error(missing, _("A letter needs both, its subject and its words."))
        return cleaned

    def texts(self) -> dict[str, dict[str, str]]:
        return {
            code: {what: self.cleaned_data[f"{what}_{code}"] for what in ("subject", "message")}
            for code, _name in LANGUAGES
        }


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("A column “email”, and if you like “name” and “language”. It is tried first."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        refuse_size(file.size or 0)
        return file


class InvitationSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    state = forms.ChoiceField(label=_("State"), required=False)
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[("", _("Address")), ("letters", _("Most letters first"))],
    )

    def __init__(self, *args: Any, is_anonymous: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_anonymous = is_anonymous
        states = [each for each in Invitation.State.choices if not is_anonymous or each[0] != "answered"]
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]

    def filter(self, rows: "QuerySet[Invitation]") -> "QuerySet[Invitation]":
        """Of an anonymous round whoever has answered is found among the asked."""
        self.is_valid()
        wanted = self.cleaned_data
        state = wanted.get("state")
        if state == "asked" and self.is_anonymous:
            rows = rows.filter(state__in=["asked", "answered"])
        elif state:
            rows = rows.filter(state=state)
        if words := search_form(wanted.get("q", "")):
            rows = rows.filter(search__contains=words)
        most_first = ["-letters"] if wanted.get("sort") and not self.is_anonymous else []
        return rows.order_by(*most_first, "email", "pk")


class SuppressionForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class SuppressionSearch(forms.Form):
    q = CleanTextField(label=_("Address or its beginning"), required=False, max_length=254)
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[("", _("All")), *Suppression.Reason.choices]
    )
    sort = forms.ChoiceField(
        label=_("Sort by"), required=False, choices=[("", _("Newest first")), ("oldest", _("Oldest first"))]
    )

    def filter(self, rows: "QuerySet[Suppression]") -> "QuerySet[Suppression]":
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("reason"):
            rows = rows.filter(reason=wanted["reason"])
        words = wanted.get("q", "")
        if "@" in words:
            rows = rows.filter(address_hash=address_hash(words))
        elif words:
            rows = rows.filter(hint__istartswith=words[:1])
        return rows.order_by("since", "pk") if wanted.get("sort") else rows.order_by("-since", "-pk")
