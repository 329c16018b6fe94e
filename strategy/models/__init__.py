"""The rows of the strategy room."""

from strategy.models.gap import Gap, GapAnswer, GapEvent, GapEvidence

__all__ = ["Gap", "GapAnswer", "GapEvent", "GapEvidence"]
