"""The drill of personal data: canaries in everything that a customer can leave, then looked for in a dump.

`make drill`; see docs/drills.md.
"""

import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from feedback.actions import invitation_lists as lists
from feedback.actions.files import forget_old_files
from feedback.actions.forget_invited import forget_addresses
from feedback.actions.handling import note_on_response, pass_praise_on
from feedback.actions.inbox import reply_to_response
from feedback.actions.invitations import send_due_letters, start_round, stop_round
from feedback.actions.letters import choose_letters, write_alerts
from feedback.models import InvitationRound, Response
from feedback.tests.cards import a_place
from feedback.tests.imports import HEADER, define, taken
from feedback.tests.test_inbox import a_card
from organisation.actions.mail import send_due_mail
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL"),
    pytest.mark.skipif(shutil.which("pg_dump") is None, reason="needs pg_dump"),
]
CANARY = "canary"
CONTACT = {"name": "Ann Canary", "email": "canary@example.org", "phone": "020 7946 0123"}


def holders(media: Path) -> list[str]:
    """Lines of a dump of the whole database, and kept files, in which a canary stands."""
    found = connection.settings_dict
    command = ["pg_dump", "--data-only", "-h", found["HOST"], "-U", found["USER"], "-d", found["NAME"]]
    command += ["-p", str(found["PORT"] or 5432)]
    env = {**os.environ, "PGPASSWORD": found["PASSWORD"] or ""}
    dump = subprocess.run(command, capture_output=True, text=True, check=True, env=env, timeout=120).stdout
    files = [path for path in media.rglob("*") if path.is_file() and CANARY in path.read_text().lower()]
    return [line for line in dump.splitlines() if CANARY in line.lower()] + [str(path) for path in files]


def test_after_erasure_no_dump_and_no_file_holds_a_canary(
    now: datetime, settings: Any, tmp_path: Path
) -> None:
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    InstallationFactory()
    UnitFactory(name="Harbour")
    taken(define("patient_card"), HEADER + "1,Harbour,2026-11-04,1,The canary sang\n")
    place = a_place(kind="mail")
    manager, colleague = (person_in(place.collector.unit, role) for role in ("manager", "staff"))
    choose_letters(person=manager, alerts=True, rhythm="never", at=now - timedelta(days=1))
    card = a_card(place, now, "The canary sang", visit=1, contact=CONTACT)
    write_alerts(at=now)
    note_on_response(card, text="The canary again", by=manager, at=now)
    reply_to_response(card, text="Dear Ann Canary", by=manager, at=now)
    pass_praise_on(card, to=colleague, words="Well sung, canary", by=manager, at=now)
    _invite(place, manager, now)
    assert len(holders(tmp_path)) > 5
    for response in Response.objects.filter(has_comment=True):
        assert Client().post(f"/r/{response.receipt_code}/erase/").status_code == 303
    later = now + timedelta(days=200)
    forget_addresses(at=later)
    forget_old_files(at=later)
    assert holders(tmp_path) == []


def _invite(place: Any, manager: Any, now: datetime) -> None:
    """A list with a canary, whose letter has left, and a row that could not be taken."""
    about: Any = InvitationRound.objects.create(collector=place.collector, name="Autumn", created_by=manager)
    about.texts.create(language="en", subject="How did we do?", message="Please tell us.")
    file = ContentFile(b"email,name\nother.canary@example.org,Bo Canary\nno canary,\n", name="people.csv")
    import_ = lists.send_list(about, file=file, by=manager, at=now)
    lists.check_list(import_, lambda done, total: None, at=now)
    lists.ask_to_take(import_, by=manager, at=now)
    lists.take_list(import_, lambda done, total: None, at=now)
    start_round(about, by=manager, at=now)
    send_due_letters(at=now)
    send_due_mail(at=now)
    stop_round(about, by=manager, at=now)
