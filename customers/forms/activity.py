"""Forms of customer activity: the mapping of a file, and the search over daily totals."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.fields import DAY_FORMATS, DAY_WIDGET, CleanTextField, matching, search_field
from customers.imports import ActivityMapping
from customers.models import Activity, Channel
from customers.models.activity import NUMBERS
from organisation.imports import ImportRefused, guess_columns
from organisation.models import Tree, Unit

WORDS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "branch", "office", "department", "shop", "team"),
    "day": ("day", "date", "service day"),
    "channel": ("channel", "way", "how they came"),
    "area": ("area", "district", "postcode", "where they live", "region"),
    "product": ("product", "service", "product or service", "article"),
    "served": ("served", "customers", "customers served", "visitors", "transactions", "number", "count"),
    "used": ("used", "bought", "bought or used", "sold", "quantity"),
    "returned": ("returned", "returns"),
    "came_back": ("came back", "came_back", "returning customers", "known customers"),
    "complaints": ("complaints", "complained"),
}
COLUMNS = ("unit", "day", "channel", "area", "product", *NUMBERS)


def _column(label: Any, *, required: bool = False, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required, help_text=help_text)


class ActivityMappingForm(forms.Form):
    """Which column says what. `mapping` is the JSON that comes of it."""

    unit = _column(gettext_lazy("Unit"))
    one_unit = forms.ModelChoiceField(
        Unit.objects.none(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("… or all rows belong to"),
        empty_label=gettext_lazy("(the column says it)"),
    )
    day = _column(gettext_lazy("Day"), required=True)
    date_format = forms.ChoiceField(label=gettext_lazy("Days are written as"), choices=DAY_FORMATS)
    channel = _column(gettext_lazy("How they came"))
    one_channel = forms.ChoiceField(
        label=gettext_lazy("… or all rows are"),
        required=False,
        choices=[("", gettext_lazy("(the column says it)")), *Channel.choices],
    )
    area = _column(gettext_lazy("Where they live"))
    product = _column(gettext_lazy("Product or service"))
    served = _column(gettext_lazy("Customers served"), required=True)
    used = _column(gettext_lazy("Bought or used"))
    returned = _column(gettext_lazy("Returned"))
    came_back = _column(
        gettext_lazy("Customers who came back"), help_text=gettext_lazy("How many of those served.")
    )
    complaints = _column(gettext_lazy("Complaints"))
    blank = CleanTextField(
        label=gettext_lazy("Texts that mean “nothing”"), required=False, max_length=200, initial="NA"
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
        kwargs.setdefault("initial", _choices_of(chosen, header) or guess_columns(header, WORDS))
        super().__init__(*args, **kwargs)
        self.mapping: dict[str, Any] = {}
        fields: Any = self.fields
        for name in COLUMNS:
            fields[name].choices = [("", _("(no column)")), *((column, column) for column in header)]
        fields["one_unit"].queryset = Unit.objects.managed_by(user).active()

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return wanted
        if not (wanted["unit"] or wanted["one_unit"]):
            self.add_error("unit", _("Choose the column of the unit, or one unit for all rows."))
        if not (wanted["channel"] or wanted["one_channel"]):
            self.add_error("channel", _("Choose the column of the way, or one way for all rows."))
        if not self.errors:
            self.mapping = _mapping(wanted)
            try:
                ActivityMapping.parse(self.mapping)
            except ImportRefused as refused:
                self.add_error(None, refused)
        return wanted


def _mapping(wanted: dict[str, Any]) -> dict[str, Any]:
    """The JSON of what was chosen; what was left out is left out."""
    return {
        "unit": {"constant": wanted["one_unit"].slug} if wanted["one_unit"] else wanted["unit"],
        "channel": {"constant": wanted["one_channel"]} if wanted["one_channel"] else wanted["channel"],
        "formats": [wanted["date_format"]],
        "blank": [text.strip() for text in wanted["blank"].split(",") if text.strip()],
        **{name: wanted[name] for name in ("day", "area", "product", *NUMBERS)},
    }


def _choices_of(mapping: dict[str, Any], header: list[str]) -> dict[str, Any]:
    """What the form holds where a file is mapped again; nothing where the mapping belongs to another."""
    try:
        parsed = ActivityMapping.parse(mapping)
    except ImportRefused:
        return {}
    if not set(parsed.columns()) <= {"", *header}:
        return {}
    cells = {name: getattr(parsed, name) for name in ("unit", "channel", "area", "product")}
    return {
        **{name: cell.column if cell else "" for name, cell in cells.items()},
        **{name: parsed.numbers.get(name, "") for name in NUMBERS},
        "one_unit": parsed.unit.constant,
        "one_channel": parsed.channel.constant,
        "day": parsed.day,
        "date_format": next(iter(parsed.formats), ""),
        "blank": ", ".join(mapping.get("blank", [])),
    }


class ActivitySearchForm(forms.Form):
    """Which daily totals a list shows, and in which order. A unit stands for itself and those below it."""

    orders = {
        "": ("-day", "unit__name", "pk"),
        "oldest": ("day", "unit__name", "pk"),
        "most": ("-served", "-day", "pk"),
    }

    q = search_field(gettext_lazy("Search areas and products"))
    unit = forms.ModelChoiceField(
        Unit.objects.all(),
        to_field_name="slug",
        label=gettext_lazy("Unit"),
        required=False,
        empty_label=gettext_lazy("Every unit"),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How they came"),
        required=False,
        choices=[("", gettext_lazy("Every way")), *Channel.choices],
    )
    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=DAY_WIDGET)
    last = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DAY_WIDGET)
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("", gettext_lazy("Newest first")),
            ("oldest", gettext_lazy("Oldest first")),
            ("most", gettext_lazy("Most served first")),
        ],
    )

    def filter(self, totals: Any, today: Any) -> Any:
        """The totals that fit; nonsense in a filter shows nothing."""
        if not self.is_valid():
            return totals.none()
        wanted = self.cleaned_data
        if wanted["unit"]:
            totals = totals.filter(unit__in=Tree.on(wanted["last"] or today).subtree(wanted["unit"].pk))
        if wanted["channel"]:
            totals = totals.filter(channel=wanted["channel"])
        if wanted["first"]:
            totals = totals.filter(day__gte=wanted["first"])
        if wanted["last"]:
            totals = totals.filter(day__lte=wanted["last"])
        if wanted["q"]:
            totals = totals.filter(_named(wanted["q"]))
        return totals.order_by(*self.orders[wanted["sort"]])


def _named(words: str) -> Q:
    """Areas and products that hold the words, whatever their case; there are few different ones."""
    found = Q(pk__in=[])
    for name in ("area", "product"):
        texts = Activity.objects.countable().order_by(name).values_list(name, flat=True).distinct()
        numbered = list(enumerate(texts))
        hits = matching(numbered, words)
        found |= Q(**{f"{name}__in": [text for number, text in numbered if number in hits]})
    return found
