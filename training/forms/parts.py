"""What the forms of the course editor share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import CleanTextField, VersionedForm
from training.models.words import IMPRINT


class PartForm(VersionedForm):
    """A form that knows by an imprint what it was opened on. Words are written one language at a time;
    what does not depend on the language stands only in the form of the course's first one."""

    version: Any = forms.CharField(  # type: ignore[assignment]
        max_length=IMPRINT, widget=forms.HiddenInput, required=False
    )
    names: tuple[str, ...] = ()

    def __init__(self, *args: Any, words: Any = None, version: str = "", **kwargs: Any) -> None:
        told = {name: words.get(name, "") for name in self.names} if words else {}
        kwargs["initial"] = told | (kwargs.get("initial") or {}) | {"version": version}
        super().__init__(*args, **kwargs)

    @property
    def expected(self) -> str:
        return self.cleaned_data["version"] or ""

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}

    def drop(self, *names: str) -> None:
        """Leave out what a translation may not change."""
        for name in names:
            self.fields.pop(name, None)

    def stand_over(self, imprint: str) -> None:
        """After a conflict: what was typed stays and, saved again, replaces what stands now."""
        changed = self.data.copy()  # type: ignore[attr-defined]
        changed["version"] = imprint
        self.data = changed


class LinesField(CleanTextField):
    """Several short texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        kwargs.setdefault("help_text", _("One a line."))
        super().__init__(max_length=20_000, **kwargs)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})
