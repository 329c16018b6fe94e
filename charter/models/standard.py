"""Standards: the promises of a charter."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models.charter import Charter, Value
from common.reference import new_reference
from common.text import validate_text
from common.texts import HasTexts, TextRow
from organisation.models import Membership, Unit, User


class StandardQuerySet(models.QuerySet["Standard"]):
    def active(self) -> "StandardQuerySet":
        return self.filter(archived_at__isnull=True)

    def visible_to(self, user: Any) -> "StandardQuerySet":
        return self if user.is_authenticated else self.none()

    def in_reading_order(self) -> "StandardQuerySet":
        return self.order_by("position", "pk").prefetch_related("texts", "measures__goals", "value__texts")


class Standard(HasTexts, models.Model):
    """One promise: what the customer may expect, and how much judgement staff may use.

    How it is proved follows from the discretion. Rigid: every exception is a miss. Flexible:
    departures within the guidance are counted apart, with a reason. Full: customers are asked.
    """

    class Discretion(models.TextChoices):
        RIGID = "rigid", _("Always, no exception")
        FLEXIBLE = "flexible", _("With judgement, by the guidance")
        FULL = "full", _("Your decision on the spot")

    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="standards")
    key = models.CharField(max_length=40, default=new_reference, unique=True)
    value = models.ForeignKey(
        Value,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="standards",
        verbose_name=_("the value it serves"),
    )
    discretion = models.CharField(
        _("how much judgement staff may use"), max_length=20, choices=Discretion, default=Discretion.FLEXIBLE
    )
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    keeper_role = models.CharField(
        _("role that keeps it"), max_length=20, choices=Membership.Role, blank=True
    )
    keeper_units = models.ManyToManyField(
        Unit, blank=True, related_name="standards_kept", verbose_name=_("units that keep it")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0, editable=False)
    external_reference = models.CharField(max_length=200, blank=True, db_index=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        row = self.text()
        return row.promise if row else self.key

    @property
    def unit_id(self) -> int:
        """The unit whose charter makes the promise (for permissions)."""
        return self.charter.unit_id

    def provable(self, on: date) -> bool:
        """Has an active measure with a goal in force: what publishing asks for."""
        return any(
            measure.archived_at is None and any(goal.in_force(on) for goal in measure.goals.all())
            for measure in self.measures.all()
        )


class StandardText(TextRow):
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="texts")
    promise = models.CharField(_("the promise"), max_length=1000, validators=[validate_text])
    why = models.TextField(_("why"), max_length=1000, blank=True, validators=[validate_text])
    guidance = models.TextField(
        _("guidance for staff (customers can open it too)"),
        max_length=2000,
        blank=True,
        validators=[validate_text],
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "language"], name="one_standard_text_a_language")
        ]

    def __str__(self) -> str:
        return self.promise
