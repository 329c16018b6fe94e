"""Forms of standards, their measures and goals."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.actions import GoalRefused, Proof
from charter.forms.fields import DAY_WIDGET, VersionedForm, take_refusal, text_field
from charter.models import Goal, Measure, Standard, StandardText
from common import sources
from organisation.models import Membership, Tree, Unit, User

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


def _fitting(source: str) -> tuple[str, ...]:
    """The methods by which what the source holds can be proved."""
    if source in sources.totals_sources():
        return sources.totals_sources()[source].methods
    return (Method.SHARE_MET,) if source == Measure.Source.CASES else OF_ANSWERS


def _refusal(source: str) -> Any:
    if source == Measure.Source.CASES:
        return _("Cases with a time limit are proved by “share met”.")
    if source not in sources.totals_sources():
        return _("This method needs recorded results; choose another one for answers.")
    if _fitting(source) == (Method.SHARE_MET,):
        return _("What this source holds is proved by “share met”.")
    return _("Recorded results are proved by “share met”, a count or a rate.")


def scale_of(measure: Measure) -> str:
    return f"{measure.scale_low}-{measure.scale_high}"


class ProofFields(VersionedForm):
    """How a standard is proved. The names are those of Measure, with the scale as one choice."""

    name = text_field(Measure, "name", label=_("What is measured"))
    source = forms.ChoiceField(label=_("Fed by"), choices=sources.choices)
    method = forms.ChoiceField(label=_("Method"), choices=Measure.Method.choices)
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
        if method and source and method not in _fitting(source):
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
    """A goal of a measure: for one unit or for all, from a day on."""

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

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.managed_by(user).active()

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = wanted.get("starts_on"), wanted.get("ends_on")
        if start and end and end <= start:
            self.add_error("ends_on", _("The goal ends before it begins."))
        return wanted


class NamesTheTeam:
    """Standards of other charters: each is named with the team whose promise it is."""

    def label_from_instance(self, standard: Any) -> str:
        return f"{standard.charter.unit}: {standard}"


class CitedStandards(NamesTheTeam, forms.ModelMultipleChoiceField):
    pass


class CitedStandard(NamesTheTeam, forms.ModelChoiceField):
    pass


class StandardForm(ProofFields):
    """A standard on one page: the promise, the guidance, and the proof; the rest is folded."""

    column_names = (
        *("discretion", "value", "owner", "keeper_role", "keeper_units", "starts_on"),
        *("channel", "audience", "limit_amount", "limit_unit"),
    )
    standard_names = (*column_names, "depends_on", "refines")
    words_names = ("promise", "why", "guidance", "examples", "feeling", "need")
    markdown = ("why", "guidance", "examples")
    visible_names = ("discretion", "promise", "guidance", "why")
    goal_names: ClassVar = {"starts_on": "goal_from", "ends_on": "goal_from"}
    folded_names = (
        *("goal_from", "is_critical", "direction", "is_sample"),
        *("counted", "per", "exposure"),
    )

    promise = text_field(StandardText, "promise", widget=forms.Textarea(attrs={"rows": 2}))
    guidance = text_field(StandardText, "guidance", rows=4)
    why = text_field(StandardText, "why", rows=2, label=_("Why (shown to customers)"))
    examples = text_field(StandardText, "examples", rows=4)
    feeling = text_field(StandardText, "feeling", label=_("How the customer should feel"))
    need = text_field(StandardText, "need")
    name = text_field(Measure, "name", label=_("What is measured"), required=False)
    target = forms.DecimalField(
        label=_("Goal"),
        max_digits=9,
        decimal_places=4,
        required=False,
        help_text=_(
            "For every unit; of a count, for each month. Goals of single units are on the measure's own page."
        ),
    )
    goal_from = forms.DateField(
        label=_("The goal holds from"),
        widget=DAY_WIDGET,
        required=False,
        help_text=_("Today, if left empty."),
    )
    is_critical = forms.BooleanField(label=_("Critical success factor"), required=False)
    depends_on = CitedStandards(
        Standard.objects.none(),
        to_field_name="key",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Internal standards that it relies on"),
        help_text=_("What other teams promise to colleagues, and without which this promise cannot be kept."),
    )

    def __init__(
        self,
        *args: Any,
        charter: Any,
        user: Any,
        standard: Standard | None = None,
        measure: Measure | None = None,
        goal: Goal | None = None,
        language: str,
        **kwargs: Any,
    ) -> None:
        self.measure = measure
        initial = stored(standard, measure, goal, language)
        initial["version"] = standard.version if standard else 0
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self._add_standard_fields(charter, user, standard)
        if measure:
            self.offer_scale_of(measure)
            self.fields["name"].required = True

    def _add_standard_fields(self, charter: Any, user: Any, standard: Standard | None) -> None:
        column = Standard._meta.get_field
        for name in self.column_names:
            self.fields[name] = column(name).formfield()  # type: ignore[union-attr,assignment]
        choices: Any = self.fields
        choices["value"].queryset = charter.values.active().prefetch_related("texts")
        choices["value"].to_field_name = "key"
        choices["value"].empty_label = _("None")
        known = Q(pk__in=User.objects.visible_to(user).values("pk"), is_active=True)
        stays = Q(pk=standard.owner_id if standard else None)
        choices["owner"].queryset = User.objects.filter(known | stays)
        choices["owner"].to_field_name = "reference"
        choices["owner"].empty_label = _("Nobody yet")
        choices["keeper_role"].choices = [("", _("Everybody")), *Membership.Role.choices]
        chosen = standard.keeper_units.values("pk") if standard else []
        choices["keeper_units"].queryset = Unit.objects.filter(Q(archived_at__isnull=True) | Q(pk__in=chosen))
        choices["keeper_units"].to_field_name = "slug"
        choices["starts_on"].widget = DAY_WIDGET
        for name in ("channel", "audience"):
            choices[name].required = False
        choices["limit_amount"].min_value = choices["limit_amount"].widget.attrs["min"] = 1
        self._add_citations(charter, standard)

    def _add_citations(self, charter: Any, standard: Standard | None) -> None:
        """Internal standards of all teams to rely on; those of the charters above to make concrete."""
        choices: Any = self.fields
        known = Standard.objects.select_related("charter__unit").prefetch_related("texts")
        internal = Q(audience=Standard.Audience.COLLEAGUES, archived_at__isnull=True)
        itself = [standard.pk] if standard else []
        relied = known.filter(internal | Q(relied_on_by__in=itself)).exclude(pk__in=itself).distinct()
        choices["depends_on"].queryset = relied.order_by("charter__unit__name", "position", "pk")
        above = Tree.on(charter.local_day(timezone.now())).path(charter.unit_id)[:-1]
        refined = Q(charter__unit__in=above, archived_at__isnull=True)
        self.fields["refines"] = CitedStandard(
            known.filter(refined | Q(refined_by__in=itself)).distinct(),
            to_field_name="key",
            required=False,
            label=_("The standard above that it makes concrete"),
            empty_label=_("None"),
        )

    def clean(self) -> dict[str, Any]:
        wanted = super().clean()
        if wanted.get("target") is not None and not wanted.get("name") and "name" not in self.errors:
            self.add_error("name", _("Say what is measured, so that the goal has a measure."))
        if wanted.get("goal_from") and wanted.get("target") is None and "target" not in self.errors:
            self.add_error("target", _("Say which goal holds from that day."))
        for name in ("channel", "audience"):
            wanted[name] = wanted.get(name) or self.initial[name]
        amount, unit = wanted.get("limit_amount"), wanted.get("limit_unit")
        if amount and not unit and "limit_unit" not in self.errors:
            self.add_error("limit_unit", _("Say how the time is counted."))
        if unit and not amount and "limit_amount" not in self.errors:
            self.add_error("limit_amount", _("Say how long the limit is, or choose no unit."))
        return wanted

    def take_refusal(self, refusal: ValidationError) -> None:
        """A goal speaks of its own days, which have other names here."""
        take_refusal(self, refusal, self.goal_names if isinstance(refusal, GoalRefused) else None)

    @property
    def has_units_above(self) -> bool:
        return self.fields["refines"].queryset.exists()  # type: ignore[attr-defined]

    @property
    def has_folded_errors(self) -> bool:
        """The folded part opens where one of its fields was refused."""
        names = {*self.standard_names, *self.words_names, *self.folded_names} - {*self.visible_names}
        return any(name in self.errors for name in names)

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.words_names}

    @property
    def standard_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.standard_names}

    @property
    def proof(self) -> Proof | None:
        """The measure as typed; None where nothing was said about it."""
        if not self.cleaned_data["name"]:
            return None
        target: Decimal | None = self.cleaned_data["target"]
        return Proof(
            fields=self.measure_fields,
            measure=self.measure,
            target=target,
            starts_on=self.cleaned_data["goal_from"],
            is_critical=self.cleaned_data["is_critical"],
        )


def stored(
    standard: Standard | None, measure: Measure | None, goal: Goal | None, language: str
) -> dict[str, Any]:
    """What stands now, by the names of the form's fields."""
    if standard is None:
        return {
            "discretion": Standard.Discretion.FLEXIBLE,
            "channel": Standard.Channel.ANY,
            "audience": Standard.Audience.CUSTOMERS,
            "scale": "1-5",
        }
    row = next((each for each in standard.texts.all() if each.language == language), None)
    found = {name: getattr(row, name) if row else "" for name in StandardForm.words_names}
    found |= {name: getattr(standard, name) for name in StandardForm.standard_names}
    found |= {name: getattr(standard, name).all() for name in ("keeper_units", "depends_on")}
    if measure:
        found |= initial_of(measure)
        found |= {
            "target": Decimal(str(goal)) if goal else None,
            "is_critical": bool(goal and goal.is_critical),
        }
    return found
