"""The pages around a figure: one standard, our goals, comparison, comments, marked changes."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from charter.actions import publish_edition
from charter.models import Goal, Measure
from charter.tests.factories import CharterFactory, MeasureFactory, RecordedResultFactory, StandardFactory
from common.navigation import _slots, register_slot
from feedback.models import Answer, Question
from feedback.tests.factories import QuestionFactory
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.models import DatedChange
from scoreboard.tests.factories import answers, counted, question_for, tally

pytestmark = pytest.mark.django_db

AUTUMN = "2026-09-01..2026-11-30"
MEASURE = "/scoreboard/harbour-branch/measures/next-step-yes/"
STANDARD = "/scoreboard/harbour-branch/standards/next-step/"
WORDS = {"on": "2026-05-04", "words": "Two at the counter"}


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


@pytest.fixture
def manager(branch, client):
    client.force_login(person_in(branch, "manager", "middle"))
    return client


def page(reader, address, **query):
    response = reader.get(address, query)
    return response.status_code, response.content.decode()


def test_two_periods_of_choice_are_compared_in_words(reader, measure, branch):
    tally(measure, branch, date(2026, 10, 10), 91, 100)
    tally(measure, branch, date(2026, 2, 10), 46, 64)
    html = page(reader, MEASURE, period="2026-10", against="2026-02")[1]
    assert "Better by 19 points, 7 to 32" in html
    assert "Against February 2026" in html
    assert "cannot be compared" in page(reader, MEASURE, period="2026-10")[1]


@pytest.mark.parametrize("query", [{"against": "soon"}, {"period": "2026-W54"}, {"period": "last-0-days"}])
def test_a_nonsense_period_is_refused(reader, measure, query):
    assert page(reader, MEASURE, **query)[0] == 422


def test_a_moving_period_keeps_its_name_in_every_link(reader, measure, branch):
    html = page(reader, "/scoreboard/harbour-branch/", period="last-30-days")[1]
    assert f"{STANDARD}?period=last-30-days" in html
    assert f"{MEASURE}?period=last-30-days" in html
    assert (
        "/scoreboard/harbour-branch/?period=last-30-days" in page(reader, MEASURE, period="last-30-days")[1]
    )
    moved = reader.get("/scoreboard/", {"period": "last-30-days", "standard": "next-step"})
    assert moved["Location"] == f"{STANDARD}?period=last-30-days"


def test_the_financial_year_follows_the_installation(reader, measure, branch):
    installation = InstallationFactory._meta.model.objects.get()
    installation.financial_year_starts = 4
    installation.save()
    assert "April 2025 to March 2026" in page(reader, MEASURE, period="FY2025")[1]


def test_every_answer_leads_to_its_cards(reader, measure, branch):
    question = question_for(measure)
    counted(question, branch, date(2026, 9, 10), {1: 6, 0: 3})
    html = page(reader, MEASURE, period="2026-09")[1]
    link = "/feedback/?measure=next-step-yes&amp;unit=harbour-branch&amp;period=2026-09"
    assert f'href="{link}&amp;value=0"' in html
    found = page(
        reader, "/feedback/", measure="next-step-yes", unit="harbour-branch", period="2026-09", value=0
    )
    assert "3 responses" in found[1]
    assert "Cards that answer 0 to “Knows what happens next”." in found[1]


def test_answers_of_another_unit_are_not_linked_and_its_comments_not_shown(reader, measure, root):
    hill = UnitFactory(slug="hill", parent=root)
    counted(question_for(measure), hill, date(2026, 9, 10), {1: 6})
    html = page(reader, "/scoreboard/hill/measures/next-step-yes/", period="2026-09")[1]
    assert "/feedback/?measure" not in html
    assert "Comments are read by those who work in the unit." in html


def test_comments_behind_a_figure_are_masked_for_staff(reader, measure, branch):
    question = question_for(measure)
    (answer,) = answers(question, branch, date(2026, 9, 10), {0: 1}, has_comment=True)
    why = QuestionFactory(
        version=question.version,
        key="why",
        kind=Question.Kind.TEXT,
        position=9,
        scale_low=None,
        scale_high=None,
    )
    Answer.objects.create(
        response=answer.response,
        question=why,
        text="Call Ann Baker on 0800 555 0199",
        unit=branch,
        day=date(2026, 9, 10),
    )
    html = page(reader, MEASURE, period="2026-09")[1]
    assert "0800 555 0199" not in html
    assert "Call Ann Baker on […]" in html


def test_a_manager_marks_a_change_and_takes_it_away_again(manager, measure, branch):
    answer = manager.post(f"{MEASURE}changes/add/?period=2026-10", WORDS)
    assert answer["Location"].startswith(f"{MEASURE}?period=2026-10")
    change = DatedChange.objects.get()
    assert (change.measure, change.standard, change.unit) == (measure, None, branch)
    answer = manager.post(f"{MEASURE}changes/{change.reference}/archive/?period=2026-10", {})
    html = manager.get(answer["Location"]).content.decode()
    assert "No longer marked: Two at the counter" in html
    manager.post(f"{MEASURE}changes/{change.reference}/restore/", {})
    change.refresh_from_db()
    assert change.archived_at is None


def test_a_change_may_concern_the_whole_standard(manager, measure):
    manager.post(f"{MEASURE}changes/add/", WORDS | {"whole_standard": "on"})
    assert DatedChange.objects.get().standard == measure.standard


@pytest.mark.parametrize("wrong", [{"on": "2199-01-01"}, {"on": "soon"}, {"words": ""}, {"words": "a\x00b"}])
def test_a_change_that_cannot_be_is_refused_and_the_typed_words_stay(manager, measure, wrong):
    answer = manager.post(f"{MEASURE}changes/add/", WORDS | wrong)
    assert answer.status_code == 422
    assert not DatedChange.objects.exists()
    if "words" not in wrong:
        assert "Two at the counter" in answer.content.decode()


def test_staff_read_the_chart_but_mark_nothing(reader, measure):
    assert "Mark a change" not in page(reader, MEASURE)[1]
    assert reader.post(f"{MEASURE}changes/add/", WORDS).status_code == 403


def test_the_page_of_a_standard_shows_promise_guidance_and_every_measure(reader, measure, branch):
    words = measure.standard.texts.get()
    words.guidance, words.why = "Say who does what by when.", "So that nobody goes home guessing."
    words.save()
    MeasureFactory(standard=measure.standard, name="Was called back", goal=80)
    tally(measure, branch, date(2026, 9, 10), 282, 300)
    status, html = page(reader, STANDARD, period=AUTUMN)
    assert status == 200
    for told in (words.guidance, words.why, "Knows what happens next", "Was called back", "282 of 300"):
        assert told in html


def test_other_rooms_may_add_to_the_page_of_a_standard(reader, measure, branch, monkeypatch):
    seen = []
    monkeypatch.setitem(_slots, "scoreboard.standard", [])
    register_slot(
        "scoreboard.standard", 10, "common/_empty.html", lambda subject, **more: seen.append(subject)
    )
    page(reader, STANDARD)
    assert seen == [measure.standard]


def test_an_archived_measure_keeps_its_page(reader, measure, now):
    measure.archived_at = now
    measure.save()
    assert "archived: nothing new is counted" in page(reader, MEASURE)[1]
    assert page(reader, STANDARD)[0] == 200


def test_everybody_reads_the_goals_with_what_stands_against_them(reader, measure, branch, root):
    Goal.objects.create(
        measure=measure, unit=branch, starts_on=date(2026, 1, 1), target=Decimal(95), is_critical=True
    )
    tally(measure, branch, date(2026, 9, 10), 282, 300)
    status, html = page(reader, "/goals/", period=AUTUMN)
    assert status == 200
    for words in ("at least 90 %", "at least 95 %", "critical", "94 %", "since 1 Jan 2026"):
        assert words in html
    assert "at least 90 %" not in page(reader, "/goals/", critical="yes")[1]
    assert "at least 95 %" not in page(reader, "/goals/", unit=root.slug)[1]
    assert "No goal fits" in page(reader, "/goals/", q="nothing")[1]
    assert page(reader, "/goals/", period="soon")[0] == 422


def test_a_goal_that_ended_while_the_edition_promises_it_is_told_on_both_pages(
    reader, measure, now, monkeypatch
):
    monkeypatch.setattr(timezone, "now", lambda: now)
    publish_edition(charter=measure.standard.charter, note="New", by=None, at=now)
    told = "still promises 90 to the public"
    assert told not in page(reader, "/goals/")[1] + page(reader, STANDARD)[1]
    measure.goals.update(ends_on=now.date())
    for address in ("/goals/", STANDARD):
        assert told in page(reader, address)[1]
    publish_again = MeasureFactory(standard=measure.standard, goal=80)
    measure.archived_at = now
    measure.save()
    publish_edition(charter=publish_again.standard.charter, note="Without it", by=None, at=now)
    assert told not in page(reader, "/goals/")[1] + page(reader, STANDARD)[1]


def test_the_goals_are_exported_with_the_filters_of_the_page(reader, measure, branch):
    rows = b"".join(reader.get("/goals/", {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "Knows what happens next" in rows
    assert reader.get("/goals/", {"export": "xlsx"})["Content-Type"].endswith("sheet")
    assert rows.count("\r\n") == 2


def test_the_number_of_queries_of_the_goals_does_not_grow_with_goals_and_units(
    reader, measure, root, django_assert_num_queries, django_assert_max_num_queries
):
    def add(count):
        for number in range(count):
            unit = UnitFactory(parent=root)
            Goal.objects.create(measure=measure, unit=unit, starts_on=date(2026, 1, 1), target=Decimal(80))
            rate = MeasureFactory(
                standard=measure.standard, source=Measure.Source.RESULTS, method="share_met", goal=90
            )
            RecordedResultFactory(measure=rate, unit=unit, met=number, total=100)

    add(2)
    with django_assert_max_num_queries(40) as used:
        page(reader, "/goals/", period=AUTUMN)
    add(18)
    with django_assert_num_queries(len(used)):
        page(reader, "/goals/", period=AUTUMN)


def test_units_below_are_counted_by_verdict_and_compared_without_a_ranking(reader, measure, root, branch):
    hill = UnitFactory(name="Hill branch", slug="hill-branch", parent=root)
    tally(measure, branch, date(2026, 9, 10), 290, 300)
    tally(measure, hill, date(2026, 9, 10), 200, 300)
    html = page(reader, f"/scoreboard/{root.slug}/", period=AUTUMN)[1]
    assert "The units below" in html
    html = page(reader, f"/scoreboard/{root.slug}/measures/next-step-yes/", period=AUTUMN)[1]
    assert "The interval of Harbour branch lies wholly above that of Hill branch." in html
    assert html.index("Harbour branch</a>") < html.index("Hill branch</a>")
