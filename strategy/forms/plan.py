"""Forms and the search of the action plan."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.fields import DAY_WIDGET, CleanTextField, VersionedForm, text_field
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Unit, User
from strategy.actions.plan import BY_HAND
from strategy.forms.fields import (
    KeyChoice,
    MeasureChoice,
    PersonChoice,
    RoomSearch,
    offer_measures,
    offer_people,
)
from strategy.models import Action, CheckIn, Milestone, Status
from strategy.progress import Standing

MOST_MILESTONES = 20
ORDERS = {
    "": ("ends_on", "pk"),
    "start": ("starts_on", "pk"),
    "title": ("title", "pk"),
    "weight": ("-weight", "ends_on", "pk"),
}


class ActionChoice(KeyChoice):
    """Actions by their references."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Action.objects.none(), to_field_name="reference", **kwargs)


class PlanSearch(RoomSearch):
    """Which actions to show: those planned or under way unless told otherwise."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Every kind")), *Action.Kind.choices],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            ("", gettext_lazy("Planned and under way")),
            ("late", gettext_lazy("Late")),
            *Action.State.choices,
            ("all", gettext_lazy("All")),
        ],
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[("", gettext_lazy("Every status")), *Status.choices],
    )
    measure = MeasureChoice(
        label=gettext_lazy("Measure"), required=False, empty_label=gettext_lazy("Every measure")
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("", gettext_lazy("By end")),
            ("start", gettext_lazy("By start")),
            ("title", gettext_lazy("By words")),
            ("weight", gettext_lazy("By weight")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_measures(self, "measure")

    def filter(self, actions: Any, standings: Mapping[int, Standing], *, every_state: bool = False) -> Any:
        """What fits; a board has a column a state, and leaves that filter out."""
        actions = self.narrowed(actions)
        if not self.is_valid():
            return actions
        wanted = self.cleaned_data
        state = "all" if every_state else wanted["state"]
        if state == "late":
            actions = actions.overdue(self.today)
        elif state != "all":
            actions = actions.filter(state=state) if state else actions.live()
        for name in ("kind", "measure"):
            if wanted[name]:
                actions = actions.filter(**{name: wanted[name]})
        if wanted["status"]:
            alike = [pk for pk, each in standings.items() if each.status == wanted["status"]]
            actions = actions.filter(pk__in=alike)
        return actions.order_by(*ORDERS[wanted["sort"]])


class ActionForm(VersionedForm):
    """One action. What it shall bring, and how far it is counted, is folded: simple ones need neither."""

    folded_names = ("measure", "effect", "check_on")
    counted_names = ("counted", "baseline", "target", "rhythm")
    stays_names = ("unit", "measure", "counted", "baseline", "target")

    unit = UnitChoice(label=gettext_lazy("Unit"), empty_label=gettext_lazy("Choose a unit"))
    title = text_field(Action, "title")
    words = text_field(Action, "words")
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Action.Kind.choices)
    owner = PersonChoice(label=gettext_lazy("Owner"))
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DAY_WIDGET)
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=DAY_WIDGET)
    parent = ActionChoice(
        label=gettext_lazy("Part of"), required=False, empty_label=gettext_lazy("Nothing: it stands alone")
    )
    weight = forms.IntegerField(
        label=gettext_lazy("Weight"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("How much it counts beside the other parts of the same action, 1 to 100."),
    )
    effort = forms.DecimalField(
        label=gettext_lazy("Effort in days of work"),
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=1,
    )
    measure = MeasureChoice(label=gettext_lazy("Measure that it shall move"), required=False)
    effect = forms.DecimalField(
        label=gettext_lazy("Better by"),
        required=False,
        min_value=0.01,
        max_digits=8,
        decimal_places=2,
        help_text=gettext_lazy("In points of the measure: 15 means from 72 to 87 in 100."),
    )
    check_on = forms.DateField(label=gettext_lazy("Looked at again on"), required=False, widget=DAY_WIDGET)
    counted = text_field(
        Action, "counted", help_text=gettext_lazy("“hours”, “forms rewritten”. Empty: per cent.")
    )
    baseline = forms.DecimalField(label=gettext_lazy("From the figure"), max_digits=10, decimal_places=2)
    target = forms.DecimalField(label=gettext_lazy("To the figure"), max_digits=10, decimal_places=2)
    rhythm = forms.TypedChoiceField(
        label=gettext_lazy("How often it is reported"), coerce=int, choices=Action.Rhythm.choices
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        units: list[Unit],
        standing: Action | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kept = [standing.unit] if standing and standing.unit not in units else []
        offer_units(self, "unit", [*units, *kept])
        offer_people(self, "owner", user, standing.owner if standing else None)
        offer_measures(self, "measure", standing.measure if standing else None)
        fields: Any = self.fields
        chosen = Q(pk=standing.parent_id) if standing and standing.parent_id else Q()
        if standing and standing.started_on is not None:
            for name in self.stays_names:
                fields[name].disabled = True
                fields[name].help_text = _("It stays: the action has begun.")
        near = Q(unit__in=units, state__in=[Action.State.PLANNED, Action.State.STARTED])
        fields["parent"].queryset = Action.objects.filter(near | chosen).order_by("title", "pk")

    @property
    def has_effect(self) -> bool:
        return any(self[name].value() or self[name].errors for name in self.folded_names)

    @property
    def is_counted(self) -> bool:
        return bool(self["counted"].value()) or any(self[name].errors for name in self.counted_names)

    @property
    def action_fields(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def stored(action: Action) -> dict[str, Any]:
    """What stands now, by the names of the form's fields, as objects."""
    return {name: getattr(action, name) for name in ActionForm.base_fields if name != "version"}


