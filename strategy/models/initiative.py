"""An initiative: why, by when, on what ground, and the steps that lead there."""

from typing import Any
from zlib import crc32

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from common.reference import new_reference
from common.text import search_form, validate_text
from organisation.models import Unit, User


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def visible_to(self, user: Any) -> "InitiativeQuerySet":
        """Everybody who is signed in: a strategy that nobody knows moves nobody."""
        return self if user.is_authenticated else self.none()

    def standing(self) -> "InitiativeQuerySet":
        return self.filter(archived_at__isnull=True)

    def with_words(self) -> "InitiativeQuerySet":
        return self.select_related("unit", "owner")


class Initiative(models.Model):
    """One initiative of a unit and all below it. Its `owner` is the sponsor."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=200, validators=[validate_text])
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("sponsor"))
    vision = models.TextField(_("vision"), max_length=2000, blank=True, validators=[validate_text])
    starter = models.CharField(max_length=40, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    search = models.TextField(editable=False, default="", help_text="code, name, unit; case-folded")

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="initiative_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(f"{self.reference} {self.name} {self.unit.name}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("strategy:initiative", args=[self.reference])


def _version_of(*words: Any) -> int:
    """A number that is another one as soon as a word is."""
    return crc32("\0".join(map(str, words)).encode())


class Stake(models.Model):
    """One stake of market or environment, with what shows it."""

    class Kind(models.TextChoices):
        OPPORTUNITY = "opportunity", _("Opportunity")
        THREAT = "threat", _("Threat")
        STRENGTH = "strength", _("Strength")
        WEAKNESS = "weakness", _("Weakness")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="stakes")
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.CharField(_("what it is"), max_length=300, validators=[validate_text])
    evidence = models.CharField(_("what shows it"), max_length=500, validators=[validate_text])
    address = models.CharField(
        _("where it can be read"), max_length=300, blank=True, validators=[validate_text]
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def version(self) -> int:
        return _version_of(self.kind, self.text, self.evidence, self.address)


class Factor(models.Model):
    """A critical success factor: what has to be right, and the measure that tells."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="factors")
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    text = models.CharField(_("what has to be right"), max_length=300, validators=[validate_text])
    measure = models.ForeignKey(
        Measure,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("measure that tells"),
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def version(self) -> int:
        return _version_of(self.text, self.measure_id)


class Step(models.Model):
    """A step as the template said it. `rule` names what the product tells of it; else a person says so."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    done = models.CharField(max_length=500)
    rule = models.CharField(max_length=40, blank=True)
    said_on = models.DateField(null=True, blank=True)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["initiative", "position"], name="one_step_a_position")]

    def __str__(self) -> str:
        return self.title


class InitiativeEvent(models.Model):
    """History of an initiative. Append-only."""

    class What(models.TextChoices):
        BEGUN = "begun", _("Begun")
        CHANGED = "changed", _("Changed")
        ADDED = "added", _("Added")
        REMOVED = "removed", _("Taken away")
        RESTORED = "restored", _("Put back")
        SAID = "said", _("Said to be done")
        UNSAID = "unsaid", _("Said not to be done")
        ARCHIVED = "archived", _("Archived")
        TAKEN_OUT = "taken_out", _("Taken out of the archive")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
