"""The Service Quotient: rounds of an anonymous self-assessment, what was agreed on it, the first hour."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import search_form, validate_text
from organisation.models import Membership, Unit, User


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: Any) -> "RoundQuerySet":
        """Everybody who is signed in: what was found is for every level that was asked."""
        return self if user.is_authenticated else self.none()

    def closed(self) -> "RoundQuerySet":
        return self.filter(state=Round.State.CLOSED)

    def comparable_with(self, other: "Round") -> "RoundQuerySet":
        """Closed rounds of the same unit that asked the same version of the questionnaire."""
        same = self.closed().filter(unit=other.unit_id, questionnaire=other.questionnaire)
        return same.exclude(pk=other.pk)


class Round(models.Model):
    """One round. From its opening on the questionnaire is frozen in `content`; from its close on the
    results are, and only what may be shown is in them."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CALLED_OFF = "called_off", _("Called off")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=150, validators=[validate_text])
    opens_on = models.DateField(_("from"))
    closes_on = models.DateField(_("until, that day included"))
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PLANNED, editable=False)
    questionnaire = models.PositiveSmallIntegerField(default=0, editable=False)
    content = models.JSONField(default=dict, editable=False)
    results = models.JSONField(default=dict, editable=False)
    asked = models.PositiveIntegerField(default=0, editable=False)
    answered = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    search = models.TextField(editable=False, default="", help_text="code, name, unit; case-folded")

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="round_closes_after_it_opens"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form(f"{self.reference} {self.name} {self.unit.name}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("strategy:round", args=[self.reference])

    def takes_answers(self, on: date) -> bool:
        return self.state == self.State.OPEN and self.opens_on <= on <= self.closes_on


class Seat(models.Model):
    """Somebody is asked, and has answered or not; nothing says when, or what.

    The level is the one at the opening. `has_answered` is no more than the key of the ballot box.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=20, choices=Membership.Level)
    has_answered = models.BooleanField(default=False)

    class Meta:
        ordering = ["person"]
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="one_seat_a_person")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.person_id}"


class Sheet(models.Model):
    """One person's answers: no person, no time, and a key that says nothing of the order."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="sheets")
    level = models.CharField(max_length=20, choices=Membership.Level)
    answers = models.JSONField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(_("Answers"))


class Consensus(models.Model):
    """What was agreed on one side after the round, with the evidence and the target."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="consensus")
    side = models.CharField(max_length=20)
    score = models.DecimalField(
        _("agreed"),
        max_digits=2,
        decimal_places=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    target = models.DecimalField(
        _("target"),
        max_digits=2,
        decimal_places=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    evidence = models.CharField(_("what shows it"), max_length=500, validators=[validate_text])
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "side"], name="one_consensus_a_side"),
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5, target__gte=1, target__lte=5),
                name="consensus_on_the_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.score}"

    @property
    def gap(self) -> Any:
        """Target − current: positive where it falls short."""
        return self.target - self.score


class RoundEvent(models.Model):
    """History of a round. Append-only; never about anybody's answers."""

    class What(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CHANGED = "changed", _("Changed")
        OPENED = "opened", _("Opened")
        EXTENDED = "extended", _("More time given")
        CLOSED = "closed", _("Closed")
        CALLED_OFF = "called_off", _("Called off")
        AGREED = "agreed", _("Agreed on")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class FirstHour(models.Model):
    """The checklist of a first hour as a unit filled it in once. A later one stands beside it."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    note = models.TextField(_("what we begin with"), max_length=1000, blank=True, validators=[validate_text])
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at}"

    @property
    def yes(self) -> int:
        return sum(answer == self.Answer.YES for answer in self.answers.values())
