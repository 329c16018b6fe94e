"""Rows of words in one language, which know from which words they were translated."""

from typing import Any

from django.db import models

from common.imprint import IMPRINT, imprint
from common.texts import TextRow


class TranslatedRow(TextRow):
    """`based_on` is the imprint of the first language's words that a translation was last brought up to;
    empty where nobody said. `names` are the columns that a person writes.
    """

    names: tuple[str, ...] = ("title",)

    based_on = models.CharField(max_length=IMPRINT, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def words(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.names}

    @property
    def imprint(self) -> str:
        return imprint(self.words)
