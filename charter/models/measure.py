"""Measures of a standard, and the goals they are held against."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from charter.models.standard import Standard
from common import sources
from common.reference import new_reference
from common.text import validate_text
from organisation.models import Unit


class MeasureQuerySet(models.QuerySet["Measure"]):
    def active(self) -> "MeasureQuerySet":
        return self.filter(archived_at__isnull=True, standard__archived_at__isnull=True)

    def of_promises(self) -> "MeasureQuerySet":
        """Those that prove a promise, not those that are asked about a need."""
        return self.filter(is_of_need=False)

    def visible_to(self, user: Any) -> "MeasureQuerySet":
        return self if user.is_authenticated else self.none()


class Measure(models.Model):
    """How a standard is proved: by which method, on which scale, from which source.

    `minimum_n` is the least number of answers from which a figure is published. `is_sample` says
    that recorded results count a sample of the cases, not all of them. `counted` and `exposure` are the
    words of a count (“complaints”) and of a rate (“complaints” per 1,000 “visitors”, `per` = 1000).
    `is_of_need` says that it is asked about a need (how important it is, how satisfied customers are): it
    proves no promise, and stands in no edition and on no board.
    """

    class Method(models.TextChoices):
        TOP_BOX = "top_box", _("Share in the top boxes")
        NPS = "nps", _("Net Promoter Score")
        CES = "ces", _("Share who found it easy (CES 2.0)")
        SMILEY = "smiley", _("Smiley index")
        MEAN = "mean", _("Mean")
        SHARE_MET = "share_met", _("Share met")
        COUNT = "count", _("Count")
        RATE = "rate", _("Rate")

    class Direction(models.TextChoices):
        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")

    class Source(models.TextChoices):
        ANSWERS = "answers", _("Answers to a question")
        RESULTS = "results", _("Recorded results")
        CASES = "cases", _("Cases with a time limit")

    class Per(models.IntegerChoices):
        HUNDRED = 100, _("per 100")
        THOUSAND = 1000, _("per 1,000")

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="measures")
    key = models.CharField(max_length=40, default=new_reference, unique=True)
    name = models.CharField(_("name"), max_length=200, validators=[validate_text])
    method = models.CharField(_("method"), max_length=20, choices=Method, default=Method.TOP_BOX)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, default=Direction.HIGHER)
    source = models.CharField(_("source"), max_length=20, choices=sources.choices, default=Source.ANSWERS)
    scale_low = models.SmallIntegerField(_("lowest answer"), default=1)
    scale_high = models.SmallIntegerField(_("highest answer"), default=5)
    minimum_n = models.PositiveIntegerField(
        _("least number of answers to publish"), default=10, validators=[MinValueValidator(5)]
    )
    is_of_need = models.BooleanField(default=False)
    is_sample = models.BooleanField(_("recorded results are a sample"), default=False)
    counted = models.CharField(_("what is counted"), max_length=60, blank=True, validators=[validate_text])
    per = models.PositiveIntegerField(_("rate"), choices=Per, default=Per.THOUSAND)
    exposure = models.CharField(_("out of what"), max_length=60, blank=True, validators=[validate_text])
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["standard__position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scale_low__lt=models.F("scale_high")), name="scale_has_a_length"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit_id(self) -> int:
        return self.standard.unit_id

    @property
    def is_one_to_five(self) -> bool:
        """A mean of answers from 1 to 5: what importance and satisfaction are compared on."""
        return self.method == self.Method.MEAN and (self.scale_low, self.scale_high) == (1, 5)

    @property
    def is_share(self) -> bool:
        return self.method in (self.Method.TOP_BOX, self.Method.CES, self.Method.SHARE_MET)

    @property
    def is_open_ended(self) -> bool:
        """A count or a rate: a number from 0 up that has no upper end, and no interval."""
        return self.method in (self.Method.COUNT, self.Method.RATE)

    @property
    def is_full_count(self) -> bool:
        """Every case is counted: no interval and no minimum n."""
        if self.is_open_ended or self.source == self.Source.CASES:
            return True
        return self.source in sources.totals_sources() and not self.is_sample

    @property
    def counts_cases(self) -> bool:
        """Fed by the log of the work itself, not by what customers answer."""
        return self.source == self.Source.CASES or self.source in sources.totals_sources()

    @property
    def unit_words(self) -> str:
        """What a count or a rate is a number of: “complaints”, “complaints per 1,000 visitors”."""
        if self.method != self.Method.RATE:
            return self.counted if self.is_open_ended else ""
        per = number_format(self.per, 0, force_grouping=True)
        words = {"counted": self.counted, "per": per, "exposure": self.exposure}
        return gettext("%(counted)s per %(per)s %(exposure)s") % words

    @property
    def top_from(self) -> int:
        """The lowest answer that counts as high: top box, promoter, or “easy”.

        Three-point scales and shorter ones have one top box, four to nine points two, ten three;
        promoters answer 9 or 10, easy is 5 to 7 (rules 2). A case that met its limit is 1.
        """
        if self.method == self.Method.SHARE_MET:
            return 1
        if self.method == self.Method.NPS:
            return 9
        if self.method == self.Method.CES:
            return 5
        points = self.scale_high - self.scale_low + 1
        boxes = 1 if points <= 3 else 2 if points <= 9 else 3
        return self.scale_high - boxes + 1

    @property
    def method_words(self) -> str:
        """The method as people say it: “share of “yes””, “share of the two best of five”."""
        points = self.scale_high - self.scale_low + 1
        if self.method != self.Method.TOP_BOX:
            return str(self.get_method_display())
        if points == 2:
            return gettext("Share of “yes”")
        best = self.scale_high - self.top_from + 1
        return ngettext(
            "Share of the best of %(points)d answers",
            "Share of the %(best)d best of %(points)d answers",
            best,
        ) % {"best": best, "points": points}

    @property
    def figure_range(self) -> tuple[Decimal, Decimal | None]:
        """The lowest and highest figure that the method can give (a goal lies between them).

        Counts and rates have no highest one.
        """
        if self.is_open_ended:
            return Decimal(0), None
        if self.method == self.Method.NPS:
            return Decimal(-100), Decimal(100)
        if self.method == self.Method.MEAN:
            return Decimal(self.scale_low), Decimal(self.scale_high)
        return Decimal(0), Decimal(100)

    @property
    def is_in_use(self) -> bool:
        """Questions, answers or results hang on it, so that another method would bend their meaning.

        Asks every table that points here, whichever room owns it; one query for each.
        """
        return any(
            relation.related_model._base_manager.filter(**{relation.field.name: self}).exists()
            for relation in self._meta.get_fields(include_hidden=True)
            if isinstance(relation, models.ManyToOneRel) and relation.related_model is not Goal
        )

    def is_out_of_reach(self, target: Decimal) -> bool:
        """A goal at the very end of the range: no interval of a sample ever lies wholly beyond it."""
        low, high = self.figure_range
        best = high if self.direction == self.Direction.HIGHER else low
        return target == best and not self.is_full_count

    def goal_for(self, path: list[int], on: date) -> "Goal | None":
        """The goal in force on a day for a unit, given its path from the top of the tree.

        The nearest unit's own goal wins over one for everybody. Uses the prefetched goals.
        """
        return goal_among(self.goals.all(), path, on)


def goal_among(goals: "Iterable[Goal]", path: list[int], on: date) -> "Goal | None":
    """Of a measure's goals the one in force on a day for the unit at the end of the path."""
    in_force = [goal for goal in goals if goal.in_force(on)]
    for unit_id in [*reversed(path), None]:
        for goal in sorted(in_force, key=lambda each: each.starts_on, reverse=True):
            if goal.unit_id == unit_id:
                return goal
    return None


class Goal(models.Model):
    """What a measure shall reach, for one unit or for all, from `starts_on` up to `ends_on`."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="goals")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("up to"), null=True, blank=True)
    target = models.DecimalField(_("goal"), max_digits=9, decimal_places=4)
    is_critical = models.BooleanField(_("critical success factor"), default=False)

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="goal_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["measure", "unit", "starts_on"], name="one_goal_a_unit_and_start"
            ),
            models.UniqueConstraint(
                fields=["measure", "starts_on"],
                condition=models.Q(unit__isnull=True),
                name="one_goal_for_all_a_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.normalize():f}"

    def in_force(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)

    def overlaps(self, start: date, end: date) -> bool:
        """Holds on a day of `[start, end)`."""
        return self.starts_on < end and (self.ends_on is None or start < self.ends_on)
