"""Reports: frozen, printed, cited; the month without data, the moved unit, the hostile comment."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook
from pypdf import PdfReader

from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from common import volumes
from common.period import Period
from feedback.actions.erase import erase_response
from feedback.actions.inbox import mark_as_spam
from feedback.models import Person
from feedback.tests.factories import (
    CollectorFactory,
    QuestionFactory,
    ResponseFactory,
    VersionFactory,
    answer,
)
from organisation.models import Job, OutgoingMail, UnitPlacement
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.actions import reports
from scoreboard.models import MonthlyTally, Report, ReportComment, ReportPlan
from scoreboard.reports import printing, reading, sections, sheets
from scoreboard.reports.periods import kind_of, offered
from scoreboard.tests.factories import tally

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
OCTOBER = Period.parse("2026-10")
HOSTILE = '=cmd|" /C calc"!A0 #panic("x") <script>alert(1)</script> 😀 漢字'


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def measure(root):
    standard = StandardFactory(charter=CharterFactory(unit=root), key="next-step")
    return MeasureFactory(standard=standard, key="next-step-yes", name="Knows what happens next", goal=90)


@pytest.fixture
def manager(branch):
    return person_in(branch, "manager", email="manager@example.org")


@pytest.fixture
def figures(measure, branch):
    tally(measure, branch, date(2026, 9, 10), 46, 64)
    tally(measure, branch, date(2026, 10, 10), 94, 100)


@pytest.fixture
def draft(branch, manager, figures):
    return reports.begin_report(unit=branch, period=OCTOBER, by=manager, at=AT)


def comment(unit, text, day=date(2026, 10, 12), **kwargs):
    place = CollectorFactory(unit=unit)
    question = QuestionFactory(
        version=VersionFactory(questionnaire=place.questionnaire),
        kind="text",
        scale_low=None,
        scale_high=None,
    )
    response = ResponseFactory(
        collector=place, version=question.version, service_date=day, has_comment=True, **kwargs
    )
    answer(response, question, None, text=text)
    return response


def choose(report, manager, *responses):
    references = [response.reference for response in responses]
    return reports.choose_comments(report, shown=references, chosen=references, by=manager)


def made(report, at=AT):
    reports.ask_for_report(report, by=None, at=at)
    report.refresh_from_db()
    reports.make_report(report, at=at)
    return Report.objects.get(pk=report.pk)


def text_of(report):
    reader = PdfReader(io.BytesIO(printing.pdf_of(report, report.snapshot.content)))
    return "\n".join(page.extract_text() for page in reader.pages)


# ---------------------------------------------------------------- beginning


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


# ------------------------------------------------------------------- making


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
    volumes.register_volume(lambda units, start, end: 20)
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


# ----------------------------------------------------------------- comments


def test_chosen_comments_are_printed_without_personal_data(draft, branch, manager):
    response = comment(branch, "Ann Miller here, call 020 7946 0123 or ann@example.org. Thanks!")
    Person.objects.create(response=response, name="Ann Miller", purpose="answer", keep_until=date(2027, 1, 1))
    choose(draft, manager, response)
    text = text_of(made(draft))
    assert "Thanks!" in text
    for word in ("Ann", "Miller", "7946", "ann@example.org"):
        assert word not in text


def test_a_hostile_comment_with_emoji_is_printed_as_words(draft, branch, manager):
    choose(draft, manager, comment(branch, HOSTILE))
    report = made(draft)
    text = text_of(report)
    assert '#panic("x") <script>alert(1)</script> □ □□' in text
    assert "cannot print" in text
    book = load_workbook(io.BytesIO(sheets.workbook_of(report, report.snapshot.content)))
    assert book["Comments"]["C2"].value.startswith("'=cmd")


def test_a_comment_erased_by_its_customer_leaves_the_report(draft, branch, manager):
    response = comment(branch, "I am the only one who said this")
    choose(draft, manager, response)
    report = made(draft)
    erase_response(response)
    assert reading.comments_of(report) == []
    assert reports.forget_erased_comments() == 1
    assert ReportComment.objects.get().text == ""


def test_what_is_marked_as_spam_before_the_making_is_left_out(draft, branch, manager):
    response = comment(branch, "Buy now")
    choose(draft, manager, response)
    mark_as_spam(response=response, by=manager)
    assert made(draft).comments.count() == 0


def test_comments_of_other_units_and_other_days_cannot_be_chosen(draft, root, branch, manager):
    elsewhere = comment(UnitFactory(parent=root), "Elsewhere")
    earlier = comment(branch, "Earlier", day=date(2026, 9, 30))
    assert choose(draft, manager, elsewhere, earlier) == 0


def test_a_choice_on_one_page_leaves_the_other_pages_alone(draft, branch, manager):
    first, second = comment(branch, "One"), comment(branch, "Two")
    choose(draft, manager, first)
    choose(draft, manager, second)
    assert draft.comments.count() == 2
    reports.choose_comments(draft, shown=[first.reference], chosen=[], by=manager)
    assert [each.response for each in draft.comments.all()] == [second]


def test_more_comments_than_a_report_holds_are_refused_and_nothing_changes(draft, branch, manager, client):
    responses = [comment(branch, f"Comment {number}") for number in range(13)]
    client.force_login(manager)
    references = [response.reference for response in responses]
    answered = client.post(
        f"{draft.get_absolute_url()}comments/", {"shown": references, "chosen": references}
    )
    assert answered.status_code == 422
    assert "at most 12 comments" in answered.content.decode()
    assert answered.content.decode().count(" checked") == 13
    assert draft.comments.count() == 0


def test_once_it_is_made_no_comment_is_added(draft, branch, manager):
    report = made(draft)
    with pytest.raises(reports.NotADraft):
        choose(report, manager, comment(branch, "Late"))


# ------------------------------------------------------------- by themselves


def plan(unit, *readers, **kinds):
    found = ReportPlan.objects.create(unit=unit, **kinds)
    found.readers.set(readers)
    return found


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


# -------------------------------------------------------------------- pages


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


def test_a_plan_offers_the_people_whom_the_manager_sees(manager, branch, root, client):
    stranger = person_in(UnitFactory(parent=root), "staff", name="Stranger")
    client.force_login(manager)
    assert "Stranger" not in client.get("/reports/plans/harbour-branch/").content.decode()
    data = {"monthly": "on", "readers": [stranger.pk]}
    assert client.post("/reports/plans/harbour-branch/", data).status_code == 422
    client.post("/reports/plans/harbour-branch/", {"monthly": "on", "readers": [manager.pk]})
    assert "every month" in client.get("/reports/plans/").content.decode()
