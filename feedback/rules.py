"""The permissions of the feedback room."""

from typing import Any

import rules

from feedback.models import Collector
from organisation.access import manages, works_in


@rules.predicate
def may_edit_questionnaire(user: Any, questionnaire: Any) -> bool:
    """Managers of every place that asks it, for it is changed for all of them; administrators."""
    if not user.is_authenticated:
        return False
    if user.is_administrator or questionnaire is None:
        return user.is_manager
    asked_in = Collector.objects.filter(questionnaire=questionnaire).values_list("unit_id", flat=True)
    return user.is_manager and set(asked_in) <= user.managed_unit_ids


rules.add_perm("feedback.see", works_in)
rules.add_perm("feedback.handle", manages)
rules.add_perm("feedback.reply", manages)
rules.add_perm("feedback.see_person", manages)
rules.add_perm("feedback.edit_themes", manages)
rules.add_perm("feedback.listen", manages)
rules.add_perm("feedback.see_collectors", works_in)
rules.add_perm("feedback.edit_collectors", manages)
rules.add_perm("feedback.enter", works_in)
rules.add_perm("feedback.invite", manages)
rules.add_perm("feedback.see_questionnaires", works_in)
rules.add_perm("feedback.edit_questionnaires", may_edit_questionnaire)
