"""Questionnaires with their versions and questions, and the collectors that ask them."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import validate_text
from common.texts import HasTexts, TextRow
from organisation.models import Unit


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def active(self) -> "QuestionnaireQuerySet":
        return self.filter(archived_at__isnull=True)

    def visible_to(self, user: Any) -> "QuestionnaireQuerySet":
        return self if user.is_authenticated else self.none()


class Questionnaire(models.Model):
    """What is asked. Its versions hold the questions."""

    class Kind(models.TextChoices):
        CARD = "card", _("Comment card")
        SURVEY = "survey", _("Customer survey")
        EMPLOYEES = "employees", _("Employee survey")
        INTERVIEW = "interview", _("On-the-spot interview")

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=150, validators=[validate_text])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CARD)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def current_version(self) -> "QuestionnaireVersion | None":
        """The newest published version: the one that is asked."""
        return self.versions.filter(published_at__isnull=False).order_by("-number").first()

    def draft(self) -> "QuestionnaireVersion | None":
        """The version that is being written, if there is one."""
        return self.versions.filter(published_at__isnull=True).order_by("-number").first()


class QuestionnaireVersion(HasTexts, models.Model):
    """One wording of a questionnaire. Once it is published it is never changed again.

    `edit_mark` changes with every edit of any part: a form opened on an older one is refused, and
    what was rendered from an older one is not used any more.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True, blank=True)
    edit_mark = models.CharField(max_length=20, default=new_reference, editable=False)
    is_shuffled = models.BooleanField(_("questions in random order"), default=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} v{self.number}"


class VersionText(TextRow):
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])
    introduction = models.TextField(
        _("introduction"), max_length=1000, blank=True, validators=[validate_text]
    )
    thanks = models.TextField(_("thanks"), max_length=1000, blank=True, validators=[validate_text])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_version_text_a_language")
        ]

    def __str__(self) -> str:
        return self.title


class CollectorQuerySet(models.QuerySet["Collector"]):
    def active(self) -> "CollectorQuerySet":
        return self.filter(archived_at__isnull=True)

    def places(self) -> "CollectorQuerySet":
        return self.filter(kind=Collector.Kind.PLACE)

    def open_on(self, day: date) -> "CollectorQuerySet":
        return self.filter(archived_at__isnull=True, kind=Collector.Kind.PLACE).filter(
            models.Q(opens_on__isnull=True) | models.Q(opens_on__lte=day),
            models.Q(closes_on__isnull=True) | models.Q(closes_on__gt=day),
        )

    def visible_to(self, user: Any) -> "CollectorQuerySet":
        """Managers see where their subtree asks; staff their own unit's."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(unit__in=user.unit_ids)


class Collector(models.Model):
    """Where we ask: a place of a unit with its own short address."""

    class Kind(models.TextChoices):
        PLACE = "place", _("Place with a QR code or link")
        IMPORT = "import", _("Imported file")

    slug = models.SlugField(_("short address"), max_length=40, unique=True)
    name = models.CharField(_("place"), max_length=150, validators=[validate_text])
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.PLACE)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="collectors")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="collectors")
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
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

    def local_day(self, at: datetime) -> date:
        """The unit's local date at a moment."""
        return at.astimezone(ZoneInfo(self.unit.timezone)).date()

    def is_open(self, day: date) -> bool:
        """Asks on a local day of the unit: from `opens_on` up to but not including `closes_on`."""
        return (
            self.kind == self.Kind.PLACE
            and self.archived_at is None
            and (self.opens_on is None or self.opens_on <= day)
            and (self.closes_on is None or day < self.closes_on)
        )
