"""Files of recorded results: all of it or nothing, and never twice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from charter.actions import import_staging, results_intake
from charter.actions import imports as actions
from charter.models import Charter, CharterEvent, Goal, Measure, RecordedResult, Standard
from charter.tests.factories import RecordedResultFactory
from charter.tests.imports import CANADA, EXCERPTS, HEADER, SIMPLE, begin, checked, results_measure, taken
from organisation.imports import ImportRefused, WrongState, move_import, read_bad_rows
from organisation.models import Import, Job, Unit, UnitPlacement
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
State = Import.State


@pytest.fixture
def office() -> Unit:
    return UnitFactory(slug="letters-office", name="Letters and e-mail", external_reference="LO-1")


@pytest.fixture
def measure(office: Unit) -> Measure:
    return results_measure(standard__charter__unit=office)


def months(count: int, **bad: str) -> str:
    """A file with a result for each of `count` months from January 1900; `r3="x"` puts row 3 wrong."""
    lines = []
    for number in range(count):
        met = bad.get(f"r{number + 2}", "8")
        lines.append(
            f"letters-office,letters-in-time,{1900 + number // 12}-{number % 12 + 1:02},{met},10,,,\n"
        )
    return HEADER + "".join(lines)


def nothing_is_left(import_: Import) -> bool:
    return not RecordedResult.objects.filter(batch=import_).exists()


def test_a_dry_run_says_what_would_come_of_each_row_and_writes_no_result(measure: Measure) -> None:
    import_ = checked(months(3, r3="11"))
    assert import_.state == State.CHECKED
    assert import_.counts == {
        "rows": 3,
        "taken": 2,
        "bad": 1,
        "bad.met_over_total": 1,
        "note.target_missing": 2,
    }
    assert not RecordedResult.objects.exists()
    lines = list(read_bad_rows(import_.bad_rows))
    assert [line[:3] for line in lines[1:]] == [
        ["3", "More met than there were cases: 11 of 10.", "letters-office"]
    ]


def test_a_file_is_taken_in_and_counts(measure: Measure, office: Unit) -> None:
    import_ = taken(
        HEADER + "LO-1,Letters in time,2026-10,8,10,,,95\nletters-office,letters-in-time,2026-11,,,,,\n"
    )
    assert import_.state == State.DONE
    assert {key: import_.counts[key] for key in ("taken", "not_tracked", "made.goals")} == {
        "taken": 1,
        "not_tracked": 1,
        "made.goals": 1,
    }
    found = RecordedResult.objects.countable().order_by("start").values_list("start", "met", "total", "batch")
    assert list(found) == [
        (date(2026, 10, 1), 8, 10, import_.pk),
        (date(2026, 11, 1), None, None, import_.pk),
    ]
    goal = measure.goals.get()
    assert (goal.unit, goal.starts_on, goal.ends_on, goal.target) == (
        office,
        date(2026, 10, 1),
        date(2026, 11, 1),
        Decimal(95),
    )


def test_one_bad_row_in_the_middle_keeps_the_whole_file_out(measure: Measure) -> None:
    import_ = taken(months(1100, r700="11"))
    assert (import_.state, nothing_is_left(import_)) == (State.FAILED, True)
    assert "1 row cannot be taken" in import_.message


def test_bad_rows_are_left_out_where_somebody_says_so(measure: Measure) -> None:
    import_ = taken(months(1100, r700="11"), skip_bad=True)
    assert (import_.state, import_.counts["taken"], import_.counts["bad"]) == (State.DONE, 1099, 1)
    assert RecordedResult.objects.countable().count() == 1099


@pytest.mark.parametrize("error", [RuntimeError("disk full"), OSError("gone")])
def test_what_breaks_in_the_middle_of_staging_leaves_nothing_behind(
    measure: Measure, monkeypatch: Any, error: Exception
) -> None:
    calls = []

    def breaks_in_the_second_chunk(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            assert RecordedResult.objects.count() == 500
            assert not RecordedResult.objects.countable().exists()
            raise error
        import_staging.stage_results(*args)

    monkeypatch.setattr(results_intake, "stage_results", breaks_in_the_second_chunk)
    with pytest.raises(type(error)):
        taken(months(1100))
    import_ = Import.objects.get()
    assert (import_.state, nothing_is_left(import_)) == (State.FAILED, True)
    assert "nothing of it was taken in" in import_.message


def test_what_breaks_in_the_last_step_leaves_nothing_behind(monkeypatch: Any) -> None:
    InstallationFactory()

    def breaks(*args: Any) -> None:
        raise RuntimeError("in the last step")

    monkeypatch.setattr(results_intake, "reveal", breaks)
    with pytest.raises(RuntimeError):
        taken((EXCERPTS / "canada_service_standards.csv").read_bytes(), CANADA, skip_bad=True)
    assert Import.objects.get().state == State.FAILED
    for model in (RecordedResult, Measure, Standard, Charter, Goal, CharterEvent):
        assert not model.objects.exists(), model
    assert [unit.slug for unit in Unit.objects.all()] == ["harbour-city"]
    assert UnitPlacement.objects.count() == 1


def test_a_worker_that_was_killed_leaves_rows_that_count_for_nothing_and_go_at_the_next_try(
    measure: Measure, monkeypatch: Any
) -> None:
    import_ = checked(months(1100))
    move_import(import_, to=State.STAGING, out_of=[State.CHECKED])

    class Killed(BaseException):
        pass

    def killed(*args: Any) -> None:
        import_staging.stage_results(*args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(results_intake, "stage_results", killed)
        with pytest.raises(Killed):
            actions.take_import(import_)
    assert RecordedResult.objects.filter(batch=import_).count() == 500
    assert not RecordedResult.objects.countable().exists()
    actions.take_import(Import.objects.get())
    assert RecordedResult.objects.countable().count() == 1100


def test_taking_in_twice_has_one_effect(measure: Measure) -> None:
    import_ = taken(months(3))
    assert actions.take_import(import_) is None
    assert actions.check_import(import_) is None
    assert RecordedResult.objects.count() == 3


def test_a_result_recorded_meanwhile_refuses_the_file(
    measure: Measure, office: Unit, monkeypatch: Any
) -> None:
    staged = import_staging.stage_results

    def meanwhile(*args: Any) -> None:
        staged(*args)
        RecordedResultFactory(
            measure=measure, unit=office, start=date(1900, 2, 10), end=date(1900, 2, 20), total=10
        )

    monkeypatch.setattr(results_intake, "stage_results", meanwhile)
    import_ = taken(months(3))
    assert (import_.state, nothing_is_left(import_)) == (State.FAILED, True)
    assert "Meanwhile somebody" in import_.message


def test_a_result_recorded_between_two_chunks_refuses_the_file(
    measure: Measure, office: Unit, monkeypatch: Any
) -> None:
    """The second chunk finds it standing: the row must not just drop out of the file."""
    staged = import_staging.stage_results

    def meanwhile(*args: Any) -> None:
        staged(*args)
        day = date(1900 + 600 // 12, 1, 10)
        RecordedResult.objects.filter(start=day).exists() or RecordedResultFactory(
            measure=measure, unit=office, start=day, end=date(day.year, 1, 20), total=10
        )

    monkeypatch.setattr(results_intake, "stage_results", meanwhile)
    import_ = taken(months(1100))
    assert (import_.state, nothing_is_left(import_)) == (State.FAILED, True)
    assert "Meanwhile somebody" in import_.message


def test_the_same_span_recorded_meanwhile_refuses_the_file(
    measure: Measure, office: Unit, monkeypatch: Any
) -> None:
    staged = import_staging.stage_results

    def meanwhile(*args: Any) -> None:
        RecordedResultFactory(
            measure=measure, unit=office, start=date(1900, 2, 1), end=date(1900, 3, 1), total=10
        )
        staged(*args)

    monkeypatch.setattr(results_intake, "stage_results", meanwhile)
    import_ = taken(months(3))
    assert (import_.state, nothing_is_left(import_)) == (State.FAILED, True)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("nowhere,letters-in-time,2026-10,8,10,,,", "unit"),
        ("letters-office,nothing,2026-10,8,10,,,", "measure"),
        ("letters-office,asked,2026-10,8,10,,,", "measure"),
        ("letters-office,letters-in-time,2026-10,7,10,2,A storm,", "measure"),
        ("letters-office,letters-in-time,2026-10,8,10", "ragged"),
        ("letters-office,letters-in-time,soon,8,10,,,", "period"),
        ("letters-office,letters-in-time,2026-09,8,10,,,", "result_exists"),
        ("letters-office,letters-in-time,2026-Q3,8,10,,,", "result_exists"),
        ("letters-office,letters-in-time,2026-12,8,10,,,", "same_row"),
        ("letters-office,letters-in-time,2026-Q4,8,10,,,", "overlap"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(line: str, code: str, office: Unit) -> None:
    measure = results_measure(standard__charter__unit=office, standard__discretion="rigid")
    results_measure(standard=measure.standard, key="asked", name="Asked")
    Measure.objects.filter(key="asked").update(source=Measure.Source.ANSWERS)
    RecordedResultFactory(measure=measure, unit=office, start=date(2026, 9, 1), end=date(2026, 10, 1))
    good = "letters-office,letters-in-time,2026-12,8,10,,,\n"
    import_ = checked(HEADER + good + line + "\n")
    assert (import_.counts["bad"], import_.counts[f"bad.{code}"], import_.counts["taken"]) == (1, 1, 1)


@pytest.mark.parametrize(("zone", "bad"), [("Europe/London", 1), ("Asia/Tokyo", 0)])
def test_a_row_ends_at_the_latest_on_the_day_it_was_sent_in_the_unit(
    measure: Measure, office: Unit, zone: str, bad: int
) -> None:
    Unit.objects.update(timezone=zone)
    import_ = checked(HEADER + "letters-office,letters-in-time,2027-01-01..2027-01-06,8,10,,,\n")
    assert (import_.counts.get("bad.future", 0), import_.counts.get("taken", 0)) == (bad, 1 - bad)


def test_the_row_that_was_first_is_named(measure: Measure) -> None:
    line = "letters-office,letters-in-time,2026-12,8,10,,,\n"
    reasons = [row[1] for row in read_bad_rows(checked(HEADER + line + line).bad_rows)]
    assert reasons[1:] == ["The same measure, unit and period as in row 2."]


def test_the_same_file_again_finds_every_result_standing(measure: Measure) -> None:
    taken(months(3))
    assert checked(months(3)).counts["bad.result_exists"] == 3


def test_a_name_that_two_units_share_finds_neither(measure: Measure, office: Unit) -> None:
    UnitFactory(name=office.name)
    assert checked(HEADER + f"{office.name},letters-in-time,2026-10,8,10,,,\n").counts["bad.unit"] == 1


def test_a_manager_takes_in_results_of_the_own_units_only(measure: Measure, office: Unit) -> None:
    UnitFactory(slug="hill", parent=office)
    UnitFactory(slug="harbour")
    manager = person_in(office, "manager")
    lines = "".join(
        f"{slug},letters-in-time,2026-10,8,10,,,\n" for slug in ("letters-office", "hill", "harbour")
    )
    import_ = checked(HEADER + lines, by=manager)
    assert (import_.counts["taken"], import_.counts["bad.foreign_unit"]) == (2, 1)


def test_rights_are_asked_again_when_the_file_is_taken_in(measure: Measure, office: Unit) -> None:
    manager = person_in(office, "manager")
    import_ = checked(months(3), by=manager)
    manager.memberships.update(role="staff")
    move_import(import_, to=State.STAGING, out_of=[State.CHECKED])
    actions.take_import(Import.objects.get())
    import_.refresh_from_db()
    assert (import_.state, nothing_is_left(import_)) == (State.FAILED, True)


def test_a_column_that_the_file_lacks_refuses_it(measure: Measure) -> None:
    import_ = checked("unit,met\nletters-office,8\n")
    assert import_.state == State.FAILED
    assert "no column called “departures”, “measure”" in import_.message


def test_undo_takes_the_results_back_and_the_file_can_come_again(
    measure: Measure, office: Unit, now: Any
) -> None:
    import_ = taken(months(3))
    by = person_in(office, "manager")
    actions.undo_import(import_, by=by, at=now)
    assert not RecordedResult.objects.countable().exists()
    assert set(RecordedResult.objects.values_list("deleted_at", flat=True)) == {now}
    with pytest.raises(WrongState):
        actions.undo_import(import_, by=by)
    assert taken(months(3)).state == State.DONE
    assert RecordedResult.objects.countable().count() == 3


def test_asking_twice_makes_one_job_and_the_second_is_refused(measure: Measure, office: Unit) -> None:
    manager = person_in(office, "manager")
    import_ = begin(months(3), by=manager)
    actions.ask_to_check(import_, mapping=SIMPLE, by=manager)
    with pytest.raises(WrongState):
        actions.ask_to_check(import_, mapping=SIMPLE, by=manager)
    assert [(job.kind, job.subject) for job in Job.objects.all()] == [(actions.CHECK_JOB, import_.reference)]


def test_bad_rows_need_a_word_before_the_file_is_taken_in(measure: Measure, office: Unit) -> None:
    manager = person_in(office, "manager")
    import_ = checked(months(3, r3="11"), by=manager)
    with pytest.raises(ImportRefused):
        actions.ask_to_take(import_, skip_bad=False, by=manager)
    assert (import_.state, Job.objects.count()) == (State.CHECKED, 0)
    actions.ask_to_take(import_, skip_bad=True, by=manager)
    import_.refresh_from_db()
    assert (import_.state, import_.mapping["skip_bad"], Job.objects.get().kind) == (
        State.STAGING,
        True,
        actions.TAKE_JOB,
    )


def test_a_refused_file_can_be_tried_with_another_mapping(measure: Measure, office: Unit) -> None:
    manager = person_in(office, "manager")
    import_ = checked(months(3), {**SIMPLE, "met": "nothing"}, by=manager)
    assert import_.state == State.FAILED
    actions.ask_to_check(import_, mapping=SIMPLE, by=manager)
    actions.check_import(import_)
    assert (import_.state, import_.message, import_.counts["taken"]) == (State.CHECKED, "", 3)


def test_a_mapping_that_cannot_be_changes_nothing(measure: Measure, office: Unit) -> None:
    manager = person_in(office, "manager")
    import_ = begin(months(3), by=manager)
    with pytest.raises(ImportRefused):
        actions.ask_to_check(import_, mapping={"unit": "unit"}, by=manager)
    assert (Import.objects.get().state, Job.objects.count()) == (State.UPLOADED, 0)


def test_the_number_of_queries_grows_with_chunks_and_not_with_rows(
    measure: Measure, django_assert_max_num_queries: Any
) -> None:
    def queries(rows: int) -> int:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            checked(months(rows))
        return len(captured)

    assert queries(2) == queries(20)
