"""What an empty choice means is said in words."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from feedback.actions.questionnaires import open_draft
from feedback.imports import KIND
from feedback.tests.cards import a_survey
from feedback.tests.factories import ResponseFactory, a_session
from organisation.imports import begin_import
from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db
OPTION = re.compile(r"<option[^>]*>\s*([^<]*?)\s*</option>")


@pytest.fixture
def pages(client: Client, settings: Any, tmp_path: Any) -> dict[str, str]:
    """The pages of the room on which something is chosen from a list, as an administrator sees them."""
    settings.MEDIA_ROOT = tmp_path
    root = InstallationFactory().root
    place = a_survey(("visit", "faces", {}), ("next", "yes_no", {}), unit=root)
    key = place.version.questionnaire.key
    open_draft(place.version.questionnaire)
    client.force_login(person_in(root, "administrator"))
    response = ResponseFactory(collector=place.collector, unit=root, version=place.version)
    session = a_session(unit=root)
    import_ = begin_import(ContentFile(b"unit,day\nA,B\n", name="a.csv"), kind=KIND, by=None)
    addresses = (
        "/feedback/",
        "/feedback/comments/",
        f"/feedback/responses/{response.reference}/",
        "/feedback/listening/",
        "/feedback/listening/add/",
        session.get_absolute_url(),
        f"{session.get_absolute_url()}edit/",
        "/feedback/collectors/",
        "/feedback/collectors/add/",
        f"/feedback/collectors/{place.collector.slug}/edit/",
        f"/feedback/questionnaires/{key}/questions/add/",
        f"/feedback/questionnaires/{key}/questions/next/edit/",
        f"/feedback/questionnaires/{key}/questions/next/rule/",
        "/feedback/questionnaires/add/",
        f"/feedback/results/{key}/",
        "/feedback/themes/",
        f"/results/imports/{import_.reference}/mapping/",
    )
    return {address: client.get(address).content.decode() for address in addresses}


def test_no_list_offers_a_line_of_dashes(pages: dict[str, str]) -> None:
    found = {address: OPTION.findall(html) for address, html in pages.items()}
    assert sum(map(len, found.values())) > 50
    dashes = {
        address: [words for words in choices if not words.strip("-–—")] for address, choices in found.items()
    }
    assert {address: words for address, words in dashes.items() if words} == {}
