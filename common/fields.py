"""Fields and small parts that the forms of every room share."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.text import clean_text, search_form, validate_text

DAY_FORMATS = [
    ("%Y-%m-%d", gettext_lazy("2026-11-30")),
    ("%d/%m/%Y", gettext_lazy("30/11/2026 (day first)")),
    ("%m/%d/%Y", gettext_lazy("11/30/2026 (month first)")),
    ("%d.%m.%Y", gettext_lazy("30.11.2026")),
]
"""How files may write a day."""

MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""How browsers send a local date and time, and how people type it."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Of whatever is typed as a moment; dates of courses and cases lie well inside."""

_UNZONED = ZoneInfo("Etc/UTC")

DAY_WIDGET = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CleanTextField(forms.CharField):
    """Text that both databases keep: cleaned before its length is checked."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        validate_text(text)
        return clean_text(text, max_length=max(len(text), 1))


class MomentField(forms.DateTimeField):
    """A wall time in the zone at hand. Of an hour that comes twice in autumn it is the first; one that is
    left out in spring is counted on from the hour before. Django would refuse both.

    At the ends of the calendar a moment has no counterpart in other zones: such years are refused.
    """

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(input_formats=MOMENT_FORMATS, widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(_UNZONED):
            found = super().to_python(value)
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValidationError(_("This year cannot be right."), code="invalid")
        if found is None or found.tzinfo is not _UNZONED:
            return found
        return found.replace(tzinfo=timezone.get_current_timezone())


def text_field(model: type[models.Model], name: str, *, rows: int = 3, **kwargs: Any) -> CleanTextField:
    """The form field of a model's text column, with the column's label and length."""
    column: Any = model._meta.get_field(name)
    if isinstance(column, models.TextField):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
    kwargs.setdefault("required", not column.blank)
    kwargs.setdefault("label", str(column.verbose_name)[:1].upper() + str(column.verbose_name)[1:])
    return CleanTextField(max_length=column.max_length, **kwargs)


def language_of(code: str | None) -> str:
    """The language asked for, if the installation has it; else its first one."""
    return code if code in dict(settings.TEXT_LANGUAGES) else settings.LANGUAGE_CODE


def matching(rows: Iterable[tuple[int, str]], words: str) -> set[int]:
    """The ids of the (id, text) rows that hold the words, whatever their case, on every database."""
    wanted = search_form(words)
    return {pk for pk, text in rows if wanted in search_form(text)}


def search_field(label: Any) -> forms.CharField:
    """The search words of a list: nothing is refused but what no database can hold."""
    return CleanTextField(
        label=label, required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )


class VersionedForm(forms.Form):
    """A form that knows which version of its subject it was opened on, and shows its Markdown."""

    markdown: tuple[str, ...] = ()
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    @property
    def expected_version(self) -> int:
        return self.cleaned_data["version"] or 0

    @property
    def preview(self) -> list[tuple[Any, str]]:
        """(label, text) of the Markdown fields as they are typed now, saved or not, cut where too long."""
        found = []
        for name in self.markdown:
            field: Any = self.fields[name]
            text = str(self[name].value() or "")[: field.max_length]
            if text.strip():
                found.append((field.label, text))
        return found

    def keep_over(self, version: int, stored: dict[str, Any]) -> list[tuple[Any, str]]:
        """After a conflict: what was typed stays and, saved again, replaces this newer version.

        Returns (label, what stands now) for every field in which the two differ.
        """
        changed = cast(QueryDict, self.data).copy()
        changed["version"] = str(version)
        self.data = changed
        differing = [name for name in stored if not _same(self.cleaned_data.get(name), stored[name])]
        return [
            (self.fields[name].label or name, _shown(self.fields[name], stored[name])) for name in differing
        ]


def _same(typed: Any, stored: Any) -> bool:
    if isinstance(stored, models.QuerySet):
        return set(typed) == set(stored)
    return typed == stored or (typed in (None, "") and stored in (None, ""))


def _shown(field: Any, stored: Any) -> str:
    """A stored value in the words that its field has for it."""
    if stored is None or stored == "":
        return "–"
    if isinstance(stored, bool):
        return _("yes") if stored else _("no")
    if isinstance(stored, models.QuerySet):
        return ", ".join(str(each) for each in stored) or "–"
    if isinstance(stored, list):
        words = dict(field.choices)
        return ", ".join(str(words.get(each, each)) for each in stored) or "–"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(stored, stored))  # type: ignore[arg-type]
    return formats.localize(stored)


def take_refusal(form: forms.Form, refusal: ValidationError, names: Mapping[str, str] | None = None) -> None:
    """Show what an action refused beside the field it speaks of, or above the form.

    `names` maps names of the action to fields of the form where the two differ.
    """
    for name, errors in refusal.error_dict.items():
        field = (names or {}).get(name, "scale" if name.startswith("scale_") else name)
        form.add_error(field if field in form.fields else None, errors)
