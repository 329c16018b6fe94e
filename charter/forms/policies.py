"""The form of a policy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import CleanTextField, VersionedForm, text_field
from charter.models import Policy, PolicyText, Standard


class PolicyForm(VersionedForm):
    """What the customer gets and what staff may decide alone, in one language; amount and standards."""

    words_names = ("name", "gives", "staff_may", "remedies", "replaces")
    policy_names = ("amount", "currency", "standards")
    markdown = ("gives", "staff_may", "remedies", "replaces")

    name = text_field(PolicyText, "name")
    gives = text_field(PolicyText, "gives")
    staff_may = text_field(PolicyText, "staff_may", label=_("What staff may decide alone"))
    amount = forms.DecimalField(
        label=_("Up to which amount"),
        min_value=0,
        max_digits=9,
        decimal_places=2,
        required=False,
        help_text=_("In one case, without asking anybody. Leave it empty where the words say it."),
    )
    currency = CleanTextField(
        label=_("Currency"), max_length=20, required=False, help_text=_("For example £ or EUR.")
    )
    remedies = text_field(PolicyText, "remedies")
    replaces = text_field(PolicyText, "replaces", rows=2)
    standards = forms.ModelMultipleChoiceField(
        Standard.objects.none(),
        to_field_name="key",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Standards that it serves"),
    )

    def __init__(
        self, *args: Any, charter: Any, policy: Policy | None = None, language: str, **kwargs: Any
    ) -> None:
        kwargs["initial"] = stored(policy, language) | {"version": policy.version if policy else 0}
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["standards"]
        choices.queryset = charter.standards.active().prefetch_related("texts")

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        amount, currency = wanted.get("amount"), wanted.get("currency")
        if amount and not currency and "currency" not in self.errors:
            self.add_error("currency", _("Say in which currency the amount is."))
        if not amount and "amount" not in self.errors:
            wanted["amount"], wanted["currency"] = None, ""
        return wanted

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.words_names}

    @property
    def policy_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.policy_names}


def stored(policy: Policy | None, language: str) -> dict[str, Any]:
    """What stands now, by the names of the form's fields."""
    if policy is None:
        return {}
    row = next((each for each in policy.texts.all() if each.language == language), None)
    found: dict[str, Any] = {name: getattr(row, name) if row else "" for name in PolicyForm.words_names}
    return found | {
        "amount": policy.amount,
        "currency": policy.currency,
        "standards": policy.standards.filter(archived_at__isnull=True),
    }
