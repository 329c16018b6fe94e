"""Responses: the immutable envelope, its answers, and personal data in a table of their own."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Edition, Measure
from common.reference import new_reference
from common.text import validate_text
from feedback.models.collector import Collector
from feedback.models.question import Option, Question
from feedback.models.questionnaire import (
    CONSENT_LENGTH,
    PURPOSE_LENGTH,
    Questionnaire,
    QuestionnaireVersion,
)
from organisation.models import Import, Unit, User


def counts_where(path: str = "") -> models.Q:
    """What counts, seen from a response, or from where `path` leads to one."""
    return models.Q(
        models.Q(**{f"{path}batch__isnull": True}) | models.Q(**{f"{path}batch__state": Import.State.DONE}),
        **{
            f"{path}is_spam": False,
            f"{path}is_test": False,
            f"{path}deleted_at__isnull": True,
            f"{path}duplicate_of__isnull": True,
        },
    )


CONFIDENTIAL = Questionnaire.Kind.EMPLOYEES
"""The kind of questionnaire whose answers are shown in sums only."""


class ResponseQuerySet(models.QuerySet["Response"]):
    def countable(self) -> "ResponseQuerySet":
        """The one door for what counts: not spam, not test, not deleted, not a duplicate, not staged."""
        return self.filter(counts_where())

    def for_the_desk(self) -> "ResponseQuerySet":
        """What may be read one by one: nothing that employees answered, of whom nobody may be found out."""
        return self.exclude(version__questionnaire__kind=CONFIDENTIAL)

    def kept(self) -> "ResponseQuerySet":
        """What a manager may look at: spam too, so that it can be restored, but nothing deleted."""
        return (
            self.for_the_desk()
            .filter(deleted_at__isnull=True)
            .filter(models.Q(batch__isnull=True) | models.Q(batch__state=Import.State.DONE))
        )

    def unanswered(self) -> "ResponseQuerySet":
        return self.filter(replied_at__isnull=True)

    def deleted_for(self, user: Any) -> "ResponseQuerySet":
        """Deleted responses that the user may bring back: those of the subtree the user manages."""
        deleted = self.for_the_desk().filter(deleted_at__isnull=False)
        if not user.is_authenticated:
            return self.none()
        return deleted if user.is_administrator else deleted.filter(unit__in=user.managed_unit_ids)

    def set_aside_for(self, user: Any) -> "ResponseQuerySet":
        """Suspected spam of colleagues' surveys in the subtree the user manages. They may be counted and let
        count, never read."""
        aside = self.filter(
            models.Q(batch__isnull=True) | models.Q(batch__state=Import.State.DONE),
            version__questionnaire__kind=CONFIDENTIAL,
            is_spam=True,
            deleted_at__isnull=True,
        )
        if not user.is_authenticated:
            return self.none()
        return aside if user.is_administrator else aside.filter(unit__in=user.managed_unit_ids)

    def visible_to(self, user: Any) -> "ResponseQuerySet":
        """Managers: their subtree. Staff: what counts in their own unit."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self.kept()
        return self.kept().filter(
            models.Q(unit__in=user.managed_unit_ids)
            | models.Q(unit__in=user.unit_ids, is_spam=False, is_test=False, duplicate_of__isnull=True)
        )


