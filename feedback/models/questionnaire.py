"""Questionnaires with their versions and questions."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from common.reference import new_reference
from common.text import validate_text
from common.texts import HasTexts, TextRow


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def visible_to(self, user: Any) -> "QuestionnaireQuerySet":
        return self if user.is_authenticated else self.none()


class Questionnaire(models.Model):
    """What is asked. Its versions hold the questions."""

    class Kind(models.TextChoices):
        CARD = "card", _("Comment card")
        SURVEY = "survey", _("Survey")

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

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} v{self.number}"


class VersionText(TextRow):
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])
    introduction = models.TextField(
        _("introduction"), max_length=1000, blank=True, validators=[validate_text]
    )
    thanks = models.TextField(_("thanks"), max_length=1000, blank=True, validators=[validate_text])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_version_text_a_language")
        ]

    def __str__(self) -> str:
        return self.title


class Question(HasTexts, models.Model):
    """One question of a version. Its `key` stays the same over versions.

    Answers are numbers on `[scale_low, scale_high]`, best at the high end; another wording or scale
    is another `series`.
    """

    class Kind(models.TextChoices):
        FACES = "faces", _("Five faces")
        YES_NO = "yes_no", _("Yes or no")
        RATING = "rating", _("Rating")
        NPS = "nps", _("Would you recommend us (0 to 10)")
        EASE = "ease", _("Made it easy (1 to 7)")
        TEXT = "text", _("Text")

    SCALES = {Kind.FACES: (1, 5), Kind.YES_NO: (0, 1), Kind.NPS: (0, 10), Kind.EASE: (1, 7)}

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(_("key"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    scale_low = models.SmallIntegerField(null=True, blank=True)
    scale_high = models.SmallIntegerField(null=True, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    allows_na = models.BooleanField(_("offers “does not apply”"), default=False)
    measure = models.ForeignKey(
        Measure,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("measure it feeds"),
    )
    series = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="one_question_a_key"),
            models.CheckConstraint(
                condition=models.Q(kind="text", scale_low__isnull=True, scale_high__isnull=True)
                | (~models.Q(kind="text") & models.Q(scale_low__lt=models.F("scale_high"))),
                name="question_scale_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        row = self.text()
        return row.wording if row else self.key


class QuestionText(TextRow):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="texts")
    wording = models.CharField(_("question"), max_length=500, validators=[validate_text])
    hint = models.CharField(_("hint"), max_length=300, blank=True, validators=[validate_text])
    na_label = models.CharField(
        _("words for “does not apply”"), max_length=60, blank=True, validators=[validate_text]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "language"], name="one_question_text_a_language")
        ]

    def __str__(self) -> str:
        return self.wording
