"""What files of every kind are made of them: read, or refused with one clear message."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile

from organisation.imports import (
    Cell,
    ImportRefused,
    Report,
    Row,
    RowProblem,
    Table,
    WrongState,
    begin_import,
    earlier_import,
    forget_import,
    load_mapping,
    move_import,
    open_table,
    read_bad_rows,
    refuse_import,
    required_columns,
    shipped_mappings,
    text_of,
)
from organisation.models import Attachment, Import

HEADER = b"unit,met,total\n"


def table(content: bytes) -> Table:
    return Table(lambda: io.BytesIO(content), len(content))


def refusal(content: bytes) -> str:
    """The message with which the file is refused, at the latest while its rows are read."""
    with pytest.raises(ImportRefused) as refused:
        list(table(content).rows())
    return refused.value.text


def upload(content: bytes, name: str = "results.csv", **kwargs: Any) -> Import:
    return begin_import(ContentFile(content, name=name), kind="results", by=None, **kwargs)


def test_rows_are_numbered_as_in_a_spreadsheet_and_blank_ones_are_passed_over() -> None:
    rows = list(table(HEADER + b"a,1,2\n,,\n\nb,3,4\n").rows())
    assert [(row.number, row.cells["unit"]) for row in rows] == [(2, "a"), (5, "b")]


def test_a_cell_with_a_line_break_is_one_cell_of_one_row() -> None:
    rows = list(table(HEADER + b'"a\nb",1,2\nc,3,4\n').rows())
    assert [(row.number, row.cells["unit"]) for row in rows] == [(2, "a\nb"), (3, "c")]


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8-sig", "utf-8-sig"), ("utf-8", "utf-8"), ("utf-16", "utf-16"), ("utf-32", "utf-32")],
)
def test_unicode_is_recognised_by_its_mark_or_by_itself(encoding: str, expected: str) -> None:
    found = table("unit,met\nCafé Nord,3\n".encode(encoding))
    assert found.encoding == expected
    assert [row.cells for row in found.rows()] == [{"unit": "Café Nord", "met": "3"}]
    assert found.notes == []


def test_a_windows_file_is_read_and_the_reader_is_told() -> None:
    found = table("unit,met\nCafé – Nord,3\n".encode("cp1252"))
    assert next(found.rows()).cells["unit"] == "Café – Nord"
    assert [note.code for note in found.notes] == ["older_encoding"]
    assert "Windows-1252" in found.notes[0].text


def test_bytes_that_windows_does_not_know_are_read_as_latin_1() -> None:
    found = table(b"unit,met\nCaf\xe9 \x81,3\n")
    assert found.encoding == "latin-1"
    assert "ISO 8859-1" in found.notes[0].text


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    lines = [["unit", "met", "note"], ["a", "1", "x"], ["b", "2", "y"]]
    found = table("\n".join(separator.join(line) for line in lines).encode())
    assert found.separator == separator
    assert found.header == ["unit", "met", "note"]


def test_commas_inside_the_cells_do_not_make_the_separator() -> None:
    found = table(b"unit;share\na;12,5\nb;13,5\n")
    assert found.separator == ";"
    assert [row.cells["share"] for row in found.rows()] == ["12,5", "13,5"]


def test_commas_in_the_names_of_the_columns_do_not_make_the_separator() -> None:
    found = table(b"unit (city, branch, desk);met\na;1\nb;2\n")
    assert found.header == ["unit (city, branch, desk)", "met"]


def test_a_file_of_one_column_is_read() -> None:
    assert [row.cells for row in table(b"met\n3\n4\n").rows()] == [{"met": "3"}, {"met": "4"}]


@pytest.mark.parametrize("content", [b"", b"  \n\n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal(content) == "The file is empty."


def test_a_header_without_rows_is_refused() -> None:
    assert refusal(HEADER) == "The file has a header but no rows below it."


def test_a_header_without_names_is_refused() -> None:
    assert "names of the columns" in refusal(b",,\n1,2,3\n")


def test_two_columns_of_the_same_name_are_refused() -> None:
    assert "Two columns have the same name: met." in refusal(b"met,met\n1,2\n")


def test_a_column_without_a_name_is_left_out() -> None:
    assert next(table(b"unit,met,\na,1,x\n").rows()).cells == {"unit": "a", "met": "1"}


def test_too_many_columns_are_refused() -> None:
    assert "more than 1000 columns" in refusal(",".join(f"c{n}" for n in range(1001)).encode() + b"\n1\n")


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04rest", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"]
)
def test_a_workbook_or_a_picture_is_refused_with_advice(content: bytes) -> None:
    assert "Save as" in refusal(content)


def test_a_nul_is_refused_with_its_line() -> None:
    assert refusal(HEADER + b"a,1,2\nb\x00,3,4\n").startswith("Line 3 contains an invisible character")


def test_a_nul_far_into_a_large_file_is_found() -> None:
    assert "invisible character" in refusal(HEADER + b"a,1,2\n" * 20_000 + b"\x00")


def test_a_lone_surrogate_is_refused() -> None:
    assert "broken characters" in refusal(HEADER + b"a\xed\xa0\x80,1,2\n")


def test_damaged_utf_16_is_refused() -> None:
    assert "broken characters" in refusal("unit,met\na,1\n".encode("utf-16") + b"\x00\xd8x")


@pytest.mark.parametrize(
    ("line", "words"),
    [(b'"a,1,2\nb,3,4\n', "never closed"), (b'"a"x,1,2\n', "closing quotation mark")],
)
def test_a_broken_quotation_is_refused_with_its_row(line: bytes, words: str) -> None:
    text = refusal(HEADER + b"ok,1,2\n" + line)
    assert text.startswith("Row 3 cannot be read")
    assert words in text


def test_a_cell_that_swallows_the_file_is_refused() -> None:
    assert "never closed" in refusal(HEADER + b'"' + b"x" * 140_000 + b"\n")


def test_a_row_that_does_not_fit_the_header_is_reported_and_the_others_are_read() -> None:
    rows = list(table(HEADER + b"a,1\nb,3,4\nc,5,6,7\nd,8,9,,\n").rows())
    assert [row.problem.code if row.problem else "" for row in rows] == ["ragged", "", "ragged", ""]
    assert "2 cells" in rows[0].problem.text
    assert rows[2].raw == ["c", "5", "6", "7"]


def test_too_many_rows_are_refused(settings: Any) -> None:
    settings.IMPORT_MAX_ROWS = 3
    assert list(table(HEADER + b"a,1,2\n" * 3).rows())
    assert "more than 3 rows" in refusal(HEADER + b"a,1,2\n" * 4)


def test_too_large_a_file_is_refused_before_it_is_read(settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 1_000_000

    def never() -> io.BytesIO:
        raise AssertionError("opened")

    with pytest.raises(ImportRefused) as refused:
        Table(never, 1_000_001)
    assert refused.value.text == "The file is too large: 1.0 MB of at most 1 MB. Please split it."


def test_a_cell_of_a_mapping_is_a_column_or_a_constant_and_nothing_else() -> None:
    cells = {"place": "N", "met": "3"}
    assert Cell.parse("unit", "place").read(cells) == "N"
    assert Cell.parse("unit", {"column": "place", "values": {"N": "north"}}).read(cells) == "north"
    assert Cell.parse("unit", {"constant": "north"}).read(cells) == "north"
    for nonsense in (None, "", 3, [], {}, {"column": "a", "constant": "b"}, {"column": 3}, {"spalte": "a"}):
        with pytest.raises(ImportRefused, match="unit"):
            Cell.parse("unit", nonsense)


def test_missing_columns_are_named() -> None:
    with pytest.raises(ImportRefused, match="“cases”, “met”"):
        required_columns(["unit"], ["met", "cases", "unit", ""])


def test_text_that_cannot_be_kept_is_a_problem_of_its_row() -> None:
    with pytest.raises(RowProblem) as problem:
        text_of("text", "x" * 11, max_length=10)
    assert problem.value.code == "text"


@pytest.mark.parametrize(
    ("content", "words"), [("{", "no JSON"), ("[]", "one JSON object"), (None, "cannot be opened")]
)
def test_a_mapping_file_that_cannot_be_read_says_why(tmp_path: Any, content: Any, words: str) -> None:
    path = tmp_path / "mapping.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ImportRefused, match=words):
        load_mapping(path)


def test_the_mappings_that_come_with_the_product_are_found_by_kind() -> None:
    assert "canada_service_standards" in shipped_mappings("results")
    assert "airport_2014" in shipped_mappings("responses")


@pytest.mark.django_db
def test_bad_rows_come_back_with_their_reason_and_without_formulas() -> None:
    report = Report(["unit", "met"], 2)
    report.outcome("taken", ["no_goal"])
    report.bad(Row(3, ["=cmd()", "x"], {}), RowProblem("not_whole", "“x” is no whole number."))
    assert report.counts == {"rows": 2, "taken": 1, "note.no_goal": 1, "bad": 1, "bad.not_whole": 1}
    attachment = report.bad_rows_file("bad-rows.csv")
    assert attachment is not None
    assert list(read_bad_rows(attachment)) == [
        ["Row in the file", "Why it was left out", "unit", "met"],
        ["3", "“x” is no whole number.", "'=cmd()", "x"],
    ]


def test_progress_is_told_by_the_hundreds_and_at_the_end() -> None:
    told: list[tuple[int, int]] = []
    report = Report(["unit"], 1001, lambda done, total: told.append((done, total)))
    for _number in range(1001):
        report.outcome("taken")
    assert told == [(500, 1001), (1000, 1001), (1001, 1001)]


@pytest.mark.django_db
def test_an_upload_keeps_the_file_and_counts_for_nothing_yet() -> None:
    import_ = upload(HEADER + b"a,1,2\n", name="C:/results/may.csv")
    assert (import_.state, import_.file.name) == (Import.State.UPLOADED, "may.csv")
    assert [row.cells["unit"] for row in open_table(import_).rows()] == ["a"]
    assert [row.cells["unit"] for row in open_table(import_).rows()] == ["a"]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"met,met\n1,2\n"])
def test_a_file_that_cannot_be_read_leaves_nothing_behind(content: bytes) -> None:
    with pytest.raises(ImportRefused):
        upload(content)
    assert not Import.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_the_same_file_is_noticed_only_after_it_was_taken_in() -> None:
    first, second = upload(HEADER + b"a,1,2\n"), upload(HEADER + b"a,1,2\n", name="copy.csv")
    assert earlier_import(second) is None
    move_import(first, to=Import.State.DONE, out_of=[Import.State.UPLOADED])
    assert earlier_import(second) == first
    assert earlier_import(first) is None
    assert earlier_import(upload(HEADER + b"a,1,3\n")) is None


@pytest.mark.django_db
def test_the_second_of_two_who_move_an_import_is_refused() -> None:
    import_ = upload(HEADER + b"a,1,2\n")
    same = Import.objects.get(pk=import_.pk)
    move_import(import_, to=Import.State.CHECKING, out_of=[Import.State.UPLOADED])
    with pytest.raises(WrongState):
        move_import(same, to=Import.State.CHECKING, out_of=[Import.State.UPLOADED], message="late")
    import_.refresh_from_db()
    assert (import_.state, import_.message) == (Import.State.CHECKING, "")


@pytest.mark.django_db
def test_a_refusal_is_kept_with_its_reason_and_never_for_a_file_that_was_taken_in() -> None:
    import_ = upload(HEADER + b"a,1,2\n")
    refuse_import(import_, "w" * 600)
    import_.refresh_from_db()
    assert (import_.state, len(import_.message)) == (Import.State.FAILED, 500)
    Import.objects.update(state=Import.State.DONE)
    with pytest.raises(WrongState):
        refuse_import(import_, "too late")


@pytest.mark.django_db
def test_only_an_import_that_took_nothing_in_can_be_forgotten() -> None:
    import_ = upload(HEADER + b"a,1,2\n")
    forget_import(import_)
    assert not Import.objects.exists()
    assert not Attachment.objects.exists()
    taken = upload(HEADER + b"a,1,2\n")
    move_import(taken, to=Import.State.DONE, out_of=[Import.State.UPLOADED])
    with pytest.raises(WrongState):
        forget_import(taken)
    assert Attachment.objects.count() == 1
