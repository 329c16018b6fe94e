"""Points and a remark for an answer in somebody's own words."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.forms.fields import CleanTextField
from common.figure_words import localised
from training.actions.attempts import MOST_REMARK


class PointsField(forms.DecimalField):
    """“1.5” and “1,5” are the same."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)


class MarkForm(forms.Form):
    mark = PointsField(
        label=gettext_lazy("Points"),
        min_value=0,
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    remark = CleanTextField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=MOST_REMARK,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The learner reads it beside the answer."),
    )

    def __init__(self, *args: Any, points: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        words = _("From 0 to %(points)s. Parts of a point are allowed.") % {"points": _bare(points)}
        self.fields["mark"].help_text = words

    def clean_mark(self) -> Decimal:
        mark: Decimal = self.cleaned_data["mark"]
        if mark > self.points:
            words = _("This question is worth %(points)s points, not more.")
            raise forms.ValidationError(words % {"points": _bare(self.points)})
        return mark


class CorrectionForm(MarkForm):
    """Other points for an answer that is marked. `seen` is how many corrections the page showed."""

    reason = CleanTextField(
        label=gettext_lazy("Why the mark is corrected"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The learner reads it beside the answer, and it stays in the history."),
    )
    withdraw = forms.BooleanField(
        label=gettext_lazy("Withdraw the certificate"),
        required=False,
        help_text=gettext_lazy(
            "Needed only where the quiz is not passed with the new points. Whoever checks the certificate "
            "reads that it is withdrawn, and the learner gets a letter with the reason."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, has_certificate: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_certificate:
            del self.fields["withdraw"]


def _bare(points: Decimal) -> str:
    return localised(points.normalize(), max(0, -int(points.normalize().as_tuple().exponent)))
