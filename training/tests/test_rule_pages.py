"""Rules: made with a look at whom they meet, changed, ended, and applied to whoever comes later."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisation.actions.jobs import run_due_jobs
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.rules import RuleRefused, apply_rules, change_rule, end_rule
from training.models import Assignment, AssignmentRule, Course
from training.tests.factories import a_course, an_assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=InstallationFactory().root)


@pytest.fixture
def desk(client, branch):
    client.force_login(person_in(branch, "manager", "middle", name="Marek Novak"))
    return client


@pytest.fixture
def course(branch):
    return a_course(unit=branch)


def typed(**data):
    return {
        "course": "telephone",
        "unit": "harbour-branch",
        "level": "front",
        "due_days": "30",
        "counted_from": "match",
        "starts_on": timezone.localdate().isoformat(),
        "why": "Everybody answers the telephone",
        "step": "save",
        **data,
    }


def a_rule(course, **fields):
    return AssignmentRule.objects.create(
        course=course, unit=course.unit, starts_on=timezone.localdate(), **fields
    )


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_rule_is_looked_at_kept_and_gives_to_who_is_there_and_who_comes_later(desk, branch, course):
    sofia = person_in(branch, name="Sofia Reyes")
    an_assignment(course, person_in(branch, name="Has it"))
    looked = desk.post(reverse("training:rule_add"), typed(step="preview"))
    assert looked.status_code == 200
    assert [each.person for each in looked.context["found"].new] == [sofia]
    assert looked.context["found"].had == 1
    assert not AssignmentRule.objects.exists()
    made = desk.post(reverse("training:rule_add"), typed())
    run_due_jobs()
    assert Assignment.objects.filter(person=sofia).count() == 1
    person_in(branch, name="Comes later")
    apply_rules()
    page = desk.get(made["Location"])
    assert "Everybody in Harbour branch and below, Front line" in text_of(page)
    assert page.context["given"] == 2


def test_an_onboarding_rule_counts_from_the_day_of_hiring(desk, branch, course):
    today = timezone.localdate()
    newcomer = person_in(branch, hired_on=today - timedelta(days=3))
    person_in(branch, hired_on=today - timedelta(days=200))
    started = (today - timedelta(days=60)).isoformat()
    onboarding = typed(hired_within_days="90", counted_from="hire", starts_on=started)
    desk.post(reverse("training:rule_add"), onboarding)
    run_due_jobs()
    assignment = Assignment.objects.get()
    assert (assignment.person, assignment.due_on) == (newcomer, today + timedelta(days=27))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"course": "nowhere"}, "not one of the available choices"),
        ({"course": "no\x00where"}, "not one of the available choices"),
        ({"unit": "hill-branch"}, "not one of the available choices"),
        ({"due_days": "-1"}, "greater than or equal to 0"),
        ({"due_days": "30000"}, "At most 3650 days."),
        ({"hired_within_days": "99999999"}, "At most 3650 days."),
        ({"starts_on": "soon"}, "Enter a valid date."),
        ({"counted_from": "moon"}, "not one of the available choices"),
        ({"why": "x" * 301}, "at most 300 characters"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_and_stays_in_the_form(desk, course, data, words):
    UnitFactory(slug="hill-branch")
    refused = desk.post(reverse("training:rule_add"), typed(**{"why": "<b>Because</b>", **data}))
    assert refused.status_code == 422
    assert words in text_of(refused)
    if "why" not in data:
        assert "&lt;b&gt;Because" in text_of(refused)
    assert not AssignmentRule.objects.exists()


def test_a_changed_rule_meets_others_and_leaves_what_it_gave(desk, branch, course):
    rule = a_rule(course, level="middle")
    person_in(branch, name="Sofia Reyes")
    address = reverse("training:rule_edit", args=[rule.reference])
    assert rule.terms() in text_of(desk.get(address))
    assert desk.post(address, typed(seen=rule.terms(), due_days="14")).status_code == 302
    run_due_jobs()
    rule.refresh_from_db()
    assert (rule.level, rule.due_days) == ("front", 14)
    assert Assignment.objects.get().rule == rule


def test_the_second_of_two_tabs_overwrites_no_rule_unseen(desk, course):
    rule = a_rule(course)
    seen = rule.terms()
    address = reverse("training:rule_edit", args=[rule.reference])
    desk.post(address, typed(seen=seen, due_days="14"))
    second = desk.post(address, typed(seen=seen, due_days="60"))
    assert second.status_code == 409
    assert "Due 14 days after" in text_of(second)
    assert 'value="60"' in text_of(second)
    rule.refresh_from_db()
    assert rule.due_days == 14
    assert desk.post(address, typed(seen=rule.terms(), due_days="60")).status_code == 302


def test_a_rule_that_has_ended_gives_nothing_and_is_not_changed(desk, branch, course):
    rule = a_rule(course)
    desk.post(reverse("training:rule_end", args=[rule.reference]))
    again = desk.post(reverse("training:rule_end", args=[rule.reference]), follow=True)
    assert "The rule has ended already." in text_of(again)
    address = reverse("training:rule_edit", args=[rule.reference])
    assert desk.post(address, typed(seen=rule.terms()))["Location"] == rule.get_absolute_url()
    person_in(branch)
    apply_rules()
    assert not Assignment.objects.exists()
    listed = desk.get(reverse("training:rules")).context["page"]
    assert list(listed) == []
    assert len(desk.get(reverse("training:rules") + "?state=ended").context["page"]) == 1


def test_a_rule_that_is_ended_while_it_is_being_changed_stays_ended(branch, course):
    rule = a_rule(course)
    seen, by = rule.terms(), person_in(branch, "manager")
    end_rule(AssignmentRule.objects.get(), by=by)
    rule.due_days = 60
    with pytest.raises(RuleRefused):
        change_rule(rule, seen=seen, by=by)
    rule.refresh_from_db()
    assert (rule.due_days, rule.archived_at is None) == (30, False)


def test_a_rule_of_a_course_in_the_archive_says_that_it_gives_nothing(desk, course):
    rule = a_rule(course)
    Course.objects.update(state=Course.State.ARCHIVED)
    assert "the rule gives out nothing" in text_of(desk.get(rule.get_absolute_url()))


def test_the_rules_are_found_and_taken_along(desk, branch, course):
    a_rule(course)
    a_rule(a_course("welcome", unit=branch))
    address = reverse("training:rules")
    assert [str(rule.course) for rule in desk.get(f"{address}?q=WELCOME").context["page"]] == [
        "Course welcome"
    ]
    rows = b"".join(desk.get(f"{address}?export=csv")).decode().splitlines()
    assert len(rows) == 3
    assert "Everybody in Harbour branch and below" in rows[1]


def test_the_rules_ask_as_often_for_twenty_as_for_two(desk, branch):
    def queries(count):
        for number in range(count):
            a_rule(a_course(f"course-{count}-{number}", unit=branch))
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(reverse("training:rules")).status_code == 200
        return len(asked)

    assert queries(2) == queries(18)
