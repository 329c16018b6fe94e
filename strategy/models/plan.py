"""The action plan: what is done, by whom, by when, and what it shall bring."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from common.reference import new_reference
from common.text import search_form, validate_text
from organisation.models import Unit, User
from scoreboard.models import DatedChange
from strategy import progress


class Status(models.TextChoices):
    ON_TRACK = progress.ON_TRACK, _("On track")
    AT_RISK = progress.AT_RISK, _("At risk")
    BEHIND = progress.BEHIND, _("Behind")
    NO_INFORMATION = progress.NO_INFORMATION, _("No information")
    NOT_STARTED = progress.NOT_STARTED, _("Not started")
    DONE = progress.DONE, _("Done")
    CANCELLED = progress.CANCELLED, _("Cancelled")


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: Any) -> "ActionQuerySet":
        """Everybody who is signed in: the plan is for every level."""
        return self if user.is_authenticated else self.none()

    def live(self) -> "ActionQuerySet":
        """Planned or under way."""
        return self.filter(state__in=[Action.State.PLANNED, Action.State.STARTED])

    def overdue(self, on: date) -> "ActionQuerySet":
        return self.live().filter(ends_on__lt=on)

    def calling(self, on: date, *, by: date) -> "ActionQuerySet":
        """To be seen to by their owners: begun by the calendar and not under way, not reported on in their
        rhythm, or ending up to the day `by`, late ones among them."""
        wanted = models.Q(state=Action.State.PLANNED) | models.Q(ends_on__lte=by)
        for days in Action.Rhythm.values:
            wanted |= models.Q(rhythm=days, checked_on__lt=on - timedelta(days=days))
        return self.live().filter(wanted, starts_on__lte=on)

    def with_words(self) -> "ActionQuerySet":
        """With everything that a row of the list says."""
        return self.select_related("unit", "owner", "parent", "measure__standard__charter")


class Action(models.Model):
    """One action. How far it is follows from its parts, else its milestones, else `current`.

    `current` goes from `baseline` to `target`, in `counted` (“hours”; empty: per cent). `effect` is by
    how many points or units the measure shall get better, whatever its direction. `frozen` is the
    measure's figure before the start, as `strategy.effect` wrote it; `change` splits the control chart.
    """

    class Kind(models.TextChoices):
        PROCESS = "process", _("Process")
        POLICY = "policy", _("Policy")
        COMMUNICATION = "communication", _("Communication")
        TRAINING = "training", _("Training")
        STAFFING = "staffing", _("Staffing")
        PLACE = "place", _("Place and equipment")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        STARTED = "started", _("Under way")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    class Rhythm(models.IntegerChoices):
        WEEKLY = 7, _("every week")
        FORTNIGHTLY = 14, _("every two weeks")
        MONTHLY = 30, _("every month")
        QUARTERLY = 91, _("every three months")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PROCESS)
    title = models.CharField(_("what is done"), max_length=200, validators=[validate_text])
    words = models.TextField(_("how"), max_length=2000, blank=True, validators=[validate_text])
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    effort = models.DecimalField(
        _("effort in days of work"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    measure = models.ForeignKey(
        Measure,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("measure that it shall move"),
    )
    effect = models.DecimalField(
        _("better by"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    check_on = models.DateField(_("looked at again on"), null=True, blank=True)
    counted = models.CharField(_("counted in"), max_length=40, blank=True, validators=[validate_text])
    baseline = models.DecimalField(_("from the figure"), max_digits=10, decimal_places=2, default=0)
    target = models.DecimalField(_("to the figure"), max_digits=10, decimal_places=2, default=100)
    current = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True, editable=False)
    rhythm = models.PositiveSmallIntegerField(
        _("how often it is reported"), choices=Rhythm, default=Rhythm.MONTHLY
    )
    checked_on = models.DateField(null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED, editable=False)
    started_on = models.DateField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen = models.JSONField(null=True, blank=True, editable=False)
    change = models.ForeignKey(
        DatedChange, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    override = models.CharField(max_length=20, choices=Status, blank=True, editable=False)
    override_reason = models.CharField(max_length=500, blank=True, editable=False)
    override_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    override_until = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    search = models.TextField(editable=False, default="", help_text="code, words, unit; case-folded")

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["state", "ends_on"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="action_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, weight__lte=100), name="action_weight_one_to_hundred"
            ),
            models.CheckConstraint(
                condition=~models.Q(baseline=models.F("target")), name="action_goes_somewhere"
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="action_not_part_of_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(effect__isnull=True) | models.Q(measure__isnull=False),
                name="effect_is_on_a_measure",
            ),
            models.CheckConstraint(
                condition=models.Q(override="", override_reason="", override_until__isnull=True)
                | (
                    ~models.Q(override="")
                    & ~models.Q(override_reason="")
                    & models.Q(override_until__isnull=False)
                ),
                name="override_says_why_and_until_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(f"{self.reference} {self.title} {self.unit.name}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("strategy:action", args=[self.reference])

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.PLANNED, self.State.STARTED)

    def is_overdue(self, on: date) -> bool:
        return self.is_live and self.ends_on < on

    def node(self, on: date, steps: "list[Milestone]") -> progress.Node:
        """What the arithmetic needs to know of the action on a day."""
        is_overridden = self.override_until is not None and on <= self.override_until
        return progress.Node(
            key=self.pk,
            parent=self.parent_id,
            weight=self.weight,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            state=self.state,
            baseline=Fraction(self.baseline),
            target=Fraction(self.target),
            current=None if self.current is None else Fraction(self.current),
            checked_on=self.checked_on,
            rhythm=timedelta(days=self.rhythm),
            steps=[progress.Step(each.due_on, each.weight, each.done_on is not None) for each in steps],
            override=self.override if is_overridden and self.is_live else "",
        )


class Milestone(models.Model):
    """A step of an action with its day; the weights of an action's milestones come to 100."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="milestones")
    key = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    title = models.CharField(_("milestone"), max_length=200, validators=[validate_text])
    due_on = models.DateField(_("due on"))
    weight = models.PositiveSmallIntegerField(_("weight"))
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, weight__lte=100), name="milestone_weight_one_to_hundred"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CheckIn(models.Model):
    """What the owner reported on a day: how far it is (None: only words). Append-only."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="check_ins")
    on = models.DateField()
    value = models.DecimalField(_("how far it is"), max_digits=10, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("what has been done"), max_length=1000, blank=True, validators=[validate_text])
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on}: {self.value}"


class ActionEvent(models.Model):
    """History of an action. Append-only."""

    class What(models.TextChoices):
        ADDED = "added", _("Planned")
        CHANGED = "changed", _("Changed")
        MILESTONES = "milestones", _("Milestones changed")
        REACHED = "reached", _("Milestone reached")
        NOT_REACHED = "not_reached", _("Milestone taken back")
        STARTED = "started", _("Started")
        NOT_STARTED = "not_started", _("Start taken back")
        REPORTED = "reported", _("Reported")
        FINISHED = "finished", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        RESUMED = "resumed", _("Taken up again")
        OVERRIDDEN = "overridden", _("Status set by hand")
        BY_FIGURES = "by_figures", _("Status by the figures again")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
