"""The switch of unit and period, and the search of the scoreboard."""

import contextlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.period import Period
from common.templatetags.charterwell import VERDICTS
from common.text import search_form
from organisation.models import Unit
from scoreboard import periods
from scoreboard.board import BoardRow


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SwitchForm(forms.Form):
    """Which unit, which period; everything by GET, so that an address says it all.

    `first` and `last` give a period of its own and win over `period`. What an address lacks is the unit
    at hand and the usual period.
    """

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    first = forms.DateField(label=_("First day"), required=False, widget=_day_input())
    last = forms.DateField(label=_("Last day"), required=False, widget=_day_input())

    def __init__(
        self, data: Any, *, units: Sequence[Unit], unit: Unit, today: date, first_month: int = 1
    ) -> None:
        self.usual = periods.usual(today)
        code = _canonical(data.get("period") or periods.USUAL, today, first_month)
        super().__init__(
            {"unit": unit.slug, "period": code, "first": data.get("first"), "last": data.get("last")}
        )
        choices = [(each.slug, "\u2003" * each.depth + each.name) for each in units]
        self.fields["unit"] = forms.ChoiceField(label=_("Unit"), required=False, choices=choices)
        self.fields["period"] = PeriodField(today=today, first_month=first_month, code=code)
        self.order_fields(["unit", "period", "first", "last"])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("first") or cleaned.get("last"):
            try:
                cleaned["period"] = periods.between(cleaned.get("first"), cleaned.get("last"))
            except ValidationError as error:
                self.add_error("last", error)
        return cleaned

    @property
    def chosen(self) -> Period:
        """The period asked for; the usual one where the address is wrong."""
        return self.cleaned_data.get("period") or self.usual


class PeriodField(forms.ChoiceField):
    """A choice of the usual periods that also takes any other code of a period."""

    def __init__(self, *, today: date, first_month: int, code: str, **kwargs: Any) -> None:
        self.today, self.first_month = today, first_month
        choices = periods.offered(today, first_month)
        known = {each for _group, entries in choices for each, _words in entries}
        if code not in known:
            with contextlib.suppress(ValidationError):
                choices.insert(0, (code, str(self._read(code))))
        super().__init__(label=_("Period"), required=False, choices=choices, **kwargs)

    def _read(self, code: str) -> Period:
        return periods.read(code, today=self.today, first_month=self.first_month)

    def clean(self, value: Any) -> Any:
        return self._read(str(value))


def _canonical(code: str, today: date, first_month: int) -> str:
    """The shortest code of the same period; what moves or is no period stays as it is."""
    with contextlib.suppress(ValidationError):
        return periods.read(code, today=today, first_month=first_month).asked
    return code


class BoardSearch(forms.Form):
    """Which rows of the scoreboard to show."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    verdict = forms.ChoiceField(
        label=_("Verdict"), required=False, choices=[("", _("All verdicts")), *VERDICTS.items()]
    )

    def filter(self, rows: Sequence[BoardRow]) -> list[BoardRow]:
        """Rows are few and their words are translated: they are compared here."""
        if not self.is_valid():
            return []
        words = search_form(self.cleaned_data["q"].strip())
        verdict = self.cleaned_data["verdict"]
        return [
            row
            for row in rows
            if (not verdict or row.figure.verdict == verdict) and words in search_form(row.searchable)
        ]
