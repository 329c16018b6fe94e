from feedback.models.collector import Collector, CollectorText, Refusal
from feedback.models.kiosk import KioskDevice, KioskHour
from feedback.models.questionnaire import (
    Question,
    Questionnaire,
    QuestionnaireVersion,
    QuestionText,
    VersionText,
)
from feedback.models.response import Answer, Person, Response, ResponseEvent, Tombstone, counts_where

__all__ = [
    "Answer",
    "Collector",
    "CollectorText",
    "KioskDevice",
    "KioskHour",
    "Person",
    "Question",
    "QuestionText",
    "Questionnaire",
    "QuestionnaireVersion",
    "Refusal",
    "Response",
    "ResponseEvent",
    "Tombstone",
    "VersionText",
    "counts_where",
]
