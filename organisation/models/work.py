"""Work owed and work done, as rows: jobs, ticks, outgoing mail, imports, API tokens."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import search_form
from organisation.models.installation import Attachment
from organisation.models.people import User
from organisation.models.units import Unit


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, at: datetime) -> "JobQuerySet":
        """Waiting jobs whose time has come, and running ones whose lease has run out."""
        return self.filter(
            models.Q(state=Job.State.WAITING, due_at__lte=at)
            | models.Q(state=Job.State.RUNNING, leased_until__lte=at)
        )

    def visible_to(self, user: Any) -> "JobQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(created_by=user)


class Job(models.Model):
    """One long piece of work. It is claimed by a lease that expires; there is no running flag."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        PARKED = "parked", _("Needs an administrator")

    MOST_ATTEMPTS = 5

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, help_text="reference of what the job works on")
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_open_job_a_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def is_open(self) -> bool:
        """Waiting or under way: the page of the job asks again."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class Tick(models.Model):
    """One run of something scheduled. The constraint makes a second beat harmless."""

    job = models.CharField(max_length=60)
    scope = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "scope", "period"], name="one_tick_a_period")]

    def __str__(self) -> str:
        return f"{self.job} {self.scope} {self.period}"


class OutgoingMail(models.Model):
    """A letter to be sent by e-mail; sent once by the job, parked after five failures."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        PARKED = "parked", _("Could not be sent")

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    headers = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    search = models.TextField(editable=False, default="", help_text="address and subject, case-folded")

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(f"{self.to} {self.subject}")
        super().save(*args, **kwargs)


class ImportMapping(models.Model):
    """A saved description of how a file's columns become rows of ours."""

    kind = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=100)
    mapping = models.JSONField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_mapping_a_name")]

    def __str__(self) -> str:
        return self.name


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: Any) -> "ImportQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(created_by=user)


class Import(models.Model):
    """One file on its way in: uploaded, mapped, tried, staged, and countable only when done."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        STAGING = "staging", _("Being taken in")
        DONE = "done", _("Taken in")
        FAILED = "failed", _("Refused")
        UNDONE = "undone", _("Taken back")

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    kind = models.CharField(max_length=40)
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=State, default=State.UPLOADED)
    counts = models.JSONField(default=dict, help_text="outcome → number of rows")
    message = models.CharField(max_length=500, blank=True)
    bad_rows = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class ApiToken(models.Model):
    """A key for programs. Only its SHA-256 is kept; scopes name what it may do."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    name = models.CharField(_("name"), max_length=100)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
