"""Tables that are saved whole: who saves second is told, and nothing that was typed is lost."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from strategy.actions import plan, rounds
from strategy.assessment import questionnaire
from strategy.tests.factories import Branch, a_round, an_action

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 18, 14, tzinfo=UTC)


@pytest.fixture
def branch(client):
    found = Branch()
    client.force_login(found.manager)
    return found


def milestones(action, *titles, version):
    table = {"m-TOTAL_FORMS": str(len(titles)), "m-INITIAL_FORMS": "0", "version": str(version)}
    for number, title in enumerate(titles):
        row = {"title": title, "due_on": action.starts_on.isoformat(), "weight": str(100 // len(titles))}
        table |= {f"m-{number}-{name}": value for name, value in row.items()}
    return table


def test_two_who_change_the_milestones_are_told_and_both_tables_are_shown(branch, client):
    action = an_action(branch.unit, branch.colleague)
    address = f"{action.get_absolute_url()}milestones/"
    assert 'name="version" value="0"' in client.get(address).content.decode()
    row = {"key": "", "title": "Drafted", "due_on": action.starts_on, "weight": 100}
    plan.set_milestones(action, rows=[row], by=branch.colleague)
    page = client.post(address, milestones(action, "Printed", "Tried out", version=0))
    text = page.content.decode()
    assert page.status_code == 409
    assert ("Drafted" in text, 'value="Printed"' in text, str(branch.colleague) in text) == (True, True, True)
    assert action.milestones.get().title == "Drafted"
    assert 'name="version" value="1"' in text
    client.post(address, milestones(action, "Printed", "Tried out", version=1))
    assert [each.title for each in action.milestones.all()] == ["Printed", "Tried out"]


def agreed(version, **row):
    table = {"side-TOTAL_FORMS": "8", "side-INITIAL_FORMS": "8", "version": str(version)}
    table |= {f"side-{n}-side": side["key"] for n, side in enumerate(questionnaire()["dimensions"])}
    return table | {f"side-0-{name}": value for name, value in row.items()}


def test_two_who_write_down_what_was_agreed_are_told_and_both_are_shown(branch, client):
    found = a_round(branch.unit, branch.manager, is_open=True)
    rounds.close_round(found, at=NOVEMBER)
    found.refresh_from_db()
    opened_on = found.version
    first = {"score": Decimal("3.1"), "target": Decimal(4), "evidence": "Two visits in a year"}
    rounds.agree(found, rows=[first | {"side": questionnaire()["dimensions"][0]["key"]}], by=branch.colleague)
    address = f"{found.get_absolute_url()}agree/"
    typed = {"score": "2.5", "target": "4", "evidence": "Nobody remembers a visit"}
    page = client.post(address, agreed(opened_on, **typed))
    text = page.content.decode()
    assert page.status_code == 409
    assert "Two visits in a year" in text
    assert "Nobody remembers a visit" in text
    assert found.consensus.get().score == Decimal("3.1")
    client.post(address, agreed(found.version, **typed))
    assert found.consensus.get().score == Decimal("2.5")


def test_only_the_sides_that_differ_are_shown_after_a_conflict(branch, client):
    found = a_round(branch.unit, branch.manager, is_open=True)
    rounds.close_round(found, at=NOVEMBER)
    found.refresh_from_db()
    opened_on, sides = found.version, [side["key"] for side in questionnaire()["dimensions"]]
    same = {"score": Decimal("3.0"), "target": Decimal(4), "evidence": "As it was before"}
    other = {"score": Decimal("3.1"), "target": Decimal(4), "evidence": "Two visits in a year"}
    rounds.agree(found, rows=[same | {"side": sides[0]}, other | {"side": sides[1]}], by=branch.colleague)
    typed = agreed(opened_on, score="3", target="4", evidence="As it was before")
    page = client.post(f"{found.get_absolute_url()}agree/", typed)
    assert page.status_code == 409
    assert [words.partition(": ")[2] for _name, words in page.context["changed"]] == ["Two visits in a year"]


def test_only_the_milestones_that_differ_are_shown_after_a_conflict(branch, client):
    action = an_action(branch.unit, branch.colleague)
    row = {"key": "", "due_on": action.starts_on, "weight": 50}
    plan.set_milestones(
        action, rows=[row | {"title": "Drafted"}, row | {"title": "Tried"}], by=branch.colleague
    )
    typed = milestones(action, "Drafted", "Out", version=0)
    page = client.post(f"{action.get_absolute_url()}milestones/", typed)
    assert page.status_code == 409
    assert [title for title, _words in page.context["changed"]] == ["Tried", "Out"]
    assert page.context["changed"][1][1] == ""


def test_two_who_change_a_round_that_is_planned_see_both_and_can_save(branch, client):
    found = a_round(branch.unit, branch.manager)
    fields = {"unit": branch.unit, "opens_on": found.opens_on, "closes_on": found.closes_on}
    rounds.change_round(found, fields=fields | {"name": "Said by the first"}, by=branch.colleague)
    typed = {"name": "Said by the second", "unit": branch.unit.slug, "version": "0"}
    typed |= {"opens_on": "2026-11-02", "closes_on": "2026-11-30"}
    page = client.post(f"{found.get_absolute_url()}edit/", typed)
    assert page.status_code == 409
    assert [now for _label, now in page.context["changed"]] == ["Said by the first"]
    client.post(f"{found.get_absolute_url()}edit/", typed | {"version": "1"})
    found.refresh_from_db()
    assert found.name == "Said by the second"


def test_a_side_that_is_cleared_is_agreed_on_no_more(branch, client):
    found = a_round(branch.unit, branch.manager, is_open=True)
    rounds.close_round(found, at=NOVEMBER)
    address = f"{found.get_absolute_url()}agree/"
    found.refresh_from_db()
    typed = {"score": "2.5", "target": "4", "evidence": "Nobody remembers a visit"}
    client.post(address, agreed(found.version, **typed))
    found.refresh_from_db()
    cleared = {"score": "", "target": "", "evidence": ""}
    client.post(address, agreed(found.version, **cleared))
    assert not found.consensus.exists()
    assert "Leadership and vision" in found.events.last().note
