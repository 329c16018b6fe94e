"""Measures and goals."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from charter import actions
from charter.forms.measures import ProofFields
from charter.models import Goal, Measure
from charter.tests.factories import MeasureFactory, RecordedResultFactory
from organisation.models import Membership
from organisation.tests.factories import UnitFactory, UserFactory, person_in


def set_goal(measure, target, starts_on, **more):
    return actions.set_goal(
        measure=measure, target=Decimal(target), starts_on=starts_on, by=UserFactory(), **more
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "low", "high"),
    [("top_box", 0, 100), ("share_met", 0, 100), ("nps", -100, 100), ("mean", 1, 5), ("smiley", 0, 100)],
)
def test_a_goal_lies_within_the_figures_of_the_method(method, low, high):
    measure = MeasureFactory(method=method, scale_low=1, scale_high=5)
    day = date(2026, 1, 1)
    for target in (low, high):
        set_goal(measure, target, day)
    for target in (low - 1, high + 1):
        with pytest.raises(actions.GoalOutOfRange):
            set_goal(measure, target, day)
    assert Goal.objects.get().target == high


@pytest.mark.django_db
def test_a_new_goal_ends_the_one_that_stood_for_the_same_unit():
    measure = MeasureFactory(goal=90)
    unit = UnitFactory()
    set_goal(measure, 70, date(2020, 1, 1), unit=unit)
    set_goal(measure, 95, date(2026, 6, 1))
    for_all = measure.goals.filter(unit=None).order_by("starts_on")
    assert [(goal.target, goal.ends_on) for goal in for_all] == [(90, date(2026, 6, 1)), (95, None)]
    assert measure.goals.get(unit=unit).ends_on is None


@pytest.mark.django_db
def test_a_goal_ends_where_a_later_one_begins():
    measure = MeasureFactory()
    set_goal(measure, 95, date(2026, 6, 1))
    earlier = set_goal(measure, 90, date(2026, 1, 1))
    assert earlier.ends_on == date(2026, 6, 1)


@pytest.mark.django_db
def test_the_same_start_replaces_the_goal():
    measure = MeasureFactory()
    for target in (90, 92):
        set_goal(measure, target, date(2026, 1, 1))
    assert measure.goals.get().target == 92


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "target", "never"),
    [
        ({}, "100", True),
        ({}, "99.9", False),
        ({"direction": "lower"}, "0", True),
        ({"direction": "lower"}, "100", False),
        ({"method": "share_met", "source": "results"}, "100", False),
        ({"method": "share_met", "source": "results", "is_sample": True}, "100", True),
    ],
)
def test_a_goal_at_the_end_of_the_range_is_out_of_reach_of_a_sample(fields, target, never):
    assert MeasureFactory.build(standard=None, **fields).is_out_of_reach(Decimal(target)) is never


@pytest.mark.django_db
def test_the_page_warns_that_a_goal_of_100_can_never_be_met_from_a_sample(client):
    measure = MeasureFactory()
    client.force_login(person_in(measure.standard.charter.unit, "manager"))
    url = reverse("charter:goal_add", args=[measure.key])
    response = client.post(url, {"target": "100", "starts_on": "2026-01-01"}, follow=True)
    assert "can never be met from a sample" in response.content.decode()
    assert measure.goals.get().target == 100


@pytest.mark.django_db
def test_a_goal_that_ends_before_it_begins_is_refused(client):
    measure = MeasureFactory()
    client.force_login(person_in(measure.standard.charter.unit, "manager"))
    url = reverse("charter:goal_add", args=[measure.key])
    response = client.post(url, {"target": "90", "starts_on": "2026-02-01", "ends_on": "2026-01-01"})
    assert response.status_code == 422
    assert not measure.goals.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["method", "scale_high", "direction"])
def test_the_meaning_of_a_measure_with_results_is_fixed(field):
    result = RecordedResultFactory()
    other = {"method": "mean", "scale_high": 9, "direction": "lower"}[field]
    with pytest.raises(actions.MeaningIsFixed):
        actions.save_measure(
            standard=result.measure.standard, measure=result.measure, fields={field: other}, by=UserFactory()
        )
    assert getattr(Measure.objects.get(), field) != other


@pytest.mark.django_db
def test_the_name_of_a_measure_with_results_may_change():
    result = RecordedResultFactory()
    actions.save_measure(
        standard=result.measure.standard, measure=result.measure, fields={"name": "Clearer"}, by=UserFactory()
    )
    assert Measure.objects.get().name == "Clearer"


@pytest.mark.django_db
def test_a_method_whose_range_leaves_the_goal_out_is_refused():
    measure = MeasureFactory(goal=90)
    with pytest.raises(actions.GoalOutOfRange):
        actions.save_measure(
            standard=measure.standard, measure=measure, fields={"method": "mean"}, by=UserFactory()
        )
    assert Measure.objects.get().method == "top_box"


@pytest.mark.django_db
def test_the_measure_page_refuses_what_an_action_refuses_beside_the_field(client):
    result = RecordedResultFactory()
    measure = result.measure
    client.force_login(person_in(measure.standard.charter.unit, "manager"))
    form = {
        "version": 0,
        "name": "Letters",
        "source": "answers",
        "method": "mean",
        "scale": "1-5",
        "minimum_n": 10,
        "direction": "higher",
    }
    response = client.post(reverse("charter:measure_edit", args=[measure.key]), form)
    assert response.status_code == 422
    assert "hang on this measure" in str(response.context["form"].errors)


@pytest.mark.django_db
def test_the_second_of_two_managers_at_one_measure_gets_409(client):
    measure = MeasureFactory()
    client.force_login(person_in(measure.standard.charter.unit, "manager"))
    form = {
        "version": 0,
        "name": "Mine",
        "source": "answers",
        "method": "top_box",
        "scale": "0-1",
        "minimum_n": 10,
        "direction": "higher",
    }
    url = reverse("charter:measure_edit", args=[measure.key])
    assert client.post(url, form).status_code == 302
    response = client.post(url, form | {"name": "Theirs"})
    assert response.status_code == 409
    assert Measure.objects.get().name == "Mine"


@pytest.mark.django_db
def test_an_archived_measure_comes_back():
    measure = MeasureFactory()
    actions.archive_measure(measure=measure, by=UserFactory())
    assert not Measure.objects.active().exists()
    actions.restore_measure(measure=measure, by=UserFactory())
    assert Measure.objects.active().get() == measure


@pytest.mark.django_db
def test_a_goal_is_set_for_a_unit_in_which_the_charter_holds(client):
    measure = MeasureFactory()
    unit = measure.standard.charter.unit
    below, elsewhere = UnitFactory(parent=unit), UnitFactory()
    person = person_in(unit, "manager")
    Membership.objects.create(user=person, unit=elsewhere, role="manager", level="middle")
    client.force_login(person)
    page = client.get(reverse("charter:measure_edit", args=[measure.key]))
    assert set(page.context["goal_form"].fields["unit"].queryset) == {unit, below}
    typed = {"target": "3", "starts_on": "2099-01-01", "unit": elsewhere.slug}
    assert client.post(reverse("charter:goal_add", args=[measure.key]), typed).status_code == 422


def test_the_form_says_what_its_methods_mean():
    page = str(ProofFields()["method"].as_field_group())
    assert "The top boxes are the best answers" in page
    assert "from 1 to 7 whether we made it easy" in page
