"""Collectors: where, and in which way, a questionnaire is asked."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.text import validate_text
from common.texts import HasTexts, TextRow
from feedback.models.questionnaire import Questionnaire
from organisation.models import Unit, User


class CollectorQuerySet(models.QuerySet["Collector"]):
    def active(self) -> "CollectorQuerySet":
        return self.filter(archived_at__isnull=True)

    def places(self) -> "CollectorQuerySet":
        """Links and posters: what customers are led to."""
        return self.filter(kind=Collector.Kind.PLACE)

    def listed(self) -> "CollectorQuerySet":
        """Those that people set up; the keepers of imported files make themselves."""
        return self.exclude(kind=Collector.Kind.IMPORT)

    def open_on(self, day: date) -> "CollectorQuerySet":
        return self.active().places().asking_on(day)

    def asking_on(self, day: date) -> "CollectorQuerySet":
        """Between their opening dates on a local day."""
        return self.filter(
            models.Q(opens_on__isnull=True) | models.Q(opens_on__lte=day),
            models.Q(closes_on__isnull=True) | models.Q(closes_on__gt=day),
        )

    def visible_to(self, user: Any) -> "CollectorQuerySet":
        """Managers see where their subtree asks; staff their own unit's."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(unit__in=user.unit_ids)


class Collector(HasTexts, models.Model):
    """Where we ask: one way in which a unit hands out a questionnaire, with its own short address."""

    class Kind(models.TextChoices):
        PLACE = "place", _("Link or poster with a QR code")
        KIOSK = "kiosk", _("Kiosk")
        EMBED = "embed", _("On another website")
        MAIL = "mail", _("Invitations by e-mail")
        PAPER = "paper", _("On paper")
        INTERVIEW = "interview", _("Interview on the spot")
        API = "api", _("Another program")
        IMPORT = "import", _("Imported file")

    BY_ADDRESS = (Kind.PLACE, Kind.EMBED)
    BY_PROGRAM = (Kind.PLACE, Kind.EMBED, Kind.API)
    BY_STAFF = (Kind.PAPER, Kind.INTERVIEW)

    slug = models.SlugField(_("short address"), max_length=40, unique=True)
    name = models.CharField(_("place"), max_length=150, validators=[validate_text])
    kind = models.CharField(_("how we ask"), max_length=20, choices=Kind, default=Kind.PLACE)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="collectors")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="collectors")
    asked_before = models.ManyToManyField(
        Questionnaire,
        editable=False,
        related_name="+",
        help_text="what it asked earlier: cards of it may still lie on devices and open pages",
    )
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    expected_a_week = models.PositiveIntegerField(_("cards expected a week"), null=True, blank=True)
    created_at = models.DateTimeField(
        default=timezone.now,
        null=True,
        editable=False,
        help_text="before it silence means nothing; empty where it was not kept",
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CollectorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_on__isnull=True)
                | models.Q(closes_on__isnull=True)
                | models.Q(closes_on__gt=models.F("opens_on")),
                name="collector_closes_after_opening",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("feedback:card", args=[self.slug])

    @property
    def address(self) -> str:
        """The short address as customers type it."""
        return f"{settings.BASE_URL}{self.get_absolute_url()}"

    @property
    def is_reached_by_address(self) -> bool:
        """Whether anybody who knows the short address can fill in the card."""
        return self.kind in self.BY_ADDRESS

    def local_day(self, at: datetime) -> date:
        """The unit's local date at a moment."""
        return at.astimezone(ZoneInfo(self.unit.timezone)).date()

    def is_open(self, day: date) -> bool:
        """Asks on a local day of the unit: from `opens_on` up to but not including `closes_on`."""
        return (
            self.kind != self.Kind.IMPORT
            and self.archived_at is None
            and (self.opens_on is None or self.opens_on <= day)
            and (self.closes_on is None or day < self.closes_on)
        )

    def thanks(self, language: str) -> "CollectorText | None":
        """The words of thanks of this place in a language, if it has some of its own."""
        return self.texts.filter(language=language).exclude(thanks="").first()


class CollectorText(TextRow):
    """What a place says of its own in one language."""

    collector = models.ForeignKey(Collector, on_delete=models.CASCADE, related_name="texts")
    thanks = models.TextField(_("thanks"), max_length=1000, blank=True, validators=[validate_text])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collector", "language"], name="one_collector_text_a_language")
        ]

    def __str__(self) -> str:
        return self.thanks


class Refusal(models.Model):
    """Somebody was asked in person and did not want to answer. Nothing about the person is kept."""

    collector = models.ForeignKey(Collector, on_delete=models.PROTECT, related_name="refusals")
    uid = models.UUIDField()
    day = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["collector", "uid"], name="one_refusal_a_uid")]

    def __str__(self) -> str:
        return f"{self.collector_id} {self.day}"
