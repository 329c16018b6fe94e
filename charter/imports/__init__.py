"""Results and cases out of a file: the mappings, the rules of a row, and what the rows refer to."""

from charter.imports.case_mapping import CasesMapping
from charter.imports.cases import CaseLine, CaseReader
from charter.imports.directory import Directory, UnitEntry
from charter.imports.mapping import ResultsMapping
from charter.imports.reasons import CASE_REASONS, REASONS, outcome_groups, outcome_rows, outcome_sums
from charter.imports.rows import ResultLine, read_line
from charter.imports.spans import Spans

KIND = "results"
CASES = "cases"

__all__ = [
    "CASES",
    "CASE_REASONS",
    "KIND",
    "REASONS",
    "CaseLine",
    "CaseReader",
    "CasesMapping",
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
