"""The editor's forms: drafts, previews, conflicts, what a unit inherits, the order by dragging."""

import re

import pytest
from django.urls import reverse

from charter import actions
from charter.models import Policy
from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from organisation.actions.drafts import keep_draft
from organisation.models import FormDraft
from organisation.tests.factories import UnitFactory, UserFactory, person_in


@pytest.fixture
def charter(db):
    return CharterFactory(unit__slug="ours")


@pytest.fixture
def manager(client, charter):
    manager = person_in(charter.unit, "manager")
    client.force_login(manager)
    return manager


def policy_of(charter, **words):
    return actions.save_policy(
        charter=charter,
        policy=None,
        language="en",
        words={"name": "Put right on the spot"} | words,
        fields={},
        by=UserFactory(),
    )


def words_url(charter):
    return reverse("charter:texts_edit", args=[charter.unit.slug])


def test_a_form_offers_what_was_typed_and_not_saved(client, charter, manager):
    url = words_url(charter)
    keep_draft(
        person=manager, form=f"{url}?language=en", content={"title": ["Half a title"], "version": ["0"]}
    )
    page = client.get(url).content.decode()
    assert "We kept what you typed and did not save" in page
    assert "Half a title" not in page
    page = client.get(f"{url}?language=en&draft=use").content.decode()
    assert 'value="Half a title"' in page


def test_saving_clears_the_kept_words(client, charter, manager):
    url = words_url(charter)
    keep_draft(person=manager, form=f"{url}?language=en", content={"title": ["Half a title"]})
    form = {"version": 0, "title": "The whole title"}
    assert client.post(f"{url}?language=en", form).status_code == 302
    assert not FormDraft.objects.exists()


def test_a_refused_form_keeps_the_kept_words(client, charter, manager):
    url = words_url(charter)
    keep_draft(person=manager, form=f"{url}?language=en", content={"title": ["Half a title"]})
    assert client.post(f"{url}?language=en", {"version": 0, "title": ""}).status_code == 422
    assert FormDraft.objects.exists()


def test_a_preview_shows_markdown_and_saves_nothing(client, charter, manager):
    form = {"version": 0, "title": "", "purpose": "We are **here** <b>now</b>", "preview": "1"}
    response = client.post(words_url(charter), form)
    page = response.content.decode()
    assert response.status_code == 200
    assert "We are <strong>here</strong> &lt;b&gt;now&lt;/b&gt;" in page
    assert "We are **here**" in page
    assert charter.texts.get().purpose == ""


def test_the_second_of_two_managers_at_one_value_gets_409_with_both_texts(client, charter, manager):
    value = actions.save_value(
        charter=charter, value=None, language="en", words={"name": "Respect"}, by=UserFactory()
    )
    url = reverse("charter:value_edit", args=["ours", value.key])
    assert client.post(url, {"version": 1, "name": "Theirs"}).status_code == 302
    response = client.post(url, {"version": 1, "name": "Mine"})
    assert response.status_code == 409
    assert response.context["changed"] == [("Name", "Theirs")]
    assert response.context["form"]["name"].value() == "Mine"


def test_the_second_of_two_managers_at_one_policy_gets_409_with_both_texts(client, charter, manager):
    policy = policy_of(charter)
    url = reverse("charter:policy_edit", args=["ours", policy.key])
    assert client.post(url, {"version": 0, "name": "Theirs"}).status_code == 302
    response = client.post(url, {"version": 0, "name": "Mine", "amount": "50", "currency": "EUR"})
    assert response.status_code == 409
    assert [label for label, _now in response.context["changed"]] == [
        "Name",
        "Up to which amount",
        "Currency",
    ]
    assert str(Policy.objects.get()) == "Theirs"
    again = response.context["form"].data.dict() | {"name": "Mine"}
    assert client.post(url, again).status_code == 302
    assert str(Policy.objects.get()) == "Mine"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"amount": "50"}, "currency"),
        ({"amount": "-1", "currency": "EUR"}, "amount"),
        ({"name": ""}, "name"),
        ({"gives": "x" * 2001}, "gives"),
        ({"gives": "\x00"}, "gives"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_beside_the_field(client, charter, manager, form, field):
    url = reverse("charter:policy_add", args=["ours"])
    response = client.post(url, {"name": "Put right"} | form)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("form", "field", "fold"),
    [
        ({"limit_amount": "2"}, "limit_unit", "holds"),
        ({"limit_unit": "working_days"}, "limit_amount", "holds"),
        ({"limit_amount": "0", "limit_unit": "working_days"}, "limit_amount", "holds"),
        ({"feeling": "x" * 301}, "feeling", "behind"),
        ({"channel": "pigeon"}, "channel", "holds"),
        ({"target": "90"}, "name", "proof"),
    ],
)
def test_a_folded_field_that_makes_no_sense_opens_its_fold_only(client, charter, manager, form, field, fold):
    url = reverse("charter:standard_add", args=["ours"])
    whole = {
        "promise": "You hear from us",
        "discretion": "full",
        "source": "answers",
        "method": "top_box",
        "scale": "1-5",
        "minimum_n": 10,
        "direction": "higher",
    }
    response = client.post(url, whole | form)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert response.context["form"].open_folds == [fold]


def test_three_fields_of_a_standard_are_in_sight_and_every_other_one_is_in_a_fold(client, charter, manager):
    response = client.get(reverse("charter:standard_add", args=["ours"]))
    form = response.context["form"]
    folded = {name for names in form.folds.values() for name in names}
    assert set(form.fields) - folded == {"version", "promise", "guidance", "target"}
    body = response.content.decode()
    typed = body[body.index('name="promise"') : body.index('id="preview"')]
    sight = re.sub(r"<details.*?</details>", "", typed, flags=re.DOTALL)
    assert set(re.findall(r'name="(\w+)"', sight)) == {"promise", "guidance", "target"}


