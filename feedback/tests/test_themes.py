"""Themes: found by the job, counted on their page, written in the browser."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.actions import themes as actions
from feedback.actions.erase import erase_response
from feedback.actions.inbox import AlreadyDone
from feedback.models import Theme
from feedback.tests.cards import a_place
from feedback.tests.test_inbox import a_card, page_for
from organisation.actions.jobs import run_due_jobs
from organisation.models import Job
from organisation.tests.factories import UserFactory, person_in

pytestmark = pytest.mark.django_db


def waiting(now: datetime, lines: str = "wait*") -> Theme:
    return actions.save_theme(None, name="Waiting", lines={"en": lines}, by=None, at=now)


def found_in(theme: Theme) -> set[int]:
    return set(theme.matches.values_list("response_id", flat=True))


def test_the_job_finds_the_themes_of_new_comments_once(now: datetime) -> None:
    theme, place = waiting(now), a_place()
    card, other = a_card(place, now, "I waited"), a_card(place, now, "Friendly people")
    assert actions.read_new_comments() == 2
    assert found_in(theme) == {card.pk}
    assert actions.read_new_comments() == 0
    assert not other.themes.exists()


def test_changed_rules_are_applied_to_old_comments_by_a_job(now: datetime) -> None:
    theme, place = waiting(now), a_place()
    card = a_card(place, now, "a long queue")
    actions.read_new_comments()
    assert found_in(theme) == set()
    actions.save_theme(theme, name="Waiting", lines={"en": "queue"}, version=theme.version, by=None, at=now)
    run_due_jobs(at=now + timedelta(minutes=1))
    assert found_in(theme) == {card.pk}
    assert Job.objects.get(kind=actions.REREAD_JOB).state == Job.State.DONE


def test_rules_that_change_while_comments_are_read_are_applied_in_the_end(now: datetime) -> None:
    theme, card = waiting(now), a_card(a_place(), now, "a long queue")
    changed = []

    def change_once(done: int, total: int) -> None:
        if not changed:
            changed.append(1)
            actions.save_theme(theme, name="Waiting", lines={"en": "queue"}, version=1, by=None, at=now)

    actions.reread_comments(change_once)
    assert found_in(theme) == {card.pk}


def test_an_erased_comment_has_no_theme(now: datetime) -> None:
    theme, card = waiting(now), a_card(a_place(), now, "I waited")
    actions.read_new_comments()
    erase_response(card, at=now)
    assert found_in(theme) == set()
    actions.reread_comments()
    assert found_in(theme) == set()


def test_the_second_of_two_who_edit_a_theme_is_told(client: Client, now: datetime) -> None:
    theme = waiting(now)
    client.force_login(person_in(a_place().collector.unit, "manager"))
    typed = {"name": "Waiting", "lines_en": "queue", "version": "1", "do": "save"}
    address = f"/feedback/themes/{theme.reference}/edit/"
    assert client.post(address, typed).status_code == 302
    answer = client.post(address, {**typed, "lines_en": "mine"})
    assert answer.status_code == 409
    assert "mine" in answer.content.decode()
    assert theme.rules.get().lines == "queue"


def test_a_trial_shows_what_would_be_found_and_keeps_nothing(client: Client, now: datetime) -> None:
    place = a_place()
    a_card(place, now, "I waited, ring 020 7946 0999")
    a_card(place, now, "Kind people")
    client.force_login(person_in(place.collector.unit, "manager"))
    typed = {"name": "Waiting", "lines_en": "wait*", "do": "try"}
    page = client.post("/feedback/themes/add/", typed).content.decode()
    assert "1 of the newest 2 comments" in page
    assert "7946" not in page
    assert not Theme.objects.exists()


def test_a_rule_that_names_no_word_comes_back_with_what_was_typed(client: Client) -> None:
    client.force_login(person_in(a_place().collector.unit, "manager"))
    answer = client.post("/feedback/themes/add/", {"name": "Waiting", "lines_en": "queue\n+"})
    assert answer.status_code == 422
    assert "names no word" in answer.content.decode()
    assert "queue" in answer.content.decode()


def test_a_theme_is_counted_where_the_reader_may_read(now: datetime) -> None:
    today = timezone.now()
    waiting(now)
    place, elsewhere = a_place(), a_place()
    for where, words in ((place, "I waited"), (place, "Kind"), (elsewhere, "waiting again")):
        a_card(where, today, words)
    actions.read_new_comments()
    page = page_for(person_in(place.collector.unit, "staff"), "?export=csv", "/feedback/themes/")
    assert page.splitlines()[1].startswith("Waiting,1,0,50.0,0")


def test_the_inbox_is_filtered_by_theme(now: datetime) -> None:
    theme, place = waiting(now), a_place()
    a_card(place, now, "I waited")
    a_card(place, now, "Kind people")
    actions.read_new_comments()
    page = page_for(person_in(place.collector.unit, "manager"), f"?theme={theme.reference}")
    assert "I waited" in page
    assert "Kind people" not in page


def test_twenty_themes_cost_no_more_queries_than_two(now: datetime) -> None:
    manager = person_in(a_place().collector.unit, "manager")
    client = Client()
    client.force_login(manager)

    def queries(count: int) -> int:
        for number in range(Theme.objects.count(), count):
            actions.save_theme(None, name=f"Theme {number}", lines={"en": "wait"}, by=UserFactory(), at=now)
        with CaptureQueriesContext(connection) as captured:
            client.get("/feedback/themes/")
        return len(captured)

    assert queries(2) == queries(20)


def test_a_theme_taken_off_by_hand_stays_off_and_one_set_by_hand_stays(now: datetime) -> None:
    wrong, place, reader = waiting(now), a_place(), UserFactory()
    right = actions.save_theme(None, name="Price", lines={"en": "price*"}, by=None, at=now)
    card, other = a_card(place, now, "I waited"), a_card(place, now, "waited too")
    actions.read_new_comments()
    actions.set_theme_by_hand(card, theme=wrong, is_about=False, by=reader, at=now)
    actions.set_theme_by_hand(card, theme=right, is_about=True, by=reader, at=now)
    for _reading in range(2):
        assert (found_in(wrong), found_in(right)) == ({other.pk}, {card.pk})
        actions.reread_comments()
    assert list(card.events.values_list("what", "note")) == [("theme_off", "Waiting"), ("theme_set", "Price")]


def test_what_was_said_by_hand_can_be_taken_back_and_goes_with_the_card(now: datetime) -> None:
    theme, card, reader = waiting(now), a_card(a_place(), now, "I waited"), UserFactory()
    actions.read_new_comments()
    for is_about in (False, True):
        actions.set_theme_by_hand(card, theme=theme, is_about=is_about, by=reader, at=now)
        with pytest.raises(AlreadyDone):
            actions.set_theme_by_hand(card, theme=theme, is_about=is_about, by=reader, at=now)
    assert found_in(theme) == {card.pk}
    erase_response(card, at=now)
    assert not card.themes_by_hand.exists()
    with pytest.raises(AlreadyDone):
        actions.set_theme_by_hand(card, theme=theme, is_about=True, by=reader, at=now)
    assert found_in(theme) == set()


def test_a_manager_takes_a_theme_off_on_the_page_of_the_card(client: Client, now: datetime) -> None:
    theme, card = waiting(now), a_card(a_place(), now, "I waited")
    actions.read_new_comments()
    client.force_login(person_in(card.unit, "manager"))
    address = f"{card.get_absolute_url()}theme/"
    assert address in client.get(card.get_absolute_url()).content.decode()
    page = client.post(address, {"theme": theme.reference, "off": "1"}, follow=True).content.decode()
    assert "The theme “Waiting” is taken off." in page
    assert "Theme taken off: Waiting" in page
    page = client.post(address, {"theme": theme.reference}, follow=True).content.decode()
    assert "The theme “Waiting” is set." in page
