"""Who gets a course without being named: rules that keep matching, and lists for one time."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import validate_text
from organisation.models import Membership, Tree, Unit, User
from training.models.course import Course


class AssignmentRuleQuerySet(models.QuerySet["AssignmentRule"]):
    def active(self) -> "AssignmentRuleQuerySet":
        """Those that give out a course: of archived courses and drafts nothing is given out."""
        return self.filter(archived_at__isnull=True, course__state=Course.State.RELEASED)

    def visible_to(self, user: Any) -> "AssignmentRuleQuerySet":
        return self.filter(unit__in=Unit.objects.managed_by(user))


class AssignmentRule(models.Model):
    """“Everybody in the Harbour branch and below, front line, hired within 90 days: due in 30 days.”

    An empty role, level or hiring condition matches everybody. The due date counts from the later of
    hiring and the rule's first day, or from the day on which the rule first meets the person.
    """

    class CountedFrom(models.TextChoices):
        HIRE = "hire", _("the day of hiring")
        MATCH = "match", _("the day on which the rule first applies")

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="rules")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit, with those below")
    )
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=Membership.Level, blank=True)
    hired_within_days = models.PositiveSmallIntegerField(
        _("hired within so many days"), null=True, blank=True
    )
    hired_after = models.DateField(_("hired after"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(_("due after so many days"), default=30)
    counted_from = models.CharField(
        _("counted from"), max_length=20, choices=CountedFrom, default=CountedFrom.MATCH
    )
    why = models.CharField(_("why"), max_length=300, blank=True, validators=[validate_text])
    starts_on = models.DateField(_("from"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AssignmentRuleQuerySet.as_manager()

    class Meta:
        ordering = ["course", "pk"]

    def __str__(self) -> str:
        return f"{self.course_id} – {self.unit_id}"

    def get_absolute_url(self) -> str:
        return reverse("training:rule", args=[self.reference])

    def terms(self) -> str:
        """Everything that a person sets, as one text: equal texts are equal rules."""
        names = (
            "course_id unit_id role level hired_within_days hired_after due_days counted_from why starts_on"
        )
        values = [str(getattr(self, name)) for name in names.split()]
        return sha256(repr(values).encode()).hexdigest()[:20]

    def people(self, tree: Tree, on: date) -> "models.QuerySet[User]":
        """Who matches on a day, whatever they have done already. `tree` as it stands on that day."""
        places = Membership.objects.filter(unit__in=tree.subtree(self.unit_id))
        if self.role:
            places = places.filter(role=self.role)
        if self.level:
            places = places.filter(level=self.level)
        people = User.objects.filter(is_active=True, pk__in=places.values("user"))
        if self.hired_within_days is not None:
            people = people.filter(hired_on__gte=on - timedelta(days=self.hired_within_days))
        if self.hired_after is not None:
            people = people.filter(hired_on__gt=self.hired_after)
        return people

    def due_on(self, person: User, on: date) -> date:
        """The last day in time for a person whom the rule meets on a day; never before that day."""
        start = on
        if self.counted_from == self.CountedFrom.HIRE and person.hired_on:
            start = max(person.hired_on, self.starts_on)
        return max(start + timedelta(days=self.due_days), on)


class AssignmentBatchQuerySet(models.QuerySet["AssignmentBatch"]):
    def visible_to(self, user: Any) -> "AssignmentBatchQuerySet":
        """One's own; administrators all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(created_by=user)


class AssignmentBatch(models.Model):
    """A list of people who are given a course together; a job works it off."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="batches")
    people = models.ManyToManyField(User, related_name="+")
    due_on = models.DateField(_("due on"))
    why = models.CharField(_("why"), max_length=300, blank=True, validators=[validate_text])
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    made = models.PositiveIntegerField(default=0, help_text="assignments that came of it")

    objects = AssignmentBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("training:assigned", args=[self.reference])
