"""How long what customers wrote and left is kept, by questionnaire."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.period import add_months
from feedback.models.questionnaire import Questionnaire
from organisation.models import User

CONTACT_DAYS = 180
"""At most: the card says “for six months at most”."""
LONGEST_MONTHS = 120
INVITED_DAYS = 90
"""After the last letter, where no rule says anything else."""
LONGEST_INVITED_DAYS = 366


class Retention(models.Model):
    """The rule of one questionnaire. Without one: contacts for `CONTACT_DAYS`, words without end.

    `version` counts its changes, so that nobody overwrites unseen ones.
    """

    questionnaire = models.OneToOneField(Questionnaire, on_delete=models.CASCADE, related_name="retention")
    contact_days = models.PositiveSmallIntegerField(
        _("names and addresses, for how many days"),
        default=CONTACT_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(CONTACT_DAYS)],
    )
    words_months = models.PositiveSmallIntegerField(
        _("what was written, for how many months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MONTHS)],
        help_text=_("Empty: without end. Counted values stay, linked to nobody."),
    )
    invited_days = models.PositiveSmallIntegerField(
        _("names and addresses of people invited, for how many days after their last letter"),
        default=INVITED_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_INVITED_DAYS)],
    )
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.questionnaire_id}"

    def words_go_before(self, today: date) -> date | None:
        """Words of responses from before this day (the first of a month) are erased; None: of none."""
        return None if self.words_months is None else add_months(today, -self.words_months)


def retention_of(questionnaire: Any) -> Retention:
    """The rule of the questionnaire (an id will do), or the usual one, stored nowhere."""
    pk = getattr(questionnaire, "pk", questionnaire)
    return Retention.objects.filter(questionnaire=pk).first() or Retention(questionnaire_id=pk)
