"""The pages on which courses are prepared ask the database as often for twenty rows as for two."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter.tests.factories import CharterFactory
from organisation.models import Attachment, Import
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.courses import open_draft
from training.actions.import_questions import KIND
from training.models import CoursePicture, Preparation, PreparedQuestion
from training.tests.editions import content, publish
from training.tests.factories import a_course, a_lesson

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
FEW, MANY = 2, 20


@pytest.fixture
def unit(client):
    unit = UnitFactory(parent=InstallationFactory().root)
    client.force_login(person_in(unit, "manager", "middle"))
    return unit


def asked(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def url(name, *args):
    return reverse(f"training:{name}", args=args)


def test_the_pictures_of_a_course(client, unit):
    course, counts = a_course(unit=unit), []
    for number in (FEW, MANY - FEW):
        for each in range(number):
            file = ContentFile(b"x", name=f"{each}.png")
            kept = Attachment.store(file, name=file.name, content_type="image/png")
            CoursePicture.objects.create(course=course, file=kept)
        counts.append(asked(client, url("picture_list", course.key)))
    assert counts[0] == counts[1]


def test_the_release_of_a_draft_with_changes_and_faults(client, unit):
    course, counts = a_course(unit=unit), []
    module = open_draft(course).modules.get()
    for number in (FEW, MANY - FEW):
        for each in range(number):
            lesson = a_lesson(module, f"new-{number}-{each}", position=each)
            lesson.texts.update(body="![](picture:NOWHERE)")
        counts.append(asked(client, url("release", course.key)))
    assert counts[0] == counts[1]


def test_the_review_of_a_file_with_questions(client, unit):
    course, counts = a_course(unit=unit), []
    for number in (FEW, MANY):
        text = "\n\n".join(f"::k{each}::Q{each}? {{=a ~b}}" for each in range(number)).encode()
        kept = Attachment.store(ContentFile(text), name="q.gift", content_type="text/plain")
        sent = Import.objects.create(
            kind=KIND,
            file=kept,
            unit=unit,
            created_by=unit.memberships.get().user,
            mapping={"course": course.key},
        )
        counts.append(asked(client, url("questions_review", course.key, sent.reference)))
    assert counts[0] == counts[1]


def test_the_review_of_what_was_prepared_from_an_edition(client, unit):
    edition = publish(CharterFactory(unit=unit), 1, content())
    preparation, counts = Preparation.objects.create(edition=edition, prepared_at=AT), []
    words = {"text": "Which?", "content": {"options": [{"text": "a", "correct": True, "feedback": ""}]}}
    for number in (FEW, MANY - FEW):
        PreparedQuestion.objects.bulk_create(
            PreparedQuestion(
                preparation=preparation,
                key=f"k{number}-{each}",
                standard_key="lights",
                about="promise",
                kind="single",
                texts={"en": words},
                source={"en": "From"},
            )
            for each in range(number)
        )
        counts.append(asked(client, preparation.get_absolute_url()))
    assert counts[0] == counts[1]
