"""Error pages in the user's words."""

from io import BytesIO

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from home import errors
from organisation.tests.factories import UnitFactory, person_in


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (errors.bad_request, 400, "We could not read that"),
        (errors.forbidden, 403, "This is not open to you"),
        (errors.form_expired, 403, "This form has run out"),
        (errors.not_found, 404, "There is nothing here"),
        (errors.form_only, 405, "Only a form leads here"),
        (errors.server_error, 500, "That was our fault"),
        (errors.unavailable, 503, "We cannot take this just now"),
    ],
)
def test_an_error_says_what_happened_and_offers_a_way_on_without_the_database(view, status, words) -> None:
    response = view(RequestFactory().get("/somewhere/"))
    html = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{words}</h1>" in html
    assert 'href="/"' in html


def test_a_service_that_is_busy_says_when_to_come_back() -> None:
    assert errors.unavailable(RequestFactory().post("/c/harbour/")).headers["Retry-After"] == "30"


@pytest.mark.django_db
def test_the_address_of_a_form_leads_to_the_page_that_has_it(client) -> None:
    client.force_login(person_in(UnitFactory(), "manager"))
    response = client.get("/feedback/questionnaires/visit-card/publish/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert 'href="/feedback/questionnaires/visit-card/"' in response.content.decode()


class Unread(BytesIO):
    """The body of a request: whoever reads it has lost."""

    def read(self, *args):
        raise AssertionError("the upload was read")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("questions_import", 5),
        ("picture_list", 5),
        ("lesson_add", 300),
        ("course_import", 400),
        ("course_list", 50),
    ],
)
@pytest.mark.parametrize("times", [2, 10, 1_000])
def test_an_upload_that_is_too_large_is_refused_before_it_is_read(client, name, most, times) -> None:
    args = {"questions_import": ["any"], "picture_list": ["any"], "lesson_add": ["any", "any", "video"]}
    response = client.post(
        reverse(f"training:{name}", args=args.get(name, [])),
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(most * times * 1_000_000),
        **{"wsgi.input": Unread()},
    )
    assert response.status_code == 413
    assert f"At most {most} MB are taken here." in " ".join(response.text.split())


@pytest.mark.django_db
def test_an_unknown_address_gets_the_products_own_page(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
