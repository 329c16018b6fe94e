"""Name and look, API keys, the audit trail, and the way to them."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organisation.actions import installation as actions
from organisation.forms.installation import contrast_with_white
from organisation.models import ApiToken, Installation
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\x00" * 40
LOOK = {
    "name": "Harbour City",
    "short_name": "Harbour",
    "colour": "#7A1F3D",
    "language": "en",
    "financial_year_starts": 4,
}


@pytest.fixture
def administrator(db: None) -> Any:
    return person_in(InstallationFactory().root, "administrator", name="Ada")


@pytest.fixture
def admin_client(administrator: Any, client: Any) -> Any:
    client.force_login(administrator)
    return client


def save_look(client: Any, **data: Any) -> Any:
    return client.post(reverse("organisation:installation_edit"), {**LOOK, **data})


def picture(content: bytes, name: str = "logo.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def test_the_settings_page_shows_a_manager_only_what_a_manager_may_open(
    client: Any, administrator: Any
) -> None:
    client.force_login(person_in(UnitFactory(), "manager"))
    parts = client.get(reverse("organisation:settings")).context["parts"]
    assert {part[1] for part in parts} == {
        "organisation:unit_list",
        "organisation:person_list",
        "organisation:invitation_list",
        "organisation:job_list",
        "organisation:calendar_list",
    }


def test_every_part_of_the_settings_page_opens_for_an_administrator(admin_client: Any) -> None:
    parts = admin_client.get(reverse("organisation:settings")).context["parts"]
    assert len(parts) == 9
    assert {admin_client.get(reverse(part[1])).status_code for part in parts} == {200}


def test_name_and_colour_are_saved(admin_client: Any) -> None:
    assert save_look(admin_client).status_code == 302
    installation = Installation.current()
    assert (installation.name, installation.short_name, installation.colour) == (
        "Harbour City",
        "Harbour",
        "#7a1f3d",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 151),
        ("name", "H\x00"),
        ("short_name", "x" * 41),
        ("colour", "red"),
        ("colour", "#fff}body{display:none"),
        ("colour", "#ffd400"),
        ("language", "tlh"),
    ],
)
def test_bad_input_is_refused_in_words_and_changes_nothing(admin_client: Any, field: str, value: str) -> None:
    response = save_look(admin_client, **{field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Installation.current().name == "Harbour City Services"


def test_the_contrast_is_the_one_of_wcag() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")]
)
def test_a_logo_is_known_by_its_content_and_shown_to_everybody(
    admin_client: Any, content: bytes, kind: str
) -> None:
    save_look(admin_client, new_logo=picture(content, "logo.svg", "image/svg+xml"))
    admin_client.logout()
    response = admin_client.get(reverse("organisation:logo", args=[Installation.current().logo.reference]))
    assert b"".join(response) == content
    assert response["Content-Type"] == kind
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "content", [b"<svg onload='alert(1)'>", b"GIF89a", b"RIFF\x00\x00\x00\x00WAVE", b"%PDF-1.7", b"\x89PN"]
)
def test_anything_but_a_picture_is_refused_whatever_it_says_of_itself(
    admin_client: Any, content: bytes
) -> None:
    response = save_look(admin_client, new_logo=picture(content))
    assert response.status_code == 422
    assert "new_logo" in response.context["form"].errors
    assert Installation.current().logo is None


def test_a_picture_over_500_kb_is_refused(admin_client: Any) -> None:
    assert save_look(admin_client, new_logo=picture(PNG.ljust(500_001))).status_code == 422
    assert save_look(admin_client, new_logo=picture(PNG.ljust(500_000))).status_code == 302


def test_a_logo_can_be_taken_away(admin_client: Any) -> None:
    save_look(admin_client, new_logo=picture(PNG))
    save_look(admin_client, remove_logo="on")
    assert Installation.current().logo is None


def test_a_replaced_logo_is_no_longer_shown(admin_client: Any) -> None:
    save_look(admin_client, new_logo=picture(PNG))
    older = reverse("organisation:logo", args=[Installation.current().logo.reference])
    save_look(admin_client, new_logo=picture(JPEG))
    assert admin_client.get(older).status_code == 404


def test_the_colour_is_a_style_sheet_that_everybody_may_keep(client: Any, administrator: Any) -> None:
    response = client.get(reverse("organisation:brand_css"))
    assert response.content == b":root{--brand:#0f6b6b}\n"
    assert response["Content-Type"].startswith("text/css")
    assert "public" in response["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    again = client.get(reverse("organisation:brand_css"), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_another_colour_is_another_style_sheet(client: Any, administrator: Any) -> None:
    mark = client.get(reverse("organisation:brand_css"))["ETag"]
    Installation.objects.update(colour="#7a1f3d")
    changed = client.get(reverse("organisation:brand_css"), headers={"If-None-Match": mark})
    assert changed.content == b":root{--brand:#7a1f3d}\n"


@pytest.mark.django_db
def test_before_the_first_set_up_the_style_sheet_is_empty(client: Any) -> None:
    assert client.get(reverse("organisation:brand_css")).content == b""


def test_a_key_is_shown_once_and_kept_only_as_its_hash(admin_client: Any) -> None:
    data = {"name": "Intranet", "scopes": ["scores.read", "charter.read"]}
    response = admin_client.post(reverse("organisation:token_add"), data)
    secret = response.context["secret"]
    token = ApiToken.objects.get()
    assert response.status_code == 201
    assert secret in response.content.decode()
    assert token.secret_hash == actions.secret_hash(secret)
    assert token.scopes == ["charter.read", "scores.read"]
    assert secret not in admin_client.get(reverse("organisation:token_list")).content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 101), ("name", "I\x00"), ("scopes", []), ("scopes", ["everything.write"])],
)
def test_a_key_for_anything_else_is_refused(admin_client: Any, field: str, value: Any) -> None:
    data = {"name": "Intranet", "scopes": ["scores.read"], field: value}
    response = admin_client.post(reverse("organisation:token_add"), data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not ApiToken.objects.exists()


def test_a_key_is_revoked_once_and_for_good(administrator: Any, now: Any) -> None:
    token, _secret = actions.create_token(name="Intranet", scopes=["scores.read"], by=administrator, at=now)
    assert actions.revoke_token(token, by=administrator, at=now)
    assert not actions.revoke_token(token, by=administrator)
    token.refresh_from_db()
    assert token.revoked_at == now


def test_keys_are_found_by_name_and_revoked_ones_when_asked_for(
    admin_client: Any, administrator: Any
) -> None:
    for name in ("Wallboard Été", "Intranet"):
        actions.create_token(name=name, scopes=["scores.read"], by=administrator)
    actions.revoke_token(ApiToken.objects.get(name="Intranet"), by=administrator)
    address = reverse("organisation:token_list")

    def names(**query: str) -> list[str]:
        return [token.name for token in admin_client.get(address, query).context["page"]]

    assert names() == ["Wallboard Été"]
    assert names(state="revoked") == ["Intranet"]
    assert names(state="all", q="ÉTÉ") == ["Wallboard Été"]


def test_the_audit_trail_is_filtered_by_kind_and_by_what_happened(admin_client: Any) -> None:
    UnitFactory(name="Quay")
    address = reverse("organisation:audit_list")
    shown = admin_client.get(address, {"kind": "unit", "action": "0", "q": "quay"}).context["page"]
    assert [entry.object_repr for entry in shown] == ["Quay"]
    assert list(admin_client.get(address, {"kind": "unit", "action": "2"}).context["page"]) == []


def test_the_audit_trail_is_found_by_who_acted(admin_client: Any, administrator: Any) -> None:
    LogEntry.objects.all().delete()
    save_look(admin_client)
    UnitFactory(name="Quay")
    shown = admin_client.get(reverse("organisation:audit_list"), {"q": "ADA"}).context["page"]
    assert {entry.actor for entry in shown} == {administrator}
    assert len(shown) == 1


def test_the_audit_trail_takes_as_many_queries_for_twenty_entries_as_for_two(
    admin_client: Any, django_assert_num_queries: Any
) -> None:
    address = reverse("organisation:audit_list") + "?kind=unit"
    UnitFactory()
    admin_client.get(address)
    with django_assert_num_queries(20, exact=False) as few:
        assert len(admin_client.get(address).context["page"]) == 2
    for _number in range(18):
        UnitFactory()
    with django_assert_num_queries(len(few)):
        assert len(admin_client.get(address).context["page"]) == 20


def test_the_audit_trail_is_exported_with_its_filters(admin_client: Any) -> None:
    UnitFactory(name="=1+1")
    query = {"kind": "unit", "q": "=1+1", "export": "csv"}
    response = admin_client.get(reverse("organisation:audit_list"), query)
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ",'=1+1," in lines[1]


def test_a_new_unit_starts_with_the_time_zone_of_the_organisation(admin_client: Any) -> None:
    page = admin_client.get(reverse("organisation:unit_add")).content.decode()
    assert '<option value="Europe/London" selected>' in page


def test_the_financial_year_begins_in_the_month_that_is_chosen(admin_client: Any) -> None:
    assert save_look(admin_client, financial_year_starts=4).status_code == 302
    assert Installation.objects.get().financial_year_starts == 4
    assert save_look(admin_client, financial_year_starts=13).status_code == 422
