"""Publishing: what it refuses, what it freezes, who wins."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from charter import actions
from charter.fixed import FIXED, MEANING, as_fixed, fixed_goal
from charter.models import Charter, Edition, Goal, Measure
from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from organisation.tests.factories import UnitFactory, UserFactory, person_in


@pytest.fixture
def charter(db):
    """A charter with one standard that is proved."""
    return MeasureFactory(goal=90, standard__key="next-step").standard.charter


def publish(charter, at, **more):
    return actions.publish_edition(charter=charter, note="Why", by=UserFactory(), at=at, **more)


@pytest.mark.django_db
def test_a_charter_without_standards_is_refused(now):
    with pytest.raises(actions.PublishingRefused):
        publish(CharterFactory(), now)
    assert not Edition.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["no measure", "archived measure", "no goal", "goal over"])
def test_a_standard_without_an_active_measure_with_a_goal_is_refused_by_name(now, fault):
    standard = StandardFactory()
    if fault != "no measure":
        measure = MeasureFactory(standard=standard, goal=None if fault == "no goal" else 90)
        if fault == "archived measure":
            actions.archive_measure(measure=measure, by=UserFactory(), at=now)
        if fault == "goal over":
            measure.goals.update(ends_on=now.date())
    with pytest.raises(actions.PublishingRefused) as refusal:
        publish(standard.charter, now)
    assert refusal.value.standards == [standard]


def test_a_standard_without_words_is_refused_by_name(charter, now):
    unwritten = MeasureFactory(goal=90, standard__charter=charter).standard
    unwritten.texts.all().delete()
    with pytest.raises(actions.PublishingRefused) as refusal:
        publish(charter, now)
    assert refusal.value.standards == [unwritten]


def test_an_archived_standard_stands_against_nothing(charter, now):
    actions.archive_standard(standard=StandardFactory(charter=charter), by=UserFactory(), at=now)
    assert [each["key"] for each in publish(charter, now).content["standards"]] == ["next-step"]


def test_an_archived_measure_is_not_frozen(charter, now):
    measure = MeasureFactory(standard=charter.standards.get(), goal=80)
    actions.archive_measure(measure=measure, by=UserFactory(), at=now)
    frozen = publish(charter, now).content["standards"][0]["measures"]
    assert [each["goal"] for each in frozen] == ["90"]


def test_editions_are_numbered_in_sequence_for_each_charter(charter, now):
    other = MeasureFactory(goal=90).standard.charter
    numbers = [publish(each, now).number for each in (charter, charter, other)]
    assert numbers == [1, 2, 1]


def test_an_edition_freezes_the_words_and_the_goal_under_stable_keys(charter, now):
    first = publish(charter, now)
    standard = charter.standards.get()
    actions.save_standard(
        charter=charter,
        standard=standard,
        language="en",
        words={"promise": "Another promise", "why": "", "guidance": ""},
        fields={},
        by=UserFactory(),
        at=now,
    )
    second = publish(charter, now)
    kept = Edition.objects.get(pk=first.pk).content["standards"][0]
    assert kept["texts"]["en"]["promise"] == "Before you leave, you know what happens next"
    assert second.content["standards"][0]["texts"]["en"]["promise"] == "Another promise"
    assert kept["key"] == second.content["standards"][0]["key"] == "next-step"
    assert kept["measures"][0]["goal"] == "90"
    assert kept["measures"][0]["unit"] is None


def test_an_edition_freezes_the_charters_words_and_values_in_every_language(charter, now):
    value = actions.save_value(
        charter=charter,
        value=None,
        key="respect",
        language="en",
        words={"name": "Respect", "we_do_customers": "We greet first."},
        by=UserFactory(),
        at=now,
    )
    charter.standards.update(value=value)
    charter.texts.create(language="de", title="Was Sie erwarten dürfen")
    content = publish(charter, now).content
    assert content["texts"]["de"]["title"] == "Was Sie erwarten dürfen"
    assert content["values"][0]["texts"]["en"]["name"] == "Respect"
    assert content["standards"][0]["value"] == "respect"


def test_the_goal_of_the_charters_own_unit_goes_into_the_edition(charter, now):
    measure = charter.standards.get().measures.get()
    actions.set_goal(
        measure=measure,
        target=Decimal(80),
        unit=charter.unit,
        starts_on=date(2026, 1, 1),
        by=UserFactory(),
        at=now,
    )
    frozen = publish(charter, now).content["standards"][0]["measures"][0]
    assert (frozen["goal"], frozen["unit"]) == ("80", charter.unit.slug)


def test_an_edition_fixes_what_its_measures_mean(charter, now):
    frozen = publish(charter, now).content["standards"][0]["measures"][0]
    measure = charter.standards.get().measures.get()
    assert {name: frozen[name] for name in FIXED} == {name: getattr(measure, name) for name in FIXED}
    Measure.objects.update(method="nps", direction="lower", scale_high=9, source="results", per=100)
    stands = as_fixed(Measure.objects.get(), frozen)
    assert [getattr(stands, name) for name in MEANING] == ["top_box", "higher", "answers", 0, 1, 1000]


def test_a_unit_with_another_short_name_keeps_the_goal_that_was_published_for_it(charter, now):
    Goal.objects.update(unit=charter.unit)
    frozen = publish(charter, now).content["standards"][0]["measures"][0]
    charter.unit.slug = "renamed"
    measure = charter.standards.get().measures.get()
    found = fixed_goal(measure, frozen, path=[charter.unit_id], slugs=["renamed"])
    assert found is not None
    assert found.target == 90
    assert fixed_goal(measure, frozen, path=[charter.unit_id + 1], slugs=["renamed"]) is None


def test_an_edition_from_before_the_keys_names_its_unit_by_the_short_name(charter):
    measure = charter.standards.get().measures.get()
    old = {"goal": "90", "unit": "harbour"}
    assert fixed_goal(measure, old, path=[1], slugs=["harbour"]).target == 90
    assert fixed_goal(measure, old, path=[1], slugs=["hill"]) is None


def test_an_edition_is_never_changed(charter, now):
    edition = publish(charter, now)
    edition.note = "Something else"
    with pytest.raises(TypeError):
        edition.save()


def test_an_edition_does_not_come_into_force_before_today(charter, now):
    with pytest.raises(actions.PublishingRefused):
        publish(charter, now, in_force_from=now.date() - timedelta(days=1))


def test_an_edition_does_not_come_into_force_before_the_last_one(charter, now):
    publish(charter, now, in_force_from=now.date() + timedelta(days=10))
    with pytest.raises(actions.PublishingRefused):
        publish(charter, now, in_force_from=now.date() + timedelta(days=9))


def test_the_edition_of_a_day_is_the_last_that_has_come_into_force(charter, now):
    first = publish(charter, now)
    later = publish(charter, now, in_force_from=now.date() + timedelta(days=10))
    of = Edition.objects.edition_on
    assert of(charter.unit, now.date() - timedelta(days=1)) is None
    assert of(charter.unit, now.date() + timedelta(days=9)) == first
    assert of(charter.unit, now.date() + timedelta(days=10)) == later
    assert of(UnitFactory(), now.date()) is None


def test_the_second_of_two_publishers_of_one_draft_is_refused_and_leaves_no_trace(charter, now):
    seen = Charter.objects.get().version
    publish(charter, now, expected_version=seen)
    with pytest.raises(actions.PublishedMeanwhile):
        publish(charter, now, expected_version=seen)
    assert Edition.objects.get().number == 1
    assert charter.events.filter(what="published").count() == 1


def test_a_draft_that_was_edited_after_the_page_was_opened_is_not_published(charter, now):
    seen = Charter.objects.get().version
    actions.archive_standard(standard=StandardFactory(charter=charter), by=UserFactory(), at=now)
    with pytest.raises(actions.PublishedMeanwhile):
        publish(charter, now, expected_version=seen)


def page_of(charter, client):
    client.force_login(person_in(charter.unit, "manager"))
    return reverse("charter:edition_publish", args=[charter.unit.slug])


def test_the_page_names_the_effect_and_publishes(charter, client):
    url = page_of(charter, client)
    page = client.get(url)
    assert "Anyone on the internet will see this page" in page.content.decode()
    form = page.context["form"].initial | {"note": "The first"}
    response = client.post(url, form)
    assert response.url == reverse("charter:edition_detail", args=[charter.unit.slug, 1])
    assert Edition.objects.get().note == "The first"


def test_the_second_publisher_gets_409_and_keeps_the_note(charter, client):
    url = page_of(charter, client)
    form = client.get(url).context["form"].initial | {"note": "Typed with care"}
    assert client.post(url, form).status_code == 302
    response = client.post(url, form)
    assert response.status_code == 409
    assert "Typed with care" in response.content.decode()
    assert "was first" in response.content.decode()
    assert Edition.objects.count() == 1


def test_the_page_links_the_standards_that_stand_against_publishing(charter, client):
    unproved = StandardFactory(charter=charter)
    url = page_of(charter, client)
    form = client.get(url).context["form"].initial | {"note": "The first"}
    response = client.post(url, form)
    assert response.status_code == 422
    assert reverse("charter:standard_edit", args=[unproved.key]) in response.content.decode()
    assert not Edition.objects.exists()


@pytest.mark.parametrize("day", ["", "never", "2020-01-01", "99999-01-01", "2206-11-18"])
def test_a_day_that_makes_no_sense_is_refused(charter, client, day):
    url = page_of(charter, client)
    form = client.get(url).context["form"].initial | {"note": "The first", "in_force_from": day}
    assert client.post(url, form).status_code == 422
    assert not Edition.objects.exists()


@pytest.mark.services
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="publishers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_of_four_who_publish_at_the_same_moment_one_wins(now):
    charter = MeasureFactory(goal=90).standard.charter
    seen, gate, outcomes = Charter.objects.get().version, Barrier(4), []

    def press():
        gate.wait()
        try:
            outcomes.append(publish(charter, now, expected_version=seen).number)
        except actions.PublishedMeanwhile:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [Thread(target=press) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["1", "too late", "too late", "too late"]
