"""Questionnaires with their versions and questions."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import validate_text
from common.texts import HasTexts, TextRow

PURPOSE_LENGTH = 1000
CONSENT_LENGTH = 300


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def active(self) -> "QuestionnaireQuerySet":
        return self.filter(archived_at__isnull=True)

    def visible_to(self, user: Any) -> "QuestionnaireQuerySet":
        return self if user.is_authenticated else self.none()


class Questionnaire(models.Model):
    """What is asked. Its versions hold the questions."""

    class Kind(models.TextChoices):
        CARD = "card", _("Comment card")
        SURVEY = "survey", _("Customer survey")
        EMPLOYEES = "employees", _("Employee survey")
        INTERVIEW = "interview", _("On-the-spot interview")

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=150, validators=[validate_text])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CARD)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def current_version(self) -> "QuestionnaireVersion | None":
        """The newest published version: the one that is asked."""
        return self.versions.filter(published_at__isnull=False).order_by("-number").first()

    def draft(self) -> "QuestionnaireVersion | None":
        """The version that is being written, if there is one."""
        return self.versions.filter(published_at__isnull=True).order_by("-number").first()


class QuestionnaireVersion(HasTexts, models.Model):
    """One wording of a questionnaire. Once it is published it is never changed again.

    `edit_mark` changes with every edit of any part: a form opened on an older one is refused, and
    what was rendered from an older one is not used any more.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True, blank=True)
    edit_mark = models.CharField(max_length=20, default=new_reference, editable=False)
    is_shuffled = models.BooleanField(_("questions in random order"), default=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} v{self.number}"


class VersionText(TextRow):
    """The words around the questions, in one language.

    `purpose` says what names and addresses are for, `consent` what a customer may agree to beside; neither
    is ever shown in another language than that of the card.
    """

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])
    introduction = models.TextField(
        _("introduction"), max_length=1000, blank=True, validators=[validate_text]
    )
    thanks = models.TextField(_("thanks"), max_length=1000, blank=True, validators=[validate_text])
    purpose = models.TextField(
        _("purpose"), max_length=PURPOSE_LENGTH, blank=True, validators=[validate_text]
    )
    consent = models.CharField(
        _("consent"), max_length=CONSENT_LENGTH, blank=True, validators=[validate_text]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_version_text_a_language")
        ]

    def __str__(self) -> str:
        return self.title
