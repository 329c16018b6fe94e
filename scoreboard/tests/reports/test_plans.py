"""Reports that come by themselves, and who is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.query import QuerySet

from organisation.models import OutgoingMail
from organisation.tests.factories import UnitFactory, person_in
from scoreboard.actions import reports
from scoreboard.models import Report, ReportPlan
from scoreboard.reports import reading
from scoreboard.tests.reports.given import AT, OCTOBER, choose, comment, made, plan

pytestmark = pytest.mark.django_db


def test_on_the_third_a_unit_gets_its_report_once_whoever_asks(branch, manager, figures):
    plan(branch, manager, monthly=True)
    second, third = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (2, 3))
    assert reports.make_due_reports(at=second) == 0
    assert [reports.make_due_reports(at=third), reports.make_due_reports(at=third)] == [1, 0]
    assert Report.objects.get().period == OCTOBER
    assert reports.make_due_reports(at=third + timedelta(days=20)) == 0


def test_in_january_the_quarter_and_the_year_are_due_too(branch):
    plan(branch, monthly=True, quarterly=True, annual=True)
    assert reports.make_due_reports(at=datetime(2027, 1, 3, 12, tzinfo=UTC)) == 3
    assert sorted(report.period.code for report in Report.objects.all()) == ["2026", "2026-12", "2026-Q4"]


def test_what_a_manager_has_prepared_is_made_as_it_stands(branch, manager, draft):
    choose(draft, manager, comment(branch, "Well done"))
    plan(branch, monthly=True)
    reports.make_due_reports(at=AT)
    report = Report.objects.get()
    assert report.state == "making"
    reports.make_report(report, at=AT)
    assert [each.text for each in reading.comments_of(report)] == ["Well done"]


def test_who_reads_it_gets_a_letter_with_the_link(branch, manager, draft):
    gone = person_in(branch, "staff", is_active=False)
    plan(branch, manager, gone, monthly=True)
    report = made(draft)
    letter = OutgoingMail.objects.get()
    assert letter.to == "manager@example.org"
    assert letter.subject == "Monthly report: Harbour branch, October 2026"
    assert report.get_absolute_url() in letter.body


def test_an_archived_unit_gets_no_more_reports(branch):
    plan(branch, monthly=True)
    branch.archived_at = AT
    branch.save()
    assert reports.make_due_reports(at=AT) == 0


def test_a_plan_offers_the_people_whom_the_manager_sees(manager, branch, root, client):
    stranger = person_in(UnitFactory(parent=root), "staff", name="Stranger")
    client.force_login(manager)
    assert "Stranger" not in client.get("/reports/plans/harbour-branch/").content.decode()
    data = {"monthly": "on", "readers": [stranger.pk]}
    assert client.post("/reports/plans/harbour-branch/", data).status_code == 422
    assert not ReportPlan.objects.exists()
    client.post("/reports/plans/harbour-branch/", {"monthly": "on", "readers": [manager.pk]})
    assert "every month" in client.get("/reports/plans/").content.decode()


def test_saving_a_plan_keeps_the_readers_whom_the_manager_cannot_see(manager, branch, root, client):
    away = UnitFactory(parent=root)
    chosen = person_in(away, "staff", name="Chosen elsewhere")
    gone = person_in(branch, "staff", name="Chosen and gone", is_active=False)
    plan(branch, chosen, gone)
    client.force_login(manager)
    html = client.get("/reports/plans/harbour-branch/").content.decode()
    assert "Chosen elsewhere" in html
    data = {"monthly": "on", "readers": [chosen.pk, gone.pk, manager.pk]}
    assert client.post("/reports/plans/harbour-branch/", data).status_code == 302
    assert set(ReportPlan.objects.get().readers.all()) == {chosen, gone, manager}


def test_the_first_plan_of_a_unit_saved_by_two_at_once_is_one_plan(manager, branch, client, monkeypatch):
    """As if the other had saved between the look and the writing."""
    plan(branch)
    monkeypatch.setattr(QuerySet, "first", lambda self: None)
    client.force_login(manager)
    assert client.post("/reports/plans/harbour-branch/", {"monthly": "on"}).status_code == 302
    assert ReportPlan.objects.get().monthly


def test_the_last_three_reports_missed_while_nothing_ran_are_caught_up(branch):
    plan(branch, monthly=True, quarterly=True)
    assert reports.make_due_reports(at=datetime(2026, 7, 3, 12, tzinfo=UTC)) == 2
    assert reports.make_due_reports(at=datetime(2026, 11, 18, 12, tzinfo=UTC)) == 4
    assert reports.make_due_reports(at=AT) == 0
    codes = [report.period.code for report in Report.objects.order_by("start", "end")]
    assert codes == ["2026-Q2", "2026-06", "2026-Q3", "2026-08", "2026-09", "2026-10"]


def test_a_plan_begins_with_the_last_period_and_not_with_years_of_them(branch):
    plan(branch, monthly=True, quarterly=True, annual=True)
    assert reports.make_due_reports(at=AT) == 1
    assert Report.objects.get().period == OCTOBER
