"""Forms of the import of recorded results."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.forms.fields import CleanTextField, search_field
from charter.forms.results import recorded_measures
from charter.imports import CASES, KIND, CasesMapping, ResultsMapping
from charter.imports.guess import guess_columns
from charter.models import Measure
from common.fields import DAY_FORMATS
from customers.imports import ACTIVITY, ActivityMapping
from organisation.forms import offer
from organisation.imports import ImportRefused, refuse_size, required_columns, shipped_mappings
from organisation.models import Import, ImportMapping, Unit

WAYS = [
    ("month", gettext_lazy("A month: 2026-11 or 11/2026")),
    ("fiscal_year", gettext_lazy("A year: 2026 or 2025-2026")),
    ("dates", gettext_lazy("First and last day, in two columns")),
    ("period", gettext_lazy("A period as we write it: 2026-Q3, 2026-11")),
]
MONTHS = [(number, number) for number in range(1, 13)]
COLUMNS = ("unit", "measure", "standard", "promise", "channel", "period", "period_end", "met", "total")
MORE_COLUMNS = ("departures", "departure_reason", "target")


KINDS = [
    (KIND, gettext_lazy("Results: how often a standard was met")),
    (CASES, gettext_lazy("Cases: when each came, was due and was done")),
    (ACTIVITY, gettext_lazy("Customer activity: how many were served on each day")),
]


MAPPINGS: dict[str, Any] = {KIND: ResultsMapping, CASES: CasesMapping, ACTIVITY: ActivityMapping}
"""Kind → what reads its mapping. Rooms above add theirs (`charter.views.imports.register_kind`)."""


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What is in the file?"), choices=KINDS, initial=KIND)
    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", KINDS)
        words = _("The first row holds the names of the columns. Up to %(size)s MB and %(rows)s rows.")
        limits = {"size": f"{settings.IMPORT_MAX_BYTES / 1e6:g}", "rows": f"{settings.IMPORT_MAX_ROWS:,}"}
        self.fields["file"].help_text = words % limits

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        refuse_size(file.size or 0)
        return file


class SavedMappingForm(forms.Form):
    """One of the mappings that were kept, or that come with the product."""

    saved = forms.ChoiceField(label=gettext_lazy("Saved mapping"))

    def __init__(self, *args: Any, kind: str, header: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.header = header
        self.kept = {f"kept:{each.pk}": each for each in ImportMapping.objects.filter(kind=kind)}
        self.shipped = {f"shipped:{name}": data for name, data in shipped_mappings(kind).items()}
        choices: Any = self.fields["saved"]
        choices.choices = [(code, each.name) for code, each in self.kept.items()] + [
            (code, self._title(data, code)) for code, data in self.shipped.items()
        ]

    def _title(self, data: dict[str, Any], code: str) -> str:
        """The name of a mapping that comes with the product, and whether what it speaks of is missing."""
        name = str(data.get("name", code))
        try:
            MAPPINGS[self.kind].parse(data)
        except ImportRefused:
            return _("%(name)s (something it needs is missing)") % {"name": name}
        return name

    def clean_saved(self) -> dict[str, Any]:
        code = self.cleaned_data["saved"]
        data: dict[str, Any] = self.kept[code].mapping if code in self.kept else self.shipped[code]
        required_columns(self.header, MAPPINGS[self.kind].parse(data).columns())
        return data


class MappingForm(forms.Form):
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
    one_measure = CleanTextField(
        label=gettext_lazy("… or all rows belong to the measure"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The name or the key of one measure."),
    )
    period_way = forms.ChoiceField(label=gettext_lazy("The period is written as"), choices=WAYS)
    period = forms.ChoiceField(label=gettext_lazy("Period, or first day"))
    period_end = forms.ChoiceField(label=gettext_lazy("Last day"), required=False)
    date_format = forms.ChoiceField(
        label=gettext_lazy("Days are written as"), choices=DAY_FORMATS, required=False
    )
    first_month = forms.TypedChoiceField(
        label=gettext_lazy("A year begins in month"),
        choices=MONTHS,
        coerce=int,
        empty_value=None,
        required=False,
    )
    met = forms.ChoiceField(
        label=gettext_lazy("Met, or how many"),
        help_text=gettext_lazy("Of a count the number, of a rate what is counted."),
    )
    total = forms.ChoiceField(
        label=gettext_lazy("Cases in scope, or out of how many"),
        required=False,
        help_text=gettext_lazy("Only counts need none."),
    )
    not_tracked = CleanTextField(
        label=gettext_lazy("Texts that mean “not tracked”"),
        required=False,
        max_length=200,
        initial="NA, ND, N/A",
        help_text=gettext_lazy("Separated by commas. Blanks and a volume of 0 always mean it."),
    )
    departures = forms.ChoiceField(label=gettext_lazy("Departures within the guidance"), required=False)
    departure_reason = forms.ChoiceField(label=gettext_lazy("Why they departed"), required=False)
    target = forms.ChoiceField(label=gettext_lazy("Goal in per cent"), required=False)
    standard = forms.ChoiceField(label=gettext_lazy("Reference of the standard"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel (one measure each)"), required=False)
    promise = forms.ChoiceField(label=gettext_lazy("Wording of the standard"), required=False)
    create_missing = forms.BooleanField(
        label=gettext_lazy("Add standards and measures that are missing"), required=False
    )
    save_as = CleanTextField(label=gettext_lazy("Keep this mapping as"), required=False, max_length=100)

    MORE = ("departures", "departure_reason", "target", "standard", "channel", "promise", "create_missing")

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
        kwargs.setdefault("initial", _choices_of(chosen, header) or guess_columns(header))
        super().__init__(*args, **kwargs)
        self.header = header
        self.mapping: dict[str, Any] = {}
        fields: Any = self.fields
        for name in (*COLUMNS, *MORE_COLUMNS):
            fields[name].choices = [("", _("(no column)")), *((column, column) for column in header)]
        fields["one_unit"].queryset = Unit.objects.managed_by(user).active()

    def clean_one_measure(self) -> Measure | None:
        """A choice of thousands would be no choice, so the measure is typed."""
        text = self.cleaned_data["one_measure"]
        if not text:
            return None
        measures = recorded_measures()
        found = list(measures.filter(key=text)[:1]) or list(measures.filter(name=text)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("No measure of recorded results, or more than one, has this name. Use its key.")
            )
        return cast(Measure, found[0])

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return wanted
        if not (wanted["unit"] or wanted["one_unit"]):
            self.add_error("unit", _("Choose the column of the unit, or one unit for all rows."))
        if not (wanted["measure"] or wanted["one_measure"] or wanted["standard"]):
            self.add_error("measure", _("Choose the column of the measure, or one measure for all rows."))
        if not (wanted["total"] or _are_counts(wanted)):
            self.add_error("total", _("Choose the column of the cases. Only a count needs none."))
        if wanted["period_way"] == "dates" and not wanted["period_end"]:
            self.add_error("period_end", _("Choose the column of the last day."))
        if not self.errors:
            self.mapping = _mapping(wanted)
            try:
                ResultsMapping.parse(self.mapping)
            except ImportRefused as refused:
                self.add_error(None, refused)
        return wanted


def _are_counts(wanted: dict[str, Any]) -> bool:
    """Whether the rows may all be of counts, which have no cases: the one measure is, or some are."""
    if wanted["one_measure"]:
        return bool(wanted["one_measure"].method == Measure.Method.COUNT)
    counts = recorded_measures().filter(method=Measure.Method.COUNT)
    return bool(wanted["measure"]) and counts.exists()


def _mapping(wanted: dict[str, Any]) -> dict[str, Any]:
    """The JSON of what was chosen; what was left out is left out."""
    measure: dict[str, Any] = {"channel": wanted["channel"]}
    if wanted["one_measure"]:
        measure = {"key": {"constant": wanted["one_measure"].key}}
    elif wanted["measure"]:
        measure = {"key": wanted["measure"]}
    standard: dict[str, Any] = {"reference": wanted["standard"]}
    if wanted["promise"]:
        standard["promise"] = {settings.LANGUAGE_CODE: [wanted["promise"]]}
    texts = [text.strip() for text in wanted["not_tracked"].split(",")]
    return {
        "unit": {"constant": wanted["one_unit"].slug} if wanted["one_unit"] else wanted["unit"],
        "measure": measure,
        "standard": standard,
        "period": _period(wanted),
        "met": wanted["met"],
        "total": wanted["total"],
        "departures": wanted["departures"],
        "departure_reason": wanted["departure_reason"],
        "target": {"column": wanted["target"]},
        "not_tracked": ["", *filter(None, texts)],
        "create_missing": wanted["create_missing"],
    }


def _period(wanted: dict[str, Any]) -> dict[str, Any]:
    way, column = wanted["period_way"], wanted["period"]
    if way == "fiscal_year":
        return {"fiscal_year": column, "first_month": wanted["first_month"] or 1}
    if way == "dates":
        return {
            "start": column,
            "end": wanted["period_end"],
            "formats": [wanted["date_format"] or "%Y-%m-%d"],
        }
    return {way: column}


def _choices_of(mapping: dict[str, Any], header: list[str]) -> dict[str, Any]:
    """What the form holds where a file is mapped again; what it has no field for is left out.

    Nothing where the mapping cannot be, or belongs to another file.
    """
    try:
        parsed = ResultsMapping.parse(mapping)
    except ImportRefused:
        return {}
    if not set(parsed.columns()) <= {"", *header}:
        return {}
    cells = {name: getattr(parsed, name) for name in ("unit", "measure", "met", "total", "channel")}
    cells |= {name: getattr(parsed, name) for name in MORE_COLUMNS}
    found: dict[str, Any] = {name: cell.column if cell else "" for name, cell in cells.items()}
    columns = [*parsed.promise.values(), ()]
    first, *last = [cell.column for cell in parsed.period.cells]
    return found | {
        "one_unit": parsed.unit.constant,
        "one_measure": parsed.measure.constant if parsed.measure else "",
        "standard": next(iter(parsed.reference), ""),
        "promise": next(iter(columns[0]), ""),
        "period_way": parsed.period.way,
        "period": first,
        "period_end": next(iter(last), ""),
        "date_format": next(iter(parsed.period.formats), ""),
        "first_month": parsed.period.first_month,
        "not_tracked": ", ".join(filter(None, mapping.get("not_tracked", []))),
        "create_missing": parsed.create_missing,
    }


class TakeForm(forms.Form):
    skip_bad = forms.BooleanField(
        label=gettext_lazy("Take in what is right and leave out the rows that cannot be taken"),
        required=False,
    )


class ImportSearchForm(forms.Form):
    """Which files a list shows, and in which order."""

    q = search_field(gettext_lazy("Search file names"))
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Every state")), *Import.State.choices],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("Newest first")), ("oldest", gettext_lazy("Oldest first"))],
    )

    def filter(self, imports: Any) -> Any:
        """The imports that fit; nonsense in a filter shows nothing."""
        if not self.is_valid():
            return imports.none()
        wanted = self.cleaned_data
        if wanted["state"]:
            imports = imports.filter(state=wanted["state"])
        if wanted["q"]:
            words = wanted["q"]
            imports = imports.filter(Q(file__name__icontains=words) | Q(reference__iexact=words))
        return imports.order_by("created_at", "pk") if wanted["sort"] == "oldest" else imports
