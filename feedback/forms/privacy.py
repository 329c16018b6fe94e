"""How long things are kept, and whose data are asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from common.fields import search_field
from feedback.models import Retention


class RetentionForm(forms.ModelForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Retention
        fields = ["contact_days", "words_months", "invited_days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    @property
    def typed(self) -> Retention:
        """The rule as it is typed, stored nowhere."""
        return Retention(
            questionnaire_id=self.instance.questionnaire_id,
            contact_days=self.cleaned_data["contact_days"],
            words_months=self.cleaned_data["words_months"],
            invited_days=self.cleaned_data["invited_days"],
        )


class RetentionSearch(forms.Form):
    q = search_field(gettext_lazy("Search"))


class PersonDataForm(forms.Form):
    """Posted, so that no address stands in an address line or in a log."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the customer"))
