"""The searches over what waits for a manager: answers to mark, practice to see, meetings."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from charter.forms.fields import search_field
from common.text import search_form
from organisation.forms.units import UnitChoice, offer_units
from organisation.models import Membership, Tree, Unit
from training.models import Course


class CourseField(forms.ModelChoiceField):
    """Courses by their keys; what no database can look up is no course."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Course.objects.none(), to_field_name="key", required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\x00", "?") if isinstance(value, str) else value)


class WaitingSearch(forms.Form):
    """By name, course and unit; a unit stands for itself and those below it."""

    q = search_field(gettext_lazy("Search by name"))
    course = CourseField(label=gettext_lazy("Course"), empty_label=gettext_lazy("Every course"))
    unit = UnitChoice(label=gettext_lazy("Unit"), required=False, empty_label=gettext_lazy("Every unit"))

    def __init__(self, *args: Any, user: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["course"].queryset = Course.objects.visible_to(user).prefetch_related("texts")
        offer_units(self, "unit", units)

    def conditions(self, path: str, today: date) -> dict[str, Any] | None:
        """Filters on rows that reach an assignment by the path; None where the search makes no sense."""
        if not self.is_valid():
            return None
        wanted = self.cleaned_data
        found: dict[str, Any] = {}
        if wanted["course"]:
            found[f"{path}course"] = wanted["course"]
        if wanted["unit"]:
            places = Membership.objects.filter(unit__in=Tree.on(today).subtree(wanted["unit"].pk))
            found[f"{path}person__in"] = places.values("user")
        return found

    def filter(self, rows: Any, path: str, today: date) -> Any:
        """`path` leads from a row to its assignment: “attempt__assignment__”, or nothing."""
        conditions = self.conditions(path, today)
        if conditions is None:
            return rows.none()
        for word in search_form(self.cleaned_data["q"]).split():
            rows = rows.filter(**{f"{path}person__search__contains": word})
        return rows.filter(**conditions)


class MarkingSearch(WaitingSearch):
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("Oldest first")), ("newest", gettext_lazy("Newest first"))],
    )

    def ordered(self, rows: Any) -> Any:
        down = self.is_valid() and self.cleaned_data["sort"] == "newest"
        sign = "-" if down else ""
        return rows.order_by(f"{sign}attempt__submitted_at", "attempt_id", "position")


class PracticeSearch(WaitingSearch):
    state = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            ("", gettext_lazy("Who has begun the course")),
            ("waiting", gettext_lazy("Who has not begun")),
            ("all", gettext_lazy("Everybody")),
        ],
    )

    def of_state(self, rows: Any) -> Any:
        state = self.cleaned_data["state"] if self.is_valid() else ""
        if state == "all":
            return rows
        return rows.filter(version__isnull=state == "waiting")


class SessionSearch(forms.Form):
    q = search_field(gettext_lazy("Search place or leader"))
    course = CourseField(label=gettext_lazy("Course"), empty_label=gettext_lazy("Every course"))
    unit = UnitChoice(label=gettext_lazy("Unit"), required=False, empty_label=gettext_lazy("Every unit"))
    state = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            ("", gettext_lazy("To come")),
            ("past", gettext_lazy("Past")),
            ("cancelled", gettext_lazy("Called off")),
            ("all", gettext_lazy("All")),
        ],
    )

    def __init__(self, *args: Any, user: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["course"].queryset = Course.objects.visible_to(user).prefetch_related("texts")
        offer_units(self, "unit", units)

    def filter(self, sessions: Any, at: datetime, today: date) -> Any:
        """Those to come with the next one first, all others with the newest first."""
        if not self.is_valid():
            return sessions.none()
        wanted = self.cleaned_data
        state = wanted["state"]
        if wanted["course"]:
            sessions = sessions.filter(course=wanted["course"])
        if wanted["unit"]:
            sessions = sessions.filter(unit__in=Tree.on(today).subtree(wanted["unit"].pk))
        if state == "":
            sessions = sessions.filter(cancelled_at__isnull=True, ends_at__gt=at)
        elif state == "past":
            sessions = sessions.filter(cancelled_at__isnull=True, ends_at__lte=at)
        elif state == "cancelled":
            sessions = sessions.filter(cancelled_at__isnull=False)
        return sessions.order_by("starts_at" if state == "" else "-starts_at", "pk")

    def found(self, sessions: list[Any]) -> list[Any]:
        """Those whose place, leader or course holds the words, whatever their case, on every database."""
        words = search_form(self.cleaned_data.get("q", "")).split() if self.is_valid() else []
        texts = {each.pk: search_form(f"{each.place} {each.led_by} {each.course}") for each in sessions}
        return [each for each in sessions if all(word in texts[each.pk] for word in words)]


class RuleSearch(forms.Form):
    q = search_field(gettext_lazy("Search by course"))
    unit = UnitChoice(label=gettext_lazy("Unit"), required=False, empty_label=gettext_lazy("Every unit"))
    state = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            ("", gettext_lazy("In force")),
            ("ended", gettext_lazy("Ended")),
            ("all", gettext_lazy("All")),
        ],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("By course")), ("newest", gettext_lazy("Newest first"))],
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "unit", units)

    def filter(self, rules: Any) -> Any:
        if not self.is_valid():
            return rules.none()
        wanted = self.cleaned_data
        for word in search_form(wanted["q"]).split():
            rules = rules.filter(course__search__contains=word)
        if wanted["unit"]:
            rules = rules.filter(unit=wanted["unit"])
        if wanted["state"] != "all":
            rules = rules.filter(archived_at__isnull=wanted["state"] != "ended")
        return rules.order_by(*(["-created_at", "-pk"] if wanted["sort"] else ["course__search", "pk"]))
