"""Standards: written, translated, archived, put in order; two managers at one standard."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from charter import actions
from charter.models import Goal, Measure, Standard
from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from organisation.tests.factories import UnitFactory, UserFactory, person_in

WORDS = {"promise": "You wait five minutes at most", "why": "", "guidance": "Open a second counter"}
PROOF_FIELDS = {
    "name": "Waited five minutes at most",
    "method": "top_box",
    "source": "answers",
    "scale_low": 0,
    "scale_high": 1,
}


def typed(standard=None, **changes):
    """What a browser sends for the standard's page, with one thing changed."""
    form = {
        "version": standard.version if standard else 0,
        "promise": "You wait five minutes at most",
        "why": "",
        "guidance": "Open a second counter",
        "discretion": "flexible",
        "name": "Waited five minutes at most",
        "source": "answers",
        "method": "top_box",
        "scale": "0-1",
        "minimum_n": 10,
        "direction": "higher",
        "target": "90",
    }
    return form | changes


def save(standard, **more):
    return actions.save_standard(
        charter=standard.charter,
        standard=standard,
        language=more.pop("language", "en"),
        words=more.pop("words", WORDS),
        fields=more.pop("fields", {}),
        by=UserFactory(),
        **more,
    )


@pytest.mark.django_db
def test_a_standard_is_added_with_its_proof_in_one_step(now):
    charter = CharterFactory()
    proof = actions.Proof(fields=PROOF_FIELDS, target=Decimal(90))
    saved = actions.save_standard(
        charter=charter,
        standard=None,
        language="en",
        words=WORDS,
        fields={"key": "waiting"},
        proof=proof,
        by=UserFactory(),
        at=now,
    )
    goal = saved.measures.get().goals.get()
    assert (saved.key, str(saved), goal.target) == ("waiting", WORDS["promise"], 90)
    assert goal.starts_on == now.date()


@pytest.mark.django_db
def test_the_second_of_two_managers_is_refused_and_the_first_ones_words_stay():
    standard = StandardFactory()
    save(standard, expected_version=0)
    with pytest.raises(actions.StandardChangedMeanwhile):
        save(standard, expected_version=0, words=WORDS | {"promise": "Mine"})
    fresh = Standard.objects.get(pk=standard.pk)
    assert (str(fresh), fresh.version) == (WORDS["promise"], 1)


