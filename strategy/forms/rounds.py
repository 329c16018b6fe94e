"""Forms and the search of the Service Quotient."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import DAY_WIDGET, VersionedForm, text_field
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Unit
from strategy.assessment import first_hour
from strategy.forms.fields import RoomSearch
from strategy.models import Consensus, FirstHour, Round

NOT_APPLICABLE = "na"
WORDS = {
    "1": _("not at all"),
    "2": _("rather not"),
    "3": _("partly"),
    "4": _("rather so"),
    "5": _("fully"),
    NOT_APPLICABLE: _("does not apply to me"),
}


class RoundSearch(RoomSearch):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Round.State.choices]
    )

    def filter(self, rounds: Any) -> Any:
        rounds = self.narrowed(rounds)
        if self.is_valid() and self.cleaned_data["state"]:
            rounds = rounds.filter(state=self.cleaned_data["state"])
        return rounds


class RoundForm(VersionedForm):
    field_names = ("unit", "name", "opens_on", "closes_on")

    name = text_field(Round, "name")
    unit = UnitChoice(label=_("Who is asked: everybody in"), empty_label=_("Choose a unit"))
    opens_on = forms.DateField(label=_("From"), widget=DAY_WIDGET)
    closes_on = forms.DateField(label=_("Until, that day included"), widget=DAY_WIDGET)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "unit", units)

    @property
    def round_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.field_names}


class ExtendForm(forms.Form):
    closes_on = forms.DateField(label=_("Until, that day included"), widget=DAY_WIDGET)


class AnswerForm(forms.Form):
    """Every statement of a round's frozen questionnaire, from 1 to 5 or “does not apply to me”."""

    def __init__(self, *args: Any, content: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        for side in content["dimensions"]:
            for item in side["items"]:
                self.fields[item["key"]] = forms.ChoiceField(
                    label=item["text"],
                    choices=list(WORDS.items()),
                    widget=forms.RadioSelect,
                    error_messages={"required": _("No answer yet."), "invalid_choice": _("No answer yet.")},
                )

    @property
    def waiting(self) -> list[Any]:
        """The statements without an answer, in their order."""
        return [field for _name, fields in self.sides for field in fields if field.errors]

    @property
    def sides(self) -> list[tuple[str, list[Any]]]:
        return [
            (side["name"], [self[item["key"]] for item in side["items"]])
            for side in self.content["dimensions"]
        ]

    @property
    def answers(self) -> dict[str, int | None]:
        return {
            key: None if value == NOT_APPLICABLE else int(value) for key, value in self.cleaned_data.items()
        }


class AgreeForm(forms.Form):
    """One side; a row without an agreed figure is left out."""

    side = forms.CharField(widget=forms.HiddenInput, max_length=20)
    score = forms.DecimalField(
        label=_("Agreed"), required=False, min_value=1, max_value=5, max_digits=2, decimal_places=1
    )
    target = forms.DecimalField(
        label=_("Target"), required=False, min_value=1, max_value=5, max_digits=2, decimal_places=1
    )
    evidence = text_field(Consensus, "evidence", required=False)

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        given = [name for name in ("score", "target", "evidence") if wanted.get(name) not in (None, "")]
        for name in ("score", "target", "evidence"):
            if given and name not in given and name not in self.errors:
                self.add_error(name, _("What is agreed has a figure, a target and what shows it."))
        return wanted


class _Agreed(forms.BaseFormSet):
    @property
    def rows(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("score") is not None]


AgreeFormSet = forms.formset_factory(AgreeForm, formset=_Agreed, extra=0, max_num=20, absolute_max=30)


class FirstHourForm(forms.Form):
    note = text_field(FirstHour, "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in first_hour():
            self.fields[question["key"]] = forms.ChoiceField(
                label=question["text"], choices=FirstHour.Answer.choices, widget=forms.RadioSelect
            )

    @property
    def questions(self) -> list[Any]:
        return [self[question["key"]] for question in first_hour()]

    @property
    def answers(self) -> dict[str, str]:
        return {question["key"]: self.cleaned_data[question["key"]] for question in first_hour()}
