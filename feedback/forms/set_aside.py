"""What was set aside in surveys of colleagues: the search, and what is to be restored."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from common.text import search_form, validate_text


class SetAsideSearch(forms.Form):
    """Places and days; anything that is not understood is told, and left out of the search."""

    ORDERS: ClassVar[dict[str, tuple[str, ...]]] = {
        "newest": ("-service_date", "collector__name", "collector"),
        "most": ("-many", "-service_date", "collector"),
        "place": ("collector__name", "collector", "-service_date"),
    }

    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("newest", _("Newest first")), ("most", _("Most first")), ("place", _("By place"))],
    )

    def filter(self, responses: "QuerySet[Any]") -> "QuerySet[Any, dict[str, Any]]":
        """One row a place and day, with `many`."""
        self.is_valid()
        wanted = self.cleaned_data
        if words := search_form(wanted.get("q", "")):
            # There are few places: compared here, because SQLite folds the case of ASCII only.
            names = responses.order_by().values_list("collector", "collector__name", "unit__name").distinct()
            fitting = [pk for pk, *names in names if words in search_form(" ".join(names))]
            responses = responses.filter(collector__in=fitting)
        rows = responses.order_by().values(
            "collector", "collector__slug", "collector__name", "unit__name", "service_date"
        )
        return rows.annotate(many=Count("pk")).order_by(*self.ORDERS[wanted.get("sort") or "newest"])


class RestoreForm(forms.Form):
    place = forms.SlugField(max_length=100)
    day = forms.DateField()
