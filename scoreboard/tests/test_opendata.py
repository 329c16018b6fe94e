"""The public files: what the editions promised, and nothing that must stay hidden."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from charter.actions.publish import edition_of
from charter.tests.factories import CharterFactory, MeasureFactory, RecordedResultFactory, StandardFactory
from organisation.actions.ticks import claim_period
from organisation.models import UnitPlacement
from organisation.tests.factories import InstallationFactory, UnitFactory
from scoreboard.actions import opendata as opendata_actions
from scoreboard.actions.opendata import publish_open_data, publish_open_data_daily
from scoreboard.models import MonthlyTally, OpenData, PublishedResult
from scoreboard.opendata import publication_of
from scoreboard.tests.factories import tally

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
AT = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


@pytest.fixture
def root():
    return InstallationFactory(licence="CC BY 4.0").root


@pytest.fixture
def measure(root):
    standard = StandardFactory(charter=CharterFactory(unit=root), key="next-step")
    return MeasureFactory(standard=standard, key="next-step-yes", name="Knows what happens next", goal=90)


@pytest.fixture
def branches(root):
    return [UnitFactory(name=name, slug=name.lower(), parent=root) for name in ("Harbour", "Hill", "Parks")]


def publish(measure, since=date(2026, 1, 1)):
    edition = edition_of(measure.standard.charter, since)
    edition.note = "First"
    edition.save()
    return edition


def rows(today=TODAY, **wanted):
    publish_open_data(at=AT.replace(year=today.year, month=today.month, day=today.day))
    return [
        row
        for row in PublishedResult.objects.rows()
        if all(row[name] == value for name, value in wanted.items())
    ]


def test_months_are_published_where_every_month_has_enough(measure, branches):
    publish(measure)
    for month in (7, 8, 9):
        tally(measure, branches[0], date(2026, month, 10), 18, 20)
    found = rows()
    assert [(row["unit"], row["period"], row["n"], row["value"]) for row in found] == [
        (unit, f"2026-0{month}", 20, 90.0) for month in (7, 8, 9) for unit in ("harbour-city", "harbour")
    ]
    assert {row["goal"] for row in found} == {90.0}
    assert {row["edition"] for row in found} == {1}


def test_a_quarter_with_a_poor_month_is_published_as_one(measure, branches):
    publish(measure)
    tally(measure, branches[0], date(2026, 7, 10), 4, 6)
    tally(measure, branches[0], date(2026, 8, 10), 36, 40)
    assert [(row["unit"], row["period"], row["n"]) for row in rows()] == [
        ("harbour-city", "2026-Q3", 46),
        ("harbour", "2026-Q3", 46),
    ]


def test_a_hidden_row_says_why_and_carries_nothing_to_reckon_with(measure, branches):
    publish(measure)
    for branch, n in zip(branches, (6, 12, 40), strict=True):
        tally(measure, branch, date(2026, 8, 10), n - 1, n)
    found = {row["unit"]: row for row in rows()}
    assert [(unit, row["hidden"]) for unit, row in found.items()] == [
        ("harbour-city", ""),
        ("harbour", "too_few_answers"),
        ("hill", "would_reveal_another"),
        ("parks", ""),
    ]
    assert [found["hill"][name] for name in ("value", "low", "high")] == [None, None, None]


def test_nothing_is_published_of_a_quarter_that_runs(measure, branches):
    publish(measure)
    tally(measure, branches[0], date(2026, 10, 10), 36, 40)
    assert rows() == []
    assert rows(date(2027, 1, 2)) == []
    assert len(rows(date(2027, 1, 3))) == 2


def test_nothing_is_published_of_the_time_before_the_first_edition(measure, branches):
    publish(measure, since=date(2026, 9, 15))
    for month in (7, 8, 9):
        tally(measure, branches[0], date(2026, month, 10), 18, 20)
    assert {row["period"] for row in rows()} == {"2026-09"}


def test_the_goal_is_the_one_that_the_edition_fixed(measure, branches):
    publish(measure)
    measure.goals.update(target=50)
    tally(measure, branches[0], date(2026, 8, 10), 36, 40)
    assert {row["goal"] for row in rows()} == {90.0}


def test_each_series_stands_for_itself(measure, branches):
    publish(measure)
    tally(measure, branches[0], date(2026, 7, 10), 18, 20)
    tally(measure, branches[0], date(2026, 8, 10), 30, 40, series=2)
    assert [(row["series"], row["n"]) for row in rows(unit="harbour")] == [(1, 20), (2, 40)]


def test_where_a_unit_moved_inside_a_quarter_only_the_whole_is_shown(measure, branches, root):
    publish(measure)
    UnitPlacement.objects.create(unit=branches[1], parent=branches[0], starts_on=date(2026, 8, 1))
    tally(measure, branches[0], date(2026, 7, 10), 4, 6)
    tally(measure, branches[1], date(2026, 8, 10), 36, 40)
    assert [(row["unit"], row["n"]) for row in rows()] == [("harbour-city", 46)]


def test_a_log_of_all_cases_is_published_whatever_its_size(measure, branches):
    result = RecordedResultFactory(
        measure__standard=measure.standard,
        unit=branches[2],
        start=date(2026, 8, 1),
        end=date(2026, 9, 1),
        met=2,
        total=3,
    )
    publish(measure)
    assert [(row["unit"], row["n"], row["low"]) for row in rows(measure=result.measure.key)] == [
        ("harbour-city", 3, None),
        ("parks", 3, None),
    ]


def test_a_quarter_stays_as_it_was_first_published(measure, branches):
    publish(measure)
    for month in (7, 8, 9):
        tally(measure, branches[0], date(2026, month, 10), 18, 20)
    first = rows()
    MonthlyTally.objects.filter(month=date(2026, 8, 1)).update(n=21)
    assert rows() == first


def test_the_grain_of_a_quarter_does_not_flip_when_a_late_card_makes_a_month_rich(measure, branches):
    publish(measure)
    for month, n in ((7, 9), (8, 40)):
        tally(measure, branches[0], date(2026, month, 10), n - 1, n)
    first = rows()
    assert {row["period"] for row in first} == {"2026-Q3"}
    MonthlyTally.objects.filter(month=date(2026, 7, 1)).update(n=10)
    assert rows() == first


def test_a_figure_that_has_too_few_answers_by_now_is_hidden_in_its_grain(measure, branches):
    """Answers were taken out as spam after they had been published."""
    publish(measure)
    for branch, n in zip(branches, (10, 12, 40), strict=True):
        tally(measure, branch, date(2026, 8, 10), n - 1, n)
    assert {row["hidden"] for row in rows()} == {""}
    MonthlyTally.objects.filter(unit=branches[0]).update(n=9, high=8)
    assert {row["unit"]: (row["period"], row["hidden"]) for row in rows()} == {
        "harbour-city": ("2026-Q3", ""),
        "harbour": ("2026-Q3", "too_few_answers"),
        "hill": ("2026-Q3", "would_reveal_another"),
        "parks": ("2026-Q3", ""),
    }
    MonthlyTally.objects.all().delete()
    assert rows() == []


def test_a_log_that_is_typed_in_late_is_published_late(measure, branches):
    """Where every case is counted nothing is hidden, and nothing can be reckoned out."""
    log = MeasureFactory(standard=measure.standard, method="share_met", source="results", goal=90)
    publish(measure)
    days = {"start": date(2026, 8, 1), "end": date(2026, 9, 1)}
    RecordedResultFactory(measure=log, unit=branches[1], met=2, total=3, **days)
    assert {row["n"] for row in rows(measure=log.key)} == {3}
    RecordedResultFactory(measure=log, unit=branches[2], met=1, total=4, **days)
    assert {row["unit"]: row["n"] for row in rows(measure=log.key)} == {
        "harbour-city": 7,
        "hill": 3,
        "parks": 4,
    }


def test_nothing_is_locked_while_the_files_are_reckoned(measure, monkeypatch):
    publish(measure)
    inside = []
    real = opendata_actions.publication_of
    depth = len(connection.savepoint_ids)
    monkeypatch.setattr(
        opendata_actions,
        "publication_of",
        lambda *args: inside.append(len(connection.savepoint_ids)) or real(*args),
    )
    publish_open_data(at=AT)
    publish_open_data_daily(at=AT)
    assert inside == [depth, depth]


def test_of_two_who_publish_at_once_the_second_puts_no_other_grain_beside_the_first(
    measure, branches, monkeypatch
):
    """Months beside their quarter would give away the month that is hidden."""
    publish(measure)
    for month, n in ((7, 9), (8, 40), (9, 40)):
        tally(measure, branches[0], date(2026, month, 10), n - 1, n)
    written = opendata_actions._written

    def in_between(plan, at):
        monkeypatch.setattr(opendata_actions, "_written", written)
        MonthlyTally.objects.filter(month=date(2026, 7, 1)).update(n=40)
        publish_open_data(at=at)
        MonthlyTally.objects.filter(month=date(2026, 7, 1)).update(n=9)
        written(plan, at)

    monkeypatch.setattr(opendata_actions, "_written", in_between)
    publish_open_data(at=AT)
    periods = {row["period"] for row in PublishedResult.objects.rows()}
    assert periods == {"2026-07", "2026-08", "2026-09"}


def test_whoever_has_the_files_is_told_of_a_change_even_if_the_making_broke_off(
    measure, branches, client, monkeypatch
):
    publish(measure)
    tally(measure, branches[0], date(2026, 9, 10), 38, 40)
    publish_open_data(at=AT)
    before = client.get("/open-data/results.csv")["ETag"]
    MonthlyTally.objects.update(n=4)
    told = opendata_actions._told

    def broken(plan, at, *, has_changed=False):
        if not has_changed:
            raise RuntimeError("the machine was switched off")
        return told(plan, at, has_changed=True)

    monkeypatch.setattr(opendata_actions, "_told", broken)
    with pytest.raises(RuntimeError):
        publish_open_data(at=AT)
    assert all(row["hidden"] for row in PublishedResult.objects.rows())
    assert client.get("/open-data/results.csv")["ETag"] != before


def test_the_results_of_an_older_version_are_published_again_on_the_day_of_the_update(measure, branches):
    """They were kept otherwise then; that day's work had been claimed already."""
    publish(measure)
    tally(measure, branches[0], date(2026, 9, 10), 38, 40)
    claim_period(job="open data", period="2026-11-18", at=AT)
    publish_open_data_daily(at=AT)
    assert PublishedResult.objects.exists()


