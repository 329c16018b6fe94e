"""Responses out of a file: the mapping, and the rules of a row."""

from feedback.imports.mapping import DateRule, QuestionRule, ResponsesMapping
from feedback.imports.reasons import REASONS, outcome_rows
from feedback.imports.rows import ResponseLine, read_line

KIND = "responses"

__all__ = [
    "KIND",
    "REASONS",
    "DateRule",
    "QuestionRule",
    "ResponseLine",
    "ResponsesMapping",
    "outcome_rows",
    "read_line",
]
