"""A file that was taken back can be taken in again, and what customers have erased stays erased."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile

from feedback.actions.erase import erase_response
from feedback.imports import KIND
from feedback.models import Answer, Response
from feedback.tests.imports import HEADER, SIMPLE, define
from organisation.actions import imports as actions
from organisation.imports import begin_import
from organisation.models import Import
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
FILE = HEADER + "1,Harbour,2026-11-04,1,We waited\n2,Harbour,2026-11-05,5,The canary sang\n"


@pytest.fixture
def manager(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    InstallationFactory()
    define("patient_card")
    return person_in(UnitFactory(name="Harbour"), "manager")


def taken_in(manager: Any, **mapping: Any) -> Import:
    import_ = begin_import(ContentFile(FILE.encode(), name="cards.csv"), kind=KIND, by=manager)
    questionnaire = {"questionnaire": "patient-card", **mapping}
    actions.ask_to_check(import_, mapping=SIMPLE | questionnaire, by=manager)
    actions.check_import(import_)
    actions.ask_to_take(import_, skip_bad=False, by=manager)
    import_.refresh_from_db()
    actions.take_import(import_)
    import_.refresh_from_db()
    return import_


def test_the_same_file_is_taken_in_again_after_it_was_taken_back(manager: Any) -> None:
    for turn in range(3):
        import_ = taken_in(manager)
        assert (import_.state, import_.message) == ("done", "")
        assert Response.objects.countable().count() == 2
        if turn < 2:
            actions.undo_import(import_, by=manager)
            assert Response.objects.countable().count() == 0


def test_a_row_that_its_customer_has_erased_does_not_come_back(manager: Any, now: datetime) -> None:
    import_ = taken_in(manager)
    card = Response.objects.get(answers__text="The canary sang")
    erase_response(card, at=now)
    actions.undo_import(import_, by=manager)
    assert taken_in(manager).state == "done"
    assert list(Answer.objects.exclude(text="").values_list("text", flat=True)) == ["We waited"] * 2
    assert Response.objects.countable().count() == 1


def test_a_row_that_its_customer_has_erased_is_counted_apart(manager: Any, now: datetime) -> None:
    """In the dry run, which writes nothing, and when the file is taken in."""
    import_ = taken_in(manager)
    erase_response(Response.objects.get(answers__text="The canary sang"), at=now)
    actions.undo_import(import_, by=manager)
    again = begin_import(ContentFile(FILE.encode(), name="cards.csv"), kind=KIND, by=manager)
    actions.ask_to_check(again, mapping=SIMPLE | {"questionnaire": "patient-card"}, by=manager)
    actions.check_import(again)
    again.refresh_from_db()
    assert (again.counts["rows"], again.counts["taken"], again.counts["erased"]) == (2, 1, 1)
    actions.ask_to_take(again, skip_bad=False, by=manager)
    again.refresh_from_db()
    actions.take_import(again)
    again.refresh_from_db()
    assert (again.state, again.counts["taken"], again.counts["erased"]) == ("done", 1, 1)
    assert Response.objects.filter(batch=again).count() == 1


def test_the_page_of_a_file_tells_every_row_that_is_left_out(
    manager: Any, now: datetime, client: Any
) -> None:
    import_ = taken_in(manager)
    erase_response(Response.objects.get(answers__text="The canary sang"), at=now)
    actions.undo_import(import_, by=manager)
    blank = {"questions": {"overall": {"column": "rating", "blank": ["1"]}}}
    again = taken_in(manager, **blank)
    client.force_login(manager)
    page = client.get(f"/results/imports/{again.reference}/").content.decode()
    lines = re.findall(r"<td>([^<]+)</td>\s*<td class=\"num\">(\d+)</td>", page)
    assert lines == [
        ("Left out: no answer to any question", "1"),
        ("Left out: erased by the customer since the file was taken in before", "1"),
    ]
