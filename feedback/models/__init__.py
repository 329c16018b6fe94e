from feedback.models.questionnaire import (
    Collector,
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
    "Person",
    "Question",
    "QuestionText",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "ResponseEvent",
    "Tombstone",
    "VersionText",
    "counts_where",
]
