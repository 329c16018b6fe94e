"""The sign-in pages of django-allauth, with the status that invalid input has everywhere here."""

from typing import Any

from allauth.account import forms, views
from django.forms import Field
from django.http import HttpResponse
from django.utils.translation import gettext as _


def _in_our_words(field: Field, label: str, help_text: str = "") -> None:
    field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)


class InvalidInputIs422:
    """An answer to an invalid form says so by its status."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignInForm(forms.LoginForm):
    """The same words as everywhere else in the product."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self.fields["login"], _("E-mail address"))
        _in_our_words(self.fields["password"], _("Password"))
        _in_our_words(self.fields["remember"], _("Keep me signed in"))


class SignIn(InvalidInputIs422, views.LoginView):
    form_class = SignInForm


class ResetPasswordForm(forms.ResetPasswordForm):
    """An address without an account gets no letter (a setting); the page says the same either way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self.fields["email"], _("E-mail address"))


class AskForPassword(InvalidInputIs422, views.PasswordResetView):
    form_class = ResetPasswordForm


class NewPasswordForm(forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("At least ten characters. A sentence is good.")
        _in_our_words(self.fields["password1"], _("New password"), words)
        _in_our_words(self.fields["password2"], _("New password once more"))


class ChoosePassword(InvalidInputIs422, views.PasswordResetFromKeyView):
    form_class = NewPasswordForm
