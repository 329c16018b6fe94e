"""What a published edition has fixed, whatever the draft says since."""

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from charter.models import Measure, StandardText
from charter.tests.factories import MeasureFactory
from home.tests.published import NOW, charter_of, promise, publish, root_unit, tally
from organisation.models import Attachment, Unit
from organisation.tests.factories import InstallationFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def page(client: Client, path: str = "/", **headers: Any) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_goal_changed_in_the_draft_is_not_public_before_the_next_edition(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 91, 100)
    measure.goals.update(target=70)
    assert "our goal is 90." in page(client)
    yesterday = date(2026, 11, 17)
    publish(charter, 2, yesterday)
    tally(measure, root, 9, 10, yesterday, month=False)
    assert "<b>9 of 10</b> said yes; our goal is 70 in 100." in page(client)


def test_old_answers_are_not_judged_by_the_goal_of_a_new_edition(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 91, 100)
    measure.goals.update(target=95)
    publish(charter, 2, date(2026, 11, 10))
    tally(measure, root, 9, 9, date(2026, 11, 12), month=False)
    html = page(client)
    assert "<b>91 of 100</b> said yes." in html
    assert "our goal" not in html


def test_an_edition_that_leaves_a_goal_as_it_is_goes_on_judging_all_three_months(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 91, 100)
    StandardText.objects.update(promise="Other words")
    publish(charter, 2, NOW.date())
    assert "<b>91 of 100</b> said yes; our goal is 90." in page(client)


def test_the_draft_lowers_no_minimum_and_renames_nothing_in_public(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    promise_two = MeasureFactory(standard=measure.standard, name="As published", goal=90)
    publish(charter)
    tally(measure, root, 5, 6)
    Measure.objects.filter(pk=measure.pk).update(minimum_n=5)
    Measure.objects.filter(pk=promise_two.pk).update(name="Only a draft")
    html = page(client)
    assert "6 answers so far, we publish from 10." in html
    assert "As published" in html
    assert "Only a draft" not in html


def test_a_goal_of_a_unit_below_is_not_held_against_the_whole(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    measure.goals.update(unit=UnitFactory(slug="letters", parent=root))
    publish(charter)
    tally(measure, root, 91, 100)
    assert "<b>91 of 100</b> said yes." in page(client)


def test_a_unit_with_a_new_short_name_keeps_its_public_goal(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    measure.goals.update(unit=root)
    publish(charter)
    tally(measure, root, 91, 100)
    Unit.objects.filter(pk=root.pk).update(slug="renamed")
    assert "our goal is 90." in page(client)


def test_what_a_measure_means_is_public_as_the_edition_fixed_it(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 91, 100)
    Measure.objects.filter(pk=measure.pk).update(direction="lower", method="mean")
    assert "<b>91 of 100</b> said yes; our goal is 90." in page(client)


def test_the_public_strip_says_no_verdict(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 10, 100)
    html = page(client)
    assert "our goal is 90." in html
    assert "not met" not in html


def test_the_logo_stands_in_the_masthead(client: Client) -> None:
    installation = InstallationFactory()
    installation.logo = Attachment.store(
        ContentFile(b"\x89PNG\r\n\x1a\n", name="logo.png"), name="logo.png", content_type="image/png"
    )
    installation.save()
    assert f'src="/logo/{installation.logo.reference}/"' in page(client)
