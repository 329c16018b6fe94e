"""The devices of a kiosk: which ones there are, when they were heard of, and in which hours they ran."""

from datetime import datetime, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import search_form, validate_text
from feedback.models.collector import Collector
from organisation.models import User

HEARD_OF_WITHIN = timedelta(minutes=15)


def is_heard_of(last_contact_at: datetime | None, at: datetime) -> bool:
    return last_contact_at is not None and at - last_contact_at < HEARD_OF_WITHIN


class KioskDeviceQuerySet(models.QuerySet["KioskDevice"]):
    def in_use(self) -> "KioskDeviceQuerySet":
        return self.filter(revoked_at__isnull=True)

    def visible_to(self, user: Any) -> "KioskDeviceQuerySet":
        """Devices of the collectors that the user sees."""
        return self.filter(collector__in=Collector.objects.visible_to(user))


class KioskDevice(models.Model):
    """One tablet or screen that shows the card of a kiosk. Its link is a secret, of which the hash is kept.

    `waiting` and `refused` are counts that the device told at its last contact: cards that it still
    has to send, and cards that we would not take. `clock_ahead` is by how many seconds its clock was
    ahead of ours (negative where it was behind); nothing is reckoned with it.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    collector = models.ForeignKey(Collector, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(_("name"), max_length=100, validators=[validate_text])
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    exit_code = models.CharField(
        _("code to leave"),
        max_length=8,
        validators=[RegexValidator(r"^[0-9]{4,8}\Z", _("Four to eight digits."))],
    )
    idle_seconds = models.PositiveSmallIntegerField(
        _("begin anew after so many seconds without a touch"),
        default=45,
        validators=[MinValueValidator(10), MaxValueValidator(600)],
    )
    interval_seconds = models.PositiveSmallIntegerField(
        _("seconds between two cards"),
        default=5,
        validators=[MinValueValidator(2), MaxValueValidator(300)],
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_contact_at = models.DateTimeField(null=True, blank=True, editable=False)
    waiting = models.PositiveIntegerField(default=0, editable=False)
    refused = models.PositiveIntegerField(default=0, editable=False)
    clock_ahead = models.BigIntegerField(default=0, editable=False)
    search = models.TextField(editable=False, default="", help_text="the name, case-folded")

    objects = KioskDeviceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("feedback:device_detail", args=[self.reference])

    def is_heard_of(self, at: datetime) -> bool:
        """Whether the device has been in contact within the last quarter of an hour."""
        return is_heard_of(self.last_contact_at, at)


class KioskHour(models.Model):
    """A device was running in this hour (its beginning, in UTC): only then is silence a zero."""

    device = models.ForeignKey(KioskDevice, on_delete=models.CASCADE, related_name="hours")
    hour = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "hour"], name="one_row_a_device_and_hour")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.hour}"
