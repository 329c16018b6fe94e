"""Which needs the quadrant's table shows, and in which order."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import search_field
from common.text import search_form
from scoreboard.needs import BANDS, QUADRANTS, NeedRow

ORDER = {"high": 0, "middle": 1, "low": 2, "": 3}


class NeedSearch(forms.Form):
    q = search_field(_("Search"))
    quadrant = forms.ChoiceField(
        label=_("Quadrant"), required=False, choices=[("", _("All")), *QUADRANTS.items()]
    )
    band = forms.ChoiceField(label=_("Priority"), required=False, choices=[("", _("All")), *BANDS.items()])
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Need")), ("band", _("Highest band first")), ("gap", _("Largest gap first"))],
    )

    def filter(self, rows: Sequence[NeedRow]) -> list[NeedRow]:
        """Rows are few and their words are translated: they are compared here."""
        wanted = self.cleaned_data
        words = search_form(wanted["q"].strip())
        found = [
            row
            for row in rows
            if words in search_form(row.searchable)
            and wanted["quadrant"] in ("", row.quadrant)
            and wanted["band"] in ("", row.band)
        ]
        if wanted["sort"] == "band":
            found.sort(key=lambda row: ORDER[row.band])
        if wanted["sort"] == "gap":
            found.sort(key=lambda row: -(row.gap.difference if row.gap else -9))
        return found