def test_the_files_are_made_once_a_day_whoever_asks(measure):
    publish(measure)
    assert [publish_open_data_daily(at=AT), publish_open_data_daily(at=AT)] == [True, False]
    assert OpenData.objects.count() == 1


def test_where_nothing_has_changed_the_files_stay(measure):
    publish(measure)
    assert publish_open_data(at=AT).pk == publish_open_data(at=AT).pk


def test_more_measures_and_units_cost_no_more_queries(measure, branches, root, django_assert_max_num_queries):
    publish(measure)
    tally(measure, branches[0], date(2026, 8, 10), 36, 40)
    with django_assert_max_num_queries(6):
        publication_of(TODAY, {})
    for number in range(20):
        other = MeasureFactory(standard=measure.standard, goal=90)
        tally(other, UnitFactory(parent=root), date(2026, 8, 10 + number % 9), 36, 40)
    publish_later = edition_of(measure.standard.charter, date(2026, 2, 1))
    publish_later.note = "More"
    publish_later.save()
    with django_assert_max_num_queries(6):
        assert len(publication_of(TODAY, {}).measures) == 21


def read(response):
    return json.loads(b"".join(response.streaming_content))


@pytest.fixture
def made(measure, branches):
    publish(measure)
    tally(measure, branches[0], date(2026, 8, 10), 36, 40)
    return publish_open_data(at=AT)


