"""Sign-in, sign-out and a forgotten password."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse

from organisation.actions.mail import send_due_mail
from organisation.adapter import InvitationsOnly
from organisation.models import OutgoingMail, User
from organisation.tests.factories import InstallationFactory, UserFactory, person_in

PASSWORD = "correct horse battery"


@pytest.fixture
def person(db: None) -> Any:
    cache.clear()
    return person_in(InstallationFactory().root, email="Sofia@example.org")


def sign_in(client: Any, **data: str) -> Any:
    data = {"login": "sofia@example.org", "password": PASSWORD, **data}
    return client.post(reverse("account_login"), data)


def test_a_person_signs_in_whatever_the_case_of_the_address(client: Any, person: Any) -> None:
    response = sign_in(client, login="SOFIA@example.org")
    assert (response.status_code, response["Location"]) == (302, reverse("home:my"))
    assert client.session["_auth_user_id"] == str(person.pk)


def test_after_signing_in_the_page_asked_for_opens(client: Any, person: Any) -> None:
    page = client.get(reverse("account_login"), {"next": "/people/"})
    assert b'name="next" value="/people/"' in page.content
    assert sign_in(client, next="/people/")["Location"] == "/people/"


def test_nobody_is_sent_to_a_foreign_site(client: Any, person: Any) -> None:
    assert sign_in(client, next="https://evil.example/")["Location"] == reverse("home:my")


@pytest.mark.parametrize(
    "data",
    [
        {"password": "wrong"},
        {"login": "nobody@example.org"},
        {"login": ""},
        {"login": "x" * 400 + "@example.org"},
        {"login": "so\x00fia@example.org"},
        {"password": "\x00"},
        {"login": "\u202esofia@example.org"},
    ],
)
def test_wrong_input_is_answered_in_words_and_signs_nobody_in(
    client: Any, person: Any, data: dict[str, str]
) -> None:
    response = sign_in(client, **data)
    assert response.status_code == 422
    assert b'class="errors"' in response.content
    assert "_auth_user_id" not in client.session


def test_the_answer_does_not_tell_whether_an_address_has_an_account(client: Any, person: Any) -> None:
    known = sign_in(client, password="wrong").context["form"].errors
    unknown = sign_in(client, login="nobody@example.org").context["form"].errors
    assert known == unknown


def test_too_many_attempts_are_stopped(client: Any, person: Any) -> None:
    statuses = [sign_in(client, password=f"wrong {number}").status_code for number in range(8)]
    assert statuses[0] == 422
    assert sign_in(client).status_code in (422, 429)
    assert "_auth_user_id" not in client.session


def test_a_deactivated_person_is_told_so(client: Any, person: Any) -> None:
    User.objects.update(is_active=False)
    response = sign_in(client)
    assert "_auth_user_id" not in client.session
    assert response.status_code in (302, 422)
    if response.status_code == 302:
        assert b"deactivated" in client.get(response["Location"]).content


def test_there_is_no_way_to_sign_up(client: Any, person: Any) -> None:
    assert client.get("/accounts/signup/").status_code == 404
    assert b"sign up" not in client.get(reverse("account_login")).content.lower()


def test_signing_out_takes_a_button(client: Any, person: Any) -> None:
    client.force_login(person)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_replaced_by_the_link_in_the_letter(
    client: Any, person: Any, mailoutbox: Any
) -> None:
    response = client.post(reverse("account_reset_password"), {"email": "sofia@example.org"})
    assert response["Location"] == reverse("account_reset_password_done")
    assert mailoutbox == []
    assert send_due_mail() == 1
    letter = mailoutbox[0]
    assert letter.to == ["Sofia@example.org"] or letter.to == ["sofia@example.org"]
    link = re.search(r"http://testserver(\S+)", letter.body)[1]
    form = client.get(link, follow=True)
    new = {"password1": "another good sentence", "password2": "another good sentence"}
    client.post(form.request["PATH_INFO"], new)
    assert User.objects.get().check_password("another good sentence")
    used = client.get(link, follow=True)
    assert b"This link no longer works" in used.content


def test_a_weak_new_password_is_refused_in_words(client: Any, person: Any, mailoutbox: Any) -> None:
    client.post(reverse("account_reset_password"), {"email": "sofia@example.org"})
    link = re.search(r"http://testserver(\S+)", OutgoingMail.objects.get().body)[1]
    form = client.get(link, follow=True)
    response = client.post(form.request["PATH_INFO"], {"password1": "short", "password2": "short"})
    assert response.status_code == 422
    assert User.objects.get().check_password(PASSWORD)


def test_an_address_without_an_account_gets_the_same_page_and_no_letter(
    client: Any, person: Any, mailoutbox: Any
) -> None:
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert response["Location"] == reverse("account_reset_password_done")
    assert send_due_mail() == 0
    assert mailoutbox == []


def test_the_limit_on_guesses_counts_the_client_and_not_our_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    seen = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.7")
    assert InvitationsOnly().get_client_ip(seen) == "192.0.2.7"


def test_two_accounts_cannot_share_an_address_in_another_case(person: Any) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="SOFIA@EXAMPLE.ORG")


def test_sign_in_pages_are_never_stored(client: Any, person: Any) -> None:
    client.force_login(person)
    assert "no-store" in client.get(reverse("account_logout"))["Cache-Control"]
