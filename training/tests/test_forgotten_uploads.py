"""What was sent to be looked at and never taken in, and the file of a lesson whose save met another one."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from organisation.actions.files import forgotten_attachments
from organisation.models import Attachment, Import
from training.actions.uploads import forget_uploads
from training.models import CoursePicture, Lesson
from training.tests.factories import a_course

pytestmark = pytest.mark.django_db

State = Import.State


def kept(name="file.pdf"):
    return Attachment.store(ContentFile(b"%PDF-1.7"), name=name, content_type="application/pdf")


def an_upload(kind, by, **fields):
    return Import.objects.create(kind=kind, file=kept(), created_by=by, **fields)


def test_uploads_that_were_not_taken_in_are_forgotten_after_a_day(manager, now):
    old, new = now - timedelta(days=2), now - timedelta(hours=3)
    an_upload("course", manager, created_at=old)
    an_upload("course", manager, created_at=old, state=State.DONE)
    an_upload("questions", manager, created_at=old)
    staying = [
        an_upload("course", manager, created_at=new),
        an_upload("questions", manager, created_at=old, state=State.DONE),
        an_upload("cards", manager, created_at=old),
    ]
    assert forget_uploads(at=now) == 3
    assert list(Import.objects.order_by("pk")) == staying
    left = forgotten_attachments(timezone.now() + timedelta(days=2))
    assert left.count() == 3
    assert not left.filter(pk__in=[each.file_id for each in staying]).exists()


def test_an_archive_that_is_gone_is_asked_for_again(client, manager, unit):
    upload = an_upload("course", manager)
    forget_uploads(at=upload.created_at + timedelta(days=2))
    page = client.post(reverse("training:course_import"), {"upload": upload.reference, "unit": unit.slug})
    assert page.status_code == 422
    assert "Please choose it again." in page.content.decode()


def test_only_the_file_of_a_lesson_whose_save_was_refused_is_forgotten(client, manager, unit):
    course = a_course(unit=unit, lessons=("download",), questions=0)
    picture = CoursePicture.objects.create(course=course, file=kept("picture.png"))
    shown = kept("shown.pdf")
    Lesson.objects.update(file=shown)
    told = {"title": "Checklist", "minutes": 5, "body": "", "version": "another"}
    file = SimpleUploadedFile("typed.pdf", b"%PDF-1.7 typed", "application/pdf")
    page = client.post(
        reverse("training:lesson_edit", args=[course.key, "download-1"]), told | {"new_file": file}
    )
    assert page.status_code == 409
    [lost] = forgotten_attachments(timezone.now() + timedelta(days=2))
    assert lost.name == "typed.pdf"
    staying = Attachment.objects.exclude(pk=lost.pk).values_list("pk", flat=True)
    assert set(staying) == {shown.pk, picture.file_id}
