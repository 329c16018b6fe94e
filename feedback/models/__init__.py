from feedback.models.desk import Alert, LetterWish, PassedOn, SavedView
from feedback.models.questionnaire import (
    Collector,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    QuestionText,
    VersionText,
)
from feedback.models.response import Answer, Person, Response, ResponseEvent, Tombstone, counts_where
from feedback.models.themes import Theme, ThemeEvent, ThemeMatch, ThemeRule

__all__ = [
    "Alert",
    "Answer",
    "Collector",
    "LetterWish",
    "PassedOn",
    "Person",
    "Question",
    "QuestionText",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "ResponseEvent",
    "SavedView",
    "Theme",
    "ThemeEvent",
    "ThemeMatch",
    "ThemeRule",
    "Tombstone",
    "VersionText",
    "counts_where",
]