def test_the_page_says_what_the_files_mean_and_sets_no_cookie(made, client):
    response = client.get("/open-data/")
    html = response.content.decode()
    for words in ("Before you leave, you know what happens next", "CC BY 4.0", "The share of “yes”"):
        assert words in html
    assert response.cookies == {}
    assert "max-age=300" in response["Cache-Control"]


def test_the_page_speaks_the_language_asked_for_and_keeps_it_in_its_links(made, client):
    html = client.get("/open-data/?language=ar").content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert "البيانات المفتوحة" in html
    for path in ("/", "/open-data/results.csv", "/open-data/results.json"):
        assert f'href="{path}?language=ar"' in html


def test_the_definitions_in_the_file_speak_the_language_asked_for(made, client):
    english, german = (client.get(f"/open-data/results.json{query}") for query in ("", "?language=de"))
    assert read(german)["measures"][0]["method_words"].startswith("Der Anteil „Ja“")
    assert german["ETag"] != english["ETag"]


def test_the_page_without_results_says_when_they_come(root, client):
    assert "Nothing is published yet" in client.get("/open-data/").content.decode()


def test_csv_and_json_hold_the_same_results(made, client):
    text = b"".join(client.get("/open-data/results.csv").streaming_content).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    content = read(client.get("/open-data/results.json"))
    assert (
        [row["value"] for row in table] == [str(row["value"]) for row in content["results"]] == ["90.0"] * 2
    )
    assert content["licence"] == "CC BY 4.0"
    assert content["measures"][0]["method_words"].startswith("The share of “yes”")


def test_a_reader_who_has_the_file_is_told_that_nothing_has_changed(made, client):
    first = client.get("/open-data/results.json")
    again = client.get("/open-data/results.json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
