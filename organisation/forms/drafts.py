"""What a browser sends to have unsaved words kept."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.text import validate_text
from organisation.models.drafts import MOST_CHARACTERS

NEVER_KEPT = {"csrfmiddlewaretoken", "password", "preview"}


class DraftForm(forms.Form):
    """`form` is the address of the form, `content` JSON: field name → list of values."""

    form = forms.RegexField(r"^/(?!/)[^\s\\]*$", max_length=200, validators=[validate_text])
    content = forms.CharField(max_length=MOST_CHARACTERS, required=False, strip=False)
    discard = forms.BooleanField(required=False)

    def clean_content(self) -> dict[str, list[str]]:
        try:
            content = json.loads(self.cleaned_data["content"] or "{}")
        except ValueError as error:
            raise ValidationError(_("These are no words of a form.")) from error
        if not isinstance(content, dict):
            raise ValidationError(_("These are no words of a form."))
        for name, values in content.items():
            _refuse_odd(name, values)
        return {name: values for name, values in content.items() if name not in NEVER_KEPT}


def _refuse_odd(name: str, values: Any) -> None:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValidationError(_("These are no words of a form."))
    for text in (name, *values):
        validate_text(text)
