"""A later file of cases: what it may take over, what it may not count twice, and who may send it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charter.actions import imports as actions
from charter.models import Case, Measure, StaleBucket
from charter.tests.case_files import HEADER, LATER, SIMPLE, checked, outcomes, take, taken
from charter.tests.factories import cases_measure
from organisation.models import Import, Unit
from organisation.tests.factories import UnitFactory, person_in

pytestmark = pytest.mark.django_db
State = Import.State
UNNAMED = {**SIMPLE, "reference": ""}
OPEN = "a,parks,2026-11-28 10:00,2026-12-04 17:00,,\n"
DONE = "a,parks,2026-11-28 10:00,2026-12-04 17:00,2026-11-30 09:00,\n"
OTHER = "b,parks,2026-11-29 10:00,2026-12-04 17:00,,\n"


@pytest.fixture(autouse=True)
def parks() -> Unit:
    return UnitFactory(slug="parks", name="Parks team")


@pytest.fixture(autouse=True)
def measure(parks: Unit) -> Measure:
    return cases_measure(standard__charter__unit=parks)


@pytest.fixture
def roads() -> Unit:
    return UnitFactory(slug="roads", name="Roads team")


def standing() -> list[tuple[str, str]]:
    cases = Case.objects.countable().order_by("external_reference", "received_at")
    return list(cases.values_list("external_reference", "unit__slug"))


def test_a_file_does_not_take_a_case_away_from_a_unit_that_is_not_the_senders(roads: Unit) -> None:
    taken(HEADER + OPEN)
    theirs = person_in(roads, "manager")
    import_ = checked(HEADER + DONE.replace("parks", "roads"), LATER, theirs)
    assert import_.counts["bad.foreign_unit"] == 1
    assert standing() == [("a", "parks")]


def test_a_unit_that_was_lost_between_reading_and_taking_keeps_its_cases(
    parks: Unit, roads: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(HEADER + OPEN)
    person = person_in(parks, "manager")
    staging = actions.CasesIntake.stage

    def the_right_is_withdrawn(*args: Any) -> None:
        person.memberships.update(unit=roads)
        staging(*args)

    monkeypatch.setattr(actions.CasesIntake, "stage", the_right_is_withdrawn)
    import_ = taken(HEADER + DONE, LATER, person)
    assert (import_.state, "do not manage now" in import_.message) == (State.FAILED, True)
    assert outcomes() == {"a": "open"}


def test_a_case_that_moves_counts_once_and_the_report_says_so(roads: Unit) -> None:
    taken(HEADER + OPEN)
    StaleBucket.objects.all().delete()
    import_ = taken(HEADER + DONE.replace("parks", "roads"), LATER)
    assert (import_.state, import_.counts["note.case_moves"]) == (State.DONE, 1)
    assert standing() == [("a", "roads")]
    assert set(StaleBucket.objects.values_list("unit__slug", "day")) == {
        ("parks", date(2026, 11, 28)),
        ("roads", date(2026, 11, 28)),
    }


def test_a_log_without_references_that_has_grown_brings_only_its_new_cases() -> None:
    taken(HEADER + OPEN, UNNAMED)
    grown = {**UNNAMED, "as_of": "2026-12-01 08:00"}
    import_ = taken(HEADER + OPEN + OTHER, grown, skip_bad=True)
    assert (import_.counts["bad.maybe_known"], import_.counts["taken"]) == (1, 1)
    assert Case.objects.countable().count() == 2


def test_the_same_file_without_references_is_refused_under_another_moment() -> None:
    taken(HEADER + OPEN, UNNAMED)
    again = checked(HEADER + OPEN, {**UNNAMED, "as_of": "2026-12-01 08:00"})
    assert (again.state, "already" in again.message) == (State.FAILED, True)


def test_the_same_file_with_references_tells_later_which_cases_have_become_late() -> None:
    due = HEADER + "a,parks,2026-11-28 10:00,2026-11-30 17:00,,\n"
    taken(due)
    assert taken(due, LATER).state == State.DONE
    assert outcomes() == {"a": "missed"}


@pytest.mark.parametrize(("first", "second"), [(SIMPLE, UNNAMED), (UNNAMED, SIMPLE)])
def test_a_reference_on_one_side_only_does_not_tell_cases_apart(first: Any, second: Any) -> None:
    taken(HEADER + OPEN, first)
    import_ = checked(HEADER + DONE, {**second, "as_of": "2026-12-01 08:00"})
    assert import_.counts["bad.maybe_known"] == 1


def test_cases_of_one_moment_with_references_are_two() -> None:
    taken(HEADER + OPEN)
    assert taken(HEADER + OPEN.replace("a,", "z,", 1), LATER).state == State.DONE
    assert standing() == [("a", "parks"), ("z", "parks")]


def test_a_case_without_reference_that_came_in_meanwhile_keeps_the_file_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_ = checked(HEADER + OPEN + OTHER, UNNAMED)
    staging = actions.CasesIntake.stage
    others = iter([HEADER + OPEN])

    def another_file_is_quicker(*args: Any) -> None:
        for content in others:
            taken(content, UNNAMED)
        staging(*args)

    monkeypatch.setattr(actions.CasesIntake, "stage", another_file_is_quicker)
    assert take(import_).state == State.FAILED
    assert Case.objects.countable().count() == 1


def test_the_same_file_sent_twice_at_once_is_taken_in_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done = "a,parks,2026-11-20 10:00,2026-11-27 17:00,2026-11-26 09:00,\n"
    first, second = (checked(HEADER + done) for _number in range(2))
    staging = actions.CasesIntake.stage

    def the_other_is_quicker(*args: Any) -> None:
        monkeypatch.setattr(actions.CasesIntake, "stage", staging)
        take(second)
        staging(*args)

    monkeypatch.setattr(actions.CasesIntake, "stage", the_other_is_quicker)
    assert (take(first).state, second.state) == (State.FAILED, State.DONE)
    assert second.reference in first.message


def test_each_case_is_later_than_its_own_older_telling_whatever_the_zone_of_others(parks: Unit) -> None:
    """The wall time of the file's moment is nine hours earlier in Tokyo than in London."""
    UnitFactory(slug="tokyo", timezone="Asia/Tokyo")
    taken(HEADER + OPEN, {**SIMPLE, "as_of": "2026-11-30 12:00"})
    tokyo = "t,tokyo,2026-11-28 10:00,2026-12-04 17:00,,\n"
    import_ = taken(HEADER + DONE + tokyo, {**SIMPLE, "as_of": "2026-11-30 13:00"})
    assert import_.state == State.DONE
    assert outcomes() == {"a": "met", "t": "open"}


def test_taking_a_file_back_waits_for_whoever_brings_cases_for_its_measures() -> None:
    import_ = taken(HEADER + OPEN)
    with CaptureQueriesContext(connection) as captured:
        actions.undo_import(import_, by=person_in(UnitFactory(), "administrator"))
    asked = [query["sql"] for query in captured if "superseded_by_id" in query["sql"]]
    held = [query["sql"] for query in captured if query["sql"].startswith('UPDATE "charter_measure"')]
    queries = [query["sql"] for query in captured]
    assert queries.index(held[0]) < queries.index(asked[0])


def test_a_file_of_a_moment_that_had_not_come_when_it_was_sent_is_refused() -> None:
    import_ = checked(HEADER + OPEN, {**SIMPLE, "as_of": "2026-12-01 09:01"})
    assert import_.state == State.FAILED
    assert "had not come" in import_.message, import_.message
    assert checked(HEADER + OPEN, {**SIMPLE, "as_of": "2026-12-01 09:00"}).state == State.CHECKED
