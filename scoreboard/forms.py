"""The switch of unit and period, and the search of the scoreboard."""

import contextlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.figure_words import VERDICTS
from common.period import Period
from common.text import clean_text, search_form, validate_text
from organisation.models import Installation, Unit
from scoreboard import periods
from scoreboard.board import BoardRow
from scoreboard.goals import GoalRow


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
        self,
        data: Any,
        *,
        units: Sequence[Unit],
        unit: Unit,
        today: date,
        first_month: int = 1,
        compares: bool = False,
    ) -> None:
        """`compares` asks for a second period too, to hold the first one against (`against`)."""
        self.usual = periods.usual(today)
        code = _canonical(data.get("period") or periods.USUAL, today, first_month)
        super().__init__(
            {"unit": unit.slug, "period": code}
            | {name: data.get(name) for name in ("first", "last", "against")}
        )
        choices = [(each.slug, "\u2003" * each.depth + each.name) for each in units]
        self.fields["unit"] = forms.ChoiceField(label=_("Unit"), required=False, choices=choices)
        self.fields["period"] = PeriodField(today=today, first_month=first_month, code=code)
        if compares:
            other = _canonical(data.get("against") or "", today, first_month)
            self.fields["against"] = AgainstField(today=today, first_month=first_month, code=other)
        self.order_fields(["unit", "period", "against", "first", "last"])

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

    @property
    def against(self) -> Period | None:
        """The period to compare with; None is the one before."""
        return self.cleaned_data.get("against")


class PeriodField(forms.ChoiceField):
    """A choice of the usual periods that also takes any other code of a period."""

    label = _("Period")

    def __init__(self, *, today: date, first_month: int, code: str) -> None:
        self.today, self.first_month = today, first_month
        choices = periods.offered(today, first_month)
        known = {each for _group, entries in choices for each, _words in entries}
        if code and code not in known:
            with contextlib.suppress(ValidationError):
                choices.insert(0, (code, str(self._read(code))))
        super().__init__(label=self.label, required=False, choices=choices)

    def _read(self, code: str) -> Period:
        return periods.read(code, today=self.today, first_month=self.first_month)

    def clean(self, value: Any) -> Any:
        return self._read(str(value))


class AgainstField(PeriodField):
    """The period to compare with: the one before, unless another is chosen."""

    label = _("Against")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = [("", _("the period before")), *self.choices]  # type: ignore[misc]

    def clean(self, value: Any) -> Any:
        return super().clean(value) if value else None


class ChangeForm(forms.Form):
    """A change on a day, for this measure or for every measure of its standard."""

    on = forms.DateField(label=_("Day"), widget=_day_input())
    words = forms.CharField(
        label=_("What changed"),
        max_length=200,
        validators=[validate_text],
        help_text=_("For example: a second person at the counter until noon."),
    )
    whole_standard = forms.BooleanField(label=_("It concerns every measure of this standard"), required=False)

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"], max_length=200)


class GoalSearch(forms.Form):
    """Which goals to show."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    critical = forms.ChoiceField(
        label=_("Which"), required=False, choices=[("", _("All goals")), ("yes", _("Critical ones only"))]
    )
    verdict = forms.ChoiceField(
        label=_("Verdict"), required=False, choices=[("", _("All verdicts")), *VERDICTS.items()]
    )

    def __init__(
        self, data: Any, *, units: Sequence[Unit], today: date, installation: Installation | None
    ) -> None:
        first_month = installation.financial_year_starts if installation else 1
        code = _canonical(data.get("period") or periods.USUAL, today, first_month)
        names = ("q", "unit", "critical", "verdict")
        super().__init__({name: data.get(name) for name in names} | {"period": code})
        self.fields["period"] = PeriodField(today=today, first_month=first_month, code=code)
        self.order_fields(["q", "unit", "period", "critical", "verdict"])
        field: Any = self.fields["unit"]
        field.choices = [
            ("", _("All units")),
            *((each.slug, "\u2003" * each.depth + each.name) for each in units),
        ]

    @property
    def period(self) -> Period:
        found: Period = self.cleaned_data["period"]
        return found

    def filter(self, rows: Sequence[GoalRow]) -> list[GoalRow]:
        """Rows are few and their words are translated: they are compared here."""
        if not self.is_valid():
            return []
        asked = self.cleaned_data
        words = search_form(asked["q"].strip())
        return [
            row
            for row in rows
            if words in search_form(row.searchable)
            and (not asked["unit"] or row.unit.slug == asked["unit"])
            and (not asked["critical"] or row.goal.is_critical)
            and (not asked["verdict"] or row.figure.verdict == asked["verdict"])
        ]


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
