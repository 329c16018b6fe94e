"""Every change of state of the charter room."""

from charter.actions.charters import (
    CharterExists,
    archive_value,
    create_charter,
    move_value,
    restore_value,
    save_charter_texts,
    save_value,
)
from charter.actions.draft import StandardChangedMeanwhile, WordsChangedMeanwhile
from charter.actions.measures import (
    GoalOutOfRange,
    MeaningIsFixed,
    archive_measure,
    restore_measure,
    save_measure,
    set_goal,
)
from charter.actions.publish import Problem, PublishedMeanwhile, PublishingRefused, problems, publish_edition
from charter.actions.results import (
    ResultChangedMeanwhile,
    ResultRefused,
    correct_result,
    delete_result,
    record_result,
    undelete_result,
)
from charter.actions.standards import (
    Proof,
    archive_standard,
    move_standard,
    restore_standard,
    save_standard,
)

__all__ = [
    "CharterExists",
    "GoalOutOfRange",
    "MeaningIsFixed",
    "Problem",
    "Proof",
    "PublishedMeanwhile",
    "PublishingRefused",
    "ResultChangedMeanwhile",
    "ResultRefused",
    "StandardChangedMeanwhile",
    "WordsChangedMeanwhile",
    "archive_measure",
    "archive_standard",
    "archive_value",
    "correct_result",
    "create_charter",
    "delete_result",
    "move_standard",
    "move_value",
    "problems",
    "publish_edition",
    "record_result",
    "restore_measure",
    "restore_standard",
    "restore_value",
    "save_charter_texts",
    "save_measure",
    "save_standard",
    "save_value",
    "set_goal",
    "undelete_result",
]
