"""Reading and signing an edition that changes what people do."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models.edition import Edition
from common.reference import new_reference
from common.text import validate_text
from organisation.models import Membership, Unit, User

REMINDED_AFTER = (timedelta(days=7), timedelta(days=14))


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def open(self) -> "AcknowledgementQuerySet":
        """Neither signed nor closed because a later edition is in force."""
        return self.filter(signed_at__isnull=True, superseded_at__isnull=True)

    def unanswered(self) -> "AcknowledgementQuerySet":
        """Questions and objections that nobody has replied to."""
        return self.filter(answer__in=Acknowledgement.ASKING, replied_at__isnull=True)

    def to_settle(self) -> "AcknowledgementQuerySet":
        """Replied to, and the person has not said that it is settled."""
        return self.filter(replied_at__isnull=False, settled_at__isnull=True)

    def visible_to(self, user: Any) -> "AcknowledgementQuerySet":
        """One's own, and those of the people in the units that one manages."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(Q(user=user) | Q(unit__in=user.managed_unit_ids))


class Acknowledgement(models.Model):
    """One person is asked to read and sign one edition. The row stays when the person moves or leaves.

    `unit` and `level` are those at which the person worked when asked, then when signing. `reminders`
    counts the letters sent to whoever has not signed.
    """

    class Answer(models.TextChoices):
        SUPPORT = "support", _("I support it")
        QUESTION = "question", _("I have a question")
        OBJECTION = "objection", _("I object")

    ASKING = (Answer.QUESTION, Answer.OBJECTION)

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="acknowledgements")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acknowledgements")
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=20, choices=Membership.Level)
    asked_at = models.DateTimeField(default=timezone.now)
    reminders = models.PositiveSmallIntegerField(default=0)
    signed_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("your answer"), max_length=20, choices=Answer, blank=True)
    words = models.TextField(
        _("your question or objection"), max_length=2000, blank=True, validators=[validate_text]
    )
    reply = models.TextField(_("answer"), max_length=2000, blank=True, validators=[validate_text])
    replied_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["user", "signed_at"])]
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="one_signature_a_person"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, answer="") | Q(signed_at__isnull=False) & ~Q(answer=""),
                name="signed_with_an_answer",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["question", "objection"]) | ~Q(words=""),
                name="question_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.edition}"

    def get_absolute_url(self) -> str:
        return reverse("charter:edition_sign", args=[self.edition.charter.unit.slug, self.edition.number])

    @property
    def asks(self) -> bool:
        return self.answer in self.ASKING


class AcknowledgementEvent(models.Model):
    """What happened to one person's signature. Append-only."""

    class What(models.TextChoices):
        ASKED = "asked", _("Asked")
        REMINDED = "reminded", _("Reminded")
        SIGNED = "signed", _("Signed")
        REPLIED = "replied", _("Question answered")
        SETTLED = "settled", _("Settled")
        SUPERSEDED = "superseded", _("Closed: superseded")

    acknowledgement = models.ForeignKey(Acknowledgement, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
