"""What the rows of the register share: a version, a search text, an archive, events."""

from typing import Any, Self

from django.db import models
from django.utils import timezone

from common.reference import new_reference
from common.text import search_form
from organisation.models import Unit, User


class RegisterQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        return self.filter(archived_at__isnull=True)

    def archived(self) -> Self:
        return self.filter(archived_at__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """Everybody who is signed in reads who the customers are and what they need."""
        return self if user.is_authenticated else self.none()


class RegisterRow(models.Model):
    """A row that a unit looks after. `version` grows with every change; `search` is what is searched."""

    searched: tuple[str, ...] = ()

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    search = models.TextField(editable=False, default="")
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_form("\n".join(getattr(self, name) for name in self.searched))
        super().save(*args, **kwargs)


class RegisterEvent(models.Model):
    """One change of a row of the register. Append-only."""

    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]
