"""The charter of the organisation or of a unit, and the values it stands on."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.models.words import WordsRow
from common.reference import new_reference
from common.text import validate_text
from common.texts import HasTexts
from organisation.models import Unit


class CharterQuerySet(models.QuerySet["Charter"]):
    def visible_to(self, user: Any) -> "CharterQuerySet":
        """The working draft is read by everybody who is signed in."""
        return self if user.is_authenticated else self.none()

    def of(self, unit: Unit) -> "Charter | None":
        """The unit's own charter, if it has one (not that of a unit above it)."""
        return self.filter(unit=unit).first()


class Charter(HasTexts, models.Model):
    """The draft that managers edit. What the public reads are its editions.

    `version` grows with every edit of any part; publishing on an older one is refused.
    """

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="charter")
    version = models.PositiveIntegerField(default=0, editable=False)
    next_review_on = models.DateField(_("next review"), null=True, blank=True)

    objects = CharterQuerySet.as_manager()

    class Meta:
        ordering = ["unit__name"]

    def __str__(self) -> str:
        return f"{self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("charter:edit", args=[self.unit.slug])

    def local_day(self, at: datetime) -> date:
        """The unit's local date at a moment."""
        return at.astimezone(ZoneInfo(self.unit.timezone)).date()


class CharterText(WordsRow):
    """The charter's words in one language. A form that was opened on an older `version` is refused."""

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=150, validators=[validate_text])
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True, validators=[validate_text])
    vision = models.TextField(_("vision"), max_length=2000, blank=True, validators=[validate_text])
    why = models.TextField(_("why it matters"), max_length=2000, blank=True, validators=[validate_text])
    reach_us = models.TextField(
        _("how to reach a person"), max_length=2000, blank=True, validators=[validate_text]
    )
    when_missed = models.TextField(
        _("what to do when we miss a promise"), max_length=2000, blank=True, validators=[validate_text]
    )
    we_ask = models.TextField(
        _("what we ask of you"), max_length=2000, blank=True, validators=[validate_text]
    )
    how_to_complain = models.TextField(
        _("how to complain, and who looks at it next"),
        max_length=2000,
        blank=True,
        validators=[validate_text],
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charter", "language"], name="one_charter_text_a_language")
        ]

    def __str__(self) -> str:
        return self.title


class ValueQuerySet(models.QuerySet["Value"]):
    def active(self) -> "ValueQuerySet":
        return self.filter(archived_at__isnull=True)


class Value(HasTexts, models.Model):
    """What the organisation believes in, and how that shows in behaviour."""

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="values")
    key = models.CharField(max_length=20, default=new_reference)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ValueQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["charter", "key"], name="one_value_a_key")]

    def __str__(self) -> str:
        row = self.text()
        return row.name if row else self.key


class ValueText(WordsRow):
    """Behaviours are one a line, so that each can be read, and lived, on its own."""

    value = models.ForeignKey(Value, on_delete=models.CASCADE, related_name="texts")
    name = models.CharField(_("name"), max_length=100, validators=[validate_text])
    meaning = models.TextField(_("meaning"), max_length=1000, blank=True, validators=[validate_text])
    we_do_customers = models.TextField(
        _("towards customers, we do"), max_length=1000, blank=True, validators=[validate_text]
    )
    we_dont_customers = models.TextField(
        _("towards customers, we don't"), max_length=1000, blank=True, validators=[validate_text]
    )
    we_do_colleagues = models.TextField(
        _("towards colleagues, we do"), max_length=1000, blank=True, validators=[validate_text]
    )
    we_dont_colleagues = models.TextField(
        _("towards colleagues, we don't"), max_length=1000, blank=True, validators=[validate_text]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["value", "language"], name="one_value_text_a_language")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def behaviours(self) -> list[tuple[Any, list[str], list[str]]]:
        """(towards whom, what we do, what we don't), a behaviour each line; nobody without any."""
        towards = [
            (_("Towards customers"), self.we_do_customers, self.we_dont_customers),
            (_("Towards colleagues"), self.we_do_colleagues, self.we_dont_colleagues),
        ]
        lines = [(whom, _lines(done), _lines(undone)) for whom, done, undone in towards]
        return [each for each in lines if each[1] or each[2]]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
