from charter.models.acknowledgement import Acknowledgement, AcknowledgementEvent
from charter.models.case import Case
from charter.models.charter import Charter, CharterText, Value, ValueText
from charter.models.edition import Edition
from charter.models.event import CharterEvent, ResultEvent
from charter.models.improvement import Improvement, ImprovementEvent, ImprovementText
from charter.models.measure import Goal, Measure
from charter.models.need import NeedMeasure
from charter.models.policy import Policy, PolicyText
from charter.models.result import RecordedResult, StaleBucket
from charter.models.review import ChangeReason, Review, ReviewComment, Reviewer, ReviewEvent
from charter.models.standard import Standard, StandardText

__all__ = [
    "Acknowledgement",
    "AcknowledgementEvent",
    "Case",
    "ChangeReason",
    "Charter",
    "CharterEvent",
    "CharterText",
    "Edition",
    "Goal",
    "Improvement",
    "ImprovementEvent",
    "ImprovementText",
    "Measure",
    "NeedMeasure",
    "Policy",
    "PolicyText",
    "RecordedResult",
    "ResultEvent",
    "Review",
    "ReviewComment",
    "ReviewEvent",
    "Reviewer",
    "StaleBucket",
    "Standard",
    "StandardText",
    "Value",
    "ValueText",
]
