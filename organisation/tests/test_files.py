"""Files that nothing leads to go after a day; every other one stays."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from organisation.actions.files import delete_forgotten_files
from organisation.models import Attachment, Import, Installation
from organisation.tests.factories import InstallationFactory

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


@pytest.fixture
def stored(settings, tmp_path):
    """Keeps a file, in a folder of the test's own."""
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": place}

    def _stored(name):
        return Attachment.store(ContentFile(b"what it holds"), name=name, content_type="text/plain")

    return _stored


def test_what_nothing_leads_to_goes_with_its_file_after_a_day(stored):
    lost = stored("lost.txt")
    assert delete_forgotten_files(at=lost.created_at + DAY - timedelta(minutes=1)) == 0
    assert default_storage.exists(lost.file.name)
    assert delete_forgotten_files(at=lost.created_at + DAY + timedelta(minutes=1)) == 1
    assert not Attachment.objects.exists()
    assert not default_storage.exists(lost.file.name)


def test_what_some_row_leads_to_stays(stored):
    InstallationFactory()
    logo, sent, bad_rows = stored("logo"), stored("sent.csv"), stored("bad.csv")
    Installation.objects.update(logo=logo)
    Import.objects.create(kind="cards", file=sent, bad_rows=bad_rows)
    assert delete_forgotten_files(at=logo.created_at + 30 * DAY) == 0
    assert Attachment.objects.count() == 3
    assert all(default_storage.exists(each.file.name) for each in (logo, sent, bad_rows))


def test_a_file_whose_row_was_taken_back_goes_too(stored):
    InstallationFactory()
    logo, taken_back = stored("logo"), stored("taken-back")
    Installation.objects.update(logo=logo)
    taken_back.delete()
    now = timezone.now()
    assert delete_forgotten_files(at=now + DAY / 2) == 0
    assert delete_forgotten_files(at=now + 2 * DAY) == 1
    assert not default_storage.exists(taken_back.file.name)
    assert default_storage.exists(logo.file.name)


def test_one_that_cannot_be_deleted_stops_no_other(stored, monkeypatch):
    first, second = stored("first"), stored("second")
    plain = Attachment.delete

    def _delete(self, *args, **kwargs):
        if self.pk == first.pk:
            raise OSError
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(Attachment, "delete", _delete)
    assert delete_forgotten_files(at=second.created_at + 2 * DAY) == 1
    assert [each.pk for each in Attachment.objects.all()] == [first.pk]
    assert os.path.exists(first.file.path)
