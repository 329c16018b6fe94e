from feedback.models.questionnaire import (
    Collector,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    QuestionText,
    VersionText,
)
from feedback.models.response import Answer, Person, Response, ResponseEvent

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
    "VersionText",
]
