"""The Service Quotient: what it asks, what it finds, and that nobody can be found in it."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st

from organisation.models import Membership
from organisation.tests.factories import UnitFactory, person_in
from strategy.actions import find_gaps, rounds
from strategy.assessment import first_hour, questionnaire
from strategy.models import Gap, Round, Seat, Sheet
from strategy.quotient import MINIMUM, own_mean, perception_gap, quotient, results
from strategy.radar import radar
from strategy.tests.factories import Branch, a_round, all_answers

NOVEMBER = datetime(2026, 11, 18, 14, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 18, 14, tzinfo=UTC)
SIDES = {
    "dimensions": [
        {"key": "a", "items": [{"key": "a1"}, {"key": "a2", "weight": 3}]},
        {"key": "b", "items": [{"key": "b1"}]},
    ]
}
LEVELS = ["leadership", "middle", "front"]


# ------------------------------------------------------------------ the sums


def test_the_questionnaire_has_eight_sides_of_five_statements_or_more():
    asked = questionnaire()["dimensions"]
    assert len(asked) == 8
    assert all(len(side["items"]) >= 5 for side in asked)
    keys = [item["key"] for side in asked for item in side["items"]]
    assert len(keys) == len(set(keys))


def test_a_mean_is_weighted_and_leaves_out_what_does_not_apply():
    items = SIDES["dimensions"][0]["items"]
    assert own_mean(items, {"a1": 5, "a2": 1}) == 2
    assert own_mean(items, {"a1": 5, "a2": None}) == 5
    assert own_mean(items, {"a1": None, "a2": None}) is None


def test_each_persons_answers_come_first():
    sheets = [("front", {"a1": 5, "a2": None, "b1": 3})] + [("front", {"a1": 1, "a2": 1, "b1": 3})] * 4
    assert results(SIDES, sheets)["a"]["whole"] == {"n": 5, "mean": float(Fraction(9, 5))}


def test_a_level_of_four_is_in_no_figure():
    sheets = [("front", {"a1": 4, "a2": 4, "b1": 4})] * 5 + [("middle", {"a1": 1, "a2": 1, "b1": 1})] * 4
    found = results(SIDES, sheets)["a"]
    assert list(found["levels"]) == ["front"]
    assert found["whole"] == found["levels"]["front"]


def test_a_level_that_is_large_enough_on_one_side_only_is_hidden_on_the_other():
    sheets = [("front", {"a1": 4, "a2": 4, "b1": 4})] * 4 + [("front", {"a1": 2, "a2": 2, "b1": None})]
    found = results(SIDES, sheets)
    assert (found["a"]["whole"]["n"], found["b"]["whole"]) == (5, None)


def test_the_distance_is_between_the_levels_that_see_it_best_and_worst():
    sheets = [("leadership", {"a1": 5, "a2": 5, "b1": 5})] * 5
    sheets += [("front", {"a1": 2, "a2": 2, "b1": 2})] * 5
    found = results(SIDES, sheets)
    assert (perception_gap(found["a"]), quotient(found)) == (3.0, 3.5)


ANSWER = st.one_of(st.none(), st.integers(1, 5))
SHEET = st.fixed_dictionaries({"a1": ANSWER, "a2": ANSWER, "b1": ANSWER})
SHEETS = st.lists(st.tuples(st.sampled_from(LEVELS), SHEET), max_size=24)


def reckoned_from(found):
    """Everything that can be read, and every total minus the levels shown beside it."""
    rests = {}
    for key, side in found.items():
        if side["whole"]:
            parts = side["levels"].values()
            n = side["whole"]["n"] - sum(part["n"] for part in parts)
            total = side["whole"]["n"] * side["whole"]["mean"]
            rests[key] = (n, round(total - sum(part["n"] * part["mean"] for part in parts), 9))
    return rests


@settings(deadline=None, max_examples=60)
@given(SHEETS)
def test_no_subtraction_leaves_anybody(sheets):
    found = results(SIDES, sheets)
    for n, rest in reckoned_from(found).values():
        assert (n, abs(rest) < 1e-6) == (0, True)
    shown = [part for side in found.values() for part in side["levels"].values()]
    assert all(part["n"] >= MINIMUM for part in shown)


@settings(deadline=None, max_examples=60)
@given(SHEETS, st.sampled_from(LEVELS), st.lists(SHEET, max_size=MINIMUM - 1))
def test_whatever_a_hidden_level_answers_nothing_that_is_shown_changes(others, hidden, answers):
    others = [(level, sheet) for level, sheet in others if level != hidden]
    without = results(SIDES, others)
    with_them = results(SIDES, [*others, *((hidden, sheet) for sheet in answers)])
    assert json.dumps(with_them, sort_keys=True) == json.dumps(without, sort_keys=True)


def test_a_hidden_figure_breaks_the_line_of_the_radar_and_has_no_point():
    drawn = radar(["A", "B", "C"], [("front", "Front", [4.0, None, 2.0]), ("all", "All", [3.0, 3.0, 3.0])])
    assert [len(ring.points) for ring in drawn.rings] == [2, 3]
    assert [len(ring.runs) for ring in drawn.rings] == [1, 1]
    assert drawn.rings[1].runs[0].endswith("Z")


# ---------------------------------------------------------------- the rounds


@pytest.fixture
def branch(db):
    return Branch()


def test_a_round_that_ends_before_it_begins_is_refused(branch):
    with pytest.raises(rounds.RoundRefused) as refused:
        a_round(branch.unit, branch.manager, closes_on=date(2026, 1, 1))
    assert list(refused.value.message_dict) == ["closes_on"]


def test_everybody_in_the_unit_and_below_is_asked_once_at_the_own_level(branch):
    below = UnitFactory(parent=branch.unit)
    person_in(below, "staff", "front")
    branch.colleague.memberships.create(unit=below, role="staff", level="middle")
    found = a_round(branch.unit, branch.manager, is_open=True)
    assert found.asked == 3
    assert Seat.objects.get(round=found, person=branch.colleague).level == "front"


def test_nothing_kept_joins_answers_to_a_person_or_a_time(branch):
    fields = {field.name for field in Sheet._meta.get_fields()}
    assert fields == {"id", "round", "level", "answers"}
    seats = {field.name for field in Seat._meta.get_fields()}
    assert seats == {"id", "round", "person", "level", "has_answered"}
    found = a_round(branch.unit, branch.manager, is_open=True)
    before = (found.version, found.events.count())
    rounds.answer_round(found, person=branch.colleague, answers=all_answers(4), at=NOVEMBER)
    found.refresh_from_db()
    assert (found.version, found.events.count()) == before


def test_everybody_answers_once(branch):
    found = a_round(branch.unit, branch.manager, is_open=True)
    rounds.answer_round(found, person=branch.colleague, answers=all_answers(4), at=NOVEMBER)
    with pytest.raises(rounds.AnsweredAlready):
        rounds.answer_round(found, person=branch.colleague, answers=all_answers(5), at=NOVEMBER)
    assert found.sheets.count() == 1


def test_who_is_not_asked_does_not_answer(branch):
    found = a_round(branch.unit, branch.manager, is_open=True)
    with pytest.raises(rounds.RoundMovedOn):
        rounds.answer_round(found, person=person_in(branch.root), answers=all_answers(4), at=NOVEMBER)


@pytest.mark.parametrize(
    "wrong",
    [{}, {"l1": 3}, all_answers(6), all_answers(None), all_answers(3) | {"more": 1}, all_answers("4")],
)
def test_answers_that_do_not_fit_the_frozen_statements_are_refused(branch, wrong):
    found = a_round(branch.unit, branch.manager, is_open=True)
    with pytest.raises(rounds.RoundRefused):
        rounds.answer_round(found, person=branch.colleague, answers=wrong, at=NOVEMBER)
    assert not Seat.objects.filter(has_answered=True).exists()


def test_in_mid_round_nothing_changes_but_more_time(branch):
    found = a_round(branch.unit, branch.manager, is_open=True)
    fields = {"unit": branch.root, "name": "Other", "opens_on": found.opens_on, "closes_on": found.closes_on}
    with pytest.raises(rounds.RoundMovedOn):
        rounds.change_round(found, fields=fields, by=branch.manager)
    with pytest.raises(rounds.RoundRefused):
        rounds.extend_round(found, closes_on=found.opens_on, by=branch.manager)
    rounds.extend_round(found, closes_on=date(2026, 12, 24), by=branch.manager)
    assert found.closes_on == date(2026, 12, 24)


def test_another_questionnaire_in_mid_round_changes_nothing_for_the_round(branch, monkeypatch):
    found = a_round(branch.unit, branch.manager, is_open=True)
    monkeypatch.setattr(rounds, "questionnaire", lambda: {"version": 2, "dimensions": []})
    rounds.answer_round(found, person=branch.colleague, answers=all_answers(4), at=NOVEMBER)
    later = a_round(branch.root, branch.manager, closes_on=date(2026, 12, 24))
    rounds.close_round(found, at=DECEMBER)
    rounds.open_round(later, by=branch.manager, at=DECEMBER)
    rounds.close_round(later, at=DECEMBER)
    assert found not in Round.objects.comparable_with(later)


def test_nobody_is_asked_in_two_open_rounds_at_once(branch):
    a_round(branch.unit, branch.manager, is_open=True)
    whole = a_round(branch.root, branch.manager)
    with pytest.raises(rounds.RoundRefused, match="same people"):
        rounds.open_round(whole, by=branch.manager, at=NOVEMBER)


def test_results_are_there_from_the_close_on_and_not_before(branch):
    for _number in range(5):
        person_in(branch.unit)
    found = a_round(branch.unit, branch.manager, is_open=True)
    for seat in found.seats.filter(level="front"):
        rounds.answer_round(found, person=seat.person, answers=all_answers(4), at=NOVEMBER)
    found.refresh_from_db()
    assert found.results == {}
    assert rounds.close_due_rounds(at=NOVEMBER) == 0
    assert rounds.close_due_rounds(at=DECEMBER) == 1
    found.refresh_from_db()
    assert found.results["leadership"]["whole"] == {"n": 6, "mean": 4.0}
    assert found.answered == 6


def test_a_round_that_is_called_off_keeps_no_answers(branch):
    found = a_round(branch.unit, branch.manager, is_open=True)
    rounds.answer_round(found, person=branch.colleague, answers=all_answers(4), at=NOVEMBER)
    rounds.call_off_round(found, by=branch.manager)
    assert not Sheet.objects.exists()


def test_the_page_erases_answers_only_after_a_second_look(branch, client):
    found = a_round(branch.unit, branch.manager, is_open=True)
    client.force_login(branch.manager)
    page = client.get(found.get_absolute_url()).content.decode()
    hidden = page[page.index("<summary>Call it off") : page.index("Call it off; answers are erased")]
    assert "Nobody can bring it back" in hidden
    assert 'value="call-off"' in hidden
    assert page.count('value="call-off"') == 1


def test_a_round_is_closed_only_after_a_second_look(branch, client):
    found = a_round(branch.unit, branch.manager, is_open=True)
    client.force_login(branch.manager)
    page = client.get(found.get_absolute_url()).content.decode()
    hidden = page[page.index("<summary>Close the round") : page.index("Close it; the results are shown")]
    assert "Nobody can open it again" in " ".join(hidden.split())
    assert page.count('value="close"') == hidden.count('value="close"') == 1


@pytest.mark.parametrize(
    ("move", "said"),
    [("close", "The round is closed"), ("call-off", "whatever had been answered is erased")],
)
def test_what_was_done_to_a_round_is_said(branch, client, move, said):
    found = a_round(branch.unit, branch.manager, is_open=True)
    client.force_login(branch.manager)
    page = client.post(f"{found.get_absolute_url()}move/", {"move": move}, follow=True)
    assert [said in str(message) for message in page.context["messages"]] == [True]


def closed(branch):
    found = a_round(branch.unit, branch.manager, is_open=True)
    rounds.close_round(found, at=DECEMBER)
    return found


def test_a_side_half_a_point_under_its_target_is_proposed_as_a_gap(branch):
    found = closed(branch)
    rows = [
        {"side": "measurement", "score": Decimal("2.8"), "target": Decimal("3.5"), "evidence": "No figures"},
        {"side": "people", "score": Decimal("3.2"), "target": Decimal("3.6"), "evidence": "Newcomers"},
    ]
    rounds.agree(found, rows=rows, by=branch.manager)
    assert [find_gaps.look_for_gaps(at=DECEMBER), find_gaps.look_for_gaps(at=DECEMBER)] == [1, 0]
    assert Gap.objects.get().title == "Weak side of the Service Quotient: Measurement"


def test_what_is_agreed_on_no_side_of_the_round_is_refused(branch):
    wrong = [{"side": "weather", "score": Decimal(3), "target": Decimal(4), "evidence": "Rain"}]
    with pytest.raises(rounds.RoundRefused):
        rounds.agree(closed(branch), rows=wrong, by=branch.manager)


# ----------------------------------------------------------------- the pages


@pytest.fixture
def running(branch):
    """Open today, whatever day that is."""
    found = a_round(branch.unit, branch.manager, opens_on=date(2020, 1, 1), closes_on=date(2098, 1, 1))
    rounds.open_round(found, by=branch.manager)
    return found


def typed(value="4"):
    return dict.fromkeys(all_answers(1), value)


def test_a_colleague_answers_and_is_asked_no_more(branch, running, client):
    client.force_login(branch.colleague)
    address = f"/quotient/{running.reference}/answer/"
    assert running.name in client.get("/quotient/").content.decode()
    page = client.post(address, typed() | {"l1": "na"}, follow=True)
    assert "Nobody can see which answers are yours, not even we." in page.content.decode()
    assert Sheet.objects.get().answers["l1"] is None
    assert "You have answered already" in client.get(address, follow=True).content.decode()


def test_a_statement_without_an_answer_comes_back_with_the_others_kept(branch, running, client):
    client.force_login(branch.colleague)
    wanted = typed("2")
    del wanted["k3"]
    page = client.post(f"/quotient/{running.reference}/answer/", wanted)
    assert page.status_code == 422
    assert page.content.decode().count(" checked>") == len(wanted)


def test_an_empty_form_says_in_one_sentence_how_many_answers_are_missing(branch, running, client):
    client.force_login(branch.colleague)
    page = " ".join(client.post(f"/quotient/{running.reference}/answer/", {}).content.decode().split())
    first = running.content["dimensions"][0]["items"][0]
    assert f"{len(typed())} statements wait for an answer; the first:" in page
    assert f'<a href="#id_{first["key"]}">{escape(first["text"])}</a>' in page
    assert "This field is required" not in page
    assert page.count("No answer yet.") == len(typed())


def test_one_missing_answer_is_one_statement_and_a_wrong_one_is_told_too(branch, running, client):
    client.force_login(branch.colleague)
    wanted = typed("2") | {"l1": "9"}
    del wanted["k3"]
    page = " ".join(client.post(f"/quotient/{running.reference}/answer/", wanted).content.decode().split())
    assert "2 statements wait for an answer" in page
    page = client.post(f"/quotient/{running.reference}/answer/", wanted | {"l1": "1"}).content.decode()
    assert "1 statement waits for an answer:" in " ".join(page.split())


def test_a_hidden_level_is_hidden_on_the_page_and_in_the_export(branch, client):
    colleagues = [person_in(branch.unit, "staff") for _number in range(5)]
    found = a_round(branch.unit, branch.manager, is_open=True)
    for person in [*colleagues, branch.manager]:
        value = 1 if person == branch.manager else 4
        rounds.answer_round(found, person=person, answers=all_answers(value), at=NOVEMBER)
    rounds.close_round(found, at=NOVEMBER)
    client.force_login(branch.colleague)
    page = client.get(f"/quotient/{found.reference}/").content.decode()
    assert page.count('<span class="quiet small">hidden</span>') == 8 * 2
    lines = b"".join(client.get(f"/quotient/{found.reference}/?export=csv")).decode().splitlines()
    assert lines[1].startswith("Leadership and vision,,,4.0,4.0,5,,")


def test_what_is_agreed_is_typed_in_one_table(branch, running, client):
    rounds.close_round(running)
    client.force_login(branch.manager)
    table = {"side-TOTAL_FORMS": "8", "side-INITIAL_FORMS": "8"}
    table |= {f"side-{n}-side": side["key"] for n, side in enumerate(questionnaire()["dimensions"])}
    table |= {"side-0-score": "3.2", "side-0-target": "4"}
    address = f"/quotient/{running.reference}/agree/"
    assert client.post(address, table).status_code == 422
    client.post(address, table | {"side-0-evidence": "Two visits to the counter in a year"})
    assert running.consensus.get().gap == Decimal("0.8")


def test_the_list_of_a_first_hour_is_kept_whole_or_not_at_all(branch, client):
    client.force_login(branch.manager)
    answers = {question["key"]: "yes" for question in first_hour()}
    address = f"/quotient/first-hour/{branch.unit.slug}/"
    assert client.post(address, answers | {"charter": "perhaps"}).status_code == 422
    client.post(address, answers | {"charter": "no", "note": "Write it"})
    page = client.get(address).content.decode()
    assert "11 of 12 with a yes" in page


# ------------------------------------------------------ who is asked, and when


def test_a_round_whose_last_day_is_past_is_not_opened(branch):
    found = a_round(branch.unit, branch.manager)
    with pytest.raises(rounds.RoundRefused, match="past"):
        rounds.open_round(found, by=branch.manager, at=DECEMBER)
    assert not Seat.objects.exists()


def test_who_works_in_two_units_is_not_asked_by_both_at_once(branch):
    other = UnitFactory(parent=branch.root)
    Membership.objects.create(user=branch.colleague, unit=other, role="staff", level="front")
    a_round(branch.unit, branch.manager, is_open=True)
    with pytest.raises(rounds.RoundRefused, match="same people"):
        rounds.open_round(a_round(other, branch.manager), by=branch.manager, at=NOVEMBER)


def test_a_round_asks_the_unit_that_it_has_when_it_opens(branch):
    other = UnitFactory(parent=branch.root)
    there = person_in(other)
    seen_before = a_round(branch.unit, branch.manager)
    now = Round.objects.get(pk=seen_before.pk)
    fields = {"unit": other, "opens_on": now.opens_on, "closes_on": now.closes_on}
    rounds.change_round(now, fields=fields, by=branch.manager)
    rounds.open_round(seen_before, by=branch.manager, at=NOVEMBER)
    assert [seat.person for seat in Seat.objects.all()] == [there]


def test_a_round_in_which_no_level_is_shown_says_so_and_draws_nothing(branch, running, client):
    client.force_login(branch.manager)
    assert "no figure can be shown" in client.get(running.get_absolute_url()).content.decode()
    rounds.answer_round(running, person=branch.colleague, answers=all_answers(2))
    rounds.close_round(running)
    page = client.get(running.get_absolute_url()).content.decode()
    assert "No level had 5 answers" in page
    assert ("<svg" in page.partition("<main")[2], "hidden</span>" in page) == (False, False)
