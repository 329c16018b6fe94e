"""A lesson a standard: the promise, the time, the judgement, what one may decide alone."""

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from charter.models import Standard
from charter.models.standard import time_limit_words
from training.know.facts import Facts

PREFIX = "standard-"
LONGEST_TITLE = 150


def lesson_key(standard: str) -> str:
    return slugify(f"{PREFIX}{standard}")[:60]


def lesson_words(facts: Facts, language: str) -> dict[str, str]:
    """Title and body in one of the languages of the promise."""
    promise = facts.words("promise", language)
    title = promise if len(promise) <= LONGEST_TITLE else promise[: LONGEST_TITLE - 1].rstrip() + "…"
    with override(language):
        parts = [f"> {line}" for line in promise.splitlines()]
        parts = ["\n".join(parts)]
        if facts.limit_amount:
            limit = time_limit_words(facts.limit_amount, facts.limit_unit)
            parts.append(_section(_("How long it may take"), _("At most %(limit)s.") % {"limit": limit}))
        if facts.discretion in Standard.Discretion.values:
            label = str(Standard.Discretion(facts.discretion).label)
            parts.append(_section(_("How much judgement you may use"), f"{label}."))
        parts.append(_section(_("Guidance"), facts.words("guidance", language)))
        parts.append(_section(_("Examples of good judgement"), facts.words("examples", language)))
        parts.append(_section(_("What you may decide alone"), _policies(facts, language)))
    body = "\n\n".join(part for part in parts if part)
    return {"title": " ".join(title.split()), "body": body}


def _section(heading: str, text: str) -> str:
    return f"## {heading}\n\n{text}" if text else ""


def _policies(facts: Facts, language: str) -> str:
    return "\n".join(line for policy in facts.policies if (line := _policy(policy, language)))


def _policy(policy: dict[str, Any], language: str) -> str:
    words = policy["texts"].get(language, {})
    if not words.get("name"):
        return ""
    told = [words["name"].strip().rstrip(".") + "."]
    if policy.get("amount"):
        told.append(
            _("You decide alone up to %(amount)s.") % {"amount": f"{policy['currency']} {policy['amount']}"}
        )
    if words.get("staff_may"):
        told.append(" ".join(words["staff_may"].split()))
    return f"- {' '.join(told)}"
