"""Listening sessions: focus groups, round tables and interviews, with what was found there."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import search_form, validate_text
from feedback.models.themes import Theme
from organisation.models import Attachment, Unit, User

ENOUGH_FOR_QUOTES = 8


class ListeningSessionQuerySet(models.QuerySet["ListeningSession"]):
    def visible_to(self, user: Any) -> "ListeningSessionQuerySet":
        """Managers: their subtree; staff: what is not archived in their own unit."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(
            models.Q(unit__in=user.managed_unit_ids)
            | models.Q(unit__in=user.unit_ids, archived_at__isnull=True)
        )


class ListeningSession(models.Model):
    """One meeting in which we listened. `version` counts its changes."""

    class Kind(models.TextChoices):
        FOCUS_GROUP = "focus_group", _("Focus group")
        ROUND_TABLE = "round_table", _("Round table")
        INTERVIEW = "interview", _("Interview")

    class Whom(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        COLLEAGUES = "colleagues", _("Colleagues")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.FOCUS_GROUP)
    whom = models.CharField(_("with"), max_length=20, choices=Whom, default=Whom.CUSTOMERS)
    title = models.CharField(_("what it was about"), max_length=150, validators=[validate_text])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    held_on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=150, blank=True, validators=[validate_text])
    questions = models.TextField(_("what was asked"), max_length=3000, blank=True, validators=[validate_text])
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    search = models.TextField(editable=False, default="", help_text="title, place and questions, case-folded")

    objects = ListeningSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(f"{self.title}\n{self.place}\n{self.questions}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("feedback:session_detail", args=[self.reference])

    @property
    def heads(self) -> int:
        """How many took part (uses the prefetched groups)."""
        return sum(group.number for group in self.groups.all())

    def shows_words_to(self, user: Any) -> bool:
        """Of fewer than eight colleagues each could be told by the words: only managers read them, and
        the files in which they may stand."""
        if self.whom == self.Whom.CUSTOMERS or self.heads >= ENOUGH_FOR_QUOTES:
            return True
        return bool(user.is_administrator or self.unit_id in user.managed_unit_ids)


class SessionGroup(models.Model):
    """How many of one segment took part."""

    session = models.ForeignKey(ListeningSession, on_delete=models.CASCADE, related_name="groups")
    segment = models.CharField(max_length=100, validators=[validate_text])
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(1000)])
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.segment}: {self.number}"


class Finding(models.Model):
    """What was found: a need, how much it matters, and in whose words."""

    class Severity(models.IntegerChoices):
        MINOR = 1, _("would be nice")
        CLEAR = 2, _("matters")
        SEVERE = 3, _("keeps people from us")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    session = models.ForeignKey(ListeningSession, on_delete=models.CASCADE, related_name="findings")
    need = models.CharField(_("what people need"), max_length=300, validators=[validate_text])
    theme = models.ForeignKey(
        Theme, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("theme")
    )
    severity = models.PositiveSmallIntegerField(
        _("how much it matters"), choices=Severity, default=Severity.CLEAR
    )
    quote = models.TextField(
        _("in somebody's words"), max_length=1000, blank=True, validators=[validate_text]
    )
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    search = models.TextField(editable=False, default="", help_text="need and quote, case-folded")

    class Meta:
        ordering = ["-severity", "pk"]

    def __str__(self) -> str:
        return self.need

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(f"{self.need}\n{self.quote}")
        super().save(*args, **kwargs)


class SessionFile(models.Model):
    """A file kept with a session: notes, a photograph of the wall, an agenda."""

    session = models.ForeignKey(ListeningSession, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)


class SessionEvent(models.Model):
    """History of a session. Append-only."""

    class What(models.TextChoices):
        WRITTEN = "written", _("Written down")
        CHANGED = "changed", _("Changed")
        ARCHIVED = "archived", _("Archived")
        RESTORED = "restored", _("Brought back")
        FOUND = "found", _("Finding written")
        FINDING_CHANGED = "finding_changed", _("Finding changed")
        FINDING_REMOVED = "finding_removed", _("Finding taken away")
        FINDING_RESTORED = "finding_restored", _("Finding brought back")
        FILED = "filed", _("File added")
        FILE_REMOVED = "file_removed", _("File taken away")
        FILE_RESTORED = "file_restored", _("File brought back")

    session = models.ForeignKey(ListeningSession, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
