"""My work: the promises I keep, and what customers told us."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from charter.models import StandardText
from charter.tests.factories import MeasureFactory
from feedback.tests.factories import (
    CollectorFactory,
    QuestionFactory,
    ResponseFactory,
    VersionFactory,
    answer,
)
from home.tests.published import NOW, charter_of, promise, publish, root_unit, tally
from organisation.tests.factories import UnitFactory, UserFactory, person_in
from strategy.actions.messages import save_part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def root() -> Any:
    return root_unit()


@pytest.fixture
def branch(root: Any) -> Any:
    return UnitFactory(slug="harbour", name="Harbour branch", parent=root)


def my_page(client: Client, person: Any) -> str:
    client.force_login(person)
    response = client.get("/my/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_promises_of_the_nearest_charter_above_are_mine(client: Client, root: Any, branch: Any) -> None:
    charter = charter_of(root)
    measure = promise(charter, "You know what happens next")
    publish(charter)
    tally(measure, branch, 94, 100)
    html = my_page(client, person_in(branch))
    assert "You know what happens next" in html
    assert "94 %" in html
    assert "Harbour branch · Wednesday" in html


def test_the_promises_of_the_own_unit_come_before_those_of_the_units_above(
    client: Client, root: Any, branch: Any
) -> None:
    for unit, words in ((root, "Of the city"), (branch, "Of the branch")):
        charter = charter_of(unit)
        promise(charter, words)
        publish(charter)
    html = my_page(client, person_in(branch))
    assert 0 < html.index("Of the branch") < html.index("Of the city")


def test_the_figures_are_those_of_the_own_unit(client: Client, root: Any, branch: Any) -> None:
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, branch, 94, 100)
    tally(measure, UnitFactory(slug="hill", parent=root), 10, 100)
    assert "94 %" in my_page(client, person_in(branch))


def test_the_goal_of_a_rate_says_what_it_is_per(client: Client, root: Any, branch: Any) -> None:
    charter = charter_of(root)
    rate = promise(charter)
    words = {"counted": "complaints", "exposure": "visitors", "per": 1000}
    rate.goals.update(target=15)
    type(rate).objects.filter(pk=rate.pk).update(method="rate", source="results", direction="lower", **words)
    publish(charter)
    html = " ".join(my_page(client, person_in(branch)).split())
    assert "goal 15 complaints per 1,000 visitors" in html


def test_promises_that_other_roles_or_units_keep_are_not_mine(client: Client, root: Any, branch: Any) -> None:
    charter = charter_of(root)
    promise(charter, "Everybody keeps it")
    promise(charter, "Managers keep it", keeper_role="manager")
    letters = promise(charter, "The letters office keeps it").standard
    letters.keeper_units.add(UnitFactory(slug="letters", parent=root))
    ours = promise(charter, "The whole city keeps it").standard
    ours.keeper_units.add(root)
    publish(charter)
    html = my_page(client, person_in(branch))
    assert "Everybody keeps it" in html
    assert "The whole city keeps it" in html
    assert "Managers keep it" not in html
    assert "The letters office keeps it" not in html


def test_what_i_may_decide_alone_stands_under_the_promise(client: Client, root: Any, branch: Any) -> None:
    charter = charter_of(root)
    promise(charter)
    StandardText.objects.update(guidance="Up to 50 pounds you decide alone.")
    publish(charter)
    html = my_page(client, person_in(branch))
    assert "What I may decide alone" in html
    assert "Up to 50 pounds you decide alone." in html


def test_a_draft_is_not_yet_a_promise_to_keep(client: Client, root: Any, branch: Any) -> None:
    promise(charter_of(root), "Only a draft")
    html = my_page(client, person_in(branch))
    assert "Only a draft" not in html
    assert "No charter is in force yet" in html


def test_a_person_without_a_unit_is_told_what_to_do(client: Client, root: Any) -> None:
    assert "You have no unit yet" in my_page(client, UserFactory())


def comment(unit: Any, text: str, **kwargs: Any) -> None:
    version = VersionFactory()
    question = QuestionFactory(version=version, kind="text", scale_low=None, scale_high=None)
    collector = CollectorFactory(unit=unit, questionnaire=version.questionnaire)
    response = ResponseFactory(collector=collector, version=version, has_comment=True, **kwargs)
    answer(response, question, None, text=text)


def test_comments_of_the_own_unit_are_shown_and_no_others(client: Client, root: Any, branch: Any) -> None:
    comment(branch, "She waited with me")
    comment(branch, "Buy cheap pills", is_spam=True)
    comment(UnitFactory(slug="hill", parent=root), "From the hill")
    html = my_page(client, person_in(branch, "manager"))
    assert "She waited with me" in html
    assert "Buy cheap pills" not in html
    assert "From the hill" not in html


def test_personal_data_in_a_comment_are_not_shown(client: Client, branch: Any) -> None:
    comment(branch, "Write to me at pat@example.org")
    html = my_page(client, person_in(branch))
    assert "Write to me at […]" in html
    assert "pat@example.org" not in html


def test_a_manager_reads_what_was_written_to_the_units_below(client: Client, root: Any, branch: Any) -> None:
    comment(branch, "She waited with me")
    html = my_page(client, person_in(root, "manager", "leadership"))
    assert "She waited with me" in html
    assert "· Harbour branch" in html


def test_hostile_comments_are_shown_as_they_were_typed(client: Client, branch: Any) -> None:
    comment(branch, "<script>alert(1)</script>")
    html = my_page(client, person_in(branch))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_room_that_a_page_belongs_to_is_current_in_the_navigation(client: Client, branch: Any) -> None:
    html = my_page(client, person_in(branch))
    assert '<a href="/my/" aria-current="page">My work</a>' in html
    assert html.count("aria-current") == 1


def test_the_page_to_print_and_share_belongs_to_the_charter(client: Client, root: Any) -> None:
    charter_of(root)
    client.force_login(person_in(root, "manager"))
    html = client.get(f"/charters/{root.slug}/share/").content.decode()
    assert re.findall(r'aria-current="(?:page|true)"[^>]*>\s*([^<]+?)\s*<', html)[0] == "Charter"


def test_each_of_several_figures_of_a_promise_says_what_it_measures(
    client: Client, root: Any, branch: Any
) -> None:
    charter = charter_of(root)
    measure = promise(charter)
    MeasureFactory(standard=measure.standard, name="Courses completed in time", goal=90)
    publish(charter)
    html = my_page(client, person_in(branch))
    assert "Courses completed in time" in html
    assert measure.name in html


def test_twenty_promises_cost_no_more_queries_than_two(client: Client, root: Any, branch: Any) -> None:
    person = person_in(branch)
    charter = charter_of(root)
    counts = []
    for number, extra in ((1, 2), (2, 18)):
        for each in range(extra):
            measure = promise(charter, f"Promise {number}.{each}")
            tally(measure, branch, 91, 100)
            measure.standard.keeper_units.add(root)
        publish(charter, number, date(2026, 9, number))
        client.force_login(person)
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/my/").content.decode()
        assert html.count('<b class="big num">91 %</b>') == (2 if number == 1 else 20)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_my_work_says_why_it_matters_and_what_our_part_is(client: Client, root: Any, branch: Any) -> None:
    charter = charter_of(root)
    charter.texts.update(why="A city that keeps its word is trusted.")
    promise(charter)
    publish(charter)
    save_part(root, why="Others follow us.", part="We read every letter.", by=None)
    save_part(branch, why="We see people first.", part="Nobody leaves without a next step.", by=None)
    html = my_page(client, person_in(branch))
    assert "A city that keeps its word is trusted." in html
    assert "We see people first." in html
    assert "Nobody leaves without a next step." in html
    assert "We read every letter." not in html


def test_who_manages_a_team_without_a_part_is_asked_to_write_it(
    client: Client, root: Any, branch: Any
) -> None:
    assert "Why it matters" not in my_page(client, person_in(branch))
    html = my_page(client, person_in(branch, "manager"))
    assert "Harbour branch has not written down its part yet." in html
    assert '<a href="/why/harbour/">' in html
