"""Reports are begun once, made once, and frozen; the month without data, the moved unit."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from charter.tests.factories import MeasureFactory
from common import volumes
from common.period import Period
from organisation.models import Installation, Job, UnitPlacement
from organisation.tests.factories import UnitFactory
from scoreboard.actions import reports
from scoreboard.models import MonthlyTally, Report
from scoreboard.reports import sections
from scoreboard.reports.periods import kind_of, offered
from scoreboard.reports.reading import citation_of
from scoreboard.tests.factories import tally
from scoreboard.tests.reports.given import AT, OCTOBER, comment, made, text_of

pytestmark = pytest.mark.django_db


def test_a_report_asked_for_twice_is_one_report(branch, manager, figures):
    first, second = (
        reports.begin_report(unit=branch, period=OCTOBER, by=manager, at=AT) for _turn in range(2)
    )
    assert first == second
    assert [event.what for event in first.events.all()] == ["begun"]


def test_of_two_at_once_the_database_keeps_one(branch, manager, draft, monkeypatch):
    """As if the other had begun between the look and the writing."""
    from django.db.models.query import QuerySet

    monkeypatch.setattr(QuerySet, "first", lambda self: None)
    assert reports.begin_report(unit=branch, period=OCTOBER, by=manager, at=AT) == draft


@pytest.mark.parametrize("code", ["2026-11", "2026-10-01..2026-10-15", "2026", "2026-09-01..2026-10-31"])
def test_only_months_quarters_and_years_that_are_over_have_reports(branch, manager, code):
    with pytest.raises(ValidationError):
        reports.begin_report(unit=branch, period=Period.parse(code), by=manager, at=AT)


def test_the_periods_offered_are_over_and_each_has_a_kind():
    periods = [Period.parse(code) for code, _words in offered(date(2026, 1, 31))]
    assert {kind_of(period) for period in periods} == {"monthly", "quarterly", "annual"}
    assert periods[0].code == "2025-12"
    assert all(period.end <= date(2026, 1, 31) for period in periods)


def test_every_figure_is_frozen_as_printed_and_unrounded(draft):
    [row] = made(draft).snapshot.content["measures"]
    assert (row["n"], row["value"], row["goal"], row["verdict"]) == (100, 94.0, 90.0, "unsure")
    assert row["low"] == pytest.approx(87.52, abs=0.01)
    assert row["change"]["difference"] == pytest.approx(22.125)
    assert row["printed"]["value"] == "94 %"
    assert row["printed"]["interval"] == "88 to 97"
    assert row["printed"]["verdict"] == "too close to call"


def test_a_later_correction_changes_nothing_in_the_report_and_the_page_says_so(draft, client, manager):
    report = made(draft)
    MonthlyTally.objects.filter(month=date(2026, 10, 1)).update(high=80, total=80)
    client.force_login(manager)
    html = client.get(report.get_absolute_url()).content.decode()
    assert "94 %" in html
    assert "Today: 80 % from 100 answers." in html
    assert "Answers or results have been corrected since" in html


def test_a_snapshot_cannot_be_written_over(draft):
    snapshot = made(draft).snapshot
    with pytest.raises(TypeError):
        snapshot.save()


def test_made_by_two_at_once_it_is_made_once(draft):
    reports.ask_for_report(draft, by=None, at=AT)
    one, other = Report.objects.get(), Report.objects.get()
    reports.make_report(one, at=AT)
    reports.make_report(other, at=AT)
    assert [event.what for event in draft.events.all()] == ["begun", "asked", "made"]


def test_asked_for_twice_it_is_one_piece_of_work(draft, manager):
    assert reports.ask_for_report(draft, by=manager, at=AT) is not None
    assert reports.ask_for_report(draft, by=manager, at=AT) is None
    assert Job.objects.filter(kind="scoreboard.report").count() == 1


def test_a_month_without_data_says_so_and_can_be_printed(branch, manager, measure):
    report = made(reports.begin_report(unit=branch, period=OCTOBER, by=manager, at=AT))
    [row] = report.snapshot.content["measures"]
    assert (row["n"], row["value"], row["verdict"]) == (0, None, "too_few")
    assert "not enough" in text_of(report)


def test_a_unit_without_any_standard_has_a_report_that_says_so(root, manager):
    lonely = UnitFactory(name="Archive", parent=root)
    report = made(reports.begin_report(unit=lonely, period=OCTOBER, by=None, at=AT))
    assert "No standard was measured here in this period." in text_of(report)


def test_the_organisation_s_own_report_is_cited_with_its_name_once(root, figures, manager):
    root.name = Installation.current().name
    root.save()
    report = made(reports.begin_report(unit=root, period=OCTOBER, by=None, at=AT))
    citation = citation_of(report, report.snapshot.content)
    assert citation.startswith(f"{root.name}: monthly report")


def test_a_unit_that_moved_in_the_period_is_named_where_it_stood(root, branch, figures, manager):
    north = UnitFactory(name="North", slug="north", parent=root)
    UnitPlacement.objects.create(unit=branch, parent=north, starts_on=date(2026, 10, 1))
    quarter = Period.parse("2026-Q3")
    report = made(reports.begin_report(unit=north, period=OCTOBER, by=None, at=AT))
    before = made(reports.begin_report(unit=north, period=quarter, by=None, at=AT))
    assert report.snapshot.content["units_below"] == ["Harbour branch"]
    assert before.snapshot.content["units_below"] == []
    assert report.snapshot.content["measures"][0]["n"] == 100


def test_a_report_of_a_unit_archived_later_stays_readable(draft, branch, client, manager):
    report = made(draft)
    branch.archived_at = AT
    branch.save()
    client.force_login(manager)
    assert client.get(report.get_absolute_url()).status_code == 200


def test_what_was_unusual_in_the_period_stands_in_it(branch, manager, measure):
    for month in range(1, 10):
        tally(measure, branch, date(2026, month, 10), 74 + month % 3, 100)
    tally(measure, branch, date(2026, 10, 10), 40, 100)
    report = made(reports.begin_report(unit=branch, period=OCTOBER, by=manager, at=AT))
    assert "below its usual range" in text_of(report)


def test_the_response_rate_is_named_where_customers_were_counted(draft, branch, monkeypatch):
    comment(branch, "Fine")
    assert "not known" in made(draft).snapshot.content["responses"]["printed"]
    monkeypatch.setattr(volumes, "_volumes", [])
    volumes.register_volume(lambda units, start, end: {(branch.pk, date(2026, 9, 1)): 20})
    again = reports.begin_report(unit=branch, period=Period.parse("2026-Q3"), by=None, at=AT)
    comment(branch, "Fine", day=date(2026, 9, 1))
    responses = made(again).snapshot.content["responses"]
    assert (responses["n"], responses["expected"]) == (1, 20)
    assert responses["printed"] == "1 response from 20 customers served: 5.0 %."


def test_higher_rooms_add_sections_and_without_them_nothing_is_shown(draft, branch, monkeypatch):
    monkeypatch.setattr(sections, "_builds", [])
    sections.register_report_section(20, lambda unit, period: None)
    sections.register_report_section(
        10,
        lambda unit, period: sections.Section(
            f"Actions of {unit}", ["Two were done."], ["Action", "Result"], [["New sign", "+12"]]
        ),
    )
    report = made(draft)
    assert [each["title"] for each in report.snapshot.content["sections"]] == ["Actions of Harbour branch"]
    assert "New sign" in text_of(report)


def test_twenty_measures_cost_no_more_queries_than_two(draft, measure, branch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as captured:
            reports.content_of(draft, at=AT)
        return len(captured)

    tally(MeasureFactory(standard=measure.standard, goal=90), branch, date(2026, 10, 10), 9, 10)
    few = cost()
    for _number in range(18):
        tally(MeasureFactory(standard=measure.standard, goal=90), branch, date(2026, 10, 10), 9, 10)
    assert cost() == few
