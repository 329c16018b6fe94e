from feedback.models.question import Option, OptionText, Question, QuestionText
from feedback.models.questionnaire import Collector, Questionnaire, QuestionnaireVersion, VersionText
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
    "Option",
    "OptionText",
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
