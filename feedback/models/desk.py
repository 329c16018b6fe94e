"""What the desk keeps of its own: saved views, letters that people want, praise handed to a colleague."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import validate_text
from feedback.models.response import Response
from organisation.models import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """A person's own views and those that others share."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(models.Q(person=user) | models.Q(is_shared=True))


class SavedView(models.Model):
    """The filters of the inbox under a name. `query` holds the address's filters, nothing else."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60, validators=[validate_text])
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(_("colleagues see it too"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_view_a_name")]

    def __str__(self) -> str:
        return self.name


class LetterWish(models.Model):
    """Which letters about feedback a person wants; nobody gets any without having asked."""

    class Rhythm(models.TextChoices):
        NEVER = "never", _("No summary")
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    alerts = models.BooleanField(
        _("a letter as soon as somebody is not satisfied (“poor” or “very poor”)"), default=False
    )
    rhythm = models.CharField(_("summary"), max_length=10, choices=Rhythm, default=Rhythm.NEVER)
    since = models.DateTimeField(default=timezone.now, help_text="cards before it are no news")

    def __str__(self) -> str:
        return f"{self.person_id} {self.rhythm}"


class Alert(models.Model):
    """A person has been told of a card. `at` is the day (its first moment): the minute would say when an
    anonymous card came in."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "person"], name="one_alert_a_card")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.response_id}"


class PassedOn(models.Model):
    """A card handed to the colleague whom it praises. The words stay with the card."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="passed_on")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="praise")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=500, blank=True, validators=[validate_text])

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "person"], name="praise_is_passed_on_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.response_id}"
