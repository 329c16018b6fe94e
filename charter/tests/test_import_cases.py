"""Cases out of a file: judged by their limit, taken in whole or not at all, told anew, taken back."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from charter.actions import imports as actions
from charter.imports import CasesMapping
from charter.models import Case, Measure, StaleBucket
from charter.tests.case_files import HEADER, SENT_AT, SIMPLE, checked, outcomes, take, taken
from charter.tests.factories import cases_measure
from common.sources import answer_sources
from organisation.actions import calendars
from organisation.imports import ImportRefused, WrongState, read_bad_rows
from organisation.models import FrozenCalendar, Import
from organisation.tests.factories import CalendarFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
Outcome = Case.Outcome
LIMITED = {**SIMPLE, "due": "", "limit": {"amount": 5, "unit": "working_days"}}
IN_TIME = "a,parks,2026-11-20 16:59,2026-11-27 17:00,2026-11-27 17:00,yes\n"
LATE = "b,parks,2026-11-20 16:59,2026-11-27 17:00,2026-11-27 17:01,no\n"
OVERDUE = "c,parks,2026-11-20 16:59,2026-11-27 17:00,,no\n"
OPEN = "d,parks,2026-11-28 10:00,2026-12-04 17:00,,yes\n"
UNLIMITED = "e,parks,2026-11-20 16:59,,2026-11-21 09:00,yes\n"
ALL = HEADER + IN_TIME + LATE + OVERDUE + OPEN + UNLIMITED


@pytest.fixture(autouse=True)
def measure() -> Measure:
    unit = UnitFactory(slug="parks", name="Parks team")
    return cases_measure(standard__charter__unit=unit)


def problem_of(import_: Import) -> str:
    assert import_.bad_rows
    return list(read_bad_rows(import_.bad_rows))[1][1]


@pytest.mark.parametrize(
    ("due", "done", "outcome"),
    [
        (2, 2, "met"),
        (2, 3, "missed"),
        (2, None, "missed"),
        (5, None, "open"),
        (4, None, "open"),
        (None, 3, "no_target"),
    ],
)
def test_a_case_is_in_time_where_it_is_done_at_or_before_it_was_due(due, done, outcome) -> None:
    def at(day: int | None) -> datetime | None:
        return datetime(2026, 11, day, tzinfo=UTC) if day else None

    assert Case.judge(due_at=at(due), done_at=at(done), as_of=datetime(2026, 11, 4, tzinfo=UTC)) == outcome


def test_every_case_of_a_file_is_judged_as_of_its_moment() -> None:
    import_ = taken(ALL)
    assert import_.state == Import.State.DONE
    assert outcomes() == {"a": "met", "b": "missed", "c": "missed", "d": "open", "e": "no_target"}
    assert import_.counts["note.flag_agrees"] == 5
    assert (import_.counts["note.overdue"], import_.counts["note.open"]) == (1, 1)


def test_a_dry_run_writes_no_case_and_freezes_no_calendar() -> None:
    calendars.use_calendar(UnitFactory(slug="other"), calendar=CalendarFactory(), by=None)
    calendars.use_calendar(Measure.objects.get().standard.charter.unit, calendar=CalendarFactory(), by=None)
    import_ = checked(ALL, LIMITED)
    assert (import_.state, import_.counts["taken"]) == (Import.State.CHECKED, 5)
    assert not Case.objects.exists()
    assert not FrozenCalendar.objects.exists()


def test_a_flag_of_the_file_that_differs_is_counted_and_kept_but_decides_nothing() -> None:
    import_ = taken(HEADER + LATE.replace(",no", ",yes"))
    assert import_.counts["note.flag_differs"] == 1
    case = Case.objects.get()
    assert (case.outcome, case.said_on_time, case.differs_from_file) == (Outcome.MISSED, True, True)


def test_the_figure_counts_met_and_missed_and_sets_the_open_ones_apart(measure: Measure) -> None:
    taken(ALL)
    source = answer_sources()["cases"]
    found: dict[int | None, int] = {}
    for bucket in source.buckets():
        for value, many in source.values_of(*bucket).get(1, {}).items():
            found[value] = found.get(value, 0) + many
    assert found == {1: 1, 0: 2, None: 1}
    cells = {(day, answer): many for _m, _u, _s, day, answer, many in source.cells()}
    assert cells == {
        (date(2026, 11, 20), 1): 1,
        (date(2026, 11, 20), 0): 2,
        (date(2026, 11, 28), None): 1,
    }


def test_taking_in_marks_every_bucket_stale_once(measure: Measure) -> None:
    taken(ALL)
    marked = StaleBucket.objects.values_list("measure_id", "day")
    assert sorted(marked) == [(measure.pk, date(2026, 11, 20)), (measure.pk, date(2026, 11, 28))]


def test_a_limit_is_reckoned_on_the_units_calendar_and_frozen_with_the_case(measure: Measure) -> None:
    calendar = CalendarFactory()
    calendars.use_calendar(measure.standard.charter.unit, calendar=calendar, by=None)
    taken(HEADER + IN_TIME, LIMITED)
    case = Case.objects.get()
    assert case.due_at == datetime(2026, 11, 27, 17, tzinfo=UTC)
    calendars.set_day(calendar, day=date(2026, 11, 26), name="Fair", hours=[], by=None)
    explained = Case.objects.get().explanation()
    assert explained is not None
    assert (explained.due, len(explained.intervals), explained.closed) == (case.due_at, 5, ())


def test_a_limit_may_stand_in_a_column_and_name_its_calendar() -> None:
    CalendarFactory(name="Counters")
    limit = {"amount": "hours", "unit": "business_minutes", "calendar": "counters"}
    content = "id,unit,received,done,hours\na,parks,2026-11-20 16:30,2026-11-23 09:30,60\n"
    mapping = {**SIMPLE, "due": "", "on_time": {}, "limit": limit}
    taken(content, mapping)
    assert Case.objects.get().due_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_the_limit_of_the_standard_serves_where_the_mapping_says_so(measure: Measure) -> None:
    calendars.use_calendar(measure.standard.charter.unit, calendar=CalendarFactory(), by=None)
    mapping = {**SIMPLE, "due": "", "limit": "standard"}
    assert checked(HEADER + IN_TIME, mapping).counts["bad.limit"] == 1
    measure.standard.limit_amount, measure.standard.limit_unit = 5, "working_days"
    measure.standard.save()
    taken(HEADER + IN_TIME, mapping)
    assert Case.objects.get().due_at == datetime(2026, 11, 27, 17, tzinfo=UTC)


def test_a_bare_date_is_due_at_its_end() -> None:
    taken(HEADER + "a,parks,2026-11-20 16:59,2026-11-27,2026-11-27 23:59,\n")
    assert Case.objects.get().outcome == Outcome.MET


def test_times_are_wall_times_of_the_units_zone_or_of_the_mappings() -> None:
    line = "a,parks,2026-07-01 00:30,2026-07-02 00:00,2026-07-01 12:00,\n"
    taken(HEADER + line)
    taken(HEADER + line.replace("a,", "z,", 1), {**SIMPLE, "zone": "America/New_York"})
    first, second = Case.objects.order_by("external_reference")
    assert first.received_at == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert (first.day, second.day) == (date(2026, 7, 1), date(2026, 7, 1))
    assert second.received_at - first.received_at == timedelta(hours=5)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("z,nowhere,2026-11-20 16:59,2026-11-27 17:00,,\n", "unit"),
        ("z,parks,,2026-11-27 17:00,,\n", "received"),
        ("z,parks,soon,2026-11-27 17:00,,\n", "received"),
        ("z,parks,2026-11-20 16:59,soon,,\n", "due"),
        ("z,parks,2026-11-20 16:59,2026-11-27 17:00,soon,\n", "done"),
        ("z,parks,2026-11-20 16:59,2026-11-27 17:00,2026-11-20 16:58,\n", "done_first"),
        ("z,parks,2026-12-20 16:59,2026-12-27 17:00,,\n", "future"),
        ("z,parks,2026-11-20 16:59,2026-11-27 17:00,2026-11-30 12:01,\n", "future"),
        ("z,parks,2026-11-20 16:59,2026-11-27 17:00\n", "ragged"),
        (f"{'z' * 101},parks,2026-11-20 16:59,2026-11-27 17:00,,\n", "text"),
        ("a,parks,2026-11-20 16:59,2026-11-27 17:00,,\n", "same_row"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(line: str, code: str) -> None:
    import_ = checked(HEADER + IN_TIME + line)
    assert (import_.counts["bad"], import_.counts[f"bad.{code}"], import_.counts["taken"]) == (1, 1, 1)
    assert problem_of(import_)


@pytest.mark.parametrize(
    ("amount", "code"), [("soon", "not_whole"), ("0", "limit"), ("-1", "not_whole"), ("9" * 18, "limit")]
)
def test_a_limit_that_is_none_is_a_bad_row(amount: str, code: str) -> None:
    CalendarFactory(name="Counters")
    limit = {"amount": "flag", "unit": "working_days", "calendar": "Counters"}
    line = f"a,parks,2026-11-20 16:59,,,{amount}\n"
    import_ = checked(HEADER + line, {**SIMPLE, "due": "", "on_time": {}, "limit": limit})
    assert import_.counts.get(f"bad.{code}") == 1


def test_a_unit_without_a_calendar_cannot_have_limits() -> None:
    assert checked(HEADER + IN_TIME, LIMITED).counts["bad.calendar"] == 1


def test_a_unit_that_the_person_does_not_manage_is_refused() -> None:
    stranger = person_in(UnitFactory(), "manager")
    assert checked(HEADER + IN_TIME, by=stranger).counts["bad.foreign_unit"] == 1


def test_the_file_of_somebody_who_has_left_is_refused() -> None:
    gone = person_in(UnitFactory(), "administrator", is_active=False)
    assert checked(HEADER + IN_TIME, by=gone).counts["bad.foreign_unit"] == 1


def test_one_bad_row_keeps_the_whole_file_out_unless_it_may_be_left_out() -> None:
    content = HEADER + IN_TIME + "z,nowhere,2026-11-20 16:59,,,\n"
    assert taken(content).state == Import.State.FAILED
    assert not Case.objects.exists()
    assert taken(content, skip_bad=True).state == Import.State.DONE
    assert outcomes() == {"a": "met"}


def test_the_same_file_again_is_refused() -> None:
    first = taken(ALL)
    again = checked(ALL, {**SIMPLE, "skip_bad": True})
    assert again.state == Import.State.FAILED
    assert first.reference in again.message


def test_a_later_file_tells_open_cases_anew_and_undo_brings_the_old_telling_back() -> None:
    first = taken(HEADER + IN_TIME + OPEN)
    later = {**SIMPLE, "as_of": "2026-12-01 08:00"}
    second = taken(HEADER + OPEN.replace(",,yes", ",2026-11-30 15:00,yes"), later)
    assert outcomes() == {"a": "met", "d": "met"}
    with pytest.raises(WrongState):
        actions.undo_import(first, by=person_in(UnitFactory(), "administrator"))
    StaleBucket.objects.all().delete()
    actions.undo_import(second, by=person_in(UnitFactory(), "administrator"))
    assert outcomes() == {"a": "met", "d": "open"}
    assert [bucket.day for bucket in StaleBucket.objects.all()] == [date(2026, 11, 28)]


def test_a_file_of_the_same_moment_or_an_earlier_one_does_not_overwrite_a_case() -> None:
    taken(HEADER + OPEN)
    earlier = {**SIMPLE, "as_of": "2026-11-29"}
    assert checked(HEADER + OPEN + LATE.replace("11-27 17:01", "11-28 17:01")).counts["bad.case_exists"] == 1
    assert checked(HEADER + OPEN, earlier).counts["bad.case_exists"] == 1


def test_a_case_that_came_in_meanwhile_keeps_the_file_out() -> None:
    import_ = checked(HEADER + OPEN)
    taken(HEADER + OPEN + IN_TIME)
    take(import_)
    assert import_.state == Import.State.FAILED
    assert Case.objects.count() == 2


def test_undo_takes_the_cases_out_of_the_figure(measure: Measure) -> None:
    import_ = taken(ALL)
    StaleBucket.objects.all().delete()
    actions.undo_import(import_, by=person_in(UnitFactory(), "administrator"))
    assert outcomes() == {}
    assert StaleBucket.objects.count() == 2
    assert all(
        not answer_sources()["cases"].values_of(*bucket) for bucket in answer_sources()["cases"].buckets()
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "colour"),
        ({"unit": None}, "unit"),
        ({"measure": "lights"}, "measure"),
        ({"received": ""}, "received"),
        ({"due": ""}, "when a case was due"),
        ({"limit": {"amount": 5, "unit": "working_days"}}, "when a case was due"),
        ({"due": "", "limit": {"amount": 5, "unit": "moons"}}, "time limit"),
        ({"due": "", "limit": {"unit": "working_days"}}, "time limit"),
        ({"as_of": "soon"}, "no moment"),
        ({"zone": "Europe/Atlantis"}, "no time zone"),
        ({"formats": "%Y"}, "list of texts"),
        ({"on_time": "flag"}, "measure"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        CasesMapping.parse({**SIMPLE, **change})
    assert words in refused.value.text


def test_the_command_takes_a_file_in_and_prints_every_outcome(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: SENT_AT)
    file, mapping = tmp_path / "cases.csv", tmp_path / "mapping.json"
    file.write_text(ALL)
    mapping.write_text(json.dumps(SIMPLE))
    out = StringIO()
    call_command("import_cases", str(file), "--mapping", str(mapping), stdout=out)
    assert "5  Cases" in out.getvalue()
    with pytest.raises(CommandError, match="already"):
        call_command("import_cases", str(file), "--mapping", str(mapping), stdout=out)
