"""Published editions: what the public read, frozen."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from charter.models.charter import Charter
from charter.models.review import Review
from common.text import validate_text
from organisation.models import Unit, User


class EditionQuerySet(models.QuerySet["Edition"]):
    def in_force(self, on: date) -> "EditionQuerySet":
        """Editions that have come into force by a day, the one in force first."""
        return self.filter(in_force_from__lte=on).order_by("-in_force_from", "-number")

    def edition_on(self, unit: Unit, day: date) -> "Edition | None":
        """The edition of the unit's own charter that is in force on a day."""
        return self.filter(charter__unit=unit).in_force(day).first()

    def with_end(self) -> "EditionQuerySet":
        """Each with `ends_on`, the day on which a later edition takes its place (None as yet)."""
        later = Edition.objects.filter(charter=OuterRef("charter"), number__gt=OuterRef("number"))
        return self.annotate(ends_on=Subquery(later.order_by("in_force_from").values("in_force_from")[:1]))

    def to_sign(self, on: date) -> "EditionQuerySet":
        """Editions that change what people do, and that no later one has replaced by a day."""
        current = self.exclude(work_change="").with_end()
        return current.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))

    def visible_to(self, user: Any) -> "EditionQuerySet":
        """Published editions are public."""
        return self


class Edition(models.Model):
    """One published state of a charter. Never changed after it is written.

    `content` holds the charter's words per language, its values, and its standards with their
    measures and goals, as `charter.actions.publish` wrote them. `changes` is a list of `part`, `why` and
    `evidence` (citations as they were), one for each changed part that somebody gave a reason for.
    `review` is the round that signed it off, None where it was published without review. Where
    `work_change` says what changes for staff, they read and sign the edition.
    """

    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    note = models.TextField(_("what changed, and why"), max_length=2000, validators=[validate_text])
    in_force_from = models.DateField(_("in force from"))
    content = models.JSONField()
    changes = models.JSONField(default=list)
    work_change = models.TextField(
        _("what changes for you"), max_length=500, blank=True, validators=[validate_text]
    )
    review = models.OneToOneField(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="edition"
    )
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["charter", "number"], name="one_edition_a_number")]

    def __str__(self) -> str:
        return str(_("Edition %(number)d") % {"number": self.number})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An edition is never changed after it is published.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("charter:edition_detail", args=[self.charter.unit.slug, self.number])

    @property
    def unit_id(self) -> int:
        """The charter's unit (for permissions)."""
        return self.charter.unit_id

    @property
    def drafted_at(self) -> datetime:
        """When the words were taken from the draft: what was edited later is not in them."""
        return self.review.opened_at if self.review else self.published_at

    @staticmethod
    def words(texts: dict[str, dict[str, str]], language: str | None = None) -> dict[str, str]:
        """The texts of one part in the language asked for, else the reader's, the default one, or any."""
        for wanted in (language or get_language(), settings.LANGUAGE_CODE):
            if wanted in texts:
                return texts[wanted]
        return next(iter(texts.values()), {})