@pytest.mark.django_db
def test_the_second_managers_form_comes_back_with_what_was_typed_beside_what_stands(client):
    standard = MeasureFactory(goal=90).standard
    manager = person_in(standard.charter.unit, "manager")
    other = UserFactory(name="Hana Okafor")
    actions.save_standard(
        charter=standard.charter,
        standard=standard,
        language="en",
        words={"promise": "What Hana wrote", "why": "", "guidance": ""},
        fields={},
        by=other,
    )
    client.force_login(manager)
    url = reverse("charter:standard_edit", args=[standard.key])
    response = client.post(url, typed(standard, promise="What I typed"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "What I typed</textarea>" in page
    assert "What Hana wrote" in page
    assert "Hana Okafor saved it" in page
    assert str(Standard.objects.get()) == "What Hana wrote"


@pytest.mark.django_db
def test_saved_again_after_the_conflict_the_second_managers_words_stand(client):
    standard = MeasureFactory(goal=90).standard
    save(standard)
    client.force_login(person_in(standard.charter.unit, "manager"))
    url = reverse("charter:standard_edit", args=[standard.key])
    refused = client.post(url, typed(standard, promise="What I typed"))
    again = refused.context["form"].data
    assert client.post(url, again).status_code == 302
    assert str(Standard.objects.get()) == "What I typed"


@pytest.mark.django_db
def test_a_goal_that_a_colleague_set_meanwhile_is_not_overwritten(client, now):
    measure = MeasureFactory(goal=90)
    standard = measure.standard
    actions.set_goal(measure=measure, target=Decimal(80), starts_on=now.date(), by=UserFactory(), at=now)
    client.force_login(person_in(standard.charter.unit, "manager"))
    response = client.post(reverse("charter:standard_edit", args=[standard.key]), typed(standard))
    assert response.status_code == 409


@pytest.mark.django_db
def test_words_in_another_language_stand_beside_the_first():
    standard = StandardFactory()
    save(standard, language="de", words=WORDS | {"promise": "Sie warten höchstens fünf Minuten"})
    assert standard.text("de").promise == "Sie warten höchstens fünf Minuten"
    assert standard.text("en").promise == "Before you leave, you know what happens next"


@pytest.mark.django_db
def test_the_editor_marks_the_standard_whose_translation_is_missing(client):
    standard = StandardFactory()
    standard.charter.texts.create(language="de", title="Was Sie erwarten dürfen")
    client.force_login(person_in(standard.charter.unit, "manager"))
    page = client.get(reverse("charter:edit", args=[standard.charter.unit.slug])).content.decode()
    assert "Deutsch is missing" in page
    save(standard, language="de")
    page = client.get(reverse("charter:edit", args=[standard.charter.unit.slug])).content.decode()
    assert "Deutsch is missing" not in page


@pytest.mark.django_db
def test_a_form_in_a_language_without_words_is_empty_and_shows_the_words_there_are(client):
    standard = StandardFactory()
    client.force_login(person_in(standard.charter.unit, "manager"))
    response = client.get(reverse("charter:standard_edit", args=[standard.key]), {"language": "de"})
    assert response.context["form"].initial["promise"] == ""
    assert response.context["other"].promise == str(standard)


@pytest.mark.django_db
def test_archiving_twice_writes_one_event():
    standard = StandardFactory()
    for _each in range(2):
        actions.archive_standard(standard=standard, by=UserFactory())
    assert not Standard.objects.active().exists()
    assert [event.what for event in standard.events.all()] == ["standard_archived"]


@pytest.mark.django_db
def test_an_archived_standard_is_restored():
    standard = StandardFactory()
    actions.archive_standard(standard=standard, by=UserFactory())
    actions.restore_standard(standard=standard, by=UserFactory())
    assert Standard.objects.active().get() == standard


@pytest.mark.django_db
@pytest.mark.parametrize(("up", "order"), [(True, "bac"), (False, "acb")])
def test_a_standard_changes_place_with_its_neighbour(up, order):
    charter = CharterFactory()
    standards = {key: StandardFactory(charter=charter, key=key) for key in "abc"}
    actions.move_standard(standard=standards["b"], up=up, by=UserFactory())
    assert [each.key for each in charter.standards.all()] == list(order)


@pytest.mark.django_db
def test_the_first_standard_moved_up_stays_where_it_is():
    charter = CharterFactory()
    for key in "ab":
        StandardFactory(charter=charter, key=key)
    actions.move_standard(standard=Standard.objects.get(key="a"), up=True, by=UserFactory())
    assert [each.key for each in charter.standards.all()] == ["a", "b"]


@pytest.mark.django_db
def test_the_page_saves_promise_guidance_and_proof_together(client):
    charter = CharterFactory()
    client.force_login(person_in(charter.unit, "manager"))
    response = client.post(reverse("charter:standard_add", args=[charter.unit.slug]), typed())
    standard = charter.standards.get()
    assert response.status_code == 302
    assert standard.text().guidance == "Open a second counter"
    assert standard.measures.get().goals.get().target == 90


@pytest.mark.django_db
def test_a_draft_is_saved_without_a_proof(client):
    charter = CharterFactory()
    client.force_login(person_in(charter.unit, "manager"))
    url = reverse("charter:standard_add", args=[charter.unit.slug])
    assert client.post(url, typed(name="", target="")).status_code == 302
    assert not Measure.objects.exists()


@pytest.mark.django_db
def test_a_goal_without_a_measure_is_refused_and_nothing_is_kept(client):
    charter = CharterFactory()
    client.force_login(person_in(charter.unit, "manager"))
    response = client.post(reverse("charter:standard_add", args=[charter.unit.slug]), typed(name=""))
    assert response.status_code == 422
    assert not charter.standards.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "goal"), [("top_box", "101"), ("nps", "-101"), ("mean", "1.5")])
