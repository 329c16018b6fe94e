"""Review rounds: a frozen candidate, named reviewers, their comments and verdicts. And why parts change."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models.charter import Charter
from common.reference import new_reference
from common.text import validate_text
from organisation.models import Membership, User


class ReviewQuerySet(models.QuerySet["Review"]):
    def running(self) -> "ReviewQuerySet":
        """Being read, or signed off and waiting to be published: at most one a charter."""
        return self.filter(state__in=[Review.State.OPEN, Review.State.SIGNED_OFF])

    def visible_to(self, user: Any) -> "ReviewQuerySet":
        """Those who manage the charter's unit, and the reviewers that were named."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(
            Q(charter__unit__in=user.managed_unit_ids)
            | Q(pk__in=Reviewer.objects.filter(user=user).values("review"))
        )


class Review(models.Model):
    """One round: the draft as it stood when the round began, read by named reviewers up to a day.

    `content` has the shape of an edition's. `version` grows with every verdict and change of
    reviewers; sign-off holds the row by it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("In review")
        SIGNED_OFF = "signed_off", _("Signed off")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed without an edition")

    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    note = models.TextField(
        _("what the reviewers should look at"), max_length=2000, blank=True, validators=[validate_text]
    )
    due_on = models.DateField(_("answer by"))
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=0, editable=False)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    signed_off_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_off_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["charter", "number"], name="one_review_a_number"),
            models.UniqueConstraint(
                fields=["charter"],
                condition=Q(state__in=["open", "signed_off"]),
                name="one_running_review_a_charter",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Round %(number)d") % {"number": self.number})

    def get_absolute_url(self) -> str:
        return reverse("charter:review_detail", args=[self.charter.unit.slug, self.number])

    @property
    def unit_id(self) -> int:
        """The charter's unit (for permissions)."""
        return self.charter.unit_id

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_signed_off(self) -> bool:
        return self.state == self.State.SIGNED_OFF


class ReviewerQuerySet(models.QuerySet["Reviewer"]):
    def waiting(self) -> "ReviewerQuerySet":
        """Asked in a round that is open, and without an answer so far."""
        return self.filter(review__state=Review.State.OPEN, verdict="")


class Reviewer(models.Model):
    """A named reviewer of one round, and the verdict. It may be changed while the round is open."""

    class Verdict(models.TextChoices):
        AGREES = "agrees", _("Agrees")
        REMARKS = "remarks", _("Agrees with remarks")
        CHANGES = "changes", _("Asks for changes")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    level = models.CharField(_("level"), max_length=20, choices=Membership.Level)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict, blank=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True, validators=[validate_text])
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="one_reviewer_a_round")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def agrees(self) -> bool:
        return self.verdict in (self.Verdict.AGREES, self.Verdict.REMARKS)


class ReviewComment(models.Model):
    """What somebody says of one part of the candidate; the author of the charter settles it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="comments")
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    part = models.CharField(max_length=80)
    text = models.TextField(_("comment"), max_length=2000, validators=[validate_text])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("answer"), max_length=2000, blank=True, validators=[validate_text])
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text


class ReviewEvent(models.Model):
    """What happened in a round. Append-only."""

    class What(models.TextChoices):
        OPENED = "opened", _("Round begun")
        REVIEWER_NAMED = "named", _("Reviewer named")
        REVIEWER_RELEASED = "released", _("Reviewer taken off")
        COMMENTED = "commented", _("Comment written")
        SETTLED = "settled", _("Comment settled")
        VERDICT = "verdict", _("Verdict given")
        SIGNED_OFF = "signed_off", _("Signed off")
        CLOSED = "closed", _("Closed without an edition")
        PUBLISHED = "published", _("Published")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class ChangeReason(models.Model):
    """Why a part of the draft differs from the last edition, until publishing freezes it there.

    `evidence` is a list of citations (`common.citations`), each with its words as they were.
    """

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="change_reasons")
    part = models.CharField(max_length=80)
    why = models.TextField(_("why"), max_length=1000, blank=True, validators=[validate_text])
    evidence = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=0, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["charter", "part"], name="one_reason_a_part")]

    def __str__(self) -> str:
        return self.part

    def frozen(self) -> dict[str, Any]:
        """As an edition keeps it."""
        return {"part": self.part, "why": self.why, "evidence": self.evidence}
