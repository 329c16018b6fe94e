"""The large table of people and courses: made in the background, for who asked for it."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from organisation.actions.jobs import run_due_jobs
from organisation.models import Attachment, Job
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.matrix_job import make_export
from training.models import MatrixExport
from training.tests.factories import a_course, an_assignment
from training.views import matrix

pytestmark = pytest.mark.django_db

MATRIX = reverse("training:matrix")
EXPORT = reverse("training:matrix_export")


@pytest.fixture
def branch():
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=InstallationFactory().root)


@pytest.fixture
def manager(client, branch):
    manager = person_in(branch, "manager", "middle", name="Marek Novak")
    client.force_login(manager)
    return manager


@pytest.fixture
def course(branch):
    course = a_course(unit=branch, questions=0)
    an_assignment(course, person_in(branch, name="Sofia Reyes"))
    return course


def names_in(response):
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


def make(client, query=""):
    client.post(EXPORT + query)
    run_due_jobs(at=timezone.now())
    return MatrixExport.objects.latest("pk")


def test_a_large_workbook_is_offered_as_work_with_its_filters(client, manager, course, monkeypatch):
    monkeypatch.setattr(matrix, "MOST_CELLS_AT_ONCE", 0)
    page = client.get(MATRIX, {"export": "xlsx", "q": "sofia", "sort": "-name", "page": "2"})
    assert page.status_code == 200
    assert f'action="{EXPORT}?q=sofia&amp;sort=-name"' in page.text
    assert not Job.objects.exists()
    assert client.get(MATRIX, {"export": "csv"})["Content-Type"].startswith("text/csv")


def test_the_job_makes_what_the_filters_show_and_tells_how_far_it_is(client, manager, course):
    started = client.post(f"{EXPORT}?q=sofia&export=xlsx&page=2")
    job = Job.objects.get()
    assert started["Location"] == reverse("organisation:job_detail", args=[job.reference])
    run_due_jobs(at=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 1, 1)
    export = MatrixExport.objects.get()
    assert export.query == "q=sofia"
    assert export.get_absolute_url() in client.get(started["Location"]).text
    assert names_in(client.get(export.get_absolute_url())) == ["Sofia Reyes"]


def test_only_who_asked_fetches_the_file(client, manager, course, branch):
    export = make(client)
    client.force_login(person_in(branch, "manager", "middle"))
    assert client.get(export.get_absolute_url()).status_code == 404


def test_the_next_file_takes_the_place_of_the_one_before(client, manager, course):
    first = make(client)
    second = make(client)
    gone = client.get(first.get_absolute_url(), follow=True)
    assert "A later workbook has taken the place of this one." in gone.text
    assert client.get(second.get_absolute_url()).status_code == 200
    assert Attachment.objects.count() == 1


def test_before_it_is_made_the_file_leads_to_how_far_it_is(client, manager, course):
    started = client.post(EXPORT)
    early = client.get(MatrixExport.objects.get().get_absolute_url())
    assert early["Location"] == started["Location"]


def test_a_job_that_was_broken_off_makes_the_file_anew(client, manager, course):
    export = make(client)
    make_export(Job.objects.get(), lambda done, total: None)
    export.refresh_from_db()
    assert Attachment.objects.get() == export.file
    assert "Sofia Reyes" in names_in(client.get(export.get_absolute_url()))


def test_what_the_person_may_see_is_asked_again_when_the_job_runs(client, manager, course):
    client.post(EXPORT)
    manager.memberships.update(role="staff")
    run_due_jobs(at=timezone.now())
    export = MatrixExport.objects.get()
    sheet = load_workbook(export.file.file).active
    assert sheet.max_row == 1


def test_filters_that_make_no_sense_begin_nothing(client, manager, course):
    assert client.post(f"{EXPORT}?state=flying").status_code == 422
    assert not Job.objects.exists()
