"""Customer activity out of a file: the mapping, the rules of a row, and the words for what becomes of it."""

from customers.imports.mapping import ActivityMapping
from customers.imports.reasons import ACTIVITY_REASONS
from customers.imports.rows import ActivityReader

ACTIVITY = "activity"

__all__ = ["ACTIVITY", "ACTIVITY_REASONS", "ActivityMapping", "ActivityReader"]
