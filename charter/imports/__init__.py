"""Recorded results out of a file: the mapping, the rules of a row, and what the rows refer to."""

from charter.imports.directory import Directory, UnitEntry
from charter.imports.mapping import ResultsMapping
from charter.imports.reasons import REASONS, outcome_groups, outcome_rows, outcome_sums
from charter.imports.rows import ResultLine, read_line
from charter.imports.spans import Spans

KIND = "results"

__all__ = [
    "KIND",
    "REASONS",
    "Directory",
    "ResultLine",
    "ResultsMapping",
    "Spans",
    "UnitEntry",
    "outcome_groups",
    "outcome_rows",
    "outcome_sums",
    "read_line",
]
