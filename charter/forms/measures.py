"""Forms of measures and their goals."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import DAY_WIDGET, VersionedForm, text_field
from charter.models import Charter, Measure, Standard
from common import sources
from organisation.models import Tree, Unit

SCALES = [
    ("0-1", _("Yes or no")),
    ("1-3", _("Three points")),
    ("1-4", _("Four points")),
    ("1-5", _("Five faces or points")),
    ("1-7", _("Seven points")),
    ("0-10", _("0 to 10")),
    ("1-10", _("1 to 10")),
]
Method = Measure.Method
OF_TOTALS = (Method.SHARE_MET, Method.COUNT, Method.RATE)
OF_ANSWERS = tuple(method for method in Method if method not in OF_TOTALS)
FIXED_SCALES = {Method.NPS: "0-10", Method.CES: "1-7", **dict.fromkeys(OF_TOTALS, "0-1")}
MEASURE_NAMES = (
    *("name", "method", "direction", "source", "minimum_n", "is_sample"),
    *("counted", "per", "exposure"),
)


def fitting(source: str) -> tuple[str, ...]:
    """The methods by which what the source holds can be proved."""
    if source in sources.totals_sources():
        return sources.totals_sources()[source].methods
    return (Method.SHARE_MET,) if source == Measure.Source.CASES else OF_ANSWERS


def _refusal(source: str) -> Any:
    if source == Measure.Source.CASES:
        return _("Cases with a time limit are proved by “share met”.")
    if source not in sources.totals_sources():
        return _("This method needs recorded results; choose another one for answers.")
    if fitting(source) == (Method.SHARE_MET,):
        return _("What this source holds is proved by “share met”.")
    return _("Recorded results are proved by “share met”, a count or a rate.")


def scale_of(measure: Measure) -> str:
    return f"{measure.scale_low}-{measure.scale_high}"


class ProofFields(VersionedForm):
    """How a standard is proved. The names are those of Measure, with the scale as one choice."""

    name = text_field(Measure, "name", label=_("What is measured"))
    source = forms.ChoiceField(label=_("Fed by"), choices=sources.choices)
    method = forms.ChoiceField(
        label=_("Method"),
        choices=Measure.Method.choices,
        help_text=_(
            "The top boxes are the best answers: “yes”, the best one of three, the best two of five. CES 2.0"
            " asks from 1 to 7 whether we made it easy, and counts 5 to 7."
        ),
    )
    scale = forms.ChoiceField(
        label=_("Scale of the answers"), choices=SCALES, required=False, help_text=_("Only for answers.")
    )
    minimum_n = forms.IntegerField(
        label=_("Least number of answers to publish"), min_value=5, max_value=100_000, initial=10
    )
    direction = forms.ChoiceField(
        label=_("Direction"), choices=Measure.Direction.choices, initial=Measure.Direction.HIGHER
    )
    is_sample = forms.BooleanField(
        label=_("The recorded results count a sample of the cases, not all of them"), required=False
    )
    counted = text_field(
        Measure,
        "counted",
        label=_("Of a count or a rate: what is counted"),
        help_text=_("In the plural, as in “12 complaints”."),
    )
    per = forms.TypedChoiceField(
        label=_("Of a rate: per how many"),
        choices=Measure.Per.choices,
        coerce=int,
        empty_value=int(Measure.Per.THOUSAND),  # type: ignore[arg-type]
        initial=Measure.Per.THOUSAND,
        required=False,
    )
    exposure = text_field(
        Measure,
        "exposure",
        label=_("Of a rate: out of what"),
        help_text=_("In the plural, as in “per 1,000 visitors”."),
    )

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        method, source = wanted.get("method"), wanted.get("source")
        if method and source and method not in fitting(source):
            self.add_error("method", _refusal(source))
        self._name_what_is_counted(method, wanted)
        scale = FIXED_SCALES.get(Measure.Method(method)) if method else None
        scale = scale or wanted.get("scale")
        if not scale:
            self.add_error("scale", _("Choose the scale of the answers."))
            return wanted
        wanted["scale_low"], wanted["scale_high"] = (int(part) for part in scale.split("-"))
        return wanted

    def _name_what_is_counted(self, method: str | None, wanted: dict[str, Any]) -> None:
        """A count and a rate say of what they are; the rest of the methods says nothing of it."""
        words: dict[str, tuple[str, ...]] = {Method.COUNT: ("counted",), Method.RATE: ("counted", "exposure")}
        needed = words.get(method or "", ())
        for name in ("counted", "exposure"):
            if name not in needed:
                wanted[name] = ""
            elif not wanted.get(name) and name not in self.errors:
                self.add_error(name, _("Say it in one word or two: the public reads it beside the figure."))
        if needed:
            wanted["is_sample"] = False

    def offer_scale_of(self, measure: Measure) -> None:
        """A scale of an imported measure that the list does not know is offered all the same."""
        field: Any = self.fields["scale"]
        if scale_of(measure) not in dict(SCALES):
            field.choices = [*SCALES, (scale_of(measure), scale_of(measure))]

    @property
    def measure_fields(self) -> dict[str, Any]:
        names = (*MEASURE_NAMES, "scale_low", "scale_high")
        return {name: self.cleaned_data[name] for name in names}


def initial_of(measure: Measure) -> dict[str, Any]:
    return {name: getattr(measure, name) for name in MEASURE_NAMES} | {"scale": scale_of(measure)}


class MeasureForm(ProofFields):
    """One measure on its own page. `version` is that of the standard."""

    is_of_need = forms.BooleanField(
        label=_("It is asked about a need: how important it is, or how satisfied customers are"),
        required=False,
        help_text=_("Then it proves no promise, and stands in no edition and on no scoreboard."),
    )

    def __init__(self, *args: Any, standard: Standard, measure: Measure | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = initial_of(measure) if measure else {"scale": "1-5"}
        initial["is_of_need"] = bool(measure and measure.is_of_need)
        kwargs["initial"] = initial | {"version": standard.version}
        super().__init__(*args, **kwargs)
        if measure:
            self.offer_scale_of(measure)

    def clean(self) -> dict[str, Any]:
        wanted = super().clean()
        if wanted.get("is_of_need") and not Measure(**_scale_in(wanted)).is_one_to_five:
            self.add_error("method", _("Importance and satisfaction are means of answers from 1 to 5."))
        return wanted

    @property
    def measure_fields(self) -> dict[str, Any]:
        return super().measure_fields | {"is_of_need": self.cleaned_data["is_of_need"]}


def _scale_in(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: wanted.get(name) for name in ("method", "scale_low", "scale_high")}


class GoalForm(forms.Form):
    """A goal of a measure: for all units in which its charter holds or for one of them, from a day on."""

    target = forms.DecimalField(
        label=_("Goal"), max_digits=9, decimal_places=4, help_text=_("Of a count: for each month.")
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        to_field_name="slug",
        label=_("Unit"),
        required=False,
        empty_label=_("All units"),
    )
    starts_on = forms.DateField(label=_("From"), widget=DAY_WIDGET)
    ends_on = forms.DateField(label=_("Up to"), widget=DAY_WIDGET, required=False)
    is_critical = forms.BooleanField(label=_("Critical success factor"), required=False)

    def __init__(self, *args: Any, user: Any, charter: Charter, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        below = Tree.on(today).subtree(charter.unit_id)
        field.queryset = Unit.objects.managed_by(user).active().filter(pk__in=below)

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = wanted.get("starts_on"), wanted.get("ends_on")
        if start and end and end <= start:
            self.add_error("ends_on", _("The goal ends before it begins."))
        return wanted
