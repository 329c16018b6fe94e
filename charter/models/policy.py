"""Policies in the customer's favour, and what staff may decide alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models.charter import Charter
from charter.models.standard import Standard
from charter.models.words import WordsRow
from common.reference import new_reference
from common.text import validate_text
from common.texts import HasTexts


class PolicyQuerySet(models.QuerySet["Policy"]):
    def active(self) -> "PolicyQuerySet":
        return self.filter(archived_at__isnull=True)

    def in_reading_order(self) -> "PolicyQuerySet":
        return self.order_by("position", "pk").prefetch_related("texts", "standards__texts")


class Policy(HasTexts, models.Model):
    """A rule on the customer's side: what they get, and how far staff may go without asking.

    `amount` is the most that one person may give away in one case, in `currency`; None where the
    words alone say it. `version` grows with every edit, as a standard's does.
    """

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="policies")
    key = models.CharField(max_length=40, default=new_reference)
    amount = models.DecimalField(
        _("up to which amount staff decide alone"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=20, blank=True, validators=[validate_text])
    standards = models.ManyToManyField(
        Standard, blank=True, related_name="policies", verbose_name=_("standards that it serves")
    )
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["charter", "key"], name="one_policy_a_key"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True, currency="")
                | (models.Q(amount__gt=0) & ~models.Q(currency="")),
                name="amount_has_a_currency",
            ),
        ]

    def __str__(self) -> str:
        row = self.text()
        return row.name if row else self.key

    @property
    def amount_words(self) -> str:
        """The most that staff give away alone, “£ 50”; empty where only the words say it."""
        return f"{self.currency} {self.amount.normalize():f}" if self.amount else ""

    @property
    def unit_id(self) -> int:
        """The unit whose charter holds the policy (for permissions)."""
        return self.charter.unit_id


class PolicyText(WordsRow):
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="texts")
    name = models.CharField(_("name"), max_length=150, validators=[validate_text])
    gives = models.TextField(
        _("what the customer gets"), max_length=2000, blank=True, validators=[validate_text]
    )
    staff_may = models.TextField(
        _("what staff may decide alone"), max_length=2000, blank=True, validators=[validate_text]
    )
    remedies = models.TextField(
        _("how it is put right"), max_length=2000, blank=True, validators=[validate_text]
    )
    replaces = models.TextField(
        _("the rule that it replaces"), max_length=1000, blank=True, validators=[validate_text]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "language"], name="one_policy_text_a_language")
        ]

    def __str__(self) -> str:
        return self.name
