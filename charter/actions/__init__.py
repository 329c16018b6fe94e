"""Every change of state of the charter room."""

from charter.actions.begin import begin_with_starter
from charter.actions.charters import (
    CharterExists,
    archive_value,
    create_charter,
    move_value,
    put_in_order,
    restore_value,
    save_charter_texts,
    save_value,
)
from charter.actions.citing import DependsInCircle, RefinesNothingAbove
from charter.actions.draft import PolicyChangedMeanwhile, StandardChangedMeanwhile, WordsChangedMeanwhile
from charter.actions.goals import GoalIsHistory, GoalOutOfRange, GoalRefused, GoalsOverlap, set_goal
from charter.actions.improvements import (
    ImprovementChangedMeanwhile,
    archive_improvement,
    publish_improvement,
    restore_improvement,
    save_improvement,
)
from charter.actions.measures import MeaningIsFixed, archive_measure, restore_measure, save_measure
from charter.actions.policies import archive_policy, move_policy, restore_policy, save_policy
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
    "DependsInCircle",
    "GoalIsHistory",
    "GoalOutOfRange",
    "GoalRefused",
    "GoalsOverlap",
    "ImprovementChangedMeanwhile",
    "MeaningIsFixed",
    "PolicyChangedMeanwhile",
    "Problem",
    "Proof",
    "PublishedMeanwhile",
    "PublishingRefused",
    "RefinesNothingAbove",
    "ResultChangedMeanwhile",
    "ResultRefused",
    "StandardChangedMeanwhile",
    "WordsChangedMeanwhile",
    "archive_improvement",
    "archive_measure",
    "archive_policy",
    "archive_standard",
    "archive_value",
    "begin_with_starter",
    "correct_result",
    "create_charter",
    "delete_result",
    "move_policy",
    "move_standard",
    "move_value",
    "problems",
    "publish_edition",
    "publish_improvement",
    "put_in_order",
    "record_result",
    "restore_improvement",
    "restore_measure",
    "restore_policy",
    "restore_standard",
    "restore_value",
    "save_charter_texts",
    "save_improvement",
    "save_measure",
    "save_policy",
    "save_standard",
    "save_value",
    "set_goal",
    "undelete_result",
]
