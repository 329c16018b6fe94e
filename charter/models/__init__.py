from charter.models.charter import Charter, CharterText, Value, ValueText
from charter.models.edition import Edition
from charter.models.measure import Goal, Measure
from charter.models.result import RecordedResult, StaleBucket
from charter.models.standard import Standard, StandardText

__all__ = [
    "Charter",
    "CharterText",
    "Edition",
    "Goal",
    "Measure",
    "RecordedResult",
    "StaleBucket",
    "Standard",
    "StandardText",
    "Value",
    "ValueText",
]
