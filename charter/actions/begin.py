"""Begin a charter with one of the starters."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from charter.actions.charters import create_charter, save_charter_texts, save_value
from charter.actions.policies import save_policy
from charter.actions.standards import Proof, save_standard
from charter.models import Charter, Standard, Value
from charter.starters import LANGUAGE, Starter
from organisation.models import Unit, User


@transaction.atomic
def begin_with_starter(
    *, unit: Unit, starter: Starter, by: User | None, title: str = "", at: datetime | None = None
) -> Charter:
    """Begin the unit's charter with the starter's words, values, standards, measures, goals, policies.

    The goals hold from the unit's day today. Raises CharterExists; then nothing is written.
    """
    at = at or timezone.now()
    charter = create_charter(unit=unit, title=title or starter.title, by=by, at=at, language=LANGUAGE)
    words = starter.words | {"title": title or starter.title}
    save_charter_texts(charter=charter, language=LANGUAGE, words=words, by=by, at=at)
    values = {
        each.key: save_value(
            charter=charter, value=None, key=each.key, language=LANGUAGE, words=each.words, by=by, at=at
        )
        for each in starter.values
    }
    standards = _save_standards(charter, starter, values, by=by, at=at)
    for policy in starter.policies:
        cited = [standards[key] for key in policy.standards]
        save_policy(
            charter=charter,
            policy=None,
            language=LANGUAGE,
            words=policy.words,
            fields={"amount": policy.amount, "currency": policy.currency, "standards": cited},
            by=by,
            at=at,
        )
    return charter


def _save_standards(
    charter: Charter, starter: Starter, values: dict[str, Value], *, by: User | None, at: datetime
) -> dict[str, Standard]:
    """The starter's standards, each with its measure and goal, by the starter's keys."""
    return {
        each.key: save_standard(
            charter=charter,
            standard=None,
            language=LANGUAGE,
            words=each.words,
            fields=each.fields | {"value": values[each.value]},
            proof=Proof(fields=each.measure, target=each.goal),
            by=by,
            at=at,
        )
        for each in starter.standards
    }
