"""A conversation with a customer, step by step: where the learner stands after the replies so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_TURNS = 200

Path = list[list[Any]]


@dataclass(frozen=True)
class Turn:
    """What the customer said, and what the learner answered."""

    step: dict[str, Any]
    reply: dict[str, Any]


@dataclass(frozen=True)
class Walk:
    """The conversation so far; `step` is what is said now, None after the last reply of all."""

    turns: list[Turn]
    step: dict[str, Any] | None

    @property
    def is_over(self) -> bool:
        return self.step is None or not self.step["replies"]

    @property
    def good(self) -> int:
        """How many replies were the best that could be given."""
        return sum(1 for turn in self.turns if turn.reply["quality"] == 2)


def walk(content: dict[str, Any], path: Sequence[Sequence[Any]]) -> Walk:
    """Follow a path of (key of the step, number of the reply); what does not fit ends it there."""
    steps = {step["key"]: step for step in content.get("steps", [])}
    step: dict[str, Any] | None = next(iter(steps.values()), None)
    turns: list[Turn] = []
    for key, number in path:
        if step is None or step["key"] != key or not 0 <= number < len(step["replies"]):
            break
        reply = step["replies"][number]
        turns.append(Turn(step, reply))
        step = steps.get(reply["leads_to"])
    return Walk(turns, step)


def with_reply(content: dict[str, Any], path: Path, key: str, number: int) -> Path:
    """The path with one more reply; unchanged where the reply is not one to what is said now.

    A reply sent twice, or from an older page, therefore changes nothing.
    """
    now = walk(content, path).step
    fits = now is not None and now["key"] == key and 0 <= number < len(now["replies"])
    return [*path, [key, number]] if fits and len(path) < MOST_TURNS else path