def initial(action: Action) -> dict[str, Any]:
    """The same as a form begins with it."""
    found = stored(action) | {"version": action.version, "unit": action.unit.slug}
    keys = {"owner": "reference", "parent": "reference", "measure": "key"}
    for name, key in keys.items():
        found[name] = getattr(found[name], key) if found[name] else ""
    return found


class CheckInForm(forms.Form):
    value = forms.DecimalField(
        label=gettext_lazy("How far it is"), required=False, max_digits=10, decimal_places=2
    )
    note = text_field(CheckIn, "note")

    def __init__(self, *args: Any, action: Action, has_steps: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_steps:
            del self.fields["value"]
            return
        words = {
            "baseline": f"{action.baseline.normalize():f}",
            "target": f"{action.target.normalize():f}",
            "counted": action.counted or _("per cent"),
        }
        self.fields["value"].help_text = _("%(counted)s, from %(baseline)s to %(target)s") % words


class OverrideForm(forms.Form):
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[(code, label) for code, label in Status.choices if code in BY_HAND],
    )
    reason = CleanTextField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    until = forms.DateField(label=gettext_lazy("Holds until"), widget=DAY_WIDGET)


class MilestoneForm(forms.Form):
    """A row without words is left out."""

    key = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    title = text_field(Milestone, "title", required=False)
    due_on = forms.DateField(label=gettext_lazy("Due on"), required=False, widget=DAY_WIDGET)
    weight = forms.IntegerField(label=gettext_lazy("Weight"), required=False, min_value=1, max_value=100)

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        if wanted.get("title"):
            for name in ("due_on", "weight"):
                if wanted.get(name) is None and name not in self.errors:
                    self.add_error(name, _("A milestone has a day and a weight."))
        return wanted


class _Milestones(forms.BaseFormSet):
    @property
    def rows(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("title")]


MilestoneFormSet = forms.formset_factory(
    MilestoneForm, formset=_Milestones, extra=3, max_num=MOST_MILESTONES, validate_max=True, absolute_max=50
)


def milestones_of(action: Action) -> list[dict[str, Any]]:
    rows = action.milestones.all()
    return [{"key": row.key, "title": row.title, "due_on": row.due_on, "weight": row.weight} for row in rows]
