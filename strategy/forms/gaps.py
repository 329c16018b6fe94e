"""Forms and the search of gaps."""

from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from charter.models import Edition
from common.fields import DAY_WIDGET, VersionedForm, text_field
from common.text import clean_text
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Unit, User
from strategy.actions.gaps import signed_editions
from strategy.forms.fields import (
    KeyChoice,
    MeasureChoice,
    PersonChoice,
    RoomSearch,
    offer_measures,
    offer_people,
)
from strategy.models import Gap, GapEvidence
from training.models import Course

STATES = [("", _("Standing")), *Gap.State.choices, ("all", _("All"))]
ORDERS: dict[str, tuple[Any, ...]] = {
    "": ("-found_at", "-pk"),
    "due": (F("due_on").asc(nulls_last=True), "pk"),
    "unit": ("unit__name", "-found_at", "-pk"),
    "title": ("title", "pk"),
}


class GapSearch(RoomSearch):
    """Which gaps to show: the standing ones unless told otherwise."""

    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("Everybody’s")), ("mine", _("Mine")), ("managed", _("Of units I manage"))],
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    kind = forms.ChoiceField(
        label=_("Because of"), required=False, choices=[("", _("Everything")), *GapEvidence.Kind.choices]
    )
    measure = MeasureChoice(label=_("Measure"), required=False, empty_label=_("Every measure"))
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("Newest first")),
            ("due", _("By day due")),
            ("unit", _("By unit")),
            ("title", _("By words")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_measures(self, "measure")

    def filter(self, gaps: Any) -> Any:
        gaps = self.narrowed(gaps)
        if not self.is_valid():
            return gaps
        wanted = self.cleaned_data
        state = wanted["state"]
        gaps = gaps.standing() if not state else gaps if state == "all" else gaps.filter(state=state)
        if wanted["kind"]:
            with_it = GapEvidence.objects.filter(kind=wanted["kind"]).values("gap")
            gaps = gaps.filter(pk__in=with_it)
        if wanted["measure"]:
            gaps = gaps.filter(measure=wanted["measure"])
        return gaps.order_by(*ORDERS[wanted["sort"]])


class OpenForm(VersionedForm):
    """Who sees to it, and by when."""

    owner = PersonChoice(label=_("Owner"))
    due_on = forms.DateField(label=_("To be closed by"), widget=DAY_WIDGET)
    why = text_field(Gap, "why", help_text=_("What customers and colleagues say about the cause."))

    def __init__(self, *args: Any, user: User, gap: Gap | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self, "owner", user, gap.owner if gap else None)


class ReportForm(OpenForm):
    """A gap that a person has seen, and no rule has proposed."""

    unit = UnitChoice(label=_("Unit"), empty_label=_("Choose a unit"))
    measure = MeasureChoice(
        label=_("Measure"),
        required=False,
        help_text=_("With a measure, its figure closes the gap. Without one, you do."),
    )
    title = text_field(Gap, "title", help_text=_("In a sentence, as a customer would say it."))

    field_order = ["unit", "measure", "title", "why", "owner", "due_on"]

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "unit", units)
        offer_measures(self, "measure")


class ReasonForm(forms.Form):
    """A reason that everybody can read."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500})
    )

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"], max_length=500)


class GapChoice(KeyChoice):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.reference})"


class MergeForm(forms.Form):
    into = GapChoice(
        Gap.objects.none(),
        to_field_name="reference",
        label=_("Goes on in"),
        empty_label=_("Choose the gap that stays"),
    )

    def __init__(self, *args: Any, gap: Gap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["into"].queryset = Gap.objects.standing().filter(unit=gap.unit_id).exclude(pk=gap.pk)


class TrainingForm(forms.Form):
    """Courses that teach the promise stand first."""

    course = KeyChoice(
        Course.objects.none(), to_field_name="key", label=_("Course"), empty_label=_("Choose a course")
    )
    due_on = forms.DateField(label=_("Due on"), widget=DAY_WIDGET)

    def __init__(self, *args: Any, gap: Gap, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        courses = Course.objects.visible_to(user).released().prefetch_related("texts")
        fields["course"].queryset = courses
        near = set()
        if gap.measure is not None:
            near = set(courses.filter(standards=gap.measure.standard_id).values_list("pk", flat=True))
        rows = sorted(courses, key=lambda each: (each.pk not in near, str(each)))
        fields["course"].choices = [("", _("Choose a course")), *((each.key, str(each)) for each in rows)]
        self.teaches = [str(each) for each in rows if each.pk in near]


class EditionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}: {obj.note[:80]}"


class PromiseForm(forms.Form):
    edition = EditionChoice(
        Edition.objects.none(),
        to_field_name="number",
        label=_("Edition that was signed off"),
        empty_label=_("Choose an edition"),
    )

    def __init__(self, *args: Any, gap: Gap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["edition"].queryset = signed_editions(gap)
