"""Forms and the search of reviews."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.models import Standard
from common.fields import DAY_WIDGET, VersionedForm, text_field
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Tree, Unit, User
from strategy.forms.fields import (
    KeyChoice,
    MeasureChoice,
    PersonChoice,
    RoomSearch,
    offer_measures,
    offer_people,
)
from strategy.forms.plan import ActionChoice
from strategy.models import Action, Decision, PlanReview


class ReviewSearch(RoomSearch):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *PlanReview.State.choices],
    )

    def filter(self, reviews: Any) -> Any:
        reviews = self.narrowed(reviews)
        if self.is_valid() and self.cleaned_data["state"]:
            reviews = reviews.filter(state=self.cleaned_data["state"])
        return reviews


class ReviewForm(VersionedForm):
    field_names = ("unit", "title", "held_on", "owner")

    title = text_field(PlanReview, "title")
    unit = UnitChoice(label=gettext_lazy("Unit, with all below"), empty_label=gettext_lazy("Choose a unit"))
    held_on = forms.DateField(label=gettext_lazy("Day"), widget=DAY_WIDGET)
    owner = PersonChoice(label=gettext_lazy("Led by"))

    def __init__(
        self,
        *args: Any,
        user: User,
        units: list[Unit],
        standing: PlanReview | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kept = [standing.unit] if standing and standing.unit not in units else []
        offer_units(self, "unit", [*units, *kept])
        offer_people(self, "owner", user, standing.owner if standing else None)

    @property
    def review_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.field_names}


def stored(review: PlanReview) -> dict[str, Any]:
    return {name: getattr(review, name) for name in ReviewForm.field_names}


class PeopleChoice(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            User.objects.none(),
            to_field_name="reference",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )


class AttendanceForm(VersionedForm):
    asked = PeopleChoice(label=gettext_lazy("Asked"))
    came = PeopleChoice(label=gettext_lazy("Came"))

    def __init__(self, *args: Any, review: PlanReview, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Q(pk__in=User.objects.visible_to(user).filter(is_active=True).values("pk"))
        there = Q(pk__in=review.attendance.values("person"))
        fields: Any = self.fields
        for name in ("asked", "came"):
            fields[name].queryset = User.objects.get_queryset().filter(seen | there).order_by("name", "pk")


def attended(review: PlanReview) -> dict[str, Any]:
    """Who is asked and who came, by the names of the form's fields."""
    there = review.attendance.all()
    people = User.objects.get_queryset().order_by("name", "pk")
    return {
        "asked": people.filter(pk__in=there.values("person")),
        "came": people.filter(pk__in=there.filter(came=True).values("person")),
    }


class StandardChoice(KeyChoice):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class DecisionForm(forms.Form):
    """About one thing of the product at most; what it is about is changed at once."""

    kind = forms.ChoiceField(label=gettext_lazy("Decision"), choices=Decision.Kind.choices)
    text = text_field(Decision, "text", widget=forms.Textarea(attrs={"rows": 3}))
    action = ActionChoice(
        label=gettext_lazy("About an action"), required=False, empty_label=gettext_lazy("None")
    )
    ends_on = forms.DateField(label=gettext_lazy("It goes on until"), required=False, widget=DAY_WIDGET)
    measure = MeasureChoice(
        label=gettext_lazy("About the goal of a measure"),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    target = forms.DecimalField(
        label=gettext_lazy("The goal from now on"), required=False, max_digits=9, decimal_places=4
    )
    standard = StandardChoice(
        queryset=Standard.objects.none(),
        to_field_name="key",
        label=gettext_lazy("About a promise, for the next edition"),
        required=False,
        empty_label=gettext_lazy("None"),
    )

    def __init__(self, *args: Any, review: PlanReview, user: User, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.review = user, review
        below = Tree.on(today).subtree(review.unit_id)
        own = Unit.objects.managed_by(user).values("pk")
        fields: Any = self.fields
        fields["action"].queryset = Action.objects.live().filter(unit__in=below).order_by("title", "pk")
        offer_measures(self, "measure")
        fields["measure"].queryset = fields["measure"].queryset.filter(standard__charter__unit__in=own)
        standards = Standard.objects.active().filter(charter__unit__in=own).prefetch_related("texts")
        fields["standard"].queryset = standards.order_by("charter__unit__name", "position", "pk")
        for name, goes_with in (("action", "ends_on"), ("measure", "target"), ("standard", None)):
            if not self.data.get(name) and not fields[name].queryset.exists():
                self._leave_out(name, goes_with)

    def _leave_out(self, *names: str | None) -> None:
        """A choice of nothing is not offered, nor what belongs to it; what was sent anyway is refused."""
        for name in names:
            if name:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        action, kind = wanted.get("action"), wanted.get("kind")
        if action and kind != Decision.Kind.KEEP and not self.user.has_perm("strategy.work", action):
            words = _("This action is changed or stopped only by its owner or by who manages its unit.")
            self.add_error("action", words)
        may_set_goals = self.user.has_perm("strategy.manage", self.review)
        if wanted.get("measure") and kind != Decision.Kind.KEEP and not may_set_goals:
            words = _("A goal is changed or stopped only by who manages the unit of the review.")
            self.add_error("measure", words)
        wanted |= {name: wanted.get(name) for name in ("ends_on", "target")}
        named = [wanted[name] for name in ("action", "measure", "standard") if wanted.get(name)]
        if len(named) > 1:
            raise forms.ValidationError(_("A decision is about one thing: write another for the other."))
        wanted["about"] = named[0] if named else None
        return wanted


class HoldForm(forms.Form):
    minutes = text_field(PlanReview, "minutes", rows=6)
    next_on = forms.DateField(label=gettext_lazy("Next review on"), required=False, widget=DAY_WIDGET)
