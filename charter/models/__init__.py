from charter.models.case import Case
from charter.models.charter import Charter, CharterText, Value, ValueText
from charter.models.edition import Edition
from charter.models.event import CharterEvent, ResultEvent
from charter.models.improvement import Improvement, ImprovementEvent, ImprovementText
from charter.models.measure import Goal, Measure
from charter.models.policy import Policy, PolicyText
from charter.models.result import RecordedResult, StaleBucket
from charter.models.standard import Standard, StandardText

__all__ = [
    "Case",
    "Charter",
    "CharterEvent",
    "CharterText",
    "Edition",
    "Goal",
    "Improvement",
    "ImprovementEvent",
    "ImprovementText",
    "Measure",
    "Policy",
    "PolicyText",
    "RecordedResult",
    "ResultEvent",
    "StaleBucket",
    "Standard",
    "StandardText",
    "Value",
    "ValueText",
]
