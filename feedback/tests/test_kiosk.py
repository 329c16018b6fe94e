"""Kiosks: secret links, cards sent late and once, contacts, and what the coverage makes of them."""

import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.actions.kiosk import add_device, note_contact, renew_link, revoke_device
from feedback.coverage import State, coverage_of
from feedback.models import KioskDevice, KioskHour, Response
from feedback.tests.cards import a_place, a_survey
from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db
FIELDS = {"name": "Tablet", "exit_code": "24681357"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any, now: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def kiosk(now: datetime) -> SimpleNamespace:
    InstallationFactory()
    place = a_place(kind="kiosk")
    place.manager = person_in(place.collector.unit, "manager")
    device, secret = add_device(collector=place.collector, fields=FIELDS, by=place.manager, at=now)
    return SimpleNamespace(place=place, device=device, address=f"/kiosk/{secret}/", manager=place.manager)


def card(answered: datetime, sent: datetime, **more: str) -> dict[str, str]:
    stamps = {"answered_at": answered.isoformat(), "sent_at": sent.isoformat()}
    return {"uid": str(uuid.uuid4()), "q-visit": "4", "version": "1", **stamps, **more}


def test_a_card_sent_again_and_again_is_one_response(client: Client, kiosk: Any, now: datetime) -> None:
    told = card(now - timedelta(hours=1), now)
    answers = []
    for minutes in range(3):
        told["sent_at"] = (now + timedelta(minutes=minutes)).isoformat()
        answers.append(client.post(f"{kiosk.address}cards/", told).status_code)
    assert answers == [201, 200, 200]
    assert Response.objects.countable().count() == 1


def test_the_same_id_with_other_answers_is_refused(client: Client, kiosk: Any, now: datetime) -> None:
    told = card(now, now)
    client.post(f"{kiosk.address}cards/", told)
    assert client.post(f"{kiosk.address}cards/", {**told, "q-visit": "1"}).status_code == 409


@pytest.mark.parametrize("wrong_by", [timedelta(0), timedelta(days=-365), timedelta(days=365)])
def test_a_fortnight_offline_and_a_clock_wrong_by_a_year_land_on_the_right_day(
    client: Client, kiosk: Any, now: datetime, wrong_by: timedelta
) -> None:
    for days in (13, 1, 0):
        told = card(now + wrong_by - timedelta(days=days), now + wrong_by)
        assert client.post(f"{kiosk.address}cards/", told).status_code == 201
    days = Response.objects.order_by("service_date").values_list("service_date", flat=True)
    assert list(days) == [date(2026, 11, 5), date(2026, 11, 17), date(2026, 11, 18)]


@pytest.mark.parametrize("wrong_by", [timedelta(days=-3), timedelta(days=-365), timedelta(days=365)])
def test_a_clock_that_was_set_right_before_sending_moves_no_card_to_another_day(
    client: Client, kiosk: Any, now: datetime, wrong_by: timedelta
) -> None:
    answered = now - timedelta(days=2)
    told = card(answered + wrong_by, now, ahead=str(int(wrong_by.total_seconds() * 1000)))
    assert client.post(f"{kiosk.address}cards/", told).status_code == 201
    stored = Response.objects.get()
    assert (stored.service_date, stored.answered_at) == (date(2026, 11, 16), answered)


@pytest.mark.parametrize("ahead", ["9" * 14, "-" + "9" * 14, "9" * 40, "soon", "٣", str(90 * 86_400_000)])
def test_nonsense_about_the_clock_leaves_the_difference_of_the_stamps(
    client: Client, kiosk: Any, now: datetime, ahead: str
) -> None:
    told = card(now - timedelta(days=1), now, ahead=ahead)
    assert client.post(f"{kiosk.address}cards/", told).status_code == 201
    assert Response.objects.get().service_date == date(2026, 11, 17)


def test_hours_by_our_clock_stay_where_they_are_when_the_device_is_set_right(
    client: Client, kiosk: Any, now: datetime
) -> None:
    known = [now - timedelta(hours=2), now + timedelta(hours=2), now - timedelta(days=90)]
    told = {"waiting": "0", "refused": "0", "sent_at": (now - timedelta(days=3)).isoformat()}
    answer = client.post(
        f"{kiosk.address}contact/", {**told, "known_hour": [each.isoformat() for each in known]}
    )
    assert answer.json()["now"] == now.isoformat()
    hours = KioskHour.objects.order_by("hour").values_list("hour", flat=True)
    assert list(hours) == [datetime(2026, 11, 18, hour, tzinfo=UTC) for hour in (12, 14)]


def test_a_device_that_was_alone_for_months_is_heard_of(client: Client, kiosk: Any, now: datetime) -> None:
    hours = [(now - timedelta(hours=back)).isoformat() for back in range(2000, -1, -1)]
    told = {"waiting": "3", "refused": "1", "sent_at": now.isoformat(), "hour": hours}
    body, as_sent = urlencode(told, doseq=True), "application/x-www-form-urlencoded"
    assert client.post(f"{kiosk.address}contact/", body, content_type=as_sent).status_code == 200
    kiosk.device.refresh_from_db()
    assert (kiosk.device.waiting, kiosk.device.refused) == (3, 1)
    assert KioskHour.objects.count() == 24 * 30 + 1


def test_what_is_asked_in_random_order_says_so_to_the_device(client: Client, now: datetime) -> None:
    InstallationFactory()
    ways = {"options": {"one": "One", "two": "Two", "other": "Another"}, "is_shuffled": True}
    place = a_survey(("a", "faces", {}), ("b", "choice", ways), ("c", "text", {}), kind="kiosk")
    place.version.is_shuffled = True
    place.version.save()
    by: Any = person_in(place.collector.unit, "manager")
    _device, secret = add_device(collector=place.collector, fields=FIELDS, by=by, at=now)
    page = client.get(f"/kiosk/{secret}/").content.decode()
    assert page.count('data-free="1"') == 2
    assert page.count("data-part") == 2


def test_the_worker_names_its_files_and_nothing_escapes_unseen(client: Client) -> None:
    text = client.get("/kiosk/worker.js").content.decode()
    assert "kiosk.js" in text.split("const ASSETS = [")[1].split("]")[0]
    unsafe = [path for path in Path("templates").rglob("*.*") if "|safe" in path.read_text()]
    assert unsafe == []


def test_five_hundred_cards_of_one_device_within_a_minute_are_no_spam(
    client: Client, kiosk: Any, now: datetime, monkeypatch: Any
) -> None:
    monkeypatch.setattr("feedback.spam.MOST_A_MINUTE", 5)
    for turn in range(20):
        client.post(f"{kiosk.address}cards/", card(now - timedelta(minutes=turn), now))
    assert Response.objects.countable().count() == 20


def test_a_card_of_a_day_on_which_the_kiosk_asked_is_taken_after_it_has_closed(
    client: Client, kiosk: Any, now: datetime
) -> None:
    kiosk.place.collector.closes_on = date(2026, 11, 18)
    kiosk.place.collector.save()
    assert client.post(f"{kiosk.address}cards/", card(now - timedelta(days=1), now)).status_code == 201
    assert client.post(f"{kiosk.address}cards/", card(now, now)).status_code == 422
    assert "We are not asking here" in client.get(kiosk.address).content.decode()


@pytest.mark.parametrize(
    "change", [{"uid": "1"}, {"q-visit": "9"}, {"q-nothing": "1"}, {"q-visit": ""}, {"q-comment": "a\x00"}]
)
def test_a_card_that_cannot_be_is_told_so_and_nothing_is_stored(
    client: Client, kiosk: Any, now: datetime, change: dict[str, str]
) -> None:
    assert client.post(f"{kiosk.address}cards/", card(now, now, **change)).status_code == 422
    assert Response.objects.count() == 0


def test_another_link_ends_the_one_before_and_brings_a_revoked_device_back(
    client: Client, kiosk: Any, now: datetime
) -> None:
    revoke_device(kiosk.device, by=kiosk.manager, at=now)
    assert client.get(kiosk.address).status_code == 404
    assert client.post(f"{kiosk.address}cards/", card(now, now)).status_code == 404
    secret = renew_link(kiosk.device, by=kiosk.manager)
    assert client.get(kiosk.address).status_code == 404
    assert client.get(f"/kiosk/{secret}/").status_code == 200


def test_only_the_hash_of_the_link_is_kept(kiosk: Any) -> None:
    secret = kiosk.address.split("/")[2]
    assert len(secret) == 43
    assert secret not in str(KioskDevice.objects.values().get())


def test_a_contact_tells_the_queue_and_hours_by_a_wrong_clock(kiosk: Any, now: datetime) -> None:
    wrong = now - timedelta(days=365)
    note_contact(
        device=kiosk.device,
        waiting=7,
        refused=1,
        sent_at=wrong,
        hours=[wrong - timedelta(hours=3), wrong - timedelta(days=400)],
        at=now,
    )
    kiosk.device.refresh_from_db()
    assert (kiosk.device.waiting, kiosk.device.refused) == (7, 1)
    assert kiosk.device.is_heard_of(now)
    hours = KioskHour.objects.order_by("hour").values_list("hour", flat=True)
    assert list(hours) == [datetime(2026, 11, 18, hour, tzinfo=UTC) for hour in (11, 14)]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_clock_at_the_end_of_time_is_heard_of_too(client: Client, kiosk: Any, moment: str) -> None:
    told = {"waiting": "0", "refused": "0", "sent_at": moment, "hour": moment}
    assert client.post(f"{kiosk.address}contact/", told).status_code == 200
    sent = {**card(timezone.now(), timezone.now()), "answered_at": moment, "sent_at": moment}
    assert client.post(f"{kiosk.address}cards/", sent).status_code == 201


def test_the_page_is_told_when_it_has_changed(client: Client, kiosk: Any, now: datetime) -> None:
    told = {"waiting": "0", "refused": "0", "sent_at": now.isoformat(), "hour": now.isoformat()}
    mark = client.post(f"{kiosk.address}contact/", told).json()["mark"]
    assert f'data-mark="{mark}"' in client.get(kiosk.address).content.decode()
    KioskDevice.objects.update(idle_seconds=99)
    assert client.post(f"{kiosk.address}contact/", told).json()["mark"] != mark


def test_an_hour_in_which_no_device_ran_is_not_zero(kiosk: Any, now: datetime) -> None:
    KioskHour.objects.create(device=kiosk.device, hour=datetime(2026, 11, 18, 10, tzinfo=UTC))
    today = coverage_of(kiosk.place.collector, at=now).days[0]
    states = {cell.hour: cell.state for cell in today.cells}
    assert (states[9], states[10], states[11]) == (State.CLOSED, State.NONE, State.CLOSED)


def test_the_code_to_leave_is_not_on_the_page_of_the_kiosk(client: Client, kiosk: Any) -> None:
    assert "24681357" not in client.get(kiosk.address).content.decode()


def test_twenty_devices_cost_no_more_queries_than_two(client: Client, kiosk: Any) -> None:
    client.force_login(kiosk.manager)
    counts = []
    for many in (1, 18):
        for _turn in range(many):
            add_device(collector=kiosk.place.collector, fields=FIELDS, by=kiosk.manager)
        for path in ("/feedback/devices/", f"/feedback/collectors/{kiosk.place.collector.slug}/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_two_who_change_one_device_are_told_and_nothing_is_lost(client: Client, kiosk: Any) -> None:
    client.force_login(kiosk.manager)
    page = f"{kiosk.device.get_absolute_url()}edit/"
    typed = {**FIELDS, "idle_seconds": "45", "interval_seconds": "5"}
    typed["seen"] = client.get(page).context["form"]["seen"].value()
    client.post(page, {**typed, "name": "By the door"})
    shown = client.post(page, {**typed, "name": "By the window"})
    assert shown.status_code == 409
    assert [now for _label, now in shown.context["changed"]] == ["By the door"]
    assert "By the window" in shown.content.decode()
    client.post(page, {**typed, "name": "By the window", "seen": shown.context["form"]["seen"].value()})
    kiosk.device.refresh_from_db()
    assert kiosk.device.name == "By the window"
