"""A table that is too large to be made while somebody waits."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from common.reference import new_reference
from organisation.models import Attachment, User


class MatrixExport(models.Model):
    """The table of people and courses as a workbook, as one person asked for it; a job makes it.

    `query` are the filters as the address of the page says them. Only who asked may fetch the file, and
    the next one takes its place.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    query = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=12, blank=True)
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("training:matrix_file", args=[self.reference])