def test_a_goal_outside_the_methods_range_is_refused_and_nothing_is_kept(client, method, goal):
    charter = CharterFactory()
    client.force_login(person_in(charter.unit, "manager"))
    url = reverse("charter:standard_add", args=[charter.unit.slug])
    response = client.post(url, typed(method=method, target=goal))
    assert response.status_code == 422
    assert "the goal lies between" in response.content.decode()
    assert not charter.standards.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fair\x00ness", "invisible character"),
        ("x" * 1001, "at most 1000 characters"),
    ],
)
def test_text_that_cannot_be_kept_is_refused_in_plain_words(client, text, words):
    charter = CharterFactory()
    client.force_login(person_in(charter.unit, "manager"))
    url = reverse("charter:standard_add", args=[charter.unit.slug])
    response = client.post(url, typed(promise=text))
    assert response.status_code == 422
    assert words in response.content.decode()


@pytest.mark.django_db
def test_text_from_right_to_left_is_kept_without_its_invisible_controls(client):
    charter = CharterFactory()
    client.force_login(person_in(charter.unit, "manager"))
    url = reverse("charter:standard_add", args=[charter.unit.slug])
    client.post(url, typed(promise="\u202eنرد خلال يومين\u202c"))
    assert str(charter.standards.get()) == "نرد خلال يومين"


@pytest.mark.django_db
def test_recorded_results_are_proved_by_share_met_only(client):
    charter = CharterFactory()
    client.force_login(person_in(charter.unit, "manager"))
    url = reverse("charter:standard_add", args=[charter.unit.slug])
    response = client.post(url, typed(source="results"))
    assert "method" in response.context["form"].errors


@pytest.mark.django_db
def test_another_units_value_cannot_be_chosen(client):
    charter = CharterFactory()
    CharterFactory().values.create(key="theirs")
    client.force_login(person_in(charter.unit, "manager"))
    url = reverse("charter:standard_add", args=[charter.unit.slug])
    response = client.post(url, typed(value="theirs"))
    assert "value" in response.context["form"].errors
    assert '<details class="more" open>' in response.content.decode()


def edit(client, standard, **changes):
    client.force_login(person_in(standard.charter.unit, "manager"))
    url = reverse("charter:standard_edit", args=[standard.key])
    return client.post(url, typed(standard, **changes), follow=True)


@pytest.mark.django_db
def test_clearing_the_goal_ends_it_today_and_the_page_says_so(client, now, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: now)
    measure = MeasureFactory(goal=90)
    page = edit(client, measure.standard, target="")
    assert "The goal 90 ends today" in page.content.decode()
    goal = measure.goals.get()
    assert (goal.starts_on, goal.ends_on) == (date(2015, 1, 1), now.date())


@pytest.mark.django_db
def test_without_a_goal_that_stood_nothing_ends(client):
    measure = MeasureFactory()
    Goal.objects.create(measure=measure, starts_on=date(2099, 1, 1), target=Decimal(90))
    page = edit(client, measure.standard, target="")
    assert "ends today" not in page.content.decode()
    assert measure.goals.get().ends_on is None


@pytest.mark.django_db
def test_a_day_without_a_goal_is_refused(client):
    measure = MeasureFactory(goal=90)
    page = edit(client, measure.standard, target="", goal_from="2026-01-01")
    assert (page.status_code, "target" in page.context["form"].errors) == (422, True)
    assert measure.goals.get().ends_on is None


@pytest.mark.django_db
def test_an_archived_unit_that_keeps_the_standard_stays_chosen(client, now):
    measure = MeasureFactory(goal=90)
    closed = UnitFactory(archived_at=now)
    measure.standard.keeper_units.add(closed)
    page = edit(client, measure.standard, keeper_units=[closed.slug])
    assert page.status_code == 200
    assert list(measure.standard.keeper_units.all()) == [closed]


@pytest.mark.django_db
def test_an_archived_unit_is_not_offered_to_other_standards(client, now):
    measure = MeasureFactory(goal=90)
    page = edit(client, measure.standard, keeper_units=[UnitFactory(archived_at=now).slug])
    assert (page.status_code, "keeper_units" in page.context["form"].errors) == (422, True)