def test_a_units_page_shows_what_holds_from_above_and_leads_there(client, charter, manager):
    above = StandardFactory(promise="From the top")
    unit = UnitFactory(parent=above.charter.unit, slug="below")
    CharterFactory(unit=unit)
    policy_of(above.charter)
    page = client.get(reverse("charter:edit", args=["below"])).content.decode()
    assert "From the top" in page
    assert "Put right on the spot" in page
    assert reverse("charter:edit", args=[above.charter.unit.slug]) in page


def test_the_top_charter_inherits_nothing(client, charter, manager):
    UnitFactory(parent=charter.unit)
    assert client.get(reverse("charter:edit", args=["ours"])).context["above"] == []


def test_a_list_is_put_in_the_order_that_it_was_dragged_to(client, charter, manager):
    first, second = StandardFactory(charter=charter, position=1), StandardFactory(charter=charter, position=2)
    url = reverse("charter:order", args=["ours"])
    assert client.post(url, {"part": "standards", "key": [second.key, first.key]}).status_code == 204
    assert list(charter.standards.all()) == [second, first]


def test_an_order_of_something_else_is_not_found(client, charter, manager):
    url = reverse("charter:order", args=["ours"])
    assert client.post(url, {"part": "editions", "key": ["1"]}).status_code == 404


def test_the_publish_page_warns_of_a_translation_that_is_behind(client, charter, manager):
    MeasureFactory(goal=90, standard__charter=charter)
    value = None
    for language, name in (("en", "Respect"), ("de", "Achtung"), ("en", "Respect for all")):
        value = actions.save_value(
            charter=charter, value=value, language=language, words={"name": name}, by=manager
        )
    url = reverse("charter:edition_publish", args=["ours"])
    page = client.get(url).content.decode()
    assert "behind the English text" in page
    assert "Respect for all</span>: Deutsch" in page
    form = client.get(url).context["form"].initial | {"note": "All the same"}
    assert client.post(url, form).status_code == 302


def test_an_edition_freezes_policies_limits_and_what_a_standard_relies_on(charter):
    standard = MeasureFactory(goal=90, standard__charter=charter).standard
    internal = StandardFactory(promise="Post by ten", charter__unit__name="Letters")
    actions.save_standard(
        charter=charter,
        standard=standard,
        language="en",
        words={"examples": "- Like this"},
        fields={"limit_amount": 2, "limit_unit": "working_days", "depends_on": [internal]},
        by=UserFactory(),
    )
    policy = policy_of(charter, staff_may="Waive a fee")
    policy.standards.set([standard])
    content = actions.publish_edition(charter=charter, note="First", by=UserFactory()).content
    frozen = content["standards"][0]
    assert (frozen["limit_amount"], frozen["limit_unit"]) == (2, "working_days")
    assert frozen["texts"]["en"]["examples"] == "- Like this"
    assert frozen["depends_on"] == [
        {"key": internal.key, "unit": "Letters", "texts": {"en": {"promise": "Post by ten"}}}
    ]
    assert content["policies"] == [
        {
            "key": policy.key,
            "amount": None,
            "currency": "",
            "standards": [standard.key],
            "texts": {
                "en": {
                    "name": "Put right on the spot",
                    "gives": "",
                    "staff_may": "Waive a fee",
                    "remedies": "",
                    "replaces": "",
                }
            },
        }
    ]


def test_the_look_of_a_standard_shows_its_promise_and_its_goal(client, charter, manager):
    typed = {
        "promise": "You wait *ten* minutes",
        "name": "Waited ten minutes",
        "target": "90",
        "preview": "1",
    }
    html = client.post(reverse("charter:standard_add", args=["ours"]), typed).content.decode()
    shown = html.split('id="preview-words"')[1].split("</details>")[0]
    assert "You wait *ten* minutes" in shown
    assert "Waited ten minutes: 90" in shown


def test_the_box_of_units_shows_several_whole_lines(client, charter, manager):
    html = client.get(reverse("charter:standard_add", args=["ours"])).content.decode()
    assert re.search(r'<select name="keeper_units"[^>]* size="8"', html)


@pytest.mark.parametrize(
    ("typed", "with_it"),
    [
        ({"source": "answers", "method": "share_met", "scale": "1-5"}, "method"),
        ({"source": "answers", "method": "top_box", "scale": "1-5", "minimum_n": "2"}, "minimum_n"),
        ({"source": "cases", "method": "top_box", "scale": "1-5"}, "method"),
    ],
)
def test_a_goal_that_cannot_be_is_refused_together_with_the_rest(client, charter, manager, typed, with_it):
    whole = {"promise": "You hear from us", "discretion": "full", "minimum_n": 10, "direction": "higher"}
    whole |= {"name": "Heard from us", "target": "150"}
    response = client.post(reverse("charter:standard_add", args=["ours"]), whole | typed)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {with_it, "target"}


def test_a_goal_that_a_fitting_method_could_have_is_not_refused_for_the_wrong_method(
    client, charter, manager
):
    typed = {"promise": "You hear from us", "discretion": "full", "minimum_n": 10, "direction": "higher"}
    typed |= {"source": "results", "method": "top_box", "scale": "1-5", "name": "Calls", "target": "150"}
    response = client.post(reverse("charter:standard_add", args=["ours"]), typed)
    assert set(response.context["form"].errors) == {"method"}
