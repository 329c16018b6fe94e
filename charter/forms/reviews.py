"""Forms of review rounds, and of the reasons for what changes."""

import hashlib
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import (
    DAY_WIDGET,
    CleanTextField,
    VersionedForm,
    matching,
    search_field,
    text_field,
)
from charter.models import ChangeReason, Review, ReviewComment, Reviewer
from common.citations import PLACES_OUTSIDE, Citation
from organisation.models import Membership, User

MOST_CITATIONS = 10


class OpenReviewForm(forms.Form):
    """Who reads the candidate, at which level, and by when. `replaces` is the round that runs now."""

    note = text_field(Review, "note", rows=3)
    due_on = forms.DateField(label=_("Answer by"), widget=DAY_WIDGET)
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Mapping[int, Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {role.user.reference: role for role in people.values()}
        for level, label in Membership.Level.choices:
            choices = [
                (reference, f"{role.user.name} · {role.unit.name}")
                for reference, role in self.people.items()
                if role.level == level
            ]
            if choices:
                self.fields[level] = forms.MultipleChoiceField(
                    label=label,
                    choices=sorted(choices, key=itemgetter(1)),
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )
        self.order_fields([*Membership.Level.values, "due_on", "note", "replaces"])

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.reviewers:
            self.add_error(None, _("Name at least one reviewer."))
        return wanted

    @property
    def reviewers(self) -> dict[User, str]:
        chosen = [each for level in Membership.Level.values for each in self.cleaned_data.get(level, [])]
        return {self.people[reference].user: self.people[reference].level for reference in chosen}


class ReviewSearchForm(forms.Form):
    q = search_field(_("Search what was asked"))
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Any")), *Review.State.choices]
    )

    def filter(self, reviews: Any) -> Any:
        wanted = self.cleaned_data if self.is_valid() else {}
        if state := wanted.get("state"):
            reviews = reviews.filter(state=state)
        if words := wanted.get("q"):
            reviews = reviews.filter(pk__in=matching(reviews.values_list("pk", "note"), words))
        return reviews


class CommentForm(forms.Form):
    """A comment on one part of the candidate."""

    part = CleanTextField(max_length=80, widget=forms.HiddenInput)
    text = text_field(ReviewComment, "text", rows=2, label=_("Your comment"))


class SettleForm(forms.Form):
    answer = text_field(ReviewComment, "answer", rows=2, required=True, label=_("Your answer"))


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("What do you say?"), choices=Reviewer.Verdict.choices, widget=forms.RadioSelect
    )
    remark = text_field(
        Reviewer,
        "remark",
        label=_("Your remarks, or what should change"),
        help_text=_("May stay empty if you simply agree."),
    )

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        plain = wanted.get("verdict") in ("", None, Reviewer.Verdict.AGREES)
        if not plain and "remark" not in self.errors and not wanted.get("remark"):
            self.add_error("remark", _("Say in a few words what you mean."))
        return wanted


class NameReviewerForm(forms.Form):
    """One more reviewer of a round that runs."""

    person = forms.ChoiceField(label=_("Name one more reviewer"))

    def __init__(self, *args: Any, people: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {role.user.reference: role.user for role in people}
        field: Any = self.fields["person"]
        field.choices = [("", _("Choose a person")), *((ref, who.name) for ref, who in self.people.items())]

    @property
    def chosen(self) -> User:
        return self.people[self.cleaned_data["person"]]


def digest(citation: Citation) -> str:
    """A short name of a citation's words, for the boxes of a form."""
    return hashlib.sha256(f"{citation.kind}\0{citation.text}\0{citation.url}".encode()).hexdigest()[:16]


class ReasonForm(VersionedForm):
    """Why a part changes, and what shows it: figures to tick, and one source in free words at a time."""

    why = text_field(ChangeReason, "why", rows=3, label=_("Why does it change?"))
    cited = forms.MultipleChoiceField(
        label=_("What shows it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    source = CleanTextField(
        label=_("Another source, in your words"),
        max_length=300,
        required=False,
        help_text=_("For example: “Talks with 60 visitors at the counters, March 2026”."),
    )
    address = forms.URLField(
        label=_("Its address on the web"), max_length=500, required=False, assume_scheme="https"
    )

    def __init__(self, *args: Any, offered: Iterable[Citation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {digest(each): each for each in offered}
        field: Any = self.fields["cited"]
        field.choices = [(code, each.text) for code, each in self.offered.items()]
        if not self.offered:
            del self.fields["cited"]

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        if wanted.get("address") and not wanted["address"].startswith(PLACES_OUTSIDE):
            self.add_error("address", _("The address begins with http:// or https://."))
        if wanted.get("address") and not wanted.get("source") and "source" not in self.errors:
            self.add_error("source", _("Say what stands at this address."))
        if len(wanted.get("cited", [])) >= MOST_CITATIONS:
            self.add_error("cited", _("Choose the few that show it best."))
        return wanted

    @property
    def evidence(self) -> list[Citation]:
        chosen = [self.offered[code] for code in self.cleaned_data.get("cited", [])]
        if self.cleaned_data["source"]:
            chosen.append(
                Citation(str(_("Source")), self.cleaned_data["source"], self.cleaned_data["address"])
            )
        return chosen
