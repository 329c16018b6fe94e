"""The scores that programs and signed-in persons read."""

import hashlib
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.models import Edition
from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from common.period import Period
from organisation.models import ApiToken
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in
from scoreboard.publishing import is_at_edges, safe_edges
from scoreboard.tests.factories import tally

SCORES, SECRET = "/api/v1/scores", "a-secret-of-a-program"


@pytest.fixture
def root(db):
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(slug="harbour-branch", parent=root)


@pytest.fixture
def measure(root):
    standard = StandardFactory(charter=CharterFactory(unit=root), key="next-step")
    return MeasureFactory(standard=standard, key="next-step-yes", goal=90)


@pytest.fixture
def key(db):
    return ApiToken.objects.create(
        name="Intranet",
        secret_hash=hashlib.sha256(SECRET.encode()).hexdigest(),
        scopes=["scores.read"],
        created_by=UserFactory(),
    )


def ask(client, *, secret=SECRET, **query):
    asked = {"measure": "next-step-yes", "unit": "harbour-branch", "start": "2026-09-01", "end": "2026-12-01"}
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    response = client.get(SCORES, asked | query, headers=headers)
    return response.status_code, response.json()


def test_a_key_reads_a_score_with_everything_about_it(client, key, measure, branch):
    tally(measure, branch, date(2026, 9, 10), 282, 300)
    status, score = ask(client)
    assert status == 200
    assert (score["value"], score["n"], score["goal"], score["verdict"]) == (94.0, 300, 90.0, "met")
    assert (round(score["low"], 1), round(score["high"], 1)) == (90.7, 96.2)
    assert (score["method"], score["hidden"], score["indicative"]) == ("top_box", None, False)


def test_a_key_gets_no_figure_of_a_few_answers_but_the_reason(client, key, measure, branch):
    tally(measure, branch, date(2026, 9, 10), 5, 6)
    _status, score = ask(client)
    assert (score["value"], score["low"], score["high"], score["verdict"]) == (None, None, None, "too_few")
    assert score["hidden"] == "6 answers so far, we publish from 10."


def test_a_person_who_is_signed_in_sees_what_the_scoreboard_shows(client, measure, branch):
    tally(measure, branch, date(2026, 9, 10), 5, 6)
    client.force_login(person_in(branch))
    status, score = ask(client, secret="", end="2026-11-18")
    assert (status, score["value"], score["hidden"]) == (200, pytest.approx(500 / 6), None)


def test_the_sister_of_a_hidden_unit_is_hidden_from_a_key(client, key, measure, root, branch):
    small, large = UnitFactory(parent=root), UnitFactory(slug="large", parent=root)
    tally(measure, small, date(2026, 9, 10), 3, 6)
    tally(measure, branch, date(2026, 9, 10), 30, 40)
    tally(measure, large, date(2026, 9, 10), 90, 100)
    assert ask(client, unit="large")[1]["value"] == 90.0
    assert ask(client, unit=root.slug)[1]["value"] is not None
    assert ask(client)[1]["value"] is None
    assert "reckoned out" in ask(client)[1]["hidden"]


def test_a_few_answers_of_the_parent_itself_are_not_the_whole_less_its_units(
    client, key, measure, root, branch
):
    tally(measure, root, date(2026, 9, 10), 0, 3)
    tally(measure, branch, date(2026, 9, 10), 30, 40)
    tally(measure, UnitFactory(slug="large", parent=root), date(2026, 9, 10), 90, 100)
    assert ask(client, unit=root.slug)[1]["value"] is not None
    assert ask(client, unit="large")[1]["value"] == 90.0
    assert ask(client)[1]["value"] is None


def test_what_is_hidden_hides_all_below_it(client, key, measure, root, branch):
    small, large = UnitFactory(parent=root), UnitFactory(parent=root)
    desk = UnitFactory(slug="desk", parent=branch)
    tally(measure, small, date(2026, 9, 10), 3, 6)
    tally(measure, desk, date(2026, 9, 10), 30, 40)
    tally(measure, large, date(2026, 9, 10), 90, 100)
    assert ask(client, unit="desk")[1]["value"] is None


