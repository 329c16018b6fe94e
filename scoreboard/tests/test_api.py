"""The scores that programs and signed-in persons read."""

import hashlib
from datetime import date, timedelta

import pytest
from django.utils import timezone

from charter.actions.publish import edition_of
from charter.models import Edition
from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from organisation.models import ApiToken
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in
from scoreboard.models import PublishedResult
from scoreboard.tests.factories import tally

SCORES, RESULTS, SECRET = "/api/v1/scores", "/api/v1/results", "a-secret-of-a-program"


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


@pytest.fixture
def person(client, branch):
    found = person_in(branch)
    client.force_login(found)
    return found


@pytest.fixture
def published(root, measure, branch):
    """Two months of two units, one of them hidden; a second measure that nothing says anything of."""
    edition = edition_of(measure.standard.charter, date(2026, 1, 1))
    edition.note = "First"
    edition.save()
    for month in (2, 3):
        for unit, n, value, hidden in ((root, 46, 94.5, ""), (branch, 6, None, "too_few_answers")):
            PublishedResult.objects.create(
                quarter=date(2026, 1, 1),
                measure=measure,
                series=1,
                unit=unit,
                start=date(2026, month, 1),
                end=date(2026, month + 1, 1),
                edition=edition,
                n=n,
                goal=90,
                hidden=hidden,
                **dict.fromkeys(("value", "low", "high"), value),
            )


def ask(client, **query):
    """The score that a person who is signed in gets."""
    asked = {"measure": "next-step-yes", "unit": "harbour-branch", "start": "2026-09-01", "end": "2026-12-01"}
    response = client.get(SCORES, asked | query)
    return response.status_code, response.json()


def ask_with_key(client, *, secret=SECRET, **query):
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    response = client.get(RESULTS, query, headers=headers)
    return response.status_code, response.json()


def test_a_person_reads_a_score_with_everything_about_it(client, person, measure, branch):
    tally(measure, branch, date(2026, 9, 10), 282, 300)
    status, score = ask(client)
    assert status == 200
    assert (score["value"], score["n"], score["goal"], score["verdict"]) == (94.0, 300, 90.0, "met")
    assert (round(score["low"], 1), round(score["high"], 1)) == (90.7, 96.2)
    assert (score["method"], score["indicative"]) == ("top_box", False)


def test_a_person_who_is_signed_in_sees_what_the_scoreboard_shows(client, person, measure, branch):
    tally(measure, branch, date(2026, 9, 10), 5, 6)
    status, score = ask(client, end="2026-11-18")
    assert (status, score["value"]) == (200, pytest.approx(500 / 6))


def test_a_program_gets_no_figure_of_days_that_it_chooses(client, key, measure, branch):
    """From two periods that share days a figure of a few answers could be reckoned."""
    asked = {"measure": "next-step-yes", "unit": "harbour-branch", "start": "2026-09-01", "end": "2026-12-01"}
    response = client.get(SCORES, asked, headers={"Authorization": f"Bearer {SECRET}"})
    assert response.status_code == 401


def test_a_program_reads_the_published_results_and_why_one_is_hidden(client, key, published):
    status, found = ask_with_key(client)
    assert (status, found) == (200, list(PublishedResult.objects.rows()))
    assert [(row["n"], row["value"], row["hidden"]) for row in found[:2]] == [
        (46, 94.5, ""),
        (6, None, "too_few_answers"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"unit": "harbour-branch"}, ["2026-02 harbour-branch", "2026-03 harbour-branch"]),
        ({"since": "2026-02-02", "unit": "harbour-city"}, ["2026-03 harbour-city"]),
        ({"until": "2026-02-28", "unit": "harbour-city"}, ["2026-02 harbour-city"]),
        ({"until": "9999-12-31", "unit": "harbour-city"}, ["2026-02 harbour-city", "2026-03 harbour-city"]),
        ({"measure": "waiting"}, []),
    ],
)
def test_a_program_chooses_among_what_is_published(client, key, published, query, expected):
    _status, found = ask_with_key(client, **query)
    assert [f"{row['period']} {row['unit']}" for row in found] == expected


def test_before_anything_is_published_there_are_no_results(client, key, measure):
    assert ask_with_key(client) == (200, [])


@pytest.mark.parametrize(
    "query",
    [
        {"start": "soon"},
        {"start": ""},
        {"end": "2026-09-01"},
        {"start": "0001-01-01"},
        {"end": "9999-12-01"},
        {"measure": "\x00"},
        {"unit": "a b"},
        {"unit": "x" * 61},
    ],
)
def test_a_wrong_question_is_refused_in_words(client, person, measure, branch, query):
    status, answer = ask(client, **query)
    assert status == 422
    assert answer["detail"]


@pytest.mark.parametrize("query", [{"measure": "nothing"}, {"unit": "nowhere"}])
def test_what_does_not_exist_is_not_found(client, person, measure, branch, query):
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
    status, answer = ask_with_key(client, secret=secret)
    assert (status, answer) == (401, {"detail": "Unauthorized"})


def test_the_use_of_a_key_is_noted_at_most_once_an_hour(client, key, measure, branch):
    ask_with_key(client)
    key.refresh_from_db()
    first = key.last_used_at
    assert first is not None
    ask_with_key(client)
    key.refresh_from_db()
    assert key.last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(hours=2))
    ask_with_key(client)
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
