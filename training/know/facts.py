"""What an edition says to staff, standard by standard, and what they keep otherwise than before."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

WHAT_STAFF_READ = ("promise", "guidance", "examples")
WHAT_STAFF_MAY = ("name", "gives", "staff_may", "remedies")
FACTS = ("discretion", "limit_amount", "limit_unit", "channel", "audience")

Texts = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Facts:
    """One standard of an edition with the policies that serve it, as `charter.actions.publish` froze them."""

    key: str
    texts: Texts
    discretion: str = ""
    limit_amount: int | None = None
    limit_unit: str = ""
    channel: str = ""
    audience: str = ""
    policies: list[dict[str, Any]] = field(default_factory=list)

    def words(self, name: str, language: str) -> str:
        """The words in exactly this language; empty where there are none."""
        return self.texts.get(language, {}).get(name, "").strip()

    @property
    def languages(self) -> list[str]:
        """Those of the installation in which the promise is written."""
        return [code for code, _name in settings.TEXT_LANGUAGES if self.words("promise", code)]


def facts_of(content: dict[str, Any]) -> list[Facts]:
    """The standards of an edition's content in reading order; those without a promise are passed over."""
    policies = content.get("policies", [])
    found = [
        Facts(
            key=row["key"],
            texts=row["texts"],
            discretion=row.get("discretion") or "",
            limit_amount=row.get("limit_amount"),
            limit_unit=row.get("limit_unit") or "",
            channel=row.get("channel") or "",
            audience=row.get("audience") or "",
            policies=[policy for policy in policies if row["key"] in policy.get("standards", [])],
        )
        for row in content.get("standards", [])
    ]
    return [facts for facts in found if facts.languages]


def changed_keys(before: Iterable[Facts] | None, now: Iterable[Facts]) -> tuple[list[str], list[str]]:
    """Keys of standards that are new or kept otherwise, and of those that are gone. All are new without
    a `before`."""
    old = {facts.key: facts for facts in before or []}
    rows = list(now)
    changed = [facts.key for facts in rows if facts.key not in old or differs(old[facts.key], facts)]
    return changed, sorted(set(old) - {facts.key for facts in rows})


def differs(one: Facts, other: Facts) -> bool:
    """Do staff do something else? Words count in the languages that both have: a translation is no change."""
    if any(getattr(one, name) != getattr(other, name) for name in FACTS):
        return True
    if _texts_differ(one.texts, other.texts, WHAT_STAFF_READ):
        return True
    before = {policy["key"]: policy for policy in one.policies}
    after = {policy["key"]: policy for policy in other.policies}
    return set(before) != set(after) or any(
        _policy_differs(before[key], policy) for key, policy in after.items()
    )


def _policy_differs(one: dict[str, Any], other: dict[str, Any]) -> bool:
    sums = [(each.get("amount"), each.get("currency")) for each in (one, other)]
    return sums[0] != sums[1] or _texts_differ(one["texts"], other["texts"], WHAT_STAFF_MAY)


def _texts_differ(one: Texts, other: Texts, names: tuple[str, ...]) -> bool:
    shared = set(one) & set(other)
    if not shared:
        return bool(one) or bool(other)
    return any(
        " ".join((one[code].get(name) or "").split()) != " ".join((other[code].get(name) or "").split())
        for code in shared
        for name in names
    )
