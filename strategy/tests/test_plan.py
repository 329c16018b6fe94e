"""Actions: planned, started with the figure before frozen, reported, done; and whether they worked."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from organisation.models import OutgoingMail
from scoreboard.models import DatedChange
from strategy.actions import digest, gaps, plan
from strategy.effect import effect_of
from strategy.models import Action, Gap
from strategy.plan import plan_on
from strategy.tests.factories import Branch, a_gap, an_action

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 18, 14, tzinfo=UTC)
TODAY = date(2026, 11, 18)


@pytest.fixture
def branch():
    return Branch()


def fields_of(action, **changes):
    names = ("unit", "title", "words", "kind", "owner", "starts_on", "ends_on", "parent", "weight", "measure")
    return {name: getattr(action, name) for name in names} | changes


def test_an_action_that_ends_before_it_begins_is_refused(branch):
    action = an_action(branch.unit, branch.colleague)
    with pytest.raises(plan.ActionRefused) as refused:
        plan.change_action(action, fields=fields_of(action, ends_on=date(2020, 1, 1)), by=branch.manager)
    assert list(refused.value.message_dict) == ["ends_on"]


def test_begin_and_end_at_the_same_figure_are_refused(branch):
    action = an_action(branch.unit, branch.colleague)
    wanted = fields_of(action, baseline=Decimal(5), target=Decimal(5))
    with pytest.raises(plan.ActionRefused, match="same figure"):
        plan.change_action(action, fields=wanted, by=branch.manager)


def test_an_action_is_never_a_part_of_its_own_parts(branch):
    top = an_action(branch.unit, branch.colleague, title="Top")
    middle = an_action(branch.unit, branch.colleague, parent=top)
    low = an_action(branch.unit, branch.colleague, parent=middle)
    for parent in (top, low):
        with pytest.raises(plan.ActionRefused) as refused:
            plan.change_action(top, fields=fields_of(top, parent=parent), by=branch.manager)
        assert list(refused.value.message_dict) == ["parent"]


def test_the_second_of_two_who_save_is_refused(branch):
    action = an_action(branch.unit, branch.colleague)
    plan.change_action(action, fields=fields_of(action), by=branch.manager, expected_version=0)
    with pytest.raises(plan.ActionMovedOn):
        plan.change_action(action, fields=fields_of(action), by=branch.manager, expected_version=0)


def rows(*weights):
    return [
        {"key": "", "title": f"Step {n}", "due_on": TODAY, "weight": weight}
        for n, weight in enumerate(weights)
    ]


def test_weights_of_milestones_that_do_not_come_to_a_hundred_are_refused(branch):
    action = an_action(branch.unit, branch.colleague)
    with pytest.raises(plan.ActionRefused, match="come to 90, not to 100"):
        plan.set_milestones(action, rows=rows(30, 60), by=branch.manager)
    plan.set_milestones(action, rows=rows(40, 60), by=branch.manager)
    assert action.milestones.count() == 2


def test_a_milestone_outside_the_days_of_the_action_is_refused(branch):
    action = an_action(branch.unit, branch.colleague)
    late = [{"key": "", "title": "Too late", "due_on": date(2030, 1, 1), "weight": 100}]
    with pytest.raises(plan.ActionRefused, match="Too late"):
        plan.set_milestones(action, rows=late, by=branch.manager)


def test_milestones_say_how_far_an_action_is(branch):
    action = an_action(branch.unit, branch.colleague)
    plan.set_milestones(action, rows=rows(40, 60), by=branch.manager)
    plan.start_action(action, by=branch.manager, at=NOVEMBER)
    first = action.milestones.first()
    assert plan.reach_milestone(first, is_reached=True, by=branch.manager, at=NOVEMBER)
    assert not plan.reach_milestone(first, is_reached=True, by=branch.manager, at=NOVEMBER)
    assert plan_on(TODAY)[action.pk].percent == 40


def test_a_start_freezes_the_figure_before_and_splits_the_chart(branch):
    branch.months((16, 20), (15, 20), (15, 24))
    action = an_action(branch.unit, branch.colleague, measure=branch.measure)
    plan.start_action(action, by=branch.manager, at=NOVEMBER)
    assert (action.frozen["counts"]["high"], action.frozen["n"]) == (46, 64)
    change = DatedChange.objects.standing().get()
    assert (change.measure, change.unit, change.on) == (branch.measure, branch.unit, TODAY)


def test_two_actions_that_start_on_one_day_share_the_split(branch):
    for title in ("One", "Two"):
        action = an_action(branch.unit, branch.colleague, measure=branch.measure, title=title)
        plan.start_action(action, by=branch.manager, at=NOVEMBER)
    assert DatedChange.objects.standing().count() == 1
    assert Action.objects.filter(state="started").count() == 2


def test_an_action_does_not_start_on_a_day_to_come(branch):
    action = an_action(branch.unit, branch.colleague)
    with pytest.raises(plan.ActionRefused):
        plan.start_action(action, on=date(2026, 12, 1), by=branch.manager, at=NOVEMBER)


def test_a_start_taken_back_takes_the_split_away(branch):
    action = an_action(branch.unit, branch.colleague, measure=branch.measure)
    plan.start_action(action, by=branch.manager, at=NOVEMBER)
    plan.take_back_start(action, by=branch.manager, at=NOVEMBER)
    assert (action.state, action.frozen) == ("planned", None)
    assert not DatedChange.objects.standing().exists()


def test_after_the_start_the_measure_stays(branch):
    action = an_action(branch.unit, branch.colleague, measure=branch.measure)
    plan.start_action(action, by=branch.manager, at=NOVEMBER)
    with pytest.raises(plan.ActionRefused) as refused:
        plan.change_action(action, fields=fields_of(action, measure=None), by=branch.manager)
    assert list(refused.value.message_dict) == ["measure"]


def test_an_archived_measure_is_not_chosen_anew_but_may_stay(branch):
    kept = an_action(branch.unit, branch.colleague, measure=branch.measure)
    branch.measure.archived_at = NOVEMBER
    branch.measure.save()
    kept.refresh_from_db()
    plan.change_action(kept, fields=fields_of(kept, title="Another title"), by=branch.manager)
    with pytest.raises(plan.ActionRefused):
        plan.add_action(fields=fields_of(kept), by=branch.manager)
    plan.start_action(kept, by=branch.manager, at=NOVEMBER)
    assert kept.frozen is None


def story(branch, after, effect=None, **fields):
    """46 of 64 before, and afterwards what is told."""
    branch.months((16, 20), (15, 20), (15, 24), last=date(2026, 7, 1))
    action = an_action(
        branch.unit, branch.colleague, measure=branch.measure, effect=effect, starts_on=date(2026, 8, 10)
    )
    plan.start_action(action, on=date(2026, 8, 10), by=branch.manager, at=NOVEMBER)
    branch.months(*after, last=date(2026, 9, 1))
    return action


def test_better_by_nineteen_points_with_its_interval(branch):
    found = effect_of(story(branch, [(91, 100)]), date(2026, 10, 5))
    assert (round(found.change.difference, 2), found.now.n) == (19.12, 100)
    assert found.change.sentence == "better by 19 points, 7 to 32"
    assert found.verdict == "It got better."


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (5, "It got better by at least what was expected."),
        (15, "It got better, and what was expected lies inside the interval."),
        (40, "It got better, but by less than was expected."),
    ],
)
def test_the_change_is_held_against_what_was_expected(branch, effect, words):
    assert effect_of(story(branch, [(91, 100)], Decimal(effect)), date(2026, 10, 5)).verdict == words


def test_no_clear_change_is_said_to_be_none(branch):
    found = effect_of(story(branch, [(75, 100)]), date(2026, 10, 5))
    assert found.verdict.startswith("No clear change")


def test_before_the_first_whole_month_nothing_is_said(branch):
    found = effect_of(story(branch, []), date(2026, 9, 20))
    assert found.change is None
    assert "not over" in found.why_not


def test_the_frozen_figure_is_not_reckoned_anew(branch):
    action = story(branch, [(91, 100)])
    from scoreboard.models import MonthlyTally

    MonthlyTally.objects.filter(month__lt=date(2026, 8, 1)).delete()
    assert effect_of(action, date(2026, 10, 5)).frozen["n"] == 64


def test_a_report_says_how_far_it_is_and_when(branch):
    action = an_action(branch.unit, branch.colleague, baseline=48, target=24, counted="hours")
    plan.start_action(action, by=branch.manager, at=NOVEMBER)
    plan.check_in(action, value=Decimal(30), note="", by=branch.colleague, at=NOVEMBER)
    assert plan_on(TODAY)[action.pk].percent == 75
    with pytest.raises(plan.ActionRefused):
        plan.check_in(action, value=None, note=" ", by=branch.colleague, at=NOVEMBER)


def test_a_status_set_by_hand_ends_on_its_day(branch):
    action = an_action(branch.unit, branch.colleague)
    plan.override_status(
        action, status="at_risk", reason="The builder is ill", until=TODAY, by=branch.manager, at=NOVEMBER
    )
    days = (TODAY, date(2026, 11, 19))
    assert [plan_on(day)[action.pk].is_overridden for day in days] == [True, False]


@pytest.mark.parametrize(
    "wanted",
    [
        {"status": "done", "reason": "Why not", "until": TODAY},
        {"status": "behind", "reason": "  ", "until": TODAY},
        {"status": "behind", "reason": "Why not", "until": date(2026, 11, 17)},
    ],
)
def test_a_status_by_hand_needs_a_reason_an_end_and_one_of_three_words(branch, wanted):
    action = an_action(branch.unit, branch.colleague)
    with pytest.raises(plan.ActionRefused):
        plan.override_status(action, by=branch.manager, at=NOVEMBER, **wanted)


def test_a_cancelled_action_goes_on_where_it_was(branch):
    action = an_action(branch.unit, branch.colleague)
    plan.start_action(action, by=branch.manager, at=NOVEMBER)
    plan.cancel_action(action, reason="No money", by=branch.manager)
    plan.resume_action(action, by=branch.manager)
    assert action.state == "started"


def test_an_action_answers_a_gap_once(branch):
    gap, action = a_gap(branch.unit, owner=branch.colleague), an_action(branch.unit, branch.colleague)
    gaps.answer_with_action(gap, action=action, by=branch.manager)
    with pytest.raises(gaps.GapRefused):
        gaps.answer_with_action(gap, action=action, by=branch.manager)
    assert Gap.objects.with_words().get().answered == 1


def test_what_is_late_stands_in_one_letter_once(branch):
    an_action(branch.unit, branch.colleague, ends_on=date(2026, 11, 10), title="Write the cards")
    a_gap(branch.unit, owner=branch.colleague, due_on=date(2026, 11, 17), title="The bell")
    assert [digest.write_overdue_letters(at=NOVEMBER), digest.write_overdue_letters(at=NOVEMBER)] == [1, 0]
    letter = OutgoingMail.objects.get()
    assert (letter.to, letter.subject) == ("colleague@example.org", "2 things of yours are late")
    assert "Write the cards" in letter.body
    assert "The bell" in letter.body


def test_a_day_that_moves_is_reminded_of_anew(branch):
    action = an_action(branch.unit, branch.colleague, ends_on=date(2026, 11, 10))
    digest.write_overdue_letters(at=NOVEMBER)
    Action.objects.filter(pk=action.pk).update(ends_on=date(2026, 11, 12))
    assert digest.write_overdue_letters(at=NOVEMBER) == 1


def test_what_progress_is_counted_from_and_to_stays_once_it_has_begun(branch):
    action = an_action(
        branch.unit, branch.colleague, baseline=Decimal(48), target=Decimal(24), counted="hours"
    )
    plan.start_action(action, by=branch.manager, at=NOVEMBER)
    for changed in ({"baseline": Decimal(40)}, {"target": Decimal(30)}, {"counted": "days"}):
        with pytest.raises(plan.ActionRefused) as refused:
            plan.change_action(action, fields=fields_of(action, **changed), by=branch.manager, at=NOVEMBER)
        assert list(refused.value.message_dict) == list(changed)
    plan.change_action(action, fields=fields_of(action, baseline=Decimal(48)), by=branch.manager, at=NOVEMBER)


def test_one_letter_that_cannot_be_written_stops_no_other(branch, monkeypatch):
    an_action(branch.unit, branch.colleague, starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 1))
    an_action(branch.unit, branch.manager, starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 2))
    whole = digest.queue_mail

    def failing(*, to, **letter):
        if to == branch.colleague.email:
            raise RuntimeError
        return whole(to=to, **letter)

    monkeypatch.setattr(digest, "queue_mail", failing)
    assert digest.write_overdue_letters(at=NOVEMBER) == 1
    assert [mail.to for mail in OutgoingMail.objects.all()] == [branch.manager.email]
    monkeypatch.setattr(digest, "queue_mail", whole)
    assert digest.write_overdue_letters(at=NOVEMBER) == 1


def test_the_letter_of_what_is_late_is_in_the_language_of_its_reader(branch, monkeypatch):
    branch.colleague.language = "de"
    branch.colleague.save()
    dates = {"started_on": date(2026, 10, 1), "check_on": date(2026, 11, 1)}
    an_action(branch.unit, branch.colleague, state="started", **dates)
    monkeypatch.setattr(digest, "_", lambda text: f"{translation.get_language()}: {text}")
    digest.write_overdue_letters(at=NOVEMBER)
    assert "de: Did it work?" in OutgoingMail.objects.get().body
