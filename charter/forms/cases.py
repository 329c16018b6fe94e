"""Forms of cases with a time limit: the mapping of a file, and the search over cases."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.forms.fields import DAY_WIDGET, CleanTextField, search_field
from charter.imports import CasesMapping
from charter.imports.guess import CASE_WORDS, guess_columns
from charter.models import Case, Measure
from common.fields import MomentField
from common.text import search_form
from organisation.forms.calendars import LIMIT_UNITS
from organisation.imports import ImportRefused
from organisation.models import BusinessCalendar, Tree, Unit

TIME_FORMATS = [
    ("%Y-%m-%d %H:%M", gettext_lazy("2026-11-30 14:05")),
    ("%Y-%m-%d %H:%M:%S", gettext_lazy("2026-11-30 14:05:59")),
    ("%Y-%m-%dT%H:%M:%S", gettext_lazy("2026-11-30T14:05:59")),
    ("%d/%m/%Y %H:%M", gettext_lazy("30/11/2026 14:05 (day first)")),
    ("%m/%d/%Y %H:%M", gettext_lazy("11/30/2026 14:05 (month first)")),
    ("%m/%d/%Y %I:%M:%S %p", gettext_lazy("11/30/2026 02:05:59 PM (month first)")),
    ("%d.%m.%Y %H:%M", gettext_lazy("30.11.2026 14:05")),
    ("%Y-%m-%d", gettext_lazy("2026-11-30, without an hour")),
    ("%d/%m/%Y", gettext_lazy("30/11/2026, without an hour")),
]
DUE_WAYS = [
    ("column", gettext_lazy("The file says when each was due")),
    ("standard", gettext_lazy("By the time limit of the standard")),
    ("limit", gettext_lazy("By this time limit")),
]
COLUMNS = ("unit", "measure", "received", "due", "done", "reference", "on_time")


def cases_measures() -> Any:
    """The measures that cases can feed."""
    return Measure.objects.active().filter(source=Measure.Source.CASES).order_by("name", "pk")


def guess_format(texts: list[str]) -> str:
    """The first way of writing times that reads all of these texts; else the first one there is."""
    filled = [text for text in texts if text]
    for pattern, _label in TIME_FORMATS:
        if filled and all(_reads(text, pattern) for text in filled):
            return pattern
    return TIME_FORMATS[0][0]


def _reads(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern)
    except ValueError:
        return False
    return True


class CasesMappingForm(forms.Form):
    """Which column says what. `mapping` is the JSON that comes of it."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    one_unit = forms.ModelChoiceField(
        Unit.objects.none(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("… or all rows belong to the unit"),
        empty_label=gettext_lazy("(the column says it)"),
    )
    measure = forms.ChoiceField(label=gettext_lazy("Measure (name or key)"), required=False)
    one_measure = forms.ModelChoiceField(
        Measure.objects.none(),
        to_field_name="key",
        required=False,
        label=gettext_lazy("… or all rows belong to the measure"),
        empty_label=gettext_lazy("(the column says it)"),
    )
    received = forms.ChoiceField(label=gettext_lazy("Received"))
    done = forms.ChoiceField(label=gettext_lazy("Done"), required=False)
    time_format = forms.ChoiceField(
        label=gettext_lazy("Times are written as"),
        choices=TIME_FORMATS,
        help_text=gettext_lazy("A date without an hour is read, too."),
    )
    zone = forms.ChoiceField(label=gettext_lazy("In the time zone"), required=False)
    due_way = forms.ChoiceField(label=gettext_lazy("When was it due?"), choices=DUE_WAYS)
    due = forms.ChoiceField(label=gettext_lazy("Column of the due time"), required=False)
    limit_amount = forms.IntegerField(
        label=gettext_lazy("Time limit"), min_value=1, max_value=100_000, required=False
    )
    limit_unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"), choices=LIMIT_UNITS, initial="working_days", required=False
    )
    calendar = forms.ModelChoiceField(
        BusinessCalendar.objects.none(),
        to_field_name="name",
        required=False,
        label=gettext_lazy("Business calendar"),
        empty_label=gettext_lazy("(that of each unit)"),
    )
    as_of = MomentField(
        label=gettext_lazy("The file shows how it stood on"),
        required=False,
        help_text=gettext_lazy(
            "An open case that is overdue then is late. Left empty: the moment when you sent the file; it "
            "cannot lie after that."
        ),
    )
    reference = forms.ChoiceField(
        label=gettext_lazy("Reference of the case"),
        required=False,
        help_text=gettext_lazy(
            "With it a later file brings the same cases up to date. Without it only new ones are taken."
        ),
    )
    blank = CleanTextField(
        label=gettext_lazy("Texts that mean “nothing”"), required=False, max_length=200, initial="NA"
    )
    on_time = forms.ChoiceField(label=gettext_lazy("The file’s own “in time”"), required=False)
    on_time_text = CleanTextField(
        label=gettext_lazy("The text that means “in time”"), required=False, max_length=100, initial="yes"
    )
    save_as = CleanTextField(label=gettext_lazy("Keep this mapping as"), required=False, max_length=100)

    def __init__(
        self,
        *args: Any,
        header: list[str],
        user: Any,
        sample: list[dict[str, str]],
        chosen: dict[str, Any],
        **kwargs: Any,
    ) -> None:
        """`chosen` is the mapping with which the file was tried before, empty where it was not."""
        guessed: dict[str, Any] = dict(guess_columns(header, CASE_WORDS))
        guessed["time_format"] = guess_format(
            [cells.get(guessed.get("received", ""), "") for cells in sample]
        )
        guessed["due_way"] = "column" if "due" in guessed else "standard"
        kwargs.setdefault("initial", _choices_of(chosen, header) or guessed)
        super().__init__(*args, **kwargs)
        self.mapping: dict[str, Any] = {}
        fields: Any = self.fields
        for name in COLUMNS:
            fields[name].choices = [("", _("(no column)")), *((column, column) for column in header)]
        fields["one_unit"].queryset = Unit.objects.managed_by(user).active()
        fields["one_measure"].queryset = cases_measures()
        fields["calendar"].queryset = BusinessCalendar.objects.active()
        zones = sorted(available_timezones())
        fields["zone"].choices = [("", _("(that of each unit)")), *((zone, zone) for zone in zones)]

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return wanted
        if not (wanted["unit"] or wanted["one_unit"]):
            self.add_error("unit", _("Choose the column of the unit, or one unit for all rows."))
        if not (wanted["measure"] or wanted["one_measure"]):
            self.add_error("measure", _("Choose the column of the measure, or one measure for all rows."))
        if wanted["due_way"] == "column" and not wanted["due"]:
            self.add_error("due", _("Choose the column of the due time."))
        if wanted["due_way"] == "limit" and not wanted["limit_amount"]:
            self.add_error("limit_amount", _("How long is the time limit?"))
        if not self.errors:
            self.mapping = _mapping(wanted)
            try:
                CasesMapping.parse(self.mapping)
            except ImportRefused as refused:
                self.add_error(None, refused)
        return wanted


