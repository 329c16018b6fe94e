"""The rows of the strategy room."""

from strategy.models.gap import Gap, GapAnswer, GapEvent, GapEvidence
from strategy.models.initiative import Factor, Initiative, InitiativeEvent, Stake, Step
from strategy.models.message import Announcement, AnnouncementEvent, Reader, TeamPart
from strategy.models.plan import Action, ActionEvent, CheckIn, Milestone, Status
from strategy.models.quotient import Consensus, FirstHour, Round, RoundEvent, Seat, Sheet
from strategy.models.review import Attendance, Decision, PlanReview, ReviewEvent

__all__ = [
    "Action",
    "ActionEvent",
    "Announcement",
    "AnnouncementEvent",
    "Attendance",
    "CheckIn",
    "Consensus",
    "Decision",
    "Factor",
    "FirstHour",
    "Gap",
    "GapAnswer",
    "GapEvent",
    "GapEvidence",
    "Initiative",
    "InitiativeEvent",
    "Milestone",
    "PlanReview",
    "Reader",
    "ReviewEvent",
    "Round",
    "RoundEvent",
    "Seat",
    "Sheet",
    "Stake",
    "Status",
    "Step",
    "TeamPart",
]
