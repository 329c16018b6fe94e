"""The question bank, and how a course's quiz draws from it."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models import Standard
from common.text import validate_text
from common.texts import HasTexts
from organisation.models import Unit
from training import marking
from training.models.course import CourseVersion
from training.models.words import TranslatedRow


class QuestionBank(models.Model):
    """Questions that belong together; a course has the bank of its own key."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="question_banks", verbose_name=_("unit that owns it")
    )

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class QuestionQuerySet(models.QuerySet["Question"]):
    def active(self) -> "QuestionQuerySet":
        return self.filter(archived_at__isnull=True)

    def drawable(self) -> "QuestionQuerySet":
        """Those that an attempt may hold: not archived, with a released version."""
        return self.active().filter(current__isnull=False)


class Question(models.Model):
    """A question under a key that stays. Its versions hold the words; `current` is the one that is asked."""

    bank = models.ForeignKey(QuestionBank, on_delete=models.PROTECT, related_name="questions")
    key = models.SlugField(_("key"), max_length=60)
    standard = models.ForeignKey(
        Standard,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quiz_questions",
        verbose_name=_("standard that it is tied to"),
    )
    current = models.ForeignKey(
        "training.QuestionVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["bank", "key"], name="one_question_a_bank_and_key")]

    def __str__(self) -> str:
        return self.key

    def latest(self) -> "QuestionVersion | None":
        """The newest version, released or not."""
        return self.versions.order_by("-number").first()


class QuestionVersion(HasTexts, models.Model):
    """One wording of a question. Once it is released it is never changed again: attempts hold on to it."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("One is right")
        MULTIPLE = "multiple", _("Several are right")
        TRUE_FALSE = "true_false", _("True or false")
        ORDERING = "ordering", _("Put in order")
        MATCHING = "matching", _("Match")
        NUMERIC = "numeric", _("A number")
        SHORT = "short", _("A few words")
        OPEN = "open", _("In your own words")

    class Marking(models.TextChoices):
        RIGHT_MINUS_WRONG = marking.RIGHT_MINUS_WRONG, _("Right ones minus wrong ones")
        ALL_OR_NOTHING = marking.ALL_OR_NOTHING, _("All or nothing")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    marking = models.CharField(
        _("marking"), max_length=20, choices=Marking, default=Marking.RIGHT_MINUS_WRONG
    )
    points = models.DecimalField(
        _("points"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(1000)],
    )
    released_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="one_question_version_a_number"),
            models.CheckConstraint(condition=models.Q(points__gt=0), name="question_is_worth_something"),
        ]

    def __str__(self) -> str:
        row = self.text()
        return row.text if row else f"{self.question_id} v{self.number}"


class QuestionVersionText(TranslatedRow):
    """`content` depends on the kind: options, items, pairs, the answer (`training.content`)."""

    names = ("text", "feedback", "content")

    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="texts")
    text = models.TextField(_("question"), max_length=2000, validators=[validate_text])
    feedback = models.TextField(
        _("shown after the attempt"), max_length=2000, blank=True, validators=[validate_text]
    )
    content = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_question_wording_a_language")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Quiz(HasTexts, models.Model):
    """How a version of a course asks. It belongs to the version and is as unchangeable.

    What it may ask is fixed at the release (`wordings`, decision 78): a later wording, and a question added
    or put back, belong to the next version. What is taken out of the bank is asked no more in any.
    """

    class Counting(models.TextChoices):
        HIGHEST = "highest", _("The best attempt")
        AVERAGE = "average", _("The average of all attempts")
        FIRST = "first", _("The first attempt")
        LAST = "last", _("The last attempt")

    version = models.OneToOneField(CourseVersion, on_delete=models.CASCADE, related_name="quiz")
    wordings = models.ManyToManyField(
        QuestionVersion, related_name="quizzes", editable=False, help_text="fixed at the release"
    )
    bank = models.ForeignKey(QuestionBank, on_delete=models.PROTECT, related_name="quizzes")
    draw = models.PositiveSmallIntegerField(_("questions drawn for an attempt (0: all)"), default=0)
    pass_mark = models.DecimalField(
        _("passed from, per cent"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(80),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    attempts = models.PositiveSmallIntegerField(_("attempts (0: any number)"), default=0)
    wait_hours = models.PositiveSmallIntegerField(_("hours between two attempts"), default=0)
    minutes = models.PositiveSmallIntegerField(_("time limit in minutes (0: none)"), default=0)
    counting = models.CharField(
        _("the attempt that counts"), max_length=20, choices=Counting, default=Counting.HIGHEST
    )
    shuffle = models.BooleanField(_("in another order each time"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pass_mark__gte=0, pass_mark__lte=100), name="pass_mark_is_a_percentage"
            )
        ]

    def __str__(self) -> str:
        row = self.text()
        return row.title if row else f"{self.version_id}"

    def questions(self) -> "models.QuerySet[QuestionVersion]":
        """The wordings that an attempt that starts now may draw from, in the order of the bank.

        Before the release those that the bank asks now. Where a later release has taken every question
        out, whoever is under way is asked the old ones: a quiz that cannot be passed helps nobody.
        """
        fixed = self.wordings.order_by("question__position", "question")
        kept = fixed.filter(question__archived_at__isnull=True)
        if kept.exists():
            return kept
        if fixed.exists():
            return fixed
        current = self.bank.questions.drawable().values("current")
        return QuestionVersion.objects.filter(pk__in=current).order_by("question__position", "question")

    def questions_for(self, only_standards: list[str]) -> "models.QuerySet[QuestionVersion]":
        """The same, about these standards alone; about everything where they have no question."""
        questions = self.questions()
        narrowed = questions.filter(question__standard__key__in=only_standards)
        return narrowed if only_standards and narrowed.exists() else questions

    def result(self, percentages: "list[Decimal | None]") -> str:
        """A result of `training.marking` for the attempts in order."""
        return marking.result(percentages, self.counting, self.pass_mark)


class QuizText(TranslatedRow):
    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quiz", "language"], name="one_quiz_text_a_language")]

    def __str__(self) -> str:
        return self.title