def _date_of(pattern: str) -> str:
    """The way of writing times without the hour: a log often has one column of bare dates."""
    return pattern.replace("T", " ").split(" ")[0]


def _mapping(wanted: dict[str, Any]) -> dict[str, Any]:
    """The JSON of what was chosen; what was left out is left out."""
    measure = {"constant": wanted["one_measure"].key} if wanted["one_measure"] else wanted["measure"]
    mapping: dict[str, Any] = {
        "unit": {"constant": wanted["one_unit"].slug} if wanted["one_unit"] else wanted["unit"],
        "measure": {"key": measure},
        "received": wanted["received"],
        "done": wanted["done"],
        "reference": wanted["reference"],
        "formats": list(dict.fromkeys([wanted["time_format"], _date_of(wanted["time_format"])])),
        "zone": wanted["zone"],
        "blank": [text.strip() for text in wanted["blank"].split(",") if text.strip()],
    }
    if wanted["due_way"] == "column":
        mapping["due"] = wanted["due"]
    elif wanted["due_way"] == "standard":
        mapping["limit"] = "standard"
    else:
        limit = {"amount": wanted["limit_amount"], "unit": wanted["limit_unit"] or "working_days"}
        mapping["limit"] = limit | ({"calendar": wanted["calendar"].name} if wanted["calendar"] else {})
    if wanted["as_of"]:
        mapping["as_of"] = wanted["as_of"].replace(tzinfo=None).strftime("%Y-%m-%d %H:%M")
    if wanted["on_time"]:
        mapping["on_time"] = {"column": wanted["on_time"], "values": [wanted["on_time_text"] or "yes"]}
    return mapping


