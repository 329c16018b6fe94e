"""“Why it matters” stands beside the charter wherever it is read or signed."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from charter.actions import ask_for_signatures
from charter.tests.reviews import provable_charter, publish_to_sign
from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["staff", "manager"])
@pytest.mark.parametrize("page", ["", "editions/1/sign/"])
def test_who_reads_or_signs_a_charter_is_led_to_why_it_matters(
    client: Client, now: datetime, monkeypatch: Any, page: str, role: str
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)
    root: Any = InstallationFactory().root
    charter = provable_charter(unit=root)
    client.force_login(person_in(root, role))
    publish_to_sign(charter, at=now)
    ask_for_signatures(at=now)
    shown = client.get(f"/charter/{root.slug}/{page}").content.decode()
    assert shown.count('<a href="/why/">Why it matters</a>') == 1
