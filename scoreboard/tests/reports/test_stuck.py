"""A report whose making had to be given up is not lost to its manager."""

from datetime import timedelta

import pytest

from organisation.actions.jobs import retry_job, run_due_jobs
from organisation.models import Job
from scoreboard.actions import reports
from scoreboard.models import Report
from scoreboard.tests.reports.given import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def stuck(draft, manager):
    """A report whose job was parked after its five attempts."""
    reports.ask_for_report(draft, by=manager, at=AT)
    Job.objects.update(state=Job.State.PARKED, attempts=5)
    return Report.objects.get()


def test_it_can_be_asked_for_again_once(stuck, manager):
    assert reports.ask_for_report(stuck, by=manager, at=AT) is not None
    assert reports.ask_for_report(stuck, by=manager, at=AT) is None
    run_due_jobs(at=AT)
    assert Report.objects.get().is_finished


def test_it_can_be_archived_and_is_not_made_behind_its_manager_s_back(stuck, manager):
    assert reports.archive_report(stuck, by=manager, at=AT)
    retry_job(Job.objects.get(), by=manager, at=AT)
    run_due_jobs(at=AT + timedelta(minutes=1))
    assert Report.objects.get().is_draft


def test_while_it_is_being_made_it_cannot_be_archived(draft, manager):
    reports.ask_for_report(draft, by=manager, at=AT)
    assert not reports.archive_report(draft, by=manager, at=AT)


def test_its_page_says_so_and_offers_both(stuck, manager, client):
    client.force_login(manager)
    html = client.get(stuck.get_absolute_url()).content.decode()
    assert "could not be made" in html
    assert f"{stuck.get_absolute_url()}make/" in html
    assert f"{stuck.get_absolute_url()}archive/" in html


def test_the_page_of_one_that_is_being_made_offers_neither(draft, manager, client):
    reports.ask_for_report(draft, by=manager, at=AT)
    client.force_login(manager)
    html = client.get(draft.get_absolute_url()).content.decode()
    assert "is being made" in html
    assert "archive/" not in html