def _choices_of(mapping: dict[str, Any], header: list[str]) -> dict[str, Any]:
    """What the form holds where a file is mapped again; what it has no field for is left out.

    Nothing where the mapping cannot be, or belongs to another file.
    """
    try:
        parsed, limit = CasesMapping.parse(mapping), mapping.get("limit")
    except ImportRefused:
        return {}
    if not set(parsed.columns()) <= {"", *header}:
        return {}
    found: dict[str, Any] = {
        "unit": parsed.unit.column,
        "one_unit": parsed.unit.constant,
        "measure": parsed.measure.column,
        "one_measure": parsed.measure.constant,
        "time_format": next(iter(parsed.formats), ""),
        "blank": ", ".join(mapping.get("blank", [])),
        "on_time_text": ", ".join((mapping.get("on_time") or {}).get("values", ["yes"])[:1]),
        "due_way": "column" if parsed.due else "standard" if limit == "standard" else "limit",
    }
    found |= {name: getattr(parsed, name) for name in ("received", "due", "done", "reference", "on_time")}
    found |= {name: getattr(parsed, name) for name in ("zone", "as_of")}
    if found["due_way"] == "limit" and isinstance(limit, dict):
        amount = limit["amount"]
        found |= {"limit_amount": amount if isinstance(amount, int) else None}
        found |= {"limit_unit": limit["unit"], "calendar": limit.get("calendar", "")}
    return found


class CaseSearchForm(forms.Form):
    """Which cases a list shows, and in which order. A unit stands for itself and those below it."""

    q = search_field(gettext_lazy("Search references"))
    measure = forms.ModelChoiceField(
        Measure.objects.none(),
        to_field_name="key",
        label=gettext_lazy("Measure"),
        required=False,
        empty_label=gettext_lazy("Every measure"),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Unit"),
        required=False,
        empty_label=gettext_lazy("Every unit"),
    )
    outcome = forms.ChoiceField(label=gettext_lazy("What became of it"), required=False)
    first = forms.DateField(label=gettext_lazy("Received from"), required=False, widget=DAY_WIDGET)
    last = forms.DateField(label=gettext_lazy("Received until"), required=False, widget=DAY_WIDGET)
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("", gettext_lazy("Newest first")),
            ("oldest", gettext_lazy("Oldest first")),
            ("longest", gettext_lazy("Longest first")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["measure"].queryset = Measure.objects.filter(source=Measure.Source.CASES).order_by("name")
        fields["unit"].queryset = Unit.objects.all()
        differs = ("differs", _("The file says otherwise"))
        fields["outcome"].choices = [("", _("Everything")), *Case.Outcome.choices, differs]

    def filter(self, cases: Any, today: Any) -> Any:
        """The cases that fit; nonsense in a filter shows nothing."""
        if not self.is_valid():
            return cases.none()
        wanted = self.cleaned_data
        if wanted["measure"]:
            cases = cases.filter(measure=wanted["measure"])
        if wanted["unit"]:
            cases = cases.filter(unit__in=Tree.on(wanted["last"] or today).subtree(wanted["unit"].pk))
        if wanted["outcome"] == "differs":
            cases = cases.differing()
        elif wanted["outcome"]:
            cases = cases.filter(outcome=wanted["outcome"])
        if wanted["first"]:
            cases = cases.filter(day__gte=wanted["first"])
        if wanted["last"]:
            cases = cases.filter(day__lte=wanted["last"])
        if wanted["q"]:
            cases = cases.filter(search__contains=search_form(wanted["q"]))
        return cases.order_by(*ORDERS[wanted["sort"]])


ORDERS: dict[str, tuple[Any, ...]] = {
    "": ("-received_at", "-pk"),
    "oldest": ("received_at", "pk"),
    "longest": ("-seconds_taken", "pk"),
}
