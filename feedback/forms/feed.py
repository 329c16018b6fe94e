"""What the feed of comments shows."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from common.fields import search_field
from common.text import search_form
from feedback.forms.scope import NAMES, ScopeForm
from feedback.models import Response, Theme


class FeedForm(ScopeForm):
    names = ("q", "theme", *NAMES)
    q = search_field(gettext_lazy("Search"))
    theme = forms.ModelChoiceField(
        Theme.objects.active(),
        label=gettext_lazy("Theme"),
        required=False,
        to_field_name="reference",
        empty_label=gettext_lazy("All themes"),
    )

    def filtered(self, responses: "QuerySet[Response]") -> "QuerySet[Response]":
        """Of the scope, its period, the theme, and with every word."""
        asked = self.cleaned_data
        found = self.narrowed(responses).filter(
            service_date__gte=self.chosen.start, service_date__lt=self.chosen.end
        )
        if asked.get("theme"):
            found = found.filter(pk__in=asked["theme"].matches.values("response"))
        for word in (asked.get("q") or "").split():
            found = found.filter(search__contains=search_form(word))
        return found
