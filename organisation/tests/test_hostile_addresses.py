"""Addresses that no page of ours links to."""

from typing import Any

import pytest
from django.test import Client

from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db
READ = ("/people/%00/edit/", "/work/%00/", "/logo/%00/")
CHANGED = ("/settings/keys/%00/revoke/", "/invitations/%00/revoke/", "/work/%00/retry/")


@pytest.mark.parametrize(
    ("method", "path"), [("get", path) for path in READ] + [("post", path) for path in CHANGED]
)
def test_an_address_with_a_nul_is_not_found(client: Client, method: str, path: str) -> None:
    root: Any = InstallationFactory().root
    client.force_login(person_in(root, "administrator"))
    assert getattr(client, method)(path).status_code == 404
