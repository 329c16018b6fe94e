"""The rows of the strategy room."""

from strategy.models.gap import Gap, GapAnswer, GapEvent, GapEvidence
from strategy.models.initiative import Factor, Initiative, InitiativeEvent, Stake, Step
from strategy.models.plan import Action, ActionEvent, CheckIn, Milestone, Status

__all__ = [
    "Action",
    "ActionEvent",
    "CheckIn",
    "Factor",
    "Gap",
    "GapAnswer",
    "GapEvent",
    "GapEvidence",
    "Initiative",
    "InitiativeEvent",
    "Milestone",
    "Stake",
    "Status",
    "Step",
]
