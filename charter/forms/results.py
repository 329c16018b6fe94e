"""Forms of recorded results."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import DAY_WIDGET, matching, search_field, text_field
from charter.models import Measure, RecordedResult
from common.period import Period
from organisation.models import Unit

MOST_CASES = 10**12


def recorded_measures() -> Any:
    return Measure.objects.active().filter(source=Measure.Source.RESULTS).order_by("name", "pk")


class ResultForm(forms.Form):
    """One result. Days are typed with the last day included. `seen` is how many events were seen."""

    measure = forms.ModelChoiceField(
        Measure.objects.none(), to_field_name="key", label=_("Measure"), empty_label=_("Choose a measure")
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), to_field_name="slug", label=_("Unit"), empty_label=_("Choose a unit")
    )
    start = forms.DateField(label=_("First day"), widget=DAY_WIDGET)
    last_day = forms.DateField(label=_("Last day"), widget=DAY_WIDGET)
    met = forms.IntegerField(
        label=_("Met, or how many"),
        min_value=0,
        max_value=MOST_CASES,
        required=False,
        help_text=_("How often the standard was met; of a count or a rate: how many there were."),
    )
    total = forms.IntegerField(
        label=_("Cases in scope, or out of how many"),
        min_value=0,
        max_value=MOST_CASES,
        required=False,
        help_text=_("Not needed for a count. Leave both numbers empty where nobody kept count."),
    )
    departures = forms.IntegerField(
        label=_("Departures within the guidance"), min_value=0, max_value=MOST_CASES, required=False
    )
    departure_reason = text_field(RecordedResult, "departure_reason")
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, result: RecordedResult | None = None, **kwargs: Any) -> None:
        if result:
            kwargs["initial"] = _initial(result)
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["measure"].queryset = recorded_measures()
        choices["unit"].queryset = Unit.objects.managed_by(user).active()
        if result:
            del self.fields["measure"], self.fields["unit"]
            self._ask_what_fits(result.measure)

    def _ask_what_fits(self, measure: Measure) -> None:
        """Once the measure is known, only the numbers that its method needs, in its own words."""
        met, total = self.fields["met"], self.fields["total"]
        if not measure.is_open_ended:
            met.label, met.help_text, total.label = _("Met"), "", _("Cases in scope")
            total.help_text = _("Leave both numbers empty where nobody kept count.")
            return
        met.label, met.help_text = measure.counted, _("Leave it empty where nobody kept count.")
        total.label, total.help_text = measure.exposure, ""
        is_count = measure.method == Measure.Method.COUNT
        for name in ("departures", "departure_reason", *(["total"] if is_count else [])):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        start, last = wanted.get("start"), wanted.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", _("The last day lies before the first."))
        if last == date.max:
            self.add_error("last_day", _("Enter a valid date."))
        return wanted

    def see_again(self, result: RecordedResult) -> None:
        """After a colleague's correction: saved again, what was typed replaces it."""
        changed = cast(QueryDict, self.data).copy()
        changed["seen"] = str(result.events.count())
        self.data = changed

    @property
    def numbers(self) -> dict[str, Any]:
        wanted = self.cleaned_data
        return {
            "start": wanted["start"],
            "end": wanted["last_day"] + timedelta(days=1),
            "met": wanted["met"],
            "total": wanted.get("total"),
            "departures": wanted.get("departures") or 0,
            "reason": wanted.get("departure_reason", ""),
        }


def _initial(result: RecordedResult) -> dict[str, Any]:
    return {
        "start": result.start,
        "last_day": result.end - timedelta(days=1),
        "met": result.met,
        "total": result.total,
        "departures": result.departures or None,
        "departure_reason": result.departure_reason,
        "seen": result.events.count(),
    }


class ResultSearchForm(forms.Form):
    """Which recorded results a list shows, and in which order."""

    q = search_field(_("Search measures and units"))
    unit = forms.ModelChoiceField(
        Unit.objects.all(), to_field_name="slug", label=_("Unit"), required=False, empty_label=_("All units")
    )
    measure = forms.ModelChoiceField(
        Measure.objects.filter(source=Measure.Source.RESULTS).order_by("name", "pk"),
        to_field_name="key",
        label=_("Measure"),
        required=False,
        empty_label=_("All measures"),
    )
    period = forms.CharField(
        label=_("Period"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": _("2026-Q3 or 2026-11")}),
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Newest first")), ("oldest", _("Oldest first")), ("unit", _("By unit"))],
    )
    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("What counts")), ("deleted", _("Deleted"))]
    )

    ORDERS = {"": ("-start", "pk"), "oldest": ("start", "pk"), "unit": ("unit__name", "-start", "pk")}

    def clean_period(self) -> Period | None:
        code = self.cleaned_data["period"].strip()
        return Period.parse(code) if code else None

    def filter(self, results: Any) -> Any:
        """The results that fit every filter that makes sense; nonsense in one filter shows nothing."""
        if not self.is_valid():
            return results.none()
        wanted = self.cleaned_data
        if wanted["show"] == "deleted":
            results = results.taken_in().filter(deleted_at__isnull=False)
        else:
            results = results.countable()
        for name in ("unit", "measure"):
            if wanted[name]:
                results = results.filter(**{name: wanted[name]})
        if wanted["period"]:
            results = results.inside(wanted["period"].start, wanted["period"].end)
        if wanted["q"]:
            measures = matching(Measure.objects.values_list("pk", "name"), wanted["q"])
            units = matching(Unit.objects.values_list("pk", "name"), wanted["q"])
            results = results.filter(measure__in=measures) | results.filter(unit__in=units)
        return results.order_by(*self.ORDERS[wanted["sort"]])
