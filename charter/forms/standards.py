"""The form of a standard."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.actions import GoalOutOfRange, GoalRefused, Proof
from charter.actions.goals import refuse_goal_out_of_range
from charter.forms.fields import DAY_WIDGET, take_refusal, text_field
from charter.forms.measures import ProofFields, fitting, initial_of
from charter.models import Goal, Measure, Standard, StandardText
from organisation.models import Membership, Tree, Unit, User


class NamesTheTeam:
    """Standards of other charters: each is named with the team whose promise it is."""

    def label_from_instance(self, standard: Any) -> str:
        return f"{standard.charter.unit}: {standard}"


UNITS_IN_SIGHT = 8
"""How many lines the box of units has before it scrolls."""


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
    folds: ClassVar = {
        "proof": (
            *("name", "source", "method", "scale", "minimum_n", "goal_from", "is_critical"),
            *("direction", "is_sample", "counted", "per", "exposure"),
        ),
        "behind": ("discretion", "why", "need", "feeling", "examples", "value"),
        "holds": (
            *("limit_amount", "limit_unit", "channel", "audience", "depends_on", "refines", "starts_on"),
            *("owner", "keeper_role", "keeper_units"),
        ),
    }
    goal_names: ClassVar = {"starts_on": "goal_from", "ends_on": "goal_from"}

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
        choices["keeper_units"].widget.attrs["size"] = UNITS_IN_SIGHT
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
        self._look_at_goal(wanted)
        return wanted

    def _look_at_goal(self, wanted: dict[str, Any]) -> None:
        """Refuse with the rest a goal that no figure can reach. While the method is refused itself, every
        one that fits the source may still be chosen."""
        target, source, method = wanted.get("target"), wanted.get("source"), wanted.get("method")
        if target is None or not source or (method == Measure.Method.MEAN and "scale" in self.errors):
            return
        ends = {name: wanted[name] for name in ("scale_low", "scale_high") if name in wanted}
        refusals = []
        for each in [method] if method else fitting(source):
            try:
                return refuse_goal_out_of_range(Measure(method=each, **ends), target)
            except GoalOutOfRange as refusal:
                refusals.append(refusal)
        if method:
            self.take_refusal(refusals[0])
        else:
            self.add_error("target", _("No method that fits can give such a figure."))

    def take_refusal(self, refusal: ValidationError) -> None:
        """A goal speaks of its own days, which have other names here."""
        take_refusal(self, refusal, self.goal_names if isinstance(refusal, GoalRefused) else None)

    @property
    def said(self) -> list[tuple[Any, str]]:
        """(label, words) of the promise and of its goal as they are typed now; neither is Markdown."""
        typed = {name: str(self[name].value() or "").strip() for name in ("promise", "name", "target")}
        goal = f"{typed['name']}: {typed['target']}" if typed["name"] else typed["target"]
        found = [("promise", typed["promise"]), ("target", goal if typed["target"] else "")]
        return [(self.fields[name].label, words) for name, words in found if words]

    @property
    def has_units_above(self) -> bool:
        return self.fields["refines"].queryset.exists()  # type: ignore[attr-defined]

    @property
    def open_folds(self) -> list[str]:
        """A folded part is open where one of its fields was refused."""
        return [fold for fold, names in self.folds.items() if any(name in self.errors for name in names)]

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
