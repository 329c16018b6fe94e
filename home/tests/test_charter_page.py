"""The public charter."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from charter.models import Measure, StandardText
from charter.tests.factories import MeasureFactory
from home.tests.published import NOW, charter_of, open_place, promise, publish, root_unit, tally
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


# -------------------------------------------------------- which edition


def test_the_page_shows_the_edition_in_force_today_and_not_the_one_to_come(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter, "The old words")
    publish(charter, 1, date(2026, 1, 1))
    StandardText.objects.update(promise="The words of today")
    publish(charter, 2, NOW.date())
    StandardText.objects.update(promise="The words of tomorrow")
    publish(charter, 3, NOW.date() + timedelta(days=1))
    html = page(client)
    assert "The words of today" in html
    assert "The old words" not in html
    assert "The words of tomorrow" not in html
    assert "Edition 2, in force since" in html


def test_today_is_the_units_day_and_not_the_servers(client: Client, monkeypatch: Any) -> None:
    root = root_unit()
    root.timezone = "Pacific/Auckland"
    root.save()
    charter = charter_of(root)
    promise(charter, "Tomorrow in London")
    publish(charter, 1, date(2026, 11, 19))
    assert "Tomorrow in London" in page(client)


def test_a_draft_that_was_edited_after_publishing_is_not_shown(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter, "As published")
    publish(charter)
    StandardText.objects.update(promise="Only a draft")
    assert "Only a draft" not in page(client)


def test_a_unit_has_its_own_charter_page(client: Client) -> None:
    root = root_unit()
    branch = UnitFactory(slug="hill", name="Hill branch", parent=root)
    charter = charter_of(branch, "What you can expect on the hill")
    promise(charter)
    publish(charter)
    assert "What you can expect on the hill" in page(client, "/charters/hill/")


@pytest.mark.parametrize("path", ["/charters/hill/", "/charters/nowhere/", "/editions/", "/editions/1/"])
def test_what_is_not_published_is_not_found(client: Client, path: str) -> None:
    root = root_unit()
    UnitFactory(slug="hill", parent=root)
    charter_of(root)
    assert client.get(path).status_code == 404


def test_an_empty_installation_shows_the_first_steps(client: Client) -> None:
    assert "No promise published yet" in page(client)
    InstallationFactory()
    assert "No promise published yet" in page(client)


# ---------------------------------------------------- figures in plain words


def test_the_figure_stands_in_plain_words_beside_the_promise(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 91, 100)
    html = page(client)
    assert "<b>91 of 100</b> said yes; our goal is 90." in html
    assert "How sure are we?" in html
    assert "Those who answered chose to." in html


def test_the_figure_pools_the_units_below(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    for place, yes in (("a", 40), ("b", 51)):
        tally(measure, UnitFactory(slug=place, parent=root), yes, 60)
    assert "<b>91 of 120</b> said yes" in page(client)


def test_answers_older_than_three_months_do_not_count(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 30, 30, date(2026, 9, 1))
    tally(measure, root, 0, 70, date(2026, 8, 1))
    assert "<b>30 of 30</b> said yes" in page(client)


def test_too_few_answers_are_counted_but_not_shown(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 5, 6)
    html = page(client)
    assert "6 answers so far, we publish from 10." in html
    assert "5 of 6" not in html
    assert "How sure are we?" not in html


def test_the_hero_counts_what_is_kept_for_certain_and_what_was_missed(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    kept, unsure, missed = (promise(charter, words) for words in ("One", "Two", "Three"))
    promise(charter, "Four")
    publish(charter)
    tally(kept, root, 282, 300)
    tally(unsure, root, 91, 100)
    tally(missed, root, 46, 64)
    html = page(client)
    assert "<b>1 of 4</b> promises kept for certain over the last three months" in html
    for words in ("1 kept", "1 too close to say", "1 missed", "1 without a figure yet"):
        assert f"</svg> {words}</li>" in html


def test_the_hero_has_words_for_no_promise_measured_yet(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    promise(charter, "Another")
    publish(charter)
    html = page(client)
    assert "<b>2 promises</b> made." in html
    assert "kept for certain" not in html


# ------------------------------------------------------------- where to tell


def test_one_place_is_one_step_away(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    promise(charter)
    publish(charter)
    open_place(root)
    assert 'href="/c/harbour/"' in page(client)


def test_of_several_places_the_customer_names_the_own_one(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    promise(charter)
    publish(charter)
    open_place(root, "harbour")
    open_place(UnitFactory(parent=root), "hill")
    assert 'href="/places/"' in page(client)
    html = page(client, "/places/")
    assert 'href="/c/harbour/"' in html
    assert 'href="/c/hill/"' in html


def test_nobody_is_sent_to_a_place_that_is_closed(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    promise(charter)
    publish(charter)
    place = open_place(root)
    place.closes_on = NOW.date()
    place.save()
    assert "Tell us how we did" not in page(client)


# ------------------------------------------------------ language and safety


def test_the_words_are_shown_in_the_language_asked_for(client: Client) -> None:
    charter = charter_of(root_unit())
    charter_of(charter.unit, "Was Sie von uns erwarten können", "de")
    promise(charter)
    publish(charter)
    html = page(client, "/?language=de")
    assert '<html lang="de" dir="ltr">' in html
    assert "Was Sie von uns erwarten können" in html
    assert "What you can expect from us" not in html


def test_words_without_a_translation_are_marked_with_their_language(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    publish(charter)
    html = page(client, "/?language=ar")
    assert '<html lang="ar" dir="rtl">' in html
    assert '<div lang="en" dir="auto">' in html


def test_a_language_that_nobody_speaks_changes_nothing(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    publish(charter)
    assert '<html lang="en"' in page(client, '/?language="><script>')


def test_hostile_words_are_shown_as_they_were_typed(client: Client) -> None:
    charter = charter_of(root_unit(), '<script>alert("title")</script>')
    promise(charter, '"><img src=x onerror=alert(1)>')
    publish(charter, note="<b>note</b>")
    for path in ("/", "/editions/", "/editions/1/"):
        html = page(client, path)
        assert "<script>" not in html
        assert "<img" not in html
        assert "<b>note" not in html


def test_the_page_sets_no_cookie_and_does_not_depend_on_one(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    publish(charter)
    response = client.get("/")
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_the_page_needs_no_script_and_has_no_inline_style(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 91, 100)
    html = page(client)
    assert "<script" not in html
    assert "style=" not in html


# ----------------------------------------------------- conditional and cheap


def test_a_reader_who_has_the_page_already_gets_it_by_name_only(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    publish(charter)
    first = client.get("/")
    again = client.get("/", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_a_new_answer_changes_the_pages_etag(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    before = client.get("/").headers["ETag"]
    tally(measure, root, 91, 100)
    assert client.get("/", headers={"if-none-match": before}).status_code == 200


def test_a_page_kept_for_a_second_is_made_anew_after_it(
    client: Client, settings: Any, monkeypatch: Any
) -> None:
    from home import pages

    seconds = [100.0]
    monkeypatch.setattr(pages, "_kept", {})
    monkeypatch.setattr(pages.time, "monotonic", lambda: seconds[0])
    settings.PUBLIC_PAGE_SECONDS = 1
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    page(client)
    tally(measure, root, 91, 100)
    seconds[0] = 100.9
    assert "91 of 100" not in page(client)
    seconds[0] = 101.0
    assert "91 of 100" in page(client)


def test_a_kept_page_is_kept_for_its_language_only(client: Client, settings: Any, monkeypatch: Any) -> None:
    from home import pages

    monkeypatch.setattr(pages, "_kept", {})
    settings.PUBLIC_PAGE_SECONDS = 1000
    charter = charter_of(root_unit())
    charter_of(charter.unit, "Unsere Versprechen", "de")
    promise(charter)
    publish(charter)
    assert "Unsere Versprechen" in page(client, "/?language=de")
    assert "Unsere Versprechen" not in page(client, "/")


def test_twenty_promises_cost_no_more_queries_than_two(
    client: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    root = root_unit()
    charter = charter_of(root)
    counts = []
    for number, extra in ((1, 2), (2, 18)):
        for each in range(extra):
            tally(promise(charter, f"Promise {number}.{each}"), root, 91, 100)
        publish(charter, number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page(client).count('class="promise"') == (2 if number == 1 else 20)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ------------------------------------------------- what the edition has fixed


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
