"""How the times of a file of cases are read, and what is no time at all."""

import pytest

from charter.imports import CasesMapping
from charter.models import Case, Measure
from charter.tests.case_files import HEADER, SIMPLE, checked, taken
from charter.tests.factories import cases_measure
from organisation.imports import ImportRefused
from organisation.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def measure() -> Measure:
    return cases_measure(standard__charter__unit=UnitFactory(slug="parks"))


def test_done_on_the_day_of_receipt_without_an_hour_is_done_at_once() -> None:
    taken(HEADER + "a,parks,2026-11-20 16:59,2026-11-20 17:00,2026-11-20,yes\n")
    case = Case.objects.get()
    assert (case.outcome, case.seconds_taken) == ("met", 0)


def test_the_day_of_receipt_is_that_of_the_zone_in_which_the_file_is_written() -> None:
    mapping = {**SIMPLE, "zone": "America/New_York"}
    taken(HEADER + "a,parks,2026-11-20 23:00,2026-11-27 17:00,2026-11-20,yes\n", mapping)
    assert Case.objects.get().seconds_taken == 0


def test_done_on_the_day_before_receipt_is_refused() -> None:
    import_ = checked(HEADER + "a,parks,2026-11-20 16:59,2026-11-27 17:00,2026-11-19,\n")
    assert import_.counts["bad.done_first"] == 1


@pytest.mark.parametrize(
    ("pattern", "text"), [("%c", "Fri Nov 20 16:58:00 2026"), ("%x %X", "11/20/26 16:58:00")]
)
def test_a_format_that_tells_date_and_time_in_one_has_an_hour(pattern: str, text: str) -> None:
    mapping = {**SIMPLE, "formats": ["%Y-%m-%d %H:%M", pattern]}
    assert (
        checked(HEADER + f"a,parks,2026-11-20 16:59,2026-11-27 17:00,{text},\n", mapping).counts[
            "bad.done_first"
        ]
        == 1
    )
    taken(HEADER + f"a,parks,2026-11-20 09:00,{text},2026-11-20 17:00,\n", mapping)
    assert Case.objects.get().outcome == "missed"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("a,parks,0001-01-01 00:00,2026-11-27 17:00,,\n", "received"),
        ("a,parks,2026-11-20 16:59,9999-12-31 23:59,,\n", "due"),
        ("a,parks,2026-11-20 16:59,2026-11-27 17:00,9999-12-31,\n", "done"),
    ],
)
def test_a_time_outside_all_calendars_is_a_bad_row(line: str, code: str) -> None:
    assert checked(HEADER + line).counts[f"bad.{code}"] == 1


@pytest.mark.parametrize("pattern", ["%Y%Y", "%Q", "%", "%Y-%m-%d\0"])
def test_a_way_of_writing_times_that_is_none_is_refused_with_the_mapping(pattern: str) -> None:
    with pytest.raises(ImportRefused, match="no way to write"):
        CasesMapping.parse({**SIMPLE, "formats": [pattern]})


@pytest.mark.parametrize("pattern", ["%Y-%m-%dT%H:%M:%S%z", "%d.%m.%y", "%I:%M %p, %d %B %Y", "%c"])
def test_every_way_of_writing_times_that_can_be_read_is_allowed(pattern: str) -> None:
    assert CasesMapping.parse({**SIMPLE, "formats": [pattern]}).formats == (pattern,)
