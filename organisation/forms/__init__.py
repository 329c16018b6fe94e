"""Forms and searches of the organisation room. They validate, and never act."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to. An empty POST is bound too, and so refused, not taken for a GET."""
    return request.POST if request.method == "POST" else None


def offer(form: forms.BaseForm, name: str, rows: list[tuple[Any, Any]]) -> None:
    """Only these rows (value, label) may be chosen in the field."""
    cast(forms.ChoiceField, form.fields[name]).choices = rows
