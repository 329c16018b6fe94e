"""What a file of recorded results brings with it: units, charters, standards and measures."""

from datetime import date
from typing import Any

import pytest

from charter.actions import import_staging, results_intake
from charter.actions import imports as actions
from charter.models import Measure, RecordedResult, Standard
from charter.sources import RecordedResults
from charter.tests.factories import RecordedResultFactory
from charter.tests.imports import CANADA, EXCERPTS, checked, taken
from organisation.models import Import, Tree, Unit
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
State = Import.State


@pytest.fixture
def office() -> Unit:
    return UnitFactory(slug="letters-office", name="Letters and e-mail", external_reference="LO-1")


def test_a_manager_cannot_add_units(office: Unit) -> None:
    InstallationFactory()
    content = (EXCERPTS / "canada_service_standards.csv").read_bytes()
    import_ = checked(content, CANADA, by=person_in(office, "manager"))
    assert (import_.counts["bad.unit"], import_.counts.get("made.units")) == (13, None)


def test_an_excerpt_of_the_canadian_file_brings_units_standards_measures_and_goals() -> None:
    """Source: open data of the Government of Canada (open-data/service-inventory-etl), 14 rows."""
    InstallationFactory()
    import_ = taken((EXCERPTS / "canada_service_standards.csv").read_bytes(), CANADA, skip_bad=True)
    assert import_.counts == {
        "rows": 14,
        "taken": 11,
        "not_tracked": 2,
        "bad": 1,
        "bad.met_over_total": 1,
        "note.target_zero": 1,
        "note.target_other_type": 1,
        "note.told_apart": 3,
        "made.units": 5,
        "made.standards": 13,
        "made.measures": 13,
        "made.goals": 11,
    }
    farm = Unit.objects.get(slug="agriculture-and-agri-food-canada")
    assert (farm.timezone, farm.archived_at) == ("America/Toronto", None)
    assert Tree.on(date(2017, 5, 1)).path(farm.pk)[0] == Unit.objects.get(slug="harbour-city").pk
    standard = Standard.objects.active().get(external_reference="135/572")
    assert standard.text("en").promise.startswith("Farm Debt Mediation Service: Our goal is to have all")
    assert standard.text("fr").promise.startswith("Service de médiation")
    result = RecordedResult.objects.countable().get(measure__standard=standard)
    assert (result.met, result.total, result.start, result.end) == (
        198,
        204,
        date(2017, 4, 1),
        date(2018, 4, 1),
    )
    measure = Measure.objects.active().get(standard=standard)
    assert (measure.name, measure.is_full_count) == ("Farm Debt Mediation Service: all channels", True)
    assert measure.goals.get().target == 80
    counts = RecordedResults().pooled([measure.pk], [farm.pk], date(2017, 4, 1), date(2018, 4, 1))
    assert (counts[measure.pk][1].n, counts[measure.pk][1].high) == (204, 198)


def test_one_reference_with_two_promises_in_a_year_makes_two_standards() -> None:
    InstallationFactory()
    taken((EXCERPTS / "canada_service_standards.csv").read_bytes(), CANADA, skip_bad=True)
    found = Standard.objects.active().filter(external_reference__startswith="938/728/")
    assert found.count() == 3
    assert RecordedResult.objects.countable().filter(measure__standard__in=found).count() == 3


def test_the_next_years_file_finds_the_standards_of_the_first() -> None:
    InstallationFactory()
    content = (EXCERPTS / "canada_service_standards.csv").read_text(encoding="utf-8-sig")
    header, *lines = content.splitlines()
    farm = [line for line in lines if "Farm Debt" in line]
    taken("\n".join([header, *farm]), CANADA)
    before = (Unit.objects.count(), Standard.objects.count(), Measure.objects.count())
    import_ = taken("\n".join([header, *farm]).replace("2017-2018", "2020-2021"), CANADA)
    assert (import_.state, import_.counts["taken"]) == (State.DONE, len(farm))
    assert (Unit.objects.count(), Standard.objects.count(), Measure.objects.count()) == before


def test_what_is_being_staged_is_out_of_sight(monkeypatch: Any) -> None:
    InstallationFactory()

    def look(*args: Any) -> None:
        import_staging.stage_results(*args)
        for model in (Unit, Standard, Measure):
            assert model.objects.active().count() == (1 if model is Unit else 0)
            assert model.objects.count() > 4

    monkeypatch.setattr(results_intake, "stage_results", look)
    taken((EXCERPTS / "canada_service_standards.csv").read_bytes(), CANADA, skip_bad=True)
    assert Standard.objects.active().count() == 13


def test_undo_archives_what_only_the_file_brought_and_leaves_what_is_in_use(now: Any) -> None:
    InstallationFactory()
    import_ = taken((EXCERPTS / "canada_service_standards.csv").read_bytes(), CANADA, skip_bad=True)
    used = Measure.objects.active().get(standard__external_reference="135/572")
    RecordedResultFactory(
        measure=used, unit=used.standard.charter.unit, start=date(2026, 1, 1), end=date(2026, 2, 1)
    )
    actions.undo_import(import_, by=person_in(Unit.objects.get(slug="harbour-city"), "administrator"), at=now)
    assert list(Measure.objects.active()) == [used]
    assert list(Standard.objects.active()) == [used.standard]


def test_too_many_new_units_point_to_a_wrong_column(monkeypatch: Any) -> None:
    from charter.imports import directory

    InstallationFactory()
    monkeypatch.setattr(directory, "MOST_NEW_UNITS", 3)
    import_ = checked((EXCERPTS / "canada_service_standards.csv").read_bytes(), CANADA)
    assert import_.state == State.FAILED
    assert "more than 3 units" in import_.message
