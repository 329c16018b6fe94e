"""The pages of the scoreboard and the answers behind a figure, rendered for real."""

from datetime import date

import pytest

from charter.models import Measure
from charter.tests.factories import CharterFactory, MeasureFactory, RecordedResultFactory, StandardFactory
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.demo import seed
from scoreboard.tests.factories import answers, counted, question_for, tally

pytestmark = pytest.mark.django_db

AUTUMN = "2026-09-01..2026-11-30"


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def measure(root):
    standard = StandardFactory(charter=CharterFactory(unit=root), key="next-step")
    return MeasureFactory(standard=standard, key="next-step-yes", name="Knows what happens next", goal=90)


@pytest.fixture
def reader(branch, client):
    client.force_login(person_in(branch))
    return client


def page(reader, address, **query):
    response = reader.get(address, query)
    return response.status_code, response.content.decode()


def csv(reader, address, **query):
    response = reader.get(address, query)
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


def test_the_board_shows_figure_interval_verdict_and_change(reader, measure, branch):
    tally(measure, branch, date(2026, 8, 10), 46, 64)
    tally(measure, branch, date(2026, 9, 10), 282, 300)
    status, html = page(reader, "/scoreboard/harbour-branch/", period=AUTUMN)
    assert status == 200
    for words in (
        "Before you leave, you know what happens next",
        "94 %",
        "91 to 96",
        "300 answers",
        "goal 90",
    ):
        assert words in html
    for words in ("September 2026 to November 2026", "against June 2026 to August 2026", "+22", "better"):
        assert words in html
    assert 'class="verdict met"' in html


def test_a_measure_that_nothing_feeds_says_so(reader, measure):
    _status, html = page(reader, "/scoreboard/harbour-branch/", period=AUTUMN)
    assert "No published question asks for it yet." in html
    question_for(measure)
    _status, html = page(reader, "/scoreboard/harbour-branch/", period=AUTUMN)
    assert "No published question asks for it yet." not in html
    assert "not enough answers" in html


def test_a_unit_without_standards_is_told_what_to_do(reader, branch):
    status, html = page(reader, "/scoreboard/harbour-branch/")
    assert status == 200
    assert "No standard is measured here yet" in html


def test_the_scoreboard_leads_to_the_unit_where_one_works(reader, branch):
    response = reader.get("/scoreboard/")
    assert (response.status_code, response["Location"]) == (302, "/scoreboard/harbour-branch/")


def test_the_switch_leads_to_the_same_page_of_another_unit_and_period(reader, root, measure):
    response = reader.get("/scoreboard/", {"unit": root.slug, "period": "2026-Q3", "measure": measure.key})
    assert response["Location"] == "/scoreboard/harbour-city/measures/next-step-yes/?period=2026-Q3"


def test_two_days_become_a_period(reader, branch):
    response = reader.get("/scoreboard/", {"period": "2026", "first": "2026-07-01", "last": "2026-09-30"})
    assert response["Location"] == "/scoreboard/harbour-branch/?period=2026-Q3"


@pytest.mark.parametrize(
    "query",
    [
        {"period": "soon"},
        {"period": "0001"},
        {"period": "9999"},
        {"period": "1989"},
        {"period": "2200"},
        {"first": "2026-09-30"},
        {"first": "2026-09-30", "last": "2026-09-01"},
        {"first": "0001-01-01", "last": "9999-12-31"},
        {"first": "yesterday", "last": "2026-09-01"},
        {"verdict": "good"},
        {"q": "x" * 200},
        {"q": "\x00"},
    ],
)
def test_a_wrong_choice_is_refused_with_a_clear_message(reader, measure, query):
    response = reader.get("/scoreboard/", query, follow=True)
    assert response.status_code == 422
    assert "Nothing can be shown for this choice" in response.content.decode()


def test_a_wrong_period_is_refused_on_the_page_behind_a_figure_too(reader, measure):
    status, html = page(reader, "/scoreboard/harbour-branch/measures/next-step-yes/", period="soon")
    assert status == 422
    assert "“soon” is no period" in html


@pytest.mark.parametrize(
    "query", [{"unit": "nowhere"}, {"unit": "\x00"}, {"measure": "a/b"}, {"measure": "x"}]
)
def test_what_does_not_exist_is_not_found(reader, measure, query):
    assert reader.get("/scoreboard/", query).status_code == 404


def test_the_search_and_the_verdict_choose_rows(reader, measure, root, branch):
    other = StandardFactory(charter=measure.standard.charter, promise="Écoute: you tell your story once")
    story = MeasureFactory(standard=other, name="Story", goal=90)
    tally(story, branch, date(2026, 9, 10), 10, 300)
    address = "/scoreboard/harbour-branch/"
    assert "you know what happens" not in page(reader, address, period=AUTUMN, q="éCOUTE")[1]
    assert "Écoute" in page(reader, address, period=AUTUMN, q="éCOUTE")[1]
    assert "Écoute" in page(reader, address, period=AUTUMN, verdict="not_met")[1]
    assert "Écoute" not in page(reader, address, period=AUTUMN, verdict="too_few")[1]
    assert "No standard fits" in page(reader, address, period=AUTUMN, q="nothing")[1]


