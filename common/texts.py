"""Translated text as rows, one row per language, beside the thing it belongs to."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class TextRow(models.Model):
    """Base of every row of translated text. The foreign key's related name is `texts`."""

    language = models.CharField(_("language"), max_length=12, default=settings.LANGUAGE_CODE)

    class Meta:
        abstract = True


class HasTexts:
    """The owner of text rows, reached through `texts` (prefetch it for lists)."""

    texts: Any

    def text(self, language: str | None = None) -> Any:
        """The row in the language asked for, else the installation's first one, else any.

        Returns None where nothing has been written yet. The row's own `language` says whether a
        translation is missing.
        """
        wanted = language or get_language() or settings.LANGUAGE_CODE
        rows = sorted(
            self.texts.all(),
            key=lambda row: (row.language != wanted, row.language != settings.LANGUAGE_CODE, row.pk),
        )
        return rows[0] if rows else None
