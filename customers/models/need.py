"""The register of needs and expectations, with what customers said as its evidence."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.citations import Citation, read_citation
from common.period import add_calendar_months
from common.reference import new_reference
from common.text import validate_text
from customers.models.base import RegisterEvent, RegisterQuerySet, RegisterRow
from customers.models.segment import Segment
from organisation.models import User


def level_field(label: Any) -> Any:
    """A level of service on the scale on which customers say how satisfied they are."""
    ends = [MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))]
    return models.DecimalField(label, max_digits=3, decimal_places=2, null=True, blank=True, validators=ends)


class NeedQuerySet(RegisterQuerySet):
    def with_evidence(self) -> "NeedQuerySet":
        """Each need with `is_known`: customers themselves said so, in whatever way."""
        return self.annotate(is_known=Exists(NeedEvidence.objects.of_customers().filter(need=OuterRef("pk"))))

    def assumed(self) -> "NeedQuerySet":
        return self.with_evidence().filter(is_known=False)

    def due(self, on: date) -> "NeedQuerySet":
        """Needs that customers have to be asked about (again)."""
        return self.active().filter(ask_again_on__lte=on)


class Need(RegisterRow):
    """One need of one or more segments, and what the customer expects of us.

    The minimum and the desired level are told in words and, on the scale of the questionnaire (1 to 5),
    as figures: between the two lies what customers put up with. `ask_again_on` is stored; a need that
    nobody ever confirmed is due from the day it was written.
    """

    searched = ("need", "expectation", "minimum_words", "desired_words")

    segments = models.ManyToManyField(Segment, related_name="needs", verbose_name=_("whose need it is"))
    need = models.CharField(_("the need"), max_length=300, validators=[validate_text])
    expectation = models.TextField(
        _("the expectation, in the customer's words"),
        max_length=1000,
        blank=True,
        validators=[validate_text],
    )
    minimum_words = models.CharField(
        _("the least that customers accept"), max_length=300, blank=True, validators=[validate_text]
    )
    desired_words = models.CharField(
        _("what customers wish for"), max_length=300, blank=True, validators=[validate_text]
    )
    minimum_level = level_field(_("the least that is accepted, from 1 to 5"))
    desired_level = level_field(_("what is wished for, from 1 to 5"))
    ask_every = models.PositiveSmallIntegerField(
        _("ask again after so many months"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    last_confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True, editable=False)
    ask_again_on = models.DateField(_("to be asked again"), editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["need", "pk"]
        indexes = [models.Index(fields=["ask_again_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_level__isnull=True)
                | Q(desired_level__isnull=True)
                | Q(minimum_level__lte=models.F("desired_level")),
                name="least_level_not_over_the_desired",
            ),
            models.CheckConstraint(
                condition=(Q(minimum_level__isnull=True) | Q(minimum_level__gte=1, minimum_level__lte=5))
                & (Q(desired_level__isnull=True) | Q(desired_level__gte=1, desired_level__lte=5)),
                name="levels_on_the_scale",
            ),
            models.CheckConstraint(condition=Q(ask_every__gte=1, ask_every__lte=60), name="asked_in_time"),
        ]

    def __str__(self) -> str:
        return self.need

    def get_absolute_url(self) -> str:
        return reverse("customers:need_detail", args=[self.reference])

    def due_after(self, confirmed_on: date | None) -> date:
        """When customers have to be asked again; from the first day on where they never were."""
        if confirmed_on is None:
            return self.created_at.date()
        return add_calendar_months(confirmed_on, self.ask_every)

    def is_due(self, on: date) -> bool:
        return self.archived_at is None and self.ask_again_on <= on


class NeedEvidenceQuerySet(models.QuerySet["NeedEvidence"]):
    def standing(self) -> "NeedEvidenceQuerySet":
        return self.filter(removed_at__isnull=True)

    def of_customers(self) -> "NeedEvidenceQuerySet":
        return self.standing().exclude(kind=NeedEvidence.Kind.OURS)


class NeedEvidence(models.Model):
    """What shows the need: kind, text and address as they were when it was cited. Never rewritten.

    `confirms` says that customers were asked, or spoke of themselves, and the need still stands.
    """

    class Kind(models.TextChoices):
        RESPONSE = "response", _("A response")
        FINDING = "finding", _("A finding of a survey or a conversation")
        COMPLAINT = "complaint", _("A complaint")
        OURS = "ours", _("What we ourselves believe")

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="evidence")
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("what it is"), max_length=20, choices=Kind, default=Kind.RESPONSE)
    text = models.TextField(_("what it says"), max_length=1000, validators=[validate_text])
    address = models.CharField(
        _("where it can be read"), max_length=500, blank=True, validators=[validate_text]
    )
    said_on = models.DateField(_("from which day"))
    confirms = models.BooleanField(_("it confirms the need"), default=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NeedEvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "-pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def citation(self) -> Citation:
        """As other citations are read: an address that is neither ours nor of the web is left out."""
        row: dict[str, Any] = {"kind": self.get_kind_display(), "text": self.text, "url": self.address}
        return read_citation(row)


class NeedEvent(RegisterEvent):
    class What(models.TextChoices):
        ADDED = "added", _("Written")
        SAVED = "saved", _("Changed")
        CITED = "cited", _("Evidence added")
        REMOVED = "removed", _("Evidence taken away")
        PUT_BACK = "put_back", _("Evidence put back")
        TIED = "tied", _("Tied to a standard")
        UNTIED = "untied", _("No longer tied to a standard")
        MEASURED = "measured", _("Measures chosen")
        ARCHIVED = "archived", _("Archived")
        RESTORED = "restored", _("Restored")

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
