"""Reviews: an agenda from live figures, decisions that change something, minutes on paper."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from charter.actions.goals import GoalOutOfRange
from charter.models import ChangeReason
from charter.tests.factories import MeasureFactory
from organisation.tests.factories import UnitFactory, person_in
from scoreboard.tests.factories import tally
from strategy import agenda
from strategy.actions import plan, reviews
from strategy.agenda import agenda_of
from strategy.models import Decision
from strategy.tests.factories import Branch, a_gap, a_review, an_action, an_initiative

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 18, 14, tzinfo=UTC)
TODAY = date(2026, 11, 18)


@pytest.fixture
def branch(client):
    found = Branch()
    client.force_login(found.manager)
    return found


def test_the_agenda_is_made_from_what_stands_on_the_day(branch):
    branch.months((70, 100), (70, 100), (70, 100))
    a_gap(branch.unit, branch.measure, owner=branch.colleague, due_on=date(2026, 11, 1))
    an_action(branch.unit, branch.colleague, title="Write the cards")
    found = agenda_of(a_review(branch.unit, branch.manager), TODAY)
    told = {section["title"]: section["lines"] for section in found}
    assert "not met" in told["Promises that are not kept, or too close to call"][0]["detail"]
    assert told["Gaps"][0]["detail"].endswith("late")
    assert told["Actions to talk about"][0]["text"] == "Write the cards"


def test_two_figures_of_one_promise_are_told_apart_on_the_agenda(branch):
    branch.months((70, 100), (70, 100), (70, 100))
    second = MeasureFactory(standard=branch.standard, key="written-down", name="Has it in writing", goal=90)
    tally(second, branch.unit, date(2026, 10, 5), 60, 100)
    found = agenda_of(a_review(branch.unit, branch.manager), TODAY)
    details = sorted(line["detail"] for line in found[0]["lines"])
    assert [detail.split(":")[0] for detail in details] == ["Has it in writing", "Knows what happens next"]


def test_nothing_to_talk_about_is_an_empty_agenda(branch):
    assert agenda_of(a_review(branch.unit, branch.manager), TODAY) == []


def decide(branch, review, **more):
    return reviews.decide(review, by=branch.manager, at=NOVEMBER, **({"text": "Because"} | more))


def test_to_stop_an_action_cancels_it(branch):
    action = an_action(branch.unit, branch.colleague)
    decision = decide(branch, a_review(branch.unit, branch.manager), kind="stop", about=action)
    action.refresh_from_db()
    assert (action.state, decision.changed) == ("cancelled", "The action is cancelled.")


def test_to_change_an_action_moves_its_end(branch):
    action, review = an_action(branch.unit, branch.colleague), a_review(branch.unit, branch.manager)
    with pytest.raises(reviews.ReviewRefused) as refused:
        decide(branch, review, kind="change", about=action)
    assert list(refused.value.message_dict) == ["ends_on"]
    decide(branch, review, kind="change", about=action, ends_on=date(2027, 2, 1))
    action.refresh_from_db()
    assert action.ends_on == date(2027, 2, 1)


def test_an_action_that_is_over_is_not_stopped_again(branch):
    action, review = an_action(branch.unit, branch.colleague), a_review(branch.unit, branch.manager)
    decide(branch, review, kind="stop", about=action)
    with pytest.raises(reviews.ReviewRefused):
        decide(branch, review, kind="stop", about=action)
    assert Decision.objects.count() == 1


def test_to_change_a_goal_sets_it_from_today_for_the_unit(branch):
    review = a_review(branch.unit, branch.manager)
    decide(branch, review, kind="change", about=branch.measure, target=Decimal(85))
    goal = branch.measure.goals.get(unit=branch.unit)
    assert (goal.target, goal.starts_on) == (85, TODAY)


def test_a_goal_that_cannot_be_leaves_no_decision(branch):
    review = a_review(branch.unit, branch.manager)
    with pytest.raises(GoalOutOfRange):
        decide(branch, review, kind="change", about=branch.measure, target=Decimal(101))
    assert not Decision.objects.exists()


def test_to_change_a_promise_leaves_a_reason_for_the_next_edition(branch):
    review = a_review(branch.unit, branch.manager)
    for text in ("Say it in days", "And for whom"):
        decide(branch, review, kind="change", about=branch.standard, text=text)
    reason = ChangeReason.objects.get(part="standard:next-step")
    assert reason.why == "Say it in days\nAnd for whom"
    assert [row["url"] for row in reason.evidence] == [review.get_absolute_url()] * 2


def test_a_review_that_was_held_keeps_its_agenda_and_plans_the_next(branch):
    gap = a_gap(branch.unit, owner=branch.colleague)
    review = a_review(branch.unit, branch.manager)
    reviews.set_attendance(review, asked=[branch.colleague], came=[branch.manager], by=branch.manager)
    following = reviews.hold_review(
        review, minutes="We talked", next_on=date(2027, 2, 1), by=branch.manager, at=NOVEMBER
    )
    gap.delete()
    review.refresh_from_db()
    assert review.agenda[0]["lines"][0]["text"] == "Before you leave, you know what happens next"
    assert {each.person for each in following.attendance.all()} == {branch.manager, branch.colleague}


def test_the_next_review_is_later_and_one_to_come_is_not_held(branch):
    review = a_review(branch.unit, branch.manager)
    with pytest.raises(reviews.ReviewRefused) as refused:
        reviews.hold_review(review, minutes="", next_on=review.held_on, by=branch.manager, at=NOVEMBER)
    assert refused.value.message_dict == {"next_on": ["The next review must be later than this one."]}
    to_come = a_review(branch.unit, branch.manager, held_on=date(2027, 1, 1))
    with pytest.raises(reviews.ReviewRefused):
        reviews.hold_review(to_come, minutes="", next_on=None, by=branch.manager, at=NOVEMBER)


def test_after_the_end_nothing_more_is_decided(branch):
    review = a_review(branch.unit, branch.manager)
    reviews.hold_review(review, minutes="", next_on=None, by=branch.manager, at=NOVEMBER)
    with pytest.raises(reviews.ReviewMovedOn):
        decide(branch, review, kind="keep")
    with pytest.raises(reviews.ReviewMovedOn):
        reviews.hold_review(review, minutes="", next_on=None, by=branch.manager, at=NOVEMBER)


def words_of(answer):
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return len(pages), " ".join(page.extract_text() for page in pages)


def test_the_minutes_are_a_document(branch, client):
    review = a_review(branch.unit, branch.manager, held_on=date(2026, 11, 4))
    address = f"/reviews/{review.reference}/minutes.pdf"
    assert client.get(address).status_code == 404
    decide(branch, review, kind="keep", text="The card stays 🙂")
    reviews.hold_review(review, minutes="Marek showed it", next_on=date(2027, 2, 1), by=branch.manager)
    _count, words = words_of(client.get(address))
    assert "The card stays" in words
    assert "1 February 2027" in words


def test_attendance_that_nobody_noted_is_not_told_as_absence(branch, client):
    review = a_review(branch.unit, branch.manager, held_on=date(2026, 11, 4))
    reviews.set_attendance(review, asked=[branch.manager, branch.colleague], came=[], by=branch.manager)
    reviews.hold_review(review, minutes="", next_on=None, by=branch.manager, at=NOVEMBER)
    page = client.get(review.get_absolute_url()).content.decode()
    assert "who came was not noted" in page
    assert "did not come" not in page
    _count, words = words_of(client.get(f"/reviews/{review.reference}/minutes.pdf"))
    assert "Came not noted" in " ".join(words.split())
    assert "Did not come" not in words
    assert "Sofia" in words


def test_attendance_that_was_noted_names_who_did_not_come(branch, client):
    review = a_review(branch.unit, branch.manager, held_on=date(2026, 11, 4))
    reviews.set_attendance(
        review, asked=[branch.colleague], came=[branch.manager], by=branch.manager, at=NOVEMBER
    )
    reviews.hold_review(review, minutes="", next_on=None, by=branch.manager, at=NOVEMBER)
    page = client.get(review.get_absolute_url()).content.decode()
    assert "did not come" in page
    assert "not noted" not in page
    _count, words = words_of(client.get(f"/reviews/{review.reference}/minutes.pdf"))
    assert f"Did not come {branch.colleague}" in " ".join(words.split())


def test_marks_in_the_minutes_are_shown_as_what_they_mean(branch, client):
    review = a_review(branch.unit, branch.manager, held_on=date(2026, 11, 4))
    said = "We talk **about queues**\nand of cards:\n\n- first the counter\n- then the <b>line</b>"
    reviews.hold_review(review, minutes=said, next_on=None, by=branch.manager, at=NOVEMBER)
    page = client.get(review.get_absolute_url()).content.decode()
    assert "<strong>about queues</strong>" in page
    assert "<li>first the counter</li>" in page
    assert "<b>" not in page
    _count, words = words_of(client.get(f"/reviews/{review.reference}/minutes.pdf"))
    assert "We talk about queues" in words
    assert "• first the counter" in words
    assert "**" not in words


def test_the_strategy_stands_on_one_page(branch, client):
    initiative = an_initiative(branch.unit, branch.manager, "seven-steps", vision="Told once, kept always")
    initiative.factors.create(text="Everybody knows", measure=branch.measure)
    branch.months((70, 100))
    for number in range(10):
        an_action(branch.unit, branch.colleague, title=f"Action number {number}")
        initiative.stakes.create(kind="threat", text=f"Threat {number}", evidence="The plan of May")
    count, words = words_of(client.get(f"/initiatives/{initiative.reference}/strategy.pdf"))
    assert count == 1
    assert "Told once, kept always" in words


def test_the_form_of_a_decision_offers_only_what_there_is_to_choose(branch, client):
    review = a_review(branch.unit, branch.manager)
    address = f"/reviews/{review.reference}/decide/"
    page = client.get(address).content.decode()
    assert re.search(r'<textarea[^>]*name="text"[^>]*rows="3"|<textarea[^>]*rows="3"[^>]*name="text"', page)
    assert [f'name="{name}"' in page for name in ("action", "ends_on", "standard")] == [False, False, False]
    an_action(branch.unit, branch.colleague)
    branch.standard.charter.unit = branch.unit
    branch.standard.charter.save()
    page = client.get(address).content.decode()
    offered = ("action", "ends_on", "measure", "target", "standard")
    assert [f'name="{name}"' in page for name in offered] == [True] * 5


def test_a_decision_about_two_things_is_refused(branch, client):
    review, action = a_review(branch.unit, branch.manager), an_action(branch.unit, branch.colleague)
    branch.standard.charter.unit = branch.unit
    branch.standard.charter.save()
    typed = {"kind": "keep", "text": "Both", "action": action.reference, "standard": "next-step"}
    page = client.post(f"/reviews/{review.reference}/decide/", typed)
    assert page.status_code == 422
    assert "about one thing" in page.content.decode()


def test_a_manager_does_not_change_the_goals_of_a_charter_above(branch, client):
    review = a_review(branch.unit, branch.manager)
    typed = {"kind": "change", "text": "Lower", "measure": "next-step-yes", "target": "50"}
    assert client.post(f"/reviews/{review.reference}/decide/", typed).status_code == 422
    assert branch.measure.goals.count() == 1


def test_the_page_of_a_review_says_who_came_and_leads_on(branch, client):
    review = a_review(branch.unit, branch.manager)
    typed = {"asked": [branch.colleague.reference], "came": [branch.manager.reference]}
    client.post(f"/reviews/{review.reference}/attendance/", typed)
    page = client.get(review.get_absolute_url()).content.decode()
    assert "Sofia" in page
    assert "came" in page


# ------------------------------------------------------- rights and their effect


def led_by_a_colleague(branch, client):
    client.force_login(branch.colleague)
    return a_review(branch.unit, branch.colleague)


@pytest.mark.parametrize("kind", ["stop", "change"])
def test_who_leads_a_review_changes_no_action_of_others(branch, client, kind):
    review = led_by_a_colleague(branch, client)
    action = an_action(branch.unit, branch.manager)
    typed = {"kind": kind, "text": "Enough", "action": action.reference, "ends_on": "2098-01-01"}
    page = client.post(f"/reviews/{review.reference}/decide/", typed)
    assert page.status_code == 422
    assert "only by its owner or by who manages its unit" in page.content.decode()
    action.refresh_from_db()
    assert (action.state, action.ends_on) == ("planned", date(2026, 12, 31))


def test_who_leads_a_review_may_keep_any_action_and_change_the_own(branch, client):
    review = led_by_a_colleague(branch, client)
    others, own = an_action(branch.unit, branch.manager), an_action(branch.unit, branch.colleague)
    address = f"/reviews/{review.reference}/decide/"
    client.post(address, {"kind": "keep", "text": "Good", "action": others.reference})
    client.post(address, {"kind": "stop", "text": "Enough", "action": own.reference})
    own.refresh_from_db()
    assert (review.decisions.count(), own.state) == (2, "cancelled")


def test_to_stop_a_goal_ends_it_today(branch):
    branch.standard.charter.unit = branch.unit
    branch.standard.charter.save()
    review = a_review(branch.unit, branch.manager)
    decision = decide(branch, review, kind="stop", about=branch.measure)
    assert branch.measure.goals.get().ends_on == TODAY
    assert decision.changed == "The goal has ended: from today on there is none."


def test_a_goal_of_everybody_is_not_stopped_by_one_unit(branch):
    review = a_review(branch.unit, branch.manager)
    with pytest.raises(reviews.ReviewRefused, match="goal of its own"):
        decide(branch, review, kind="stop", about=branch.measure)
    assert not Decision.objects.exists()


def test_a_critical_goal_that_is_changed_stays_critical(branch):
    branch.measure.goals.update(is_critical=True)
    review = a_review(branch.unit, branch.manager)
    decide(branch, review, kind="change", about=branch.measure, target=Decimal(85))
    assert branch.measure.goals.get(unit=branch.unit).is_critical


def test_a_reason_that_does_not_fit_any_more_is_refused_and_not_cut(branch):
    review = a_review(branch.unit, branch.manager)
    for _number in range(2):
        decide(branch, review, kind="change", about=branch.standard, text="x" * 450)
    with pytest.raises(reviews.ReviewRefused) as refused:
        decide(branch, review, kind="change", about=branch.standard, text="y" * 450)
    assert list(refused.value.message_dict) == ["text"]
    assert "y" not in ChangeReason.objects.get(part="standard:next-step").why


def test_open_gaps_stand_before_proposals_and_what_does_not_fit_is_counted(branch):
    for number in range(14):
        a_gap(branch.unit, title=f"Proposal {number}", state="proposed")
    a_gap(branch.unit, owner=branch.colleague, title="Late", due_on=date(2026, 11, 1))
    found = agenda_of(a_review(branch.unit, branch.manager), TODAY)
    lines = {section["title"]: section["lines"] for section in found}["Gaps"]
    assert (lines[0]["text"], len(lines)) == ("Late", 13)
    assert (lines[-1]["text"], lines[-1]["url"]) == ("3 more", "/gaps/?unit=harbour-branch")


def test_one_gap_is_told_as_one_on_the_page_of_the_strategy(branch, client):
    initiative = an_initiative(branch.unit, branch.manager, "seven-steps")
    a_gap(branch.unit, owner=branch.colleague)
    _count, words = words_of(client.get(f"/initiatives/{initiative.reference}/strategy.pdf"))
    assert "Gaps: 1 open, 0 proposed, 0 closed." in words


def test_who_leads_a_review_elsewhere_sets_no_goal_for_a_unit_of_others(branch, client):
    other = UnitFactory(parent=branch.root)
    branch.standard.charter.unit = other
    branch.standard.charter.save()
    leader = person_in(other, "manager")
    client.force_login(leader)
    review = a_review(branch.unit, leader)
    typed = {"kind": "change", "text": "Lower", "measure": "next-step-yes", "target": "50"}
    page = client.post(f"/reviews/{review.reference}/decide/", typed)
    assert page.status_code == 422
    assert "only by who manages" in page.content.decode()
    assert branch.measure.goals.count() == 1


def test_an_action_that_is_added_while_the_agenda_is_made_does_no_harm(branch, monkeypatch):
    an_action(branch.unit, branch.colleague)
    monkeypatch.setattr(agenda, "plan_on", lambda on: {})
    assert agenda_of(a_review(branch.unit, branch.manager), TODAY) == []


def test_the_agenda_looks_at_ten_effects_with_the_queries_of_two(branch):
    branch.months((70, 100), (70, 100), (70, 100), (90, 100))

    def queries(count):
        for _number in range(count):
            action = an_action(branch.unit, branch.colleague, measure=branch.measure)
            plan.start_action(action, by=branch.manager, on=date(2026, 9, 1), at=NOVEMBER)
        with CaptureQueriesContext(connection) as found:
            agenda_of(a_review(branch.unit, branch.manager), TODAY)
        return len(found)

    assert queries(2) == queries(8)


def test_two_who_write_down_who_came_are_told_and_nobody_is_lost(branch, client):
    review = a_review(branch.unit, branch.manager)
    address = f"{review.get_absolute_url()}attendance/"
    assert 'name="version" value="0"' in client.get(address).content.decode()
    reviews.set_attendance(review, asked=[branch.colleague], came=[branch.colleague], by=branch.colleague)
    typed = {"asked": [branch.manager.reference], "came": [branch.manager.reference], "version": "0"}
    page = client.post(address, typed)
    assert page.status_code == 409
    assert [(str(label), now) for label, now in page.context["changed"]] == [
        ("Asked", "Sofia"),
        ("Came", "Sofia"),
    ]
    assert [each.person for each in review.attendance.filter(came=True)] == [branch.colleague]
    client.post(address, typed | {"version": "1"})
    assert [each.person for each in review.attendance.filter(came=True)] == [branch.manager]


def test_a_review_is_called_off_only_after_a_second_look(branch, client):
    review = a_review(branch.unit, branch.manager)
    page = client.get(review.get_absolute_url()).content.decode()
    asked = re.search(r"<details[^>]*>(?:(?!</details>).)*/call-off/.*?</details>", page, re.DOTALL)
    assert asked is not None
    assert page.count("/call-off/") == 1


def test_a_long_list_of_an_agenda_is_folded_after_five_lines(branch, client):
    for number in range(8):
        a_gap(branch.unit, title=f"Gap number {number}", owner=branch.colleague)
    page = client.get(a_review(branch.unit, branch.manager).get_absolute_url()).content.decode()
    before, _fold, folded = page.partition('<details class="rest">')
    assert (before.count("Gap number"), folded.count("Gap number")) == (5, 3)
    assert "The rest of this list" in folded
