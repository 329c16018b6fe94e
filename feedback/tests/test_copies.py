"""What is erased is erased everywhere: letters, uploaded files, every table."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile

from feedback.actions import letters, retention
from feedback.actions.erase import erase_response
from feedback.actions.files import forget_old_files
from feedback.actions.handling import pass_praise_on
from feedback.actions.inbox import reply_to_response
from feedback.imports import KIND
from feedback.models import Response
from feedback.tests.cards import a_place
from feedback.tests.imports import HEADER, define, taken
from feedback.tests.test_inbox import CONTACT, a_card
from feedback.tests.test_letters import a_reader
from organisation.imports import ImportRefused, begin_import, open_table
from organisation.models import Attachment, Import, OutgoingMail
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db
CANARY = "canary"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    return tmp_path


@pytest.fixture
def place_with_a_file(media: Path) -> Any:
    """A unit whose only responses came in by a file, with one row that could not be taken."""
    InstallationFactory()
    UnitFactory(name="Harbour")
    rows = ("1,Harbour,2026-11-04,1,The canary sang", "2,Harbour,2026-11-05,5,", "3,Nowhere,,9,Bad canary")
    return taken(define("patient_card"), HEADER + "\n".join(rows) + "\n", skip_bad=True)


def holders(word: str, media: Path) -> list[str]:
    """Tables and files that hold a word."""
    found = [
        model._meta.label
        for model in apps.get_models()
        if any(word in str(row).lower() for row in model._base_manager.values())
    ]
    return found + [str(path) for path in media.rglob("*") if path.is_file() and word in path.read_text()]


def test_no_letter_about_a_card_holds_its_words(now: datetime) -> None:
    place = a_place()
    a_reader(place, now, rhythm="daily")
    card = a_card(place, now - timedelta(days=1), "The canary sang", visit=1)
    letters.write_alerts(at=now)
    letters.write_digests(at=now)
    assert OutgoingMail.objects.count() == 2
    told = " ".join(OutgoingMail.objects.values_list("body", flat=True))
    assert card.get_absolute_url() in told
    assert CANARY not in told


def test_after_an_erasure_no_table_holds_a_word_of_it(now: datetime, media: Path) -> None:
    place = a_place()
    manager = a_reader(place, now)
    card = a_card(place, now, "The canary sang", visit=1, contact={**CONTACT, "email": "canary@example.org"})
    letters.write_alerts(at=now)
    reply_to_response(card, text="Dear canary", by=manager, at=now)
    colleague = person_in(place.collector.unit, "staff")
    pass_praise_on(card, to=colleague, words="Well done, canary", by=manager, at=now)
    assert holders(CANARY, media)
    OutgoingMail.objects.create(to="a@example.org", subject="Old", body=f"“canary” {card.get_absolute_url()}")
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT)
    erase_response(card, at=now)
    assert holders(CANARY, media) == []


def test_the_file_of_a_card_goes_with_it_and_is_known_again(
    now: datetime, media: Path, place_with_a_file: Import, django_capture_on_commit_callbacks: Any
) -> None:
    other = Attachment.store(
        ContentFile(b"another canary", name="x.csv"), name="x.csv", content_type="text/csv"
    )
    card = Response.objects.get(has_comment=True)
    with django_capture_on_commit_callbacks(execute=True):
        erase_response(card, at=now)
    assert holders(CANARY, media) == [str(media / str(other.file.name))]
    import_ = Import.objects.get(pk=place_with_a_file.pk)
    assert (import_.bad_rows, import_.file.sha256) == (None, place_with_a_file.file.sha256)
    assert Response.objects.countable().count() == 2
    with pytest.raises(ImportRefused, match="not kept any more"):
        open_table(import_)


def test_words_past_their_time_take_their_file_along(
    now: datetime, media: Path, place_with_a_file: Import, django_capture_on_commit_callbacks: Any
) -> None:
    questionnaire = Response.objects.get(has_comment=True).version.questionnaire
    retention.set_retention(
        questionnaire, contact_days=30, words_months=1, version=0, by=UserFactory(), at=now
    )
    with django_capture_on_commit_callbacks(execute=True):
        retention.erase_expired_words(at=now + timedelta(days=90))
    assert holders(CANARY, media) == []


@pytest.mark.parametrize(("days", "are_kept"), [(29, True), (31, False)])
def test_uploaded_files_are_kept_for_thirty_days(
    media: Path, days: int, are_kept: bool, django_capture_on_commit_callbacks: Any
) -> None:
    content = ContentFile(b"id,words\n1,The canary sang\n", name="cards.csv")
    import_ = begin_import(content, kind=KIND, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        forgotten = forget_old_files(at=import_.created_at + timedelta(days=days))
    assert bool(holders(CANARY, media)) is are_kept
    assert forgotten == (not are_kept)


def test_a_file_that_is_not_kept_any_more_is_asked_for_again(client: Any) -> None:
    manager = person_in(UnitFactory(), "manager")
    content = ContentFile(b"id,words\n1,Fine\n", name="cards.csv")
    import_ = begin_import(content, kind=KIND, by=manager)
    forget_old_files(at=import_.created_at + timedelta(days=31))
    client.force_login(manager)
    answer = client.get(f"/results/imports/{import_.reference}/mapping/", follow=True)
    assert "not kept any more" in answer.content.decode()
