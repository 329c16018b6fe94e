from feedback.models.collector import Collector, CollectorText, Refusal
from feedback.models.question import Option, OptionText, Question, QuestionText
from feedback.models.questionnaire import Questionnaire, QuestionnaireVersion, VersionText
from feedback.models.response import (
    Answer,
    ChosenOption,
    Person,
    Response,
    ResponseEvent,
    Tombstone,
    counts_where,
)

__all__ = [
    "Answer",
    "ChosenOption",
    "Collector",
    "CollectorText",
    "Option",
    "OptionText",
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
