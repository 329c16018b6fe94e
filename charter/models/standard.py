"""Standards: the promises of a charter."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from charter.models.charter import Charter, Value
from charter.models.words import WordsRow
from common.reference import new_reference
from common.text import validate_text
from common.texts import HasTexts
from customers.models import Need
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

    class Channel(models.TextChoices):
        ANY = "any", _("Everywhere")
        COUNTER = "counter", _("At the counter")
        TELEPHONE = "telephone", _("By telephone")
        POST = "post", _("By post and e-mail")
        ONLINE = "online", _("Online")
        ON_SITE = "on_site", _("At the customer's place")

    class Audience(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        COLLEAGUES = "colleagues", _("Colleagues (an internal standard)")

    class LimitUnit(models.TextChoices):
        BUSINESS_MINUTES = "business_minutes", _("minutes of opening time")
        WORKING_DAYS = "working_days", _("working days")
        CALENDAR_DAYS = "calendar_days", _("calendar days")
        CALENDAR_WEEKS = "calendar_weeks", _("calendar weeks")

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
    channel = models.CharField(_("where it holds"), max_length=20, choices=Channel, default=Channel.ANY)
    audience = models.CharField(
        _("to whom it is promised"), max_length=20, choices=Audience, default=Audience.CUSTOMERS
    )
    limit_amount = models.PositiveIntegerField(_("time limit"), null=True, blank=True)
    limit_unit = models.CharField(_("counted in"), max_length=20, choices=LimitUnit, blank=True)
    refines = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refined_by",
        verbose_name=_("the standard above that it makes concrete"),
    )
    depends_on = models.ManyToManyField(
        "self",
        blank=True,
        symmetrical=False,
        related_name="relied_on_by",
        verbose_name=_("standards of other teams that it relies on"),
    )
    needs = models.ManyToManyField(Need, blank=True, related_name="standards")
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
        constraints = [
            models.CheckConstraint(
                condition=models.Q(limit_amount__isnull=True, limit_unit="")
                | (models.Q(limit_amount__gt=0) & ~models.Q(limit_unit="")),
                name="limit_has_amount_and_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(refines__isnull=True) | ~models.Q(refines=models.F("id")),
                name="standard_refines_another",
            ),
        ]

    def __str__(self) -> str:
        row = self.text()
        return row.promise if row else self.key

    @property
    def unit_id(self) -> int:
        """The unit whose charter makes the promise (for permissions)."""
        return self.charter.unit_id

    @property
    def limit_words(self) -> str:
        """The time limit as people say it: “2 working days”, “3 hours of opening time”; empty for none."""
        if self.limit_amount is None:
            return ""
        return time_limit_words(self.limit_amount, self.limit_unit)

    def provable(self, on: date) -> bool:
        """Has an active measure with a goal in force: what publishing asks for."""
        return any(
            measure.archived_at is None
            and not measure.is_of_need
            and any(goal.in_force(on) for goal in measure.goals.all())
            for measure in self.measures.all()
        )


def time_limit_words(amount: int, unit: str) -> str:
    """An amount of one of `Standard.LimitUnit` in words; whole hours of opening time as hours."""
    if unit == Standard.LimitUnit.BUSINESS_MINUTES and amount % 60 == 0:
        hours = amount // 60
        words = ngettext("%(n)d hour of opening time", "%(n)d hours of opening time", hours)
        return words % {"n": hours}
    if unit == Standard.LimitUnit.BUSINESS_MINUTES:
        words = ngettext("%(n)d minute of opening time", "%(n)d minutes of opening time", amount)
    elif unit == Standard.LimitUnit.WORKING_DAYS:
        words = ngettext("%(n)d working day", "%(n)d working days", amount)
    elif unit == Standard.LimitUnit.CALENDAR_DAYS:
        words = ngettext("%(n)d day", "%(n)d days", amount)
    else:
        words = ngettext("%(n)d week", "%(n)d weeks", amount)
    return words % {"n": amount}


class StandardText(WordsRow):
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="texts")
    promise = models.CharField(_("the promise"), max_length=1000, validators=[validate_text])
    why = models.TextField(_("why"), max_length=1000, blank=True, validators=[validate_text])
    guidance = models.TextField(
        _("guidance for staff (customers can open it too)"),
        max_length=2000,
        blank=True,
        validators=[validate_text],
    )
    examples = models.TextField(
        _("examples of good judgement"), max_length=2000, blank=True, validators=[validate_text]
    )
    feeling = models.CharField(
        _("how the customer should feel"), max_length=300, blank=True, validators=[validate_text]
    )
    need = models.CharField(
        _("the need it meets, in the customer's words"),
        max_length=500,
        blank=True,
        validators=[validate_text],
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "language"], name="one_standard_text_a_language")
        ]

    def __str__(self) -> str:
        return self.promise
