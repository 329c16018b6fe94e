"""Goals: no two hold at once, and what an edition promised is not judged anew."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from charter import actions
from charter.tests.factories import MeasureFactory
from organisation.models import UnitPlacement
from organisation.tests.factories import UnitFactory, UserFactory, person_in


def set_goal(measure, target, starts_on, **more):
    return actions.set_goal(
        measure=measure, target=Decimal(target), starts_on=starts_on, by=UserFactory(), **more
    )


def goals(measure):
    rows = measure.goals.order_by("starts_on").values_list("target", "starts_on", "ends_on")
    return [(int(target), start, end) for target, start, end in rows]


@pytest.fixture
def measure(db):
    """With a goal of 90 for the second quarter of 2027, and no other."""
    measure = MeasureFactory()
    set_goal(measure, 90, date(2027, 4, 1), ends_on=date(2027, 7, 1))
    return measure


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2027, 5, 1), None),
        (date(2027, 5, 1), date(2027, 6, 1)),
        (date(2027, 6, 30), date(2027, 12, 1)),
        (date(2027, 1, 1), date(2027, 4, 2)),
        (date(2027, 1, 1), date(2028, 1, 1)),
    ],
)
def test_a_goal_that_overlaps_one_with_an_end_of_its_own_is_refused(measure, start, end):
    before = goals(measure)
    with pytest.raises(actions.GoalsOverlap, match="the goal 90 holds for the same unit"):
        set_goal(measure, 80, start, ends_on=end)
    assert goals(measure) == before


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2027, 7, 1), None), (date(2027, 1, 1), date(2027, 4, 1))],
    ids=["after", "before"],
)
def test_a_goal_beside_another_is_set(measure, start, end):
    set_goal(measure, 80, start, ends_on=end)
    assert len(goals(measure)) == 2


def test_the_goal_of_another_unit_is_no_overlap(measure):
    set_goal(measure, 80, date(2027, 5, 1), unit=UnitFactory())
    assert len(goals(measure)) == 2


def test_a_goal_with_an_end_is_refused_where_an_open_one_begins_before_that_end(db):
    measure = MeasureFactory()
    set_goal(measure, 90, date(2027, 4, 1))
    with pytest.raises(actions.GoalsOverlap, match="End this one there, or before"):
        set_goal(measure, 80, date(2027, 1, 1), ends_on=date(2027, 5, 1))
    assert len(goals(measure)) == 1


def published(now):
    """A measure with a goal of 90 since 2015, promised by an edition."""
    measure = MeasureFactory(goal=90)
    actions.publish_edition(charter=measure.standard.charter, note="First", by=UserFactory(), at=now)
    return measure


@pytest.mark.django_db
def test_days_that_an_edition_has_judged_keep_their_goal(now):
    measure = published(now)
    with pytest.raises(actions.GoalIsHistory, match="people have been judged by it"):
        set_goal(measure, 70, date(2026, 1, 1), at=now)
    assert goals(measure) == [(90, date(2015, 1, 1), None)]


@pytest.mark.django_db
def test_a_goal_from_today_on_follows_the_one_that_an_edition_promised(now):
    measure = published(now)
    set_goal(measure, 70, now.date(), at=now)
    assert goals(measure) == [(90, date(2015, 1, 1), now.date()), (70, now.date(), None)]


@pytest.mark.django_db
def test_a_goal_in_the_past_is_history_where_none_stood(now):
    measure = published(now)
    earlier = set_goal(measure, 60, date(2014, 1, 1), ends_on=date(2015, 1, 1), at=now)
    assert earlier.ends_on == date(2015, 1, 1)


@pytest.mark.django_db
def test_before_the_first_edition_a_goal_may_still_be_corrected(now):
    measure = MeasureFactory(goal=90)
    set_goal(measure, 70, date(2015, 1, 1), at=now)
    assert goals(measure) == [(70, date(2015, 1, 1), None)]


@pytest.mark.django_db
def test_the_page_warns_that_a_past_goal_is_history(client):
    measure = MeasureFactory()
    client.force_login(person_in(measure.standard.charter.unit, "manager"))
    url = reverse("charter:goal_add", args=[measure.key])
    response = client.post(url, {"target": "90", "starts_on": "2020-01-01"}, follow=True)
    assert "begins in the past" in response.content.decode()


@pytest.mark.django_db
def test_the_page_says_beside_the_field_which_goal_stands_in_the_way(client):
    measure = MeasureFactory()
    set_goal(measure, 90, date(2027, 4, 1), ends_on=date(2027, 7, 1))
    client.force_login(person_in(measure.standard.charter.unit, "manager"))
    url = reverse("charter:goal_add", args=[measure.key])
    response = client.post(url, {"target": "80", "starts_on": "2027-05-01"})
    assert response.status_code == 422
    assert "the goal 90 holds" in str(response.context["goal_form"].errors["starts_on"])


@pytest.mark.django_db
def test_a_goal_that_was_promised_is_not_shortened_into_the_past(now):
    measure = published(now)
    with pytest.raises(actions.GoalIsHistory, match="It ends today or later"):
        set_goal(measure, 90, date(2015, 1, 1), ends_on=date(2020, 1, 1), at=now)
    set_goal(measure, 90, date(2015, 1, 1), ends_on=now.date(), at=now)
    assert goals(measure) == [(90, date(2015, 1, 1), now.date())]


@pytest.mark.django_db
def test_a_units_own_goal_does_not_override_the_one_for_all_on_past_days(now):
    measure, unit = published(now), UnitFactory()
    with pytest.raises(actions.GoalIsHistory, match="A new goal begins today or later"):
        set_goal(measure, 70, date(2026, 1, 1), unit=unit, at=now)
    assert goals(measure) == [(90, date(2015, 1, 1), None)]
    set_goal(measure, 90, date(2026, 1, 1), ends_on=now.date(), unit=unit, at=now)
    set_goal(measure, 70, now.date(), unit=unit, at=now)
    assert len(goals(measure)) == 3


@pytest.mark.django_db
def test_a_past_goal_is_held_against_the_unit_above_under_which_the_unit_stood_then(now):
    measure = MeasureFactory()
    before, after = UnitFactory(), UnitFactory()
    moved = UnitFactory(parent=before)
    UnitPlacement.objects.create(unit=moved, parent=after, starts_on=date(2026, 6, 1))
    set_goal(measure, 90, date(2026, 1, 1), unit=after, at=now)
    actions.publish_edition(
        charter=MeasureFactory(goal=90, standard=measure.standard).standard.charter,
        note="First",
        by=UserFactory(),
        at=now,
    )
    set_goal(measure, 70, date(2026, 1, 1), ends_on=date(2026, 6, 1), unit=moved, at=now)
    with pytest.raises(actions.GoalIsHistory):
        set_goal(measure, 70, date(2026, 6, 1), ends_on=date(2026, 6, 2), unit=moved, at=now)


@pytest.mark.django_db
def test_a_goal_ends_today_and_past_days_keep_it(now):
    measure = published(now)
    later = set_goal(measure, 70, date(2027, 1, 1), at=now)
    ended = actions.end_goal(measure=measure, by=UserFactory(), at=now)
    assert (ended.target, measure.goal_for([], now.date())) == (90, None)
    assert goals(measure) == [(90, date(2015, 1, 1), now.date()), (70, later.starts_on, None)]
    assert actions.end_goal(measure=measure, by=UserFactory(), at=now) is None


@pytest.mark.django_db
def test_a_goal_that_begins_today_ends_as_if_it_had_never_been_set(now):
    measure = MeasureFactory()
    set_goal(measure, 90, now.date(), at=now)
    actions.end_goal(measure=measure, by=UserFactory(), at=now)
    assert goals(measure) == []
