"""Starter charters: whole, publishable charters to begin from, one TOML file each, in plain English.

A behaviour is one string of a list; `proof` names how a standard is measured (`PROOFS`); `limit` is an
amount with its unit. The words are copied into the unit's own charter, which then goes its own way.
"""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from charter.models import Measure, Standard, ValueText
from charter.models.standard import time_limit_words

FOLDER = Path(__file__).parent
LANGUAGE = "en"
_ANSWERS, _RESULTS = Measure.Source.ANSWERS, Measure.Source.RESULTS
PROOFS: dict[str, dict[str, Any]] = {
    "yes": {"method": Measure.Method.TOP_BOX, "source": _ANSWERS, "scale_low": 0, "scale_high": 1},
    "faces": {"method": Measure.Method.TOP_BOX, "source": _ANSWERS, "scale_low": 1, "scale_high": 5},
    "easy": {"method": Measure.Method.CES, "source": _ANSWERS, "scale_low": 1, "scale_high": 7},
    "log": {"method": Measure.Method.SHARE_MET, "source": _RESULTS, "scale_low": 0, "scale_high": 1},
}
STANDARD_WORDS = ("promise", "why", "guidance", "examples", "feeling", "need")
POLICY_WORDS = ("name", "gives", "staff_may", "remedies", "replaces")
BEHAVIOURS = ("we_do_customers", "we_dont_customers", "we_do_colleagues", "we_dont_colleagues")


@dataclass(frozen=True)
class StarterValue:
    key: str
    words: dict[str, str]

    @property
    def behaviours(self) -> list[Any]:
        return ValueText(**self.words).behaviours


@dataclass(frozen=True)
class StarterStandard:
    """`fields` are those of Standard but the value, which is named by its key in the starter."""

    key: str
    value: str
    words: dict[str, str]
    fields: dict[str, Any]
    measure: dict[str, Any]
    goal: Decimal

    @property
    def discretion_words(self) -> str:
        return str(Standard.Discretion(self.fields["discretion"]).label)

    @property
    def limit_words(self) -> str:
        amount = self.fields["limit_amount"]
        return time_limit_words(amount, self.fields["limit_unit"]) if amount else ""


@dataclass(frozen=True)
class StarterPolicy:
    words: dict[str, str]
    amount: Decimal | None
    currency: str
    standards: list[str]


@dataclass(frozen=True)
class Starter:
    """One charter to begin from."""

    key: str
    name: str
    summary: str
    title: str
    words: dict[str, str]
    values: list[StarterValue]
    standards: list[StarterStandard]
    policies: list[StarterPolicy]


@cache
def starters() -> dict[str, Starter]:
    """Every starter by its key (the file's name), in alphabetical order of their names."""
    found = [_read(path) for path in FOLDER.glob("*.toml")]
    return {starter.key: starter for starter in sorted(found, key=lambda each: each.name)}


def _read(path: Path) -> Starter:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Starter(
        key=path.stem,
        name=told["name"],
        summary=told["summary"],
        title=told["title"],
        words={"title": told["title"], **told["words"]},
        values=[_value(each) for each in told["values"]],
        standards=[_standard(each) for each in told["standards"]],
        policies=[_policy(each) for each in told["policies"]],
    )


def _value(told: dict[str, Any]) -> StarterValue:
    lines = {name: "\n".join(told.get(name, [])) for name in BEHAVIOURS}
    return StarterValue(told["key"], {"name": told["name"], "meaning": told["meaning"], **lines})


def _standard(told: dict[str, Any]) -> StarterStandard:
    amount, unit = told.get("limit", (None, ""))
    return StarterStandard(
        key=told["key"],
        value=told["value"],
        words={name: told.get(name, "") for name in STANDARD_WORDS},
        fields={
            "discretion": Standard.Discretion(told["discretion"]),
            "channel": Standard.Channel(told.get("channel", "any")),
            "audience": Standard.Audience(told.get("audience", "customers")),
            "limit_amount": amount,
            "limit_unit": unit,
        },
        measure={"name": told["measure"], **PROOFS[told["proof"]]},
        goal=Decimal(told["goal"]),
    )


def _policy(told: dict[str, Any]) -> StarterPolicy:
    amount = told.get("amount")
    return StarterPolicy(
        words={name: told.get(name, "") for name in POLICY_WORDS},
        amount=Decimal(amount) if amount else None,
        currency=told.get("currency", ""),
        standards=told.get("standards", []),
    )
