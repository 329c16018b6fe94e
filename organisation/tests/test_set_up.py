"""The first rows of a real installation."""

import pytest
from django.core.management import CommandError, call_command

from organisation.models import Installation, User


@pytest.fixture
def password(tmp_path):
    path = tmp_path / "password"
    path.write_text("a sentence is a good password\n")
    return str(path)


@pytest.mark.django_db
def test_set_up_names_the_organisation_and_makes_an_administrator_who_can_sign_in(password, client):
    call_command("set_up", name="Town", zone="Europe/Berlin", email="ada@example.org", password_from=password)
    installation, person = Installation.objects.get(), User.objects.get()
    assert installation.root.timezone == "Europe/Berlin"
    assert person.is_administrator
    assert client.login(email="ada@example.org", password="a sentence is a good password")


@pytest.mark.django_db
def test_a_second_set_up_is_refused_and_changes_nothing(password):
    call_command("set_up", name="Town", email="ada@example.org", password_from=password)
    with pytest.raises(CommandError, match="already"):
        call_command("set_up", name="Other", email="eve@example.org", password_from=password)
    assert Installation.objects.get().name == "Town"
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Olympus"}, {"email": "nobody"}, {"password_from": "/nowhere"}]
)
def test_a_wrong_zone_address_or_password_file_leaves_nothing_behind(password, wrong):
    given = {"name": "Town", "email": "ada@example.org", "password_from": password, **wrong}
    with pytest.raises(CommandError):
        call_command("set_up", **given)
    assert not Installation.objects.exists()
