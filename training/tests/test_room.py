"""The small menu of the training room."""

import pytest
from django.urls import reverse

from organisation.tests.factories import person_in
from training.room import LINKS

pytestmark = pytest.mark.django_db

MENU = 'aria-label="Training room"'


def test_a_manager_finds_every_page_of_the_room_and_where_he_is(client, unit):
    client.force_login(person_in(unit, "manager", "middle"))
    page = client.get(reverse("training:mine")).content.decode()
    assert MENU in page
    assert all(f'href="{link.url}"' in page for link in LINKS)
    assert f'href="{reverse("training:mine")}" aria-current="page"' in page


def test_staff_see_only_their_own_training(client, unit):
    client.force_login(person_in(unit))
    assert MENU not in client.get(reverse("training:mine")).content.decode()