def test_the_export_has_the_filters_of_the_page(reader, measure, branch):
    tally(measure, branch, date(2026, 9, 10), 282, 300)
    rows = csv(reader, "/scoreboard/harbour-branch/", period=AUTUMN, export="csv")
    assert rows[0].startswith("Unit,Period,Standard,Measure,Key,Method,")
    assert "Harbour branch,2026-09-01..2026-11-30," in rows[1]
    assert ",300,0,94.0,90." in rows[1]
    assert rows[1].count(",90,met,") == 1
    assert csv(reader, "/scoreboard/harbour-branch/", period=AUTUMN, export="csv", q="nothing")[1:] == []


def test_a_standard_kept_elsewhere_is_not_on_the_board(reader, root, branch, measure):
    office = UnitFactory(parent=root)
    measure.standard.keeper_units.add(office)
    assert "you know what happens" not in page(reader, "/scoreboard/harbour-branch/")[1]
    assert "you know what happens" in page(reader, f"/scoreboard/{office.slug}/")[1]
    assert "you know what happens" in page(reader, f"/scoreboard/{root.slug}/")[1]


def test_the_page_behind_a_figure_shows_answers_months_and_the_rule(reader, measure, branch):
    counted(question_for(measure), branch, date(2026, 9, 10), {1: 30, 0: 10, None: 3})
    status, html = page(reader, "/scoreboard/harbour-branch/measures/next-step-yes/", period=AUTUMN)
    assert status == 200
    for words in ("Yes", "No", "75 %", "does not apply, or left blank", "September 2026"):
        assert words in html
    assert "The share of “yes” among all answers" in html


def test_the_seam_between_two_wordings_is_marked(reader, measure, branch):
    tally(measure, branch, date(2026, 9, 10), 30, 40)
    tally(measure, branch, date(2026, 10, 10), 30, 40, series=2)
    html = page(reader, "/scoreboard/harbour-branch/measures/next-step-yes/", period=AUTUMN)[1]
    assert html.count("another wording or scale from here") == 1
    assert "the newest wording only" in html


def test_the_units_below_stand_with_their_intervals(reader, measure, root, branch):
    tally(measure, branch, date(2026, 9, 10), 282, 300)
    html = page(reader, "/scoreboard/harbour-city/measures/next-step-yes/", period=AUTUMN)[1]
    assert "The units below" in html
    assert "/scoreboard/harbour-branch/measures/next-step-yes/?period=2026-09-01" in html


def test_recorded_results_are_listed_behind_their_figure(reader, branch, measure):
    letters = MeasureFactory(
        standard=measure.standard,
        key="letters-in-time",
        source=Measure.Source.RESULTS,
        method=Measure.Method.SHARE_MET,
        goal=90,
    )
    RecordedResultFactory(measure=letters, unit=branch, met=1104, total=1305)
    status, html = page(reader, "/scoreboard/harbour-branch/measures/letters-in-time/", period=AUTUMN)
    assert status == 200
    for words in ("84.6 %", "all cases", "1,305", "The recorded results", "so there is no interval"):
        assert words in html


@pytest.mark.parametrize(
    ("export", "header", "line"),
    [
        ("answers", "Answer,In words,How many,Per cent", "1,Yes,30,75.0"),
        ("months", "Month,Answers or cases", "2026-09,40,3,75.0,"),
        ("units", "Unit,Answers or cases", "Pier,40,3,75.0,"),
    ],
)
def test_each_table_behind_a_figure_has_its_export(reader, measure, branch, export, header, line):
    pier = UnitFactory(name="Pier", parent=branch)
    counted(question_for(measure), pier, date(2026, 9, 10), {1: 30, 0: 10, None: 3})
    address = "/scoreboard/harbour-branch/measures/next-step-yes/"
    rows = csv(reader, address, period=AUTUMN, export=export)
    assert rows[0].startswith(header)
    assert any(row.startswith(line) for row in rows)


@pytest.mark.parametrize("path", ["", "measures/next-step-yes/"])
def test_the_number_of_queries_depends_on_neither_measures_nor_units(
    reader, measure, root, path, django_assert_num_queries, django_assert_max_num_queries
):
    def add(count):
        for number in range(count):
            unit = UnitFactory(parent=root)
            standard = StandardFactory(charter=measure.standard.charter)
            for each in (measure, MeasureFactory(standard=standard, goal=90)):
                tally(each, unit, date(2026, 9, 1 + number), 9, 10)

    address = f"/scoreboard/harbour-city/{path}"
    add(2)
    reader.get(address, {"period": AUTUMN})
    with django_assert_max_num_queries(60) as used:
        page(reader, address, period=AUTUMN)
    add(18)
    with django_assert_num_queries(len(used)):
        page(reader, address, period=AUTUMN)


def test_the_demo_leaves_nothing_stale(measure, branch, now):
    from charter.models import StaleBucket

    answers(question_for(measure), branch, date(2026, 9, 10), {1: 3})
    seed(now)
    assert not StaleBucket.objects.exists()
