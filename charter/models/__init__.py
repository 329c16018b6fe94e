from charter.models.charter import Charter, CharterText, Value, ValueText
from charter.models.edition import Edition
from charter.models.event import CharterEvent, ResultEvent
from charter.models.measure import Goal, Measure
from charter.models.result import RecordedResult, StaleBucket
from charter.models.standard import Standard, StandardText

__all__ = [
    "Charter",
    "CharterEvent",
    "CharterText",
    "Edition",
    "Goal",
    "Measure",
    "RecordedResult",
    "ResultEvent",
    "StaleBucket",
    "Standard",
    "StandardText",
    "Value",
    "ValueText",
]
