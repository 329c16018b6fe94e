"""What colleagues experience stands on the board of a unit beside what customers experience."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from charter.actions.publish import edition_of
from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from common.period import Period
from feedback.models import Question, Questionnaire
from feedback.tests.factories import QuestionFactory
from organisation.models import Unit
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard import pooling
from scoreboard.figures import figures_for, figures_of_units, trend
from scoreboard.live import live_figures
from scoreboard.opendata_counts import own_counts
from scoreboard.settled import settled_quarters
from scoreboard.tests.factories import counted, question_for

pytestmark = pytest.mark.django_db


def test_the_unit_page_shows_measures_of_colleagues_with_their_goals_beside_those_of_customers(
    client: Client,
) -> None:
    unit: Any = InstallationFactory().root
    standard = StandardFactory(charter=CharterFactory(unit=unit))
    for kind, name in (("card", "Welcome at the door"), ("employees", "Time enough for a customer")):
        measure = MeasureFactory(standard=standard, name=name, goal=85)
        question: Any = QuestionFactory(measure=measure)
        Questionnaire.objects.filter(versions=question.version).update(kind=kind)
    client.force_login(person_in(unit))
    page = client.get(f"/scoreboard/{unit.slug}/").content.decode()
    order = [
        page.index(words)
        for words in (
            "<h2>What customers experience</h2>",
            "Welcome at the door",
            "<h2>What colleagues experience</h2>",
            "Time enough for a customer",
        )
    ]
    assert order == sorted(order)
    assert page.count("goal 85") >= 2


@pytest.fixture
def unit() -> Any:
    return InstallationFactory().root


@pytest.fixture
def asked(unit: Any) -> Question:
    """A yes/no question of a survey of employees that feeds a measure."""
    standard = StandardFactory(charter=CharterFactory(unit=unit))
    question = question_for(MeasureFactory(standard=standard, key="time-enough", goal=85))
    Questionnaire.objects.filter(versions=question.version).update(kind="employees")
    return question


def shown(question: Question, unit: Unit, code: str) -> tuple[int, int]:
    """How many answers the figure of a period holds, and how many of them are a yes."""
    measure: Any = question.measure
    figure = figures_for([measure], unit, Period.parse(code))[measure.pk]
    return figure.n, figure.counts.high


def test_two_periods_that_a_reader_chooses_do_not_tell_what_one_colleague_said(
    unit: Any, asked: Question, client: Client
) -> None:
    counted(asked, unit, date(2026, 11, 3), {1: 6})
    counted(asked, unit, date(2026, 11, 11), {0: 1})
    assert shown(asked, unit, "2026-11-01..2026-11-10") == (6, 6)
    assert shown(asked, unit, "2026-11-01..2026-11-11") == (6, 6)
    client.force_login(person_in(unit))
    query = {"measure": "time-enough", "unit": unit.slug, "start": "2026-11-01", "end": "2026-11-12"}
    assert client.get("/api/v1/scores", query).json()["n"] == 6
    counted(asked, unit, date(2026, 11, 12), {1: 4})
    assert shown(asked, unit, "2026-11-01..2026-11-12") == (11, 10)


def test_a_unit_less_those_below_it_does_not_tell_what_one_colleague_said(unit: Any, asked: Question) -> None:
    measure: Any = asked.measure
    one, other = UnitFactory(parent=unit), UnitFactory(parent=unit)
    counted(asked, one, date(2026, 11, 3), {1: 5})
    counted(asked, other, date(2026, 11, 3), {0: 1})
    counted(asked, unit, date(2026, 11, 4), {1: 4})
    november = Period.parse("2026-11")
    below = figures_of_units([measure], [one, other], november)[measure.pk]
    assert [below[each.pk].n for each in (one, other)] == [5, 0]
    assert shown(asked, unit, "2026-11") == (10, 9)
    assert shown(asked, unit, "2026-11-01..2026-11-03") == (5, 5)


def test_trend_and_distribution_are_made_of_the_same_blocks(unit: Any, asked: Question) -> None:
    measure: Any = asked.measure
    counted(asked, unit, date(2026, 10, 30), {1: 6})
    counted(asked, unit, date(2026, 10, 31), {1: 1, None: 1})
    counted(asked, unit, date(2026, 11, 2), {0: 4})
    points = trend([measure], unit, date(2026, 11, 1), 2)[measure.pk]
    assert [point.figure.n for point in points] == [6, 0]
    both = pooling.spans_of(unit.pk, Period.parse("2026-10-01..2026-11-30"), pooling.Placements.read())
    counts = pooling.with_values(measure, both)[1]
    assert (counts.n, counts.na, counts.values) == (11, 1, {1: 7, 0: 4})


def test_files_and_public_page_are_sums_of_the_same_blocks(unit: Any, asked: Question) -> None:
    measure: Any = asked.measure
    edition_of(measure.standard.charter, date(2026, 1, 1)).save()
    counted(asked, unit, date(2026, 9, 3), {1: 12})
    counted(asked, unit, date(2026, 10, 1), {0: 1})
    counted(asked, unit, date(2026, 10, 6), {1: 12})
    quarters = settled_quarters(date(2026, 11, 18), 8)
    own = own_counts([measure], quarters, pooling.Placements.read())
    assert own.below(measure.pk, 1, quarters[-1], unit.pk)[unit.pk].n == 12
    goals, since = {measure.pk: None}, {}
    page = live_figures([measure], unit, date(2026, 11, 18), goals=goals, since=since)[measure.pk]
    assert page.n == 12 + 13
