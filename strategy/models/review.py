"""Reviews: people at one table, an agenda made from live figures, decisions that change something."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Measure, Standard
from common.reference import new_reference
from common.text import search_form, validate_text
from organisation.models import Unit, User
from strategy.models.plan import Action


class ReviewQuerySet(models.QuerySet["PlanReview"]):
    def visible_to(self, user: Any) -> "ReviewQuerySet":
        """Everybody who is signed in: what was decided is for every level."""
        return self if user.is_authenticated else self.none()

    def held(self) -> "ReviewQuerySet":
        return self.filter(state=PlanReview.State.HELD)

    def planned(self) -> "ReviewQuerySet":
        return self.filter(state=PlanReview.State.PLANNED)


class PlanReview(models.Model):
    """One review of a unit. From its end on `agenda` is what lay on the table, as it was then."""

    class State(models.TextChoices):
        PLANNED = "planned", _("To come")
        HELD = "held", _("Held")
        CALLED_OFF = "called_off", _("Called off")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])
    held_on = models.DateField(_("day"))
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("led by"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED, editable=False)
    agenda = models.JSONField(default=list, editable=False)
    minutes = models.TextField(_("what was said"), max_length=4000, blank=True, validators=[validate_text])
    next_review = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="review_before", editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    search = models.TextField(editable=False, default="", help_text="code, title, unit; case-folded")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(f"{self.reference} {self.title} {self.unit.name}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("strategy:review", args=[self.reference])


class Attendance(models.Model):
    """Somebody is asked to a review, and came or did not."""

    review = models.ForeignKey(PlanReview, on_delete=models.CASCADE, related_name="attendance")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    came = models.BooleanField(default=False)

    class Meta:
        ordering = ["person__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="one_place_a_person")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.person_id}"


def was_noted(there: Iterable[Attendance]) -> bool:
    """Has anybody said who came? A review at which nobody was has not been held, so nobody ticked
    means that nobody was asked about it."""
    return any(each.came for each in there)


class Decision(models.Model):
    """What was decided, about at most one thing, and what it changed at once (in words, as it was)."""

    class Kind(models.TextChoices):
        KEEP = "keep", _("Keep")
        CHANGE = "change", _("Change")
        STOP = "stop", _("Stop")

    review = models.ForeignKey(PlanReview, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=20, choices=Kind)
    text = models.CharField(_("what was decided, and why"), max_length=500, validators=[validate_text])
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__isnull=True, measure__isnull=True)
                | models.Q(action__isnull=True, standard__isnull=True)
                | models.Q(measure__isnull=True, standard__isnull=True),
                name="decision_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def about(self) -> Any:
        return self.action or self.measure or self.standard


class ReviewEvent(models.Model):
    """History of a review. Append-only."""

    class What(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CHANGED = "changed", _("Changed")
        ATTENDANCE = "attendance", _("Attendance")
        DECIDED = "decided", _("Decided")
        HELD = "held", _("Held")
        CALLED_OFF = "called_off", _("Called off")

    review = models.ForeignKey(PlanReview, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
