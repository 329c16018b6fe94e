from scoreboard.models.change import DatedChange
from scoreboard.models.check import TallyCheck, TallyDifference
from scoreboard.models.opendata import OpenData, PublishedResult
from scoreboard.models.report import Report, ReportComment, ReportEvent, ReportPlan, ReportSnapshot
from scoreboard.models.signal import LetterChoice, Signal, SignalEvent, SignalNotice
from scoreboard.models.tally import DailyTally, MonthlyTally, Tally

__all__ = [
    "DailyTally",
    "DatedChange",
    "LetterChoice",
    "MonthlyTally",
    "OpenData",
    "PublishedResult",
    "Report",
    "ReportComment",
    "ReportEvent",
    "ReportPlan",
    "ReportSnapshot",
    "Signal",
    "SignalEvent",
    "SignalNotice",
    "Tally",
    "TallyCheck",
    "TallyDifference",
]
