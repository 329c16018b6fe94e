"""Gaps: where a promise is not kept. Rules propose them, persons open them, figures close them."""

from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Edition, Measure
from common.reference import new_reference
from common.text import search_form, validate_text
from organisation.models import Unit, User
from strategy.deciding import why_undecided
from strategy.models.plan import Action
from training.models import AssignmentBatch, Course


class GapQuerySet(models.QuerySet["Gap"]):
    def visible_to(self, user: Any) -> "GapQuerySet":
        """Everybody who is signed in: what is amiss, and what is done about it, is no secret inside."""
        return self if user.is_authenticated else self.none()

    def standing(self) -> "GapQuerySet":
        """Proposed or open: neither put aside nor closed."""
        return self.filter(state__in=Gap.STANDING)

    def proposed(self) -> "GapQuerySet":
        return self.filter(state=Gap.State.PROPOSED)

    def open(self) -> "GapQuerySet":
        return self.filter(state=Gap.State.OPEN)

    def overdue(self, on: date) -> "GapQuerySet":
        """Open, and the day by which it should be closed is past."""
        return self.open().filter(due_on__lt=on)

    def below(self, unit_ids: Any) -> "GapQuerySet":
        return self.filter(unit__in=unit_ids)

    def with_words(self) -> "GapQuerySet":
        """With everything that a row of the list says."""
        return self.select_related("unit", "owner", "measure__standard__charter", "merged_into").annotate(
            told=models.Count("evidence", distinct=True), answered=models.Count("answers", distinct=True)
        )


class Gap(models.Model):
    """One gap of one unit: about a measure, or about something else that `subject` names.

    `subject` says when two are the same: a unit has one standing gap a subject. `judged_month` is the
    last month whose figures have been taken into account: only later ones close or reopen it.
    `cleared_at` says that the figure was good after it was dismissed, so that a new miss counts anew.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        DISMISSED = "dismissed", _("False alarm")
        MERGED = "merged", _("Merged")

    STANDING = [State.PROPOSED, State.OPEN]

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("measure")
    )
    subject = models.CharField(max_length=120)
    title = models.CharField(_("what is amiss"), max_length=300, validators=[validate_text])
    why = models.TextField(
        _("what stands behind it"), max_length=1000, blank=True, validators=[validate_text]
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PROPOSED)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    due_on = models.DateField(_("to be closed by"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, validators=[validate_text])
    judged_month = models.DateField()
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    search = models.TextField(editable=False, default="", help_text="code, words, unit; case-folded")

    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-found_at"]),
            models.Index(fields=["unit", "subject"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "subject"],
                condition=models.Q(state__in=["proposed", "open"]),
                name="one_standing_gap_a_subject",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(owner__isnull=False, due_on__isnull=False),
                name="open_gap_has_owner_and_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="dismissed") | ~models.Q(reason=""),
                name="gap_dismissed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="gap_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(f"{self.reference} {self.title} {self.unit.name}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("strategy:gap", args=[self.reference])

    @property
    def is_standing(self) -> bool:
        return self.state in self.STANDING

    def is_measured(self, on: date) -> bool:
        """Its figure decides: a person may close only what nothing measures (any more)."""
        return self.measure is not None and not self.why_undecided(on)

    def why_undecided(self, on: date) -> str:
        """Why the figure of its measure decides no longer (a message to be translated); else empty."""
        return "" if self.measure is None else why_undecided(self.measure, self.unit_id, on)

    def is_overdue(self, on: date) -> bool:
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < on


class GapEvidence(models.Model):
    """Why a gap was proposed, as it was read then. The same cause stands here once."""

    class Kind(models.TextChoices):
        NOT_MET = "not_met", _("Goal not met")
        SIGNAL = "signal", _("Signal")
        DIMENSION = "dimension", _("Weak side of the Service Quotient")
        NEED = "need", _("Need")
        FINDING = "finding", _("Finding")
        PERSON = "person", _("Seen by a colleague")

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=120)
    text = models.CharField(max_length=1000)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="a_cause_is_told_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"


class GapAnswer(models.Model):
    """What is done about a gap: exactly one of an action, a course, a changed promise."""

    class Kind(models.TextChoices):
        ACTION = "action", _("Action")
        TRAINING = "training", _("Training")
        PROMISE = "promise", _("Another promise")

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=20, choices=Kind)
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="gap_answers"
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    batch = models.ForeignKey(
        AssignmentBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["gap", "action"], name="an_action_answers_a_gap_once"),
            models.UniqueConstraint(fields=["gap", "course"], name="a_course_answers_a_gap_once"),
            models.UniqueConstraint(fields=["gap", "edition"], name="an_edition_answers_a_gap_once"),
            models.CheckConstraint(
                condition=models.Q(
                    kind="action", action__isnull=False, course__isnull=True, edition__isnull=True
                )
                | models.Q(kind="training", action__isnull=True, course__isnull=False, edition__isnull=True)
                | models.Q(kind="promise", action__isnull=True, course__isnull=True, edition__isnull=False),
                name="a_gap_is_answered_by_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.action or self.course or self.edition}"


class GapEvent(models.Model):
    """History of a gap. Append-only."""

    class What(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        MORE = "more", _("More evidence")
        OPENED = "opened", _("Opened")
        CHANGED = "changed", _("Changed")
        ANSWERED = "answered", _("Answered")
        MERGED = "merged", _("Merged")
        DISMISSED = "dismissed", _("Called a false alarm")
        TAKEN_UP = "taken_up", _("Taken up again")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Open again")

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
