"""Forms of persons, roles and invitations."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.text import clean_text, search_form
from organisation.forms import offer
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Invitation, Membership, Unit, User


def _roles_that(user: User) -> list[tuple[str, Any]]:
    """The roles that the user may grant somewhere."""
    return [
        (value, label)
        for value, label in Membership.Role.choices
        if user.is_administrator or value != Membership.Role.ADMINISTRATOR
    ]


class PersonForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), required=False)

    class Meta:
        model = User
        fields = ["name", "language", "hired_on"]
        widgets = {"hired_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "language", [("", _("As the organisation")), *settings.LANGUAGES])

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"], max_length=150)


class RoleForm(forms.Form):
    """A role in a unit: a new one, or another one where the person has a role already."""

    unit = UnitChoice(label=_("Unit"), empty_label=None)
    role = forms.ChoiceField(label=_("Role"), initial=Membership.Role.STAFF)
    level = forms.ChoiceField(
        label=_("Level"), choices=Membership.Level.choices, initial=Membership.Level.FRONT
    )

    def __init__(self, *args: Any, by: User, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "unit", units)
        offer(self, "role", _roles_that(by))


class InvitationForm(RoleForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)

    field_order = ["email", "unit", "role", "level"]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class NewcomerForm(forms.Form):
    """Name and password of somebody who accepts an invitation."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters. A sentence is good."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"], max_length=150)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        somebody = User(email=self.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, somebody)
        return password


class PersonSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    unit = UnitChoice(label=_("Unit"), required=False, empty_label=_("All"))
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All")), *Membership.Role.choices]
    )
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("All")), *Membership.Level.choices]
    )
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("May sign in")), ("inactive", _("Deactivated")), ("all", _("All"))],
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "unit", units)

    def filter(self, people: "QuerySet[User]") -> "QuerySet[User]":
        """Unit, role and level are asked of one and the same role."""
        if not self.is_valid():
            return people.none()
        wanted = self.cleaned_data
        for word in search_form(wanted["q"]).split():
            people = people.filter(search__contains=word)
        if wanted["state"] != "all":
            people = people.filter(is_active=wanted["state"] != "inactive")
        asked = {name: wanted[name] for name in ("unit", "role", "level") if wanted[name]}
        if asked:
            people = people.filter(pk__in=Membership.objects.filter(**asked).values("user"))
        return people


class InvitationSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("Open")),
            ("accepted", _("Accepted")),
            ("expired", _("Expired")),
            ("revoked", _("Revoked")),
        ],
    )

    def filter(self, invitations: "QuerySet[Invitation]", at: datetime) -> "QuerySet[Invitation]":
        if not self.is_valid():
            return invitations.none()
        invitations = invitations.filter(email__contains=self.cleaned_data["q"].lower())
        unused = {"accepted_at__isnull": True, "revoked_at__isnull": True}
        conditions: dict[str, dict[str, Any]] = {
            "": {},
            "open": {**unused, "expires_at__gt": at},
            "accepted": {"accepted_at__isnull": False},
            "expired": {**unused, "expires_at__lte": at},
            "revoked": {"revoked_at__isnull": False},
        }
        return invitations.filter(**conditions[self.cleaned_data["state"]])
