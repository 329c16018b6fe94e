"""Signals: what a person should look at. They propose; persons decide, and nothing opens by itself."""

from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from common.reference import new_reference
from common.text import validate_text
from feedback.models import Collector
from organisation.models import Unit, User


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, user: Any) -> "SignalQuerySet":
        """Figures are for every level, and so is what is unusual about them."""
        return self if user.is_authenticated else self.none()

    def waiting(self) -> "SignalQuerySet":
        """Nobody has decided on them: open, or seen only."""
        return self.filter(state__in=[Signal.State.OPEN, Signal.State.SEEN])

    def of_owner(self, user: User) -> "SignalQuerySet":
        """About the standards that the person owns."""
        return self.filter(measure__standard__owner=user)

    def below(self, unit_ids: Any) -> "SignalQuerySet":
        return self.filter(unit__in=unit_ids)

    def with_words(self) -> "SignalQuerySet":
        """With everything that a row of a list says."""
        return self.select_related(
            "unit", "collector", "decided_by", "measure__standard__charter", "measure__standard__owner"
        ).prefetch_related("measure__standard__texts")


class Signal(models.Model):
    """One thing that was noticed, once: about a measure or a collector, in a unit, in a period.

    `period` is the first day of what it is about: the month, the first month of a run, the first day
    without an answer. `facts` are the numbers of the moment, unrounded, for `scoreboard.signal_words`.
    """

    class Kind(models.TextChoices):
        POINT = "point", _("Unusual month")
        RUN = "run", _("Unusual run")
        VERDICT = "verdict", _("Verdict changed")
        MISSED = "missed", _("Goal missed")
        TOO_FEW = "too_few", _("Too few answers")
        SILENT = "silent", _("No answers any more")

    class State(models.TextChoices):
        OPEN = "open", _("New")
        SEEN = "seen", _("Seen")
        DISMISSED = "dismissed", _("Dismissed")

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    collector = models.ForeignKey(
        Collector, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = models.DateField(_("period"))
    facts = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=500, blank=True, validators=[validate_text])
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    search = models.TextField(editable=False, default="", help_text="standard, measure, place; case-folded")

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        indexes = [models.Index(fields=["state", "-found_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "measure", "unit", "period"],
                condition=models.Q(measure__isnull=False),
                name="one_signal_a_measure_and_period",
            ),
            models.UniqueConstraint(
                fields=["kind", "collector", "period"],
                condition=models.Q(collector__isnull=False),
                name="one_signal_a_collector_and_period",
            ),
            models.CheckConstraint(
                condition=models.Q(measure__isnull=False, collector__isnull=True)
                | models.Q(measure__isnull=True, collector__isnull=False),
                name="signal_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="dismissed") | ~models.Q(reason=""),
                name="dismissed_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("scoreboard:signal_detail", args=[self.reference])

    @property
    def owner(self) -> User | None:
        """Who owns the standard, where somebody does who may still sign in."""
        owner = self.measure.standard.owner if self.measure else None
        return owner if owner and owner.is_active else None

    @property
    def month(self) -> date:
        return self.period.replace(day=1)


class SignalEvent(models.Model):
    """History of a signal. Append-only."""

    class What(models.TextChoices):
        FOUND = "found", _("Found")
        SEEN = "seen", _("Seen")
        DISMISSED = "dismissed", _("Dismissed")
        REOPENED = "reopened", _("Opened again")

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class SignalNotice(models.Model):
    """A signal stood in a person's letter: it stands in no other one of theirs."""

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signal", "person"], name="one_notice_a_signal_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.signal_id} {self.person_id}"


class LetterChoice(models.Model):
    """How often a person wants the letter about signals. Without a row: every week."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("Every day on which there is something new")
        WEEKLY = "weekly", _("Every Monday, if there is something new")
        NEVER = "never", _("Never; I look myself")

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    rhythm = models.CharField(_("how often"), max_length=20, choices=Rhythm, default=Rhythm.WEEKLY)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.rhythm}"
