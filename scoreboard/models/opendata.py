"""The published results as they stand in the public files."""

from typing import Any

from django.db import models
from django.utils import timezone


class OpenData(models.Model):
    """One making of the public files. The newest row is what anybody may fetch.

    `content` holds `measures` (definitions) and `results` (one row a measure, unit, period and series),
    as `scoreboard.opendata` writes them: nothing in it that may not be published.
    """

    content = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name_plural = "open data"

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"

    @classmethod
    def newest(cls) -> "OpenData | None":
        return cls.objects.first()

    @property
    def results(self) -> list[dict[str, Any]]:
        return self.content["results"]

    @property
    def measures(self) -> list[dict[str, Any]]:
        return self.content["measures"]
