"""Files on their way in, for every room: reading, mapping, report and the states of an import.

A room that imports gives its own mapping, its own row rules and its own way of staging; what a file
may look like, how bad rows are reported and which state follows which is the same for all.
"""

from organisation.imports.mapping import (
    Cell,
    guess_columns,
    load_mapping,
    required_columns,
    shipped_mappings,
    text_of,
    time_formats,
)
from organisation.imports.reading import ImportRefused, Note, Row, RowProblem, Table, refuse_size
from organisation.imports.report import Report, read_bad_rows
from organisation.imports.staging import (
    CHUNK,
    WrongState,
    begin_import,
    chunks,
    earlier_import,
    forget_import,
    move_import,
    open_table,
    refuse_import,
)
from organisation.imports.units import allowed_units, units_by_name

__all__ = [
    "CHUNK",
    "Cell",
    "ImportRefused",
    "Note",
    "Report",
    "Row",
    "RowProblem",
    "Table",
    "WrongState",
    "allowed_units",
    "begin_import",
    "chunks",
    "earlier_import",
    "forget_import",
    "guess_columns",
    "load_mapping",
    "move_import",
    "open_table",
    "read_bad_rows",
    "refuse_import",
    "refuse_size",
    "required_columns",
    "shipped_mappings",
    "text_of",
    "time_formats",
    "units_by_name",
]
