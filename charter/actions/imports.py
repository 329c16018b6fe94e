"""The files that this room takes in: results and cases. How each is taken in lies below, for every room."""

from charter.actions.cases_intake import CasesIntake
from charter.actions.results_intake import ResultsIntake
from charter.imports import CASES, KIND
from organisation.actions.imports import (
    CHECK_JOB,
    INTAKES,
    TAKE_JOB,
    ask_to_check,
    ask_to_take,
    check_import,
    register_intake,
    save_mapping,
    take_import,
    undo_import,
)

__all__ = [
    "CHECK_JOB",
    "INTAKES",
    "TAKE_JOB",
    "ask_to_check",
    "ask_to_take",
    "check_import",
    "save_mapping",
    "take_import",
    "undo_import",
]

register_intake(KIND, ResultsIntake)
register_intake(CASES, CasesIntake)