def test_two_periods_never_leave_a_few_answers_between_them(client, key, measure, branch):
    for month, n in ((9, 40), (10, 4), (11, 50)):
        tally(measure, branch, date(2026, month, 10), n, n)
    assert ask(client, end="2026-10-01")[1]["value"] is not None
    assert ask(client)[1]["value"] is not None
    assert ask(client, end="2026-11-01")[1]["value"] is None
    assert ask(client, start="2026-11-01")[1]["value"] is None
    assert ask(client, start="2026-10-01")[1]["value"] is not None


@settings(deadline=None)
@given(st.lists(st.integers(1, 40), max_size=14), st.integers(5, 20))
def test_no_difference_of_two_shown_periods_is_smaller_than_the_minimum(counts, minimum):
    edges = sorted(safe_edges(counts, minimum))
    if sum(counts) >= minimum:
        assert all(later - earlier >= minimum for earlier, later in pairwise(edges))
    assert edges[0] == 0
    assert edges[-1] == sum(counts)


def test_months_without_answers_do_not_move_an_edge():
    months = [(date(2026, 1, 1), 12), (date(2026, 6, 1), 12)]
    assert is_at_edges(months, Period(date(2025, 1, 1), date(2026, 4, 1)), 10)
    assert is_at_edges(months, Period(date(2026, 3, 1), date(2027, 4, 1)), 10)


@pytest.mark.parametrize(
    "query",
    [
        {"start": "soon"},
        {"start": ""},
        {"end": "2026-09-01"},
        {"end": "2026-11-18"},
        {"start": "0001-01-01"},
        {"end": "9999-12-01"},
        {"measure": "\x00"},
        {"unit": "a b"},
        {"unit": "x" * 61},
    ],
)
def test_a_wrong_question_is_refused_in_words(client, key, measure, branch, query):
    status, answer = ask(client, **query)
    assert status == 422
    assert answer["detail"]


@pytest.mark.parametrize("query", [{"measure": "nothing"}, {"unit": "nowhere"}])
def test_what_does_not_exist_is_not_found(client, key, measure, branch, query):
    assert ask(client, **query)[0] == 404


@pytest.mark.parametrize(
    ("secret", "change"),
    [
        ("", {}),
        ("another", {}),
        (SECRET + " ", {}),
        (SECRET, {"revoked_at": "2026-11-18T00:00:00Z"}),
        (SECRET, {"scopes": ["charter.read"]}),
        (SECRET, {"scopes": []}),
    ],
)
def test_without_a_key_in_use_and_of_that_scope_nothing_is_said(client, key, measure, branch, secret, change):
    ApiToken.objects.update(**change) if change else None
    status, answer = ask(client, secret=secret)
    assert (status, answer) == (401, {"detail": "Unauthorized"})


def test_the_use_of_a_key_is_noted_at_most_once_an_hour(client, key, measure, branch):
    ask(client)
    key.refresh_from_db()
    first = key.last_used_at
    assert first is not None
    ask(client)
    key.refresh_from_db()
    assert key.last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(hours=2))
    ask(client)
    key.refresh_from_db()
    assert key.last_used_at >= first


def test_the_charter_is_read_without_a_key(client, measure, root):
    content = {
        "texts": {"en": {"title": "What you can expect", "purpose": "To help"}},
        "values": [],
        "standards": [
            {
                "key": "next-step",
                "value": None,
                "texts": {"en": {"promise": "You know what happens next", "why": "", "guidance": ""}},
                "measures": [{"key": "next-step-yes"}],
            }
        ],
    }
    Edition.objects.create(
        charter=measure.standard.charter,
        number=1,
        note="The first",
        in_force_from=date(2026, 1, 1),
        content=content,
    )
    response = client.get("/api/v1/charter")
    found = response.json()
    assert (response.status_code, found["edition"], found["title"]) == (200, 1, "What you can expect")
    assert found["promises"][0]["promise"] == "You know what happens next"
    (figure,) = found["promises"][0]["figures"]
    assert (figure["value"], figure["hidden"]) == (None, "No answers yet, we publish from 10.")
    assert "sessionid" not in response.cookies


def test_before_the_first_edition_there_is_no_charter(client, root):
    assert client.get("/api/v1/charter").status_code == 404
