"""Forms of rows whose changes are compared by imprint (decision 37)."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from common.imprint import imprint


class SeenForm(forms.ModelForm):
    """Knows what stood when it was opened; `stands` are those values by the names of the fields."""

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def see(self, stands: dict[str, Any]) -> None:
        self.initial["seen"] = imprint(stands)

    def keep_over(self, stands: dict[str, Any]) -> list[tuple[Any, Any]]:
        """After a conflict: what was typed stays and, saved again, replaces what stands now.

        Returns (label, what stands now) for every field in which the two differ.
        """
        typed = cast(QueryDict, self.data).copy()
        typed["seen"] = imprint(stands)
        self.data = typed
        written = {name: stands.get(name) for name in self.fields if name != "seen"}
        return [
            (self.fields[name].label, now)
            for name, now in written.items()
            if (self.cleaned_data.get(name) or "") != (now or "")
        ]
