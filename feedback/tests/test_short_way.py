"""What customers ask for most takes a short way, and nothing that protects a page is lost on it."""

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import resolve

from common.middleware import SHORT
from feedback.models import Collector
from feedback.tests.cards import a_place

pytestmark = pytest.mark.django_db
NEXT = "common.middleware.CustomersTakeTheShortWay"
THE_LONG_WAY = [name for name in settings.MIDDLEWARE if name != NEXT]


@pytest.mark.parametrize("address", ["/c/{slug}/", "/c/nowhere/", "/r/ABCDEFGHJK/"])
def test_the_headers_are_those_of_the_long_way(client: Client, address: str) -> None:
    url = address.format(slug=a_place().collector.slug)
    assert getattr(resolve(url).func, "is_on_the_short_way", False)
    assert url.startswith(SHORT)
    short = client.get(url)
    with override_settings(MIDDLEWARE=THE_LONG_WAY):
        long = Client().get(url)
    same = {name: value for name, value in long.headers.items() if name != "Content-Length"}
    assert {name: short.headers.get(name) for name in same} == same
    assert short.status_code == long.status_code
    assert "Content-Security-Policy" in same
    assert same["X-Frame-Options"] == "DENY"


def test_no_session_is_made_on_it(client: Client) -> None:
    answer = client.get(f"/c/{a_place().collector.slug}/")
    assert not hasattr(answer.wsgi_request, "session")
    assert not answer.cookies


def test_an_unknown_host_is_refused_on_it(client: Client) -> None:
    assert (
        client.get(f"/c/{a_place().collector.slug}/", headers={"host": "elsewhere.example"}).status_code
        == 400
    )


def test_an_address_without_a_view_is_not_found_as_ever(client: Client) -> None:
    assert client.get("/r/a/b/c/d/").status_code == 404


def test_a_framed_card_keeps_its_own_policy(client: Client) -> None:

    place = a_place()
    Collector.objects.filter(pk=place.collector.pk).update(kind=Collector.Kind.EMBED)
    usual = client.get(f"/c/{place.collector.slug}/").headers["Content-Security-Policy"]
    framed = client.get(f"/c/{place.collector.slug}/embed/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in usual
    assert "frame-ancestors *" in framed
