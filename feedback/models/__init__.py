from feedback.models.collector import Collector, CollectorText, Refusal
from feedback.models.desk import Alert, LetterWish, PassedOn, SavedView
from feedback.models.invitation import (
    Invitation,
    InvitationLink,
    InvitationRound,
    LastAsked,
    RoundText,
    Suppression,
)
from feedback.models.kiosk import KioskDevice, KioskHour
from feedback.models.listening import Finding, ListeningSession, SessionEvent, SessionFile, SessionGroup
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
from feedback.models.retention import Retention
from feedback.models.themes import Theme, ThemeByHand, ThemeEvent, ThemeMatch, ThemeRule

__all__ = [
    "Alert",
    "Answer",
    "ChosenOption",
    "Collector",
    "CollectorText",
    "Finding",
    "Invitation",
    "InvitationLink",
    "InvitationRound",
    "KioskDevice",
    "KioskHour",
    "LastAsked",
    "LetterWish",
    "ListeningSession",
    "Option",
    "OptionText",
    "PassedOn",
    "Person",
    "Question",
    "QuestionText",
    "Questionnaire",
    "QuestionnaireVersion",
    "Refusal",
    "Response",
    "ResponseEvent",
    "Retention",
    "RoundText",
    "SavedView",
    "SessionEvent",
    "SessionFile",
    "SessionGroup",
    "Suppression",
    "Theme",
    "ThemeByHand",
    "ThemeEvent",
    "ThemeMatch",
    "ThemeRule",
    "Tombstone",
    "VersionText",
    "counts_where",
]
