"""Forms of the installation's settings, its API keys and the audit trail."""

import re
from typing import Any

from auditlog.models import LogEntry
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.text import clean_text, search_form
from organisation.audit import FOLLOWED
from organisation.forms import offer
from organisation.models import ApiToken, Installation

LOGO_LIMIT = 500_000
LEAST_CONTRAST = 4.5
COLOUR = re.compile(r"#[0-9a-f]{6}")
SCOPES = [
    ("scores.read", _("Read scores")),
    ("charter.read", _("Read the charter")),
    ("feedback.invite", _("Invite people to a survey, and report bounces")),
    ("activity.write", _("Hand in how many customers were served")),
    ("strategy.read", _("Read gaps and the action plan")),
    ("strategy.report", _("Report how far an action is")),
]


def picture_type(head: bytes) -> str | None:
    """The content type of a PNG, JPEG or WebP picture by its first twelve bytes, else None."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of WCAG 2.2 between white and a colour written as #rrggbb."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


class InstallationForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG or WebP, at most 500 kB. Leave empty to keep the present one."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_logo = forms.BooleanField(label=_("Show no logo"), required=False)

    class Meta:
        model = Installation
        fields = ["name", "short_name", "colour", "language", "financial_year_starts", "licence"]
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}
        help_texts = {
            "short_name": _("Stands in the head of every page."),
            "financial_year_starts": _("The scoreboard offers financial years beside calendar years."),
            "colour": _("Buttons and links. White letters must be readable on it."),
        }

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"], max_length=150)

    def clean_short_name(self) -> str:
        return clean_text(self.cleaned_data["short_name"], max_length=40)

    def clean_licence(self) -> str:
        return clean_text(self.cleaned_data["licence"], max_length=300)

    def clean_colour(self) -> str:
        colour = self.cleaned_data["colour"].lower()
        if COLOUR.fullmatch(colour) and contrast_with_white(colour) < LEAST_CONTRAST:
            raise ValidationError(
                _("White letters cannot be read on this colour. Choose a darker one."), code="contrast"
            )
        return colour

    def clean_new_logo(self) -> Any:
        logo = self.cleaned_data["new_logo"]
        if not logo:
            return None
        if logo.size > LOGO_LIMIT:
            raise ValidationError(_("The picture is larger than 500 kB."))
        head = logo.read(12)
        logo.seek(0)
        logo.content_type = picture_type(head)
        if logo.content_type is None:
            raise ValidationError(_("This is no PNG, JPEG or WebP picture."))
        return logo


class TokenForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Which program will use this key?"))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=SCOPES, widget=forms.CheckboxSelectMultiple
    )

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"], max_length=100)


class TokenSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("In use")), ("revoked", _("Revoked")), ("all", _("All"))],
    )

    def filter(self, tokens: "QuerySet[ApiToken]") -> "list[ApiToken]":
        """API keys are few: their names are compared here, the same on every database."""
        if not self.is_valid():
            return []
        state = self.cleaned_data["state"]
        if state != "all":
            tokens = tokens.filter(revoked_at__isnull=state != "revoked")
        wanted = search_form(self.cleaned_data["q"])
        return [token for token in tokens if wanted in search_form(token.name)]


class AuditSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    action = forms.TypedChoiceField(
        label=_("What happened"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("All")),
            (LogEntry.Action.CREATE, _("Added")),
            (LogEntry.Action.UPDATE, _("Changed")),
            (LogEntry.Action.DELETE, _("Removed")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(model._meta.model_name, str(model._meta.verbose_name).capitalize()) for model in FOLLOWED]
        offer(self, "kind", [("", _("All")), *kinds])

    def filter(self, entries: "QuerySet[LogEntry]") -> "QuerySet[LogEntry]":
        if not self.is_valid():
            return entries.none()
        wanted = self.cleaned_data
        if wanted["q"]:
            entries = entries.filter(
                Q(object_repr__icontains=wanted["q"]) | Q(actor__search__contains=search_form(wanted["q"]))
            )
        if wanted["kind"]:
            entries = entries.filter(
                content_type__app_label="organisation", content_type__model=wanted["kind"]
            )
        if wanted["action"] is not None:
            entries = entries.filter(action=wanted["action"])
        return entries
