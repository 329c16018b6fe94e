"""The questions of a version, the options to choose from, and the words of both."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from common.text import validate_text
from common.texts import HasTexts, TextRow
from feedback.models.questionnaire import QuestionnaireVersion


class Question(HasTexts, models.Model):
    """One question of a version. Its `key` stays the same over versions.

    Answers on a scale are numbers on `[scale_low, scale_high]`, best at the high end; another wording
    or scale is another `series`. A matrix is a question without answers of its own: its rows are
    questions (`matrix` leads to it) on the same scale, in the positions right after it, and each may
    feed a measure. `show_if` says on which earlier answers the question is shown (`feedback.showing`);
    empty: always.
    """

    class Kind(models.TextChoices):
        FACES = "faces", _("Five faces")
        YES_NO = "yes_no", _("Yes or no")
        THUMBS = "thumbs", _("Thumb up or down")
        RATING = "rating", _("Rating")
        NPS = "nps", _("Would you recommend us (0 to 10)")
        EASE = "ease", _("Made it easy (1 to 7)")
        CHOICE = "choice", _("One of several options")
        CHOICES = "choices", _("Any of several options")
        MATRIX = "matrix", _("Several things on one scale")
        ROW = "row", _("Row of a matrix")
        SHORT = "short", _("Text of one line")
        TEXT = "text", _("Text")
        DATE = "date", _("Date")
        HELPER = "helper", _("Which of us helped you?")

    SCALES: ClassVar[dict[str, tuple[int, int]]] = {
        Kind.FACES: (1, 5),
        Kind.YES_NO: (0, 1),
        Kind.THUMBS: (0, 1),
        Kind.NPS: (0, 10),
        Kind.EASE: (1, 7),
    }
    CHOOSING = (Kind.CHOICE, Kind.CHOICES)
    SPOKEN = (Kind.TEXT, Kind.SHORT)
    WORDS = (*SPOKEN, Kind.HELPER)
    WITHOUT_SCALE = (*CHOOSING, *WORDS, Kind.DATE)
    LENGTHS: ClassVar[dict[str, int]] = {Kind.TEXT: 5000, Kind.SHORT: 300, Kind.HELPER: 150}

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(_("key"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    matrix = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="rows")
    scale_low = models.SmallIntegerField(null=True, blank=True)
    scale_high = models.SmallIntegerField(null=True, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    allows_na = models.BooleanField(_("offers “does not apply”"), default=False)
    starts_page = models.BooleanField(_("begins a new page"), default=False)
    is_shuffled = models.BooleanField(_("options or rows in random order"), default=False)
    show_if = models.JSONField(default=dict, blank=True)
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
                condition=models.Q(
                    kind__in=["choice", "choices", "text", "short", "helper", "date"],
                    scale_low__isnull=True,
                    scale_high__isnull=True,
                )
                | (
                    ~models.Q(kind__in=["choice", "choices", "text", "short", "helper", "date"])
                    & models.Q(scale_low__lt=models.F("scale_high"))
                ),
                name="question_scale_fits_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="row", matrix__isnull=False)
                | (~models.Q(kind="row") & models.Q(matrix__isnull=True)),
                name="question_row_has_matrix",
            ),
        ]

    def __str__(self) -> str:
        row = self.text()
        return row.wording if row else self.key

    @property
    def is_asked(self) -> bool:
        """Takes an answer of its own; a matrix only holds its rows together."""
        return self.kind != self.Kind.MATRIX


class QuestionText(TextRow):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="texts")
    wording = models.CharField(_("question"), max_length=500, validators=[validate_text])
    hint = models.CharField(_("hint"), max_length=300, blank=True, validators=[validate_text])
    na_label = models.CharField(
        _("words for “does not apply”"), max_length=60, blank=True, validators=[validate_text]
    )
    low_label = models.CharField(
        _("words at the low end"), max_length=60, blank=True, validators=[validate_text]
    )
    high_label = models.CharField(
        _("words at the high end"), max_length=60, blank=True, validators=[validate_text]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "language"], name="one_question_text_a_language")
        ]

    def __str__(self) -> str:
        return self.wording


class Option(HasTexts, models.Model):
    """One of the answers to choose from. Its `key` stays the same over versions; the option with the
    key `other` asks in words what else.

    An option that is taken out is missing in later versions only: answers lead to the option of the
    version they were given to, and keep its words.
    """

    OTHER = "other"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["question", "key"], name="one_option_a_key")]

    def __str__(self) -> str:
        row = self.text()
        return row.label if row else self.key


class OptionText(TextRow):
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="texts")
    label = models.CharField(_("option"), max_length=200, validators=[validate_text])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["option", "language"], name="one_option_text_a_language")
        ]

    def __str__(self) -> str:
        return self.label
