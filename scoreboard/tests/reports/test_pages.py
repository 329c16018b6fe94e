"""Reports as pages, as PDF and as workbooks."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from organisation.tests.factories import person_in
from scoreboard.actions import reports
from scoreboard.tests.reports.given import AT, OCTOBER, made, text_of

pytestmark = pytest.mark.django_db


def test_a_finished_report_is_for_everybody_and_a_draft_for_those_who_manage(draft, root, client):
    client.force_login(person_in(root, "staff"))
    assert client.get(draft.get_absolute_url()).status_code == 404
    report = made(draft)
    html = client.get(report.get_absolute_url()).content.decode()
    for words in ("Harbour branch, October 2026", "too close to call", "+22", report.reference):
        assert words in html
    assert client.post(f"{report.get_absolute_url()}archive/").status_code == 403


def test_the_list_is_searched_filtered_exported_and_has_an_archive(draft, manager, client):
    client.force_login(manager)
    report = made(draft)
    assert "October 2026" in client.get("/reports/", {"q": "HARBOUR"}).content.decode()
    assert "Nothing matches" in client.get("/reports/", {"kind": "annual"}).content.decode()
    lines = b"".join(client.get("/reports/", {"export": "csv"}).streaming_content).splitlines()
    assert len(lines) == 2
    client.post(f"{report.get_absolute_url()}archive/")
    assert "There is no report yet" in client.get("/reports/").content.decode()
    assert "October 2026" in client.get("/reports/", {"state": "archived"}).content.decode()
    assert client.get(report.get_absolute_url()).status_code == 200
    client.post(f"{report.get_absolute_url()}restore/")
    assert "October 2026" in client.get("/reports/").content.decode()


def test_an_archived_report_does_not_come_back_beside_another_of_its_period(draft, branch, manager):
    report = made(draft)
    assert reports.archive_report(report, by=manager)
    other = reports.begin_report(unit=branch, period=OCTOBER, by=manager, at=AT)
    assert other != report
    assert not reports.restore_report(report, by=manager)


def test_the_pdf_is_tagged_and_says_how_to_cite_it(draft, client, manager):
    client.force_login(manager)
    report = made(draft)
    response = client.get(f"{report.get_absolute_url()}report.pdf")
    reader = PdfReader(io.BytesIO(response.content))
    assert bool(reader.root_object["/MarkInfo"]["/Marked"])
    assert reader.metadata.title == "Monthly report: Harbour branch, October 2026"
    assert report.reference in text_of(report)
    assert "inline" in response["Content-Disposition"]


def test_the_workbook_holds_the_unrounded_figures(draft, client, manager):
    client.force_login(manager)
    report = made(draft)
    response = client.get(f"{report.get_absolute_url()}report.xlsx")
    sheet = load_workbook(io.BytesIO(response.content))["Figures"]
    cells = dict(zip((cell.value for cell in sheet[1]), (cell.value for cell in sheet[2]), strict=True))
    assert cells["Lower bound"] == pytest.approx(87.523, abs=0.001)
    assert cells["Verdict"] == "too close to call"


def test_a_form_without_a_period_is_refused_with_its_reason(manager, client):
    client.force_login(manager)
    response = client.post("/reports/add/", {"unit": "harbour-branch", "period": "2099-01"})
    assert response.status_code == 422
    assert "Select a valid choice" in response.content.decode()


def test_a_month_that_has_its_report_already_says_since_when(draft, branch, manager, client, monkeypatch):
    monkeypatch.setattr(
        "scoreboard.views.reports.timezone", SimpleNamespace(now=lambda: AT + timedelta(hours=1))
    )
    client.force_login(manager)
    asked = {"unit": branch.slug, "period": "2026-10"}
    page = client.post("/reports/add/", asked, follow=True)
    assert "This report has been here since 18 November 2026" in " ".join(page.text.split())