class Response(models.Model):
    """What one customer told us, as it arrived.

    `receipt_code` opens the receipt, shows every word and erases the card: only the customer gets it.
    The desk knows the response by its `reference`, and neither leads to the other.
    `consent` are the words of the box for agreeing, as they were shown (empty: there was none), `has_agreed`
    whether it was ticked.
    `service_date` is the local day of service in the unit's zone, fixed at receipt. `body_hash`
    tells a replay from another body under the same id.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    receipt_code = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    uid = models.UUIDField()
    body_hash = models.CharField(max_length=64)
    collector = models.ForeignKey(Collector, on_delete=models.PROTECT, related_name="responses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="responses")
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="responses")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True)
    language = models.CharField(max_length=12)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    service_date = models.DateField(_("day of service"))
    rating = models.SmallIntegerField(null=True, blank=True, help_text="first scaled answer, 0 to 100")
    has_comment = models.BooleanField(default=False)
    consent = models.CharField(max_length=CONSENT_LENGTH, blank=True)
    has_agreed = models.BooleanField(default=False)
    search = models.TextField(blank=True, help_text="all text, normalised and case-folded")
    is_spam = models.BooleanField(default=False)
    spam_reason = models.CharField(max_length=100, blank=True)
    is_test = models.BooleanField(default=False)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    batch = models.ForeignKey(
        Import, on_delete=models.PROTECT, null=True, blank=True, related_name="responses"
    )
    assigned_to = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("in hand of")
    )
    is_themed = models.BooleanField(default=False, help_text="the rules of the themes have read it")
    replied_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["unit", "service_date"]),
            models.Index(fields=["-received_at", "-id"]),
            models.Index(
                fields=["id"],
                condition=models.Q(has_comment=True, is_themed=False),
                name="comment_without_themes",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["collector", "uid"], name="one_response_a_uid"),
            models.CheckConstraint(
                condition=models.Q(has_agreed=False) | ~models.Q(consent=""), name="agreed_to_something"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("feedback:response_detail", args=[self.reference])

    @property
    def is_countable(self) -> bool:
        """Would count, were its import done (the row's own share of `countable()`)."""
        return not (self.is_spam or self.is_test or self.deleted_at or self.duplicate_of_id)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def countable(self) -> "AnswerQuerySet":
        """Answers of the responses that count (a join: cheap inside one bucket)."""
        return self.filter(counts_where("response__"))


class Answer(models.Model):
    """One answer. Those that feed a measure carry measure, unit and day, so a bucket is one index range.

    Exactly one of these holds the answer, by the kind of its question: `value` (a scale, a row of a
    matrix), `date`, `text`, or the rows of `chosen` (one or several options; `text` then says what
    “other” was), unless `is_na`.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.SmallIntegerField(null=True, blank=True)
    is_na = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    date = models.DateField(null=True, blank=True)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    series = models.PositiveSmallIntegerField(default=1)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["measure", "unit", "day", "series", "value"],
                condition=models.Q(measure__isnull=False),
                name="answer_bucket",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.value}"


class ChosenOption(models.Model):
    """An option that the customer chose. What was chosen how often is a count of these by `option`."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="chosen")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="chosen")

    class Meta:
        ordering = ["option__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["answer", "option"], name="one_choice_an_option")]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.option_id}"


class Person(models.Model):
    """Personal data that a customer left, apart from everything else, with the purpose as it was told and
    the end date."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="person")
    name = models.CharField(_("name"), max_length=150, blank=True, validators=[validate_text])
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True, validators=[validate_text])
    purpose = models.TextField(max_length=PURPOSE_LENGTH)
    keep_until = models.DateField(_("kept until"))

    def __str__(self) -> str:
        return f"{self.response_id}"


class ResponseEvent(models.Model):
    """History of a response. Append-only."""

    class What(models.TextChoices):
        REPLIED = "replied", _("Answered")
        MARKED_SPAM = "marked_spam", _("Marked as spam")
        RESTORED = "restored", _("Restored")
        DELETED = "deleted", _("Deleted")
        UNDELETED = "undeleted", _("Deletion undone")
        ENTERED = "entered", _("Entered by a colleague")
        ERASED = "erased", _("Erased by the customer")
        EXPIRED = "expired", _("Erased: kept as long as was said")
        ASSIGNED = "assigned", _("In hand of")
        NOTED = "noted", _("Note")
        PASSED_ON = "passed_on", _("Passed on to")
        THEME_SET = "theme_set", _("Theme set by hand:")
        THEME_OFF = "theme_off", _("Theme taken off:")

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class Tombstone(models.Model):
    """Remembers that a response was erased, so that its envelope is never taken in again.

    Holds hashes only: of the envelope's id within its collector, and of the receipt code.
    """

    uid_hash = models.CharField(max_length=64, unique=True)
    receipt_hash = models.CharField(max_length=64, unique=True)
    erased_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.erased_on}"
