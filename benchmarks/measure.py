"""How the ratios are taken and written down."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

REPETITIONS = 5


@dataclass
class Finding:
    """One benchmark's outcome: the ratios of the repetitions, beside the goal."""

    name: str
    goal: str
    ratios: list[float]
    unit: str = "×"
    notes: list[str] = field(default_factory=list)

    @property
    def row(self) -> str:
        low, middle, high = min(self.ratios), median(self.ratios), max(self.ratios)
        figures = " | ".join(f"{value:.2f} {self.unit}" for value in (low, middle, high))
        return f"| {self.name} | {self.goal} | {figures} |"


def ratios(
    first: Callable[[], float], second: Callable[[], float], *, repetitions: int = REPETITIONS
) -> tuple[list[float], list[float], list[float]]:
    """`first / second`, the two measured in turn in every repetition; both raw series beside them."""
    firsts, seconds = [], []
    for _ in range(repetitions):
        firsts.append(first())
        seconds.append(second())
    return [a / b for a, b in zip(firsts, seconds, strict=True)], firsts, seconds


def in_words(name: str, values: list[float], unit: str) -> str:
    return (
        f"{name}: {min(values):.1f} / {median(values):.1f} / {max(values):.1f} {unit} (least, median, most)"
    )
