"""What is told to units and levels, who has read it, and each team's part in why service matters."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import search_form, validate_text
from organisation.models import Membership, Unit, User


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, user: Any) -> "AnnouncementQuerySet":
        """To whom it was sent, once it was; and those who manage the unit."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        read = models.Q(sent_at__isnull=False, withdrawn_at__isnull=True)
        mine = read & models.Q(pk__in=Reader.objects.filter(person=user).values("announcement"))
        return self.filter(mine | models.Q(unit__in=user.managed_unit_ids))


class Announcement(models.Model):
    """One message to a unit and all below, to the `levels` named (none: every level)."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    levels = models.JSONField(_("levels"), default=list)
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])
    text = models.TextField(_("message"), max_length=5000, validators=[validate_text])
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("from"))
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    search = models.TextField(editable=False, default="", help_text="title, text, unit; case-folded")

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(f"{self.reference} {self.title} {self.text} {self.unit.name}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("strategy:announcement", args=[self.reference])

    @property
    def is_draft(self) -> bool:
        return self.sent_at is None and self.withdrawn_at is None

    @property
    def level_words(self) -> str:
        labels = dict(Membership.Level.choices)
        return ", ".join(str(labels[level]) for level in self.levels) or str(_("every level"))


class Reader(models.Model):
    """Somebody to whom it was sent. `mailed` says that the letter is written, `read_at` that it was read."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="readers")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    mailed = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["person__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["announcement", "person"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.person_id}"


class AnnouncementEvent(models.Model):
    """History of an announcement. Append-only."""

    class What(models.TextChoices):
        WRITTEN = "written", _("Written")
        CHANGED = "changed", _("Changed")
        SENT = "sent", _("Sent")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RESTORED = "restored", _("Put back")

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class TeamPart(models.Model):
    """Why service matters to a team, in its own words, and its part in it. Earlier words are kept."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(_("why it matters to us"), max_length=1000, validators=[validate_text])
    part = models.TextField(_("our part in it"), max_length=1000, validators=[validate_text])
    number = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["unit__name", "-number"]
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="one_part_a_number")]

    def __str__(self) -> str:
        return self.part
