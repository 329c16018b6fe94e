"""Take in a CSV file of cases with a time limit from the command line, as in the browser."""

from charter.imports import CASE_REASONS, CASES
from charter.management.commands import import_results


class Command(import_results.Command):
    help = "Takes in cases with a time limit from a CSV file: all rows, or none where a row cannot be taken."
    kind = CASES
    reasons = CASE_REASONS
