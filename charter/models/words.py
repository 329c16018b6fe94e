"""Rows of words in one language, which know whether they have fallen behind the first language."""

from django.db import models

from common.texts import TextRow


class WordsRow(TextRow):
    """`version` grows whenever the words change. `based_on` is the version of the row in the
    installation's first language that a translation was last brought up to; None where it has none.
    """

    version = models.PositiveIntegerField(default=0, editable=False)
    based_on = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
