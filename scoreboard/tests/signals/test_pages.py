"""Signals as pages."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from organisation.models import Unit
from organisation.tests.factories import UserFactory, person_in
from scoreboard.tests.signals.given import AT, page, signal_of

pytestmark = pytest.mark.django_db


def test_the_list_says_what_was_noticed_and_why_some_of_it_is_chance(measure, branch, manager):
    signal_of(measure, branch)
    html = page(manager, "/signals/")
    for words in ("2 answers in October 2026", "Harbour branch", "seven or eight a month"):
        assert words in html


def test_the_list_is_searched_and_filtered_and_units_below_are_included(measure, branch, root, manager):
    from common.text import search_form

    signal_of(measure, branch, search=search_form("STRASSE Harbour branch"))
    assert "October 2026" in page(manager, "/signals/", q="straße")
    assert "October 2026" in page(manager, "/signals/", unit=root.slug)
    assert "Nothing matches" in page(manager, "/signals/", kind="point")
    assert "Nothing matches" in page(manager, "/signals/", whose="mine")
    assert "These filters were left out" in page(manager, "/signals/", unit="nowhere")
    assert "These filters were left out" in page(manager, "/signals/", q="a\x00b")


def test_moments_are_said_in_the_zone_of_the_unit_in_which_the_person_works(measure, branch, manager):
    signal = signal_of(measure, branch)
    signal.events.create(what="seen", at=datetime(2026, 11, 18, 14, 30, tzinfo=UTC))
    assert "14:30" in page(manager, signal.get_absolute_url())
    Unit.objects.filter(pk=branch.pk).update(timezone="Asia/Kolkata")
    assert "20:00" in page(manager, signal.get_absolute_url())
    assert timezone.get_current_timezone_name() == "UTC"


def test_who_has_no_role_reads_moments_in_the_zone_of_the_organisation(measure, root, client):
    Unit.objects.filter(pk=root.pk).update(timezone="Asia/Kolkata")
    client.force_login(UserFactory())
    signal = signal_of(measure, root)
    signal.events.create(what="seen", at=datetime(2026, 11, 18, 14, 30, tzinfo=UTC))
    assert "20:00" in page(client, signal.get_absolute_url())


def test_short_words_with_a_hyphen_are_not_torn(measure, branch, manager):
    Unit.objects.filter(pk=branch.pk).update(name="Letters and e-mail")
    signal_of(measure, branch)
    assert '<span class="whole">e-mail</span>' in page(manager, "/signals/")


def test_an_empty_list_says_when_the_next_look_is(root, manager):
    assert "Every night the figures are looked at" in page(manager, "/signals/")


def test_the_export_holds_what_the_filters_show(measure, branch, manager):
    signal_of(measure, branch)
    response = manager.get("/signals/", {"export": "csv"})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "2 answers in October 2026" in lines[1]
    assert manager.get("/signals/", {"export": "xlsx"})["Content-Type"].endswith("sheet")


def test_a_dismissal_without_a_reason_is_refused_and_the_page_says_so(measure, branch, manager):
    signal = signal_of(measure, branch)
    response = manager.post(f"{signal.get_absolute_url()}dismiss/", {"reason": "  "})
    assert response.status_code == 422
    assert "This field is required" in response.content.decode()


def test_a_person_chooses_how_often_the_letter_comes(branch, manager):
    assert "checked" in page(manager, "/signals/letters/")
    manager.post("/signals/letters/", {"rhythm": "never"})
    assert manager.post("/signals/letters/", {"rhythm": "hourly"}).status_code == 422
    html = page(manager, "/signals/letters/")
    assert html.index("checked") > html.index('value="never"')


def test_the_board_says_how_many_signals_wait(measure, branch, manager):
    signal_of(measure, branch)
    assert '<span class="chip on">1</span>' in page(manager, "/scoreboard/harbour-branch/")


def test_looking_again_is_background_work_asked_for_once(branch, manager):
    first, second = (manager.post("/signals/scan/")["Location"] for _turn in range(2))
    assert first == second
    assert "/work/" in first


def test_my_work_names_the_signals_of_the_standards_that_one_owns(measure, branch):
    from common.navigation import slot_contents

    owner = person_in(branch, "staff")
    [due] = [each for each in slot_contents("my.due") if each.template.startswith("scoreboard/")]
    signal_of(measure, branch)
    assert due.context(owner, AT) is None
    measure.standard.owner = owner
    measure.standard.save()
    assert len(due.context(owner, AT)["signals"]) == 1


def test_the_tab_counts_the_signals_of_the_unit_that_the_list_is_about(measure, branch, root, manager):
    signal_of(measure, branch)
    signal_of(measure, root)
    count = 'Signals <b class="num">%s</b>'
    assert count % 2 in " ".join(page(manager, "/signals/").split())
    html = " ".join(page(manager, "/signals/", unit=branch.slug).split())
    assert count % 1 in html
    assert f'href="/signals/?unit={branch.slug}"' in html
