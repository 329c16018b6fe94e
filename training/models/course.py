"""Courses: what is taught. A released version never changes; the next one is written beside it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.models import Standard, Value
from common.text import search_form, validate_text
from common.texts import HasTexts
from organisation.models import Attachment, Unit, User
from training.models.words import TranslatedRow


class CourseQuerySet(models.QuerySet["Course"]):
    def released(self) -> "CourseQuerySet":
        """What may be assigned."""
        return self.filter(state=Course.State.RELEASED)

    def visible_to(self, user: Any) -> "CourseQuerySet":
        """Managers: everything but the drafts of units that they do not manage. Others: what is released,
        and what they were given."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        if user.is_manager:
            return self.exclude(
                models.Q(state=Course.State.DRAFT) & ~models.Q(unit__in=user.managed_unit_ids)
            )
        return self.filter(
            models.Q(state=Course.State.RELEASED)
            | models.Q(pk__in=user.training_assignments.values("course"))
        )


class Course(HasTexts, models.Model):
    """One course. Its words are `texts`, what is taught lies in its versions.

    `language` is the one in which it was written first: files in that language may change the parts,
    files in others only translate them. `renewal_days` before the expiry of a certificate the next
    cycle may begin without losing days.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RELEASED = "released", _("Released")
        ARCHIVED = "archived", _("Archived")

    key = models.SlugField(_("key"), max_length=60, unique=True)
    language = models.CharField(_("language"), max_length=12, default=settings.LANGUAGE_CODE)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="courses", verbose_name=_("unit that owns it")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT, editable=False)
    levels = models.JSONField(
        _("levels"), default=list, blank=True, help_text=_("For whom; none means everybody.")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes, quiz included"), default=30)
    refresh_months = models.PositiveSmallIntegerField(
        _("again after so many months"), default=0, validators=[MaxValueValidator(120)]
    )
    renewal_days = models.PositiveSmallIntegerField(
        _("may be renewed so many days early"), default=60, validators=[MaxValueValidator(730)]
    )
    standards = models.ManyToManyField(
        Standard, blank=True, related_name="courses", verbose_name=_("standards that it teaches")
    )
    values = models.ManyToManyField(
        Value, blank=True, related_name="courses", verbose_name=_("values that it stands for")
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    search = models.TextField(editable=False, default="", help_text="titles and key, case-folded")

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        row = self.text()
        return row.title if row else self.key

    def get_absolute_url(self) -> str:
        return reverse("training:course", args=[self.key])

    def current_version(self) -> "CourseVersion | None":
        """The newest released version: what a learner begins with."""
        return self.versions.released().order_by("-number").first()

    def draft(self) -> "CourseVersion | None":
        return self.versions.filter(released_at__isnull=True).order_by("-number").first()

    def set_search(self) -> None:
        """Gather what the course is found by. Call it after its words have changed."""
        titles = self.texts.values_list("title", flat=True)
        self.search = search_form(" ".join([self.key, *titles]))
        self.save(update_fields=["search"])


class CourseText(TranslatedRow):
    names = ("title", "summary", "audience")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])
    summary = models.TextField(_("what one can do afterwards"), max_length=1000, validators=[validate_text])
    audience = models.CharField(_("for whom"), max_length=300, blank=True, validators=[validate_text])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "language"], name="one_course_text_a_language")
        ]

    def __str__(self) -> str:
        return self.title


class CourseVersionQuerySet(models.QuerySet["CourseVersion"]):
    def released(self) -> "CourseVersionQuerySet":
        return self.filter(released_at__isnull=False)

    def with_parts(self) -> "CourseVersionQuerySet":
        """Modules and lessons with their words, in a fixed number of queries."""
        return self.select_related("course", "quiz").prefetch_related(
            "course__texts", "modules__texts", "modules__lessons__texts", "quiz__texts"
        )


class CourseVersion(models.Model):
    """One state of a course. Once it is released it is never changed again.

    `asks_for_renewal`: whoever completed an earlier version is asked to take this one too.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    note = models.CharField(_("what is new"), max_length=300, blank=True, validators=[validate_text])
    asks_for_renewal = models.BooleanField(_("asks everybody to take it again"), default=False)
    renewal_due_days = models.PositiveSmallIntegerField(_("within so many days"), default=30)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = CourseVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="one_course_version_a_number"),
            models.UniqueConstraint(
                fields=["course"],
                condition=models.Q(released_at__isnull=True),
                name="one_draft_a_course",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} v{self.number}"

    def parts(self) -> "list[tuple[Module, list[Lesson]]]":
        """The modules with their lessons in reading order, without what is archived (`with_parts`)."""
        return [
            (module, [lesson for lesson in module.lessons.all() if lesson.archived_at is None])
            for module in self.modules.all()
            if module.archived_at is None
        ]

    def lessons(self) -> "list[Lesson]":
        """All lessons in reading order (prefetch `modules__lessons`)."""
        return [lesson for _module, lessons in self.parts() for lesson in lessons]

    def has_quiz(self) -> bool:
        return getattr(self, "quiz", None) is not None

    def is_released(self, at: datetime) -> bool:
        return self.released_at is not None and self.released_at <= at


class Module(HasTexts, models.Model):
    """A part of a version. What is archived in a draft leaves it with the release."""

    version = models.ForeignKey(CourseVersion, on_delete=models.CASCADE, related_name="modules")
    key = models.SlugField(_("key"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_module_a_key")]

    def __str__(self) -> str:
        row = self.text()
        return row.title if row else self.key


class ModuleText(TranslatedRow):
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["module", "language"], name="one_module_text_a_language")
        ]

    def __str__(self) -> str:
        return self.title


class Lesson(HasTexts, models.Model):
    """One step of a course. Its words and its content, checked by `training.content`, are `texts`.

    `must_fill`: the organisation writes its own part before the release; `is_filled` says that it did.
    A person ticks a checklist and finishes it; a practice is finished by whoever saw it, a session by
    whoever kept the list of those present.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        SCENARIO = "scenario", _("Conversation")
        CHECKLIST = "checklist", _("Checklist")
        PRACTICE = "practice", _("Practice that is watched")
        VIDEO = "video", _("Video")
        DOWNLOAD = "download", _("Download")
        SESSION = "session", _("Meeting in person")

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="lessons")
    key = models.SlugField(_("key"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TEXT)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=5)
    must_fill = models.BooleanField(_("has to be written by the organisation"), default=False)
    is_filled = models.BooleanField(default=False, editable=False)
    file = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["module", "key"], name="one_lesson_a_module_and_key")]

    def __str__(self) -> str:
        row = self.text()
        return row.title if row else self.key

    @property
    def is_seen_by_others(self) -> bool:
        """Finished by somebody else than the learner."""
        return self.kind in (self.Kind.PRACTICE, self.Kind.SESSION)

    @property
    def waits_to_be_filled(self) -> bool:
        return self.must_fill and not self.is_filled


class LessonText(TranslatedRow):
    """`content` depends on the kind: steps, items, addresses (`training.content`)."""

    names = ("title", "body", "content")

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])
    body = models.TextField(_("text"), max_length=40_000, blank=True, validators=[validate_text])
    content = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "language"], name="one_lesson_text_a_language")
        ]

    def __str__(self) -> str:
        return self.title
