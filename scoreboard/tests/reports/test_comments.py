"""Comments in reports: chosen, without personal data, and gone once they are erased."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from feedback.actions.erase import erase_response
from feedback.actions.inbox import mark_as_spam
from feedback.models import Person
from organisation.tests.factories import UnitFactory
from scoreboard.actions import reports
from scoreboard.models import ReportComment
from scoreboard.reports import reading, sheets
from scoreboard.tests.reports.given import HOSTILE, choose, comment, made, text_of

pytestmark = pytest.mark.django_db


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
