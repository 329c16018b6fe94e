"""Goals out of a file of results: they never overlap others, and judge nothing anew that was promised."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from charter import actions
from charter.actions import imports
from charter.models import CharterEvent, Goal, Measure
from charter.tests.factories import CharterFactory
from charter.tests.imports import HEADER, SENT_AT, checked, results_measure, taken
from organisation.imports import move_import
from organisation.models import Import, Unit
from organisation.tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
State = Import.State
ROW = "letters-office,letters-in-time,2026-10,8,10,,,90\n"


@pytest.fixture
def office() -> Unit:
    return UnitFactory(slug="letters-office", name="Letters and e-mail", external_reference="LO-1")


@pytest.fixture
def measure(office: Unit) -> Measure:
    return results_measure(standard__charter=CharterFactory(unit=office))


def stands(measure: Measure, target: int, unit: Unit | None = None, **days: Any) -> None:
    given = {"starts_on": date(2026, 1, 1), **days}
    Goal.objects.create(measure=measure, unit=unit, target=Decimal(target), **given)


def publish(measure: Measure) -> None:
    actions.publish_edition(charter=measure.standard.charter, note="First", by=UserFactory(), at=SENT_AT)


def targets(measure: Measure) -> set[tuple[int, int | None]]:
    return {(int(goal.target), goal.unit_id) for goal in measure.goals.all()}


@pytest.mark.parametrize("starts_on", [date(2026, 10, 1), date(2026, 1, 1)], ids=["same_days", "overlapping"])
def test_a_goal_of_the_unit_that_stands_is_kept(measure: Measure, office: Unit, starts_on: date) -> None:
    stands(measure, 99, office, starts_on=starts_on)
    import_ = taken(HEADER + ROW)
    assert (import_.state, import_.counts["note.goal_stands"]) == (State.DONE, 1)
    assert targets(measure) == {(99, office.pk)}


def test_once_an_edition_is_published_the_goal_for_all_stands_on_past_days(measure: Measure) -> None:
    stands(measure, 99)
    publish(measure)
    import_ = taken(HEADER + ROW)
    assert (import_.state, import_.counts["note.goal_stands"]) == (State.DONE, 1)
    assert targets(measure) == {(99, None)}


def test_before_the_first_edition_a_file_may_bring_the_unit_a_goal_of_its_own(
    measure: Measure, office: Unit
) -> None:
    stands(measure, 99)
    assert "note.goal_stands" not in taken(HEADER + ROW).counts
    assert targets(measure) == {(99, None), (90, office.pk)}


def test_a_goal_is_brought_for_days_on_which_none_was_promised(measure: Measure, office: Unit) -> None:
    stands(measure, 99, starts_on=date(2026, 11, 1))
    publish(measure)
    assert "note.goal_stands" not in taken(HEADER + ROW).counts
    assert targets(measure) == {(99, None), (90, office.pk)}
    assert CharterEvent.objects.filter(what="goal_set", note__contains="imported file").count() == 1


def test_a_goal_that_was_set_meanwhile_keeps_the_file_out(
    measure: Measure, office: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_ = checked(HEADER + ROW)
    staging = imports.ResultsIntake.stage

    def somebody_sets_a_goal(*args: Any) -> None:
        stands(measure, 99, office)
        staging(*args)

    monkeypatch.setattr(imports.ResultsIntake, "stage", somebody_sets_a_goal)
    move_import(import_, to=State.STAGING, out_of=[State.CHECKED])
    imports.take_import(import_)
    assert (import_.state, "goals for the same days" in import_.message) == (State.FAILED, True)
    assert targets(measure) == {(99, office.pk)}
