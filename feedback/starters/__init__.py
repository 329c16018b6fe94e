"""Questionnaires to begin with, one TOML file each, in every language they are written in.

A file says what a plan says (`feedback.plan_file`), with names and summaries for the list. The words are
ours; the questions are copied into the questionnaire, which then goes its own way.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from feedback.models import Questionnaire
from feedback.plan import Plan
from feedback.plan_file import read_plan

FOLDER = Path(__file__).parent
ORDER = (
    "five-questions",
    "service-visit",
    "importance-satisfaction",
    "trust",
    "charter-awareness",
    "after-a-complaint",
    "on-the-spot",
    "employee-barriers",
)

OF_NEEDS = "importance-satisfaction"
"""Its rows stand for needs; which of them an organisation has measures for is its own to say."""


@dataclass(frozen=True)
class Starter:
    key: str
    names: dict[str, str]
    summaries: dict[str, str]
    plan: Plan

    @property
    def name(self) -> str:
        return _spoken(self.names)

    @property
    def summary(self) -> str:
        return _spoken(self.summaries)

    @property
    def kind_words(self) -> str:
        return str(Questionnaire.Kind(self.plan.kind).label)


def _spoken(words: dict[str, str]) -> str:
    """In the language of the page, else in the first one that there is."""
    return words.get((get_language() or "").split("-")[0]) or next(iter(words.values()))


@cache
def starters() -> dict[str, Starter]:
    """All starters by key, in the order of the list."""
    return {key: _read(key) for key in ORDER}


def _read(key: str) -> Starter:
    data = tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    names = data["names"]
    plan, _notes = read_plan({**data, "name": next(iter(names.values()))})
    return Starter(key=key, names=names, summaries=data["summaries"], plan=plan)
