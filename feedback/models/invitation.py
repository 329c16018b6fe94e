"""Rounds of invitations by e-mail: who is asked, how often, and who must not be asked again."""

from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import validate_text
from common.texts import HasTexts, TextRow
from feedback.models.collector import Collector
from feedback.models.response import Response
from organisation.models import Import, OutgoingMail, User


class InvitationRoundQuerySet(models.QuerySet["InvitationRound"]):
    def visible_to(self, user: Any) -> "InvitationRoundQuerySet":
        """Rounds of the units that the user manages: they hold addresses."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(collector__unit__in=user.managed_unit_ids)


class InvitationRound(HasTexts, models.Model):
    """One list of people who are asked by letter, with up to two reminders.

    An anonymous round keeps who was asked and whether that person answered, nothing more: no link to
    the answers and no time of them. It never becomes one with names again.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    collector = models.ForeignKey(Collector, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(_("name"), max_length=100, validators=[validate_text])
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    first_reminder_days = models.PositiveSmallIntegerField(
        _("first reminder after so many days"),
        default=7,
        null=True,
        blank=True,
        validators=[MinValueValidator(2), MaxValueValidator(60)],
    )
    second_reminder_days = models.PositiveSmallIntegerField(
        _("second reminder after so many more days"),
        default=7,
        null=True,
        blank=True,
        validators=[MinValueValidator(2), MaxValueValidator(60)],
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InvitationRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("feedback:round_detail", args=[self.reference])

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.stopped_at is None

    def pause_after(self, letters: int) -> int | None:
        """Days until the letter after `letters` of them; None where there is no further one."""
        pauses = [self.first_reminder_days, self.second_reminder_days]
        return pauses[letters - 1] if letters <= len(pauses) and all(pauses[:letters]) else None


class RoundText(TextRow):
    round = models.ForeignKey(InvitationRound, on_delete=models.CASCADE, related_name="texts")
    subject = models.CharField(_("subject"), max_length=150, validators=[validate_text])
    message = models.TextField(_("letter"), max_length=3000, validators=[validate_text])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "language"], name="one_round_text_a_language")
        ]

    def __str__(self) -> str:
        return self.subject


class InvitedQuerySet(models.QuerySet["Invitation"]):
    def listed(self) -> "InvitedQuerySet":
        """Without those of a file that is still being taken in."""
        return self.filter(models.Q(batch__isnull=True) | models.Q(batch__state=Import.State.DONE))

    def due(self, at: datetime) -> "InvitedQuerySet":
        """Whoever gets the next letter now: of rounds that run, at collectors that ask."""
        running = self.listed().filter(round__started_at__isnull=False, round__stopped_at__isnull=True)
        return running.exclude(email="").filter(
            state__in=[Invitation.State.WAITING, Invitation.State.ASKED],
            due_at__lte=at,
            round__collector__archived_at__isnull=True,
        )


class Invitation(models.Model):
    """One person of a round. `letters` were written so far; the next one is owed at `due_at`.

    `address_hash` stays when the address is forgotten, so that nobody is asked too often.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Not written to yet")
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        STOPPED = "stopped", _("Wants no more letters")
        BOUNCED = "bounced", _("Could not be reached")
        SKIPPED = "skipped", _("Left out")

    class Why(models.TextChoices):
        SUPPRESSED = "suppressed", _("on the list of those whom we do not write to")
        RESTING = "resting", _("asked not long ago")

    round = models.ForeignKey(InvitationRound, on_delete=models.PROTECT, related_name="invitations")
    batch = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True, validators=[validate_text])
    language = models.CharField(_("language"), max_length=12, blank=True)
    address_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    why = models.CharField(max_length=20, choices=Why, blank=True)
    letters = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    asked_on = models.DateField(null=True, blank=True)
    mail = models.ForeignKey(OutgoingMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    response = models.OneToOneField(
        Response, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitation"
    )
    search = models.TextField(editable=False, default="", help_text="address and name, case-folded")

    objects = InvitedQuerySet.as_manager()

    class Meta:
        ordering = ["email", "pk"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [
            models.UniqueConstraint(fields=["round", "address_hash"], name="one_invitation_an_address")
        ]

    def __str__(self) -> str:
        return self.email or "…"

    @property
    def is_forgotten(self) -> bool:
        return not self.email


class InvitationLink(models.Model):
    """The link of one letter. All letters of an invitation lead to the same card, which is sent once."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return str(self.invitation_id)


class LastAsked(models.Model):
    """When an address was asked last, in whichever round: nobody is asked more often than we promise."""

    address_hash = models.CharField(max_length=64, unique=True)
    on = models.DateField()

    def __str__(self) -> str:
        return f"{self.on}"


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def standing(self) -> "SuppressionQuerySet":
        return self.filter(lifted_at__isnull=True)


class Suppression(models.Model):
    """An address that we do not write to any more. Only its hash is kept, and a hint to know it by."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("wants no more letters")
        BOUNCED = "bounced", _("could not be reached")
        BY_HAND = "by_hand", _("entered by a colleague")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    address_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=80)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    since = models.DateField(_("since"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.hint
