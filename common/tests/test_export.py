"""Tables as spreadsheets read them."""

from datetime import UTC, date, datetime
from io import BytesIO

from openpyxl import load_workbook

from common.export import table_response, workbook


def rows_of(made: bytes, sheet: str) -> list[tuple[object, ...]]:
    return list(load_workbook(BytesIO(made))[sheet].iter_rows(values_only=True))


def test_a_workbook_keeps_numbers_and_days_and_calms_formulas() -> None:
    rows = [["=1+1", 91.5, date(2026, 11, 18), datetime(2026, 11, 18, 14, tzinfo=UTC), None]]
    made = workbook({"Cards": (["Text", "Figure", "Day", "At", "Note"], rows)})
    assert rows_of(made, "Cards")[1] == (
        "'=1+1",
        91.5,
        datetime(2026, 11, 18),
        datetime(2026, 11, 18, 14),
        None,
    )


def test_characters_that_a_spreadsheet_cannot_hold_are_left_out() -> None:
    made = workbook({"A/B: all [of it]": (["Text"], [["bell\x07 and 😀"]])})
    assert rows_of(made, "A B  all  of it ") == [("Text",), ("bell and 😀",)]


def test_a_table_is_csv_unless_a_workbook_is_asked_for() -> None:
    assert table_response("csv", "cards", ["a"], [[1]])["Content-Disposition"].endswith('"cards.csv"')
    book = table_response("xlsx", "cards", ["a"], [[1]])
    assert rows_of(b"".join(book), "cards") == [("a",), (1,)]
