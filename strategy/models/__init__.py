"""The rows of the strategy room."""

from strategy.models.gap import Gap, GapAnswer, GapEvent, GapEvidence
from strategy.models.plan import Action, ActionEvent, CheckIn, Milestone, Status

__all__ = [
    "Action",
    "ActionEvent",
    "CheckIn",
    "Gap",
    "GapAnswer",
    "GapEvent",
    "GapEvidence",
    "Milestone",
    "Status",
]
