"""Questionnaires as files: what goes out comes back in, and what is wrong is named whole."""

import json
from typing import Any

import pytest
from django.test import Client

from charter.tests.factories import MeasureFactory
from feedback.models import Question, Questionnaire
from feedback.plan import as_data, plan_of
from feedback.plan_file import PlanRefused, read_file, read_plan
from feedback.tests.cards import WAYS, a_survey, rule
from feedback.tests.imports import MAPPINGS
from organisation.tests.factories import UnitFactory, person_in

pytestmark = pytest.mark.django_db
PAGE = "/feedback/questionnaires/import/"


def exported() -> dict[str, Any]:
    place = a_survey(
        ("visit", "faces", {"wording": "How was your visit?", "is_required": True}),
        ("why", "short", {"wording": "What went wrong?", **rule(("visit", "most", 2))}),
        ("way", "choices", {"options": WAYS, "wording": "How?", "allows_na": True, "starts_page": True}),
        ("staff", "matrix", {"rows": ("friendly", "clear"), "wording": "Our staff"}),
        ("mark", "rating", {"wording": "A mark", "scale_low": 0, "scale_high": 10}),
    )
    data: dict[str, Any] = json.loads(json.dumps(as_data(plan_of(place.version))))
    return data


def refused(data: Any) -> str:
    with pytest.raises(PlanRefused) as caught:
        read_file(data if isinstance(data, str) else json.dumps(data))
    return " | ".join(caught.value.problems)


def test_what_is_exported_is_read_back_as_it_was() -> None:
    data = exported()
    plan, notes = read_plan(data)
    assert as_data(plan) == data
    assert notes == []


def changed(change: Any) -> dict[str, Any]:
    data = exported()
    change(data["questions"], data)
    return data


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda asked, data: data.update(kind="quiz"), "kind of questionnaire is unknown: quiz"),
        (lambda asked, data: data.update(questions=[]), "no questions"),
        (lambda asked, data: data.update(questions=asked * 30), "more than 100 questions"),
        (lambda asked, data: data.update(words={}), "the words are missing"),
        (lambda asked, data: asked.append("seven"), "Question 6 cannot be read"),
        (lambda asked, data: asked[0].update(kind="smell"), "Question 1 (visit): this type"),
        (lambda asked, data: asked[0].update(kind="row"), "this type of question is unknown"),
        (lambda asked, data: asked[1].update(key="visit"), "Question 2 (visit): the key stands there twice"),
        (lambda asked, data: asked[1].update(key="a.b"), "the key has to be letters"),
        (lambda asked, data: asked[4].update(scale=[1, 2]), "Question 5 (mark): the scale"),
        (lambda asked, data: asked[4].update(scale=[True, 5]), "Question 5 (mark): the scale"),
        (lambda asked, data: asked[2].update(options=[]), "1 to 50 options or rows"),
        (lambda asked, data: asked[2]["options"][0].update(key="na"), "the key stands there twice"),
        (lambda asked, data: asked[2]["options"][0].update(words="x"), "the words are missing"),
        (lambda asked, data: asked[0]["words"]["en"].update(wording="x" * 501), "at most 500"),
        (lambda asked, data: asked[0]["words"]["en"].update(wording="a\x00b"), "NUL"),
        (lambda asked, data: asked[0]["words"]["en"].update(wording="\ud800"), "broken character"),
        (lambda asked, data: asked[0]["words"]["en"].update(wording=7), "words are expected"),
        (lambda asked, data: asked[1].update(show_if={"conditions": 7}), "list of conditions"),
        (lambda asked, data: asked.insert(0, asked.pop(1)), "which is asked after it"),
        (lambda asked, data: asked.pop(0), "not here any more (visit)"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: Any, told: str) -> None:
    assert told in refused(changed(change))


def test_all_that_is_wrong_is_named_at_once() -> None:
    def twice(asked: Any, data: Any) -> None:
        asked[0].update(kind="smell")
        asked[4].update(scale=[5, 1])

    told = refused(changed(twice))
    assert "Question 1" in told
    assert "Question 5" in told


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', "[" * 100_000, "null"])
def test_what_is_no_questionnaire_is_refused(text: str) -> None:
    assert refused(text)


def test_a_measure_that_stands_here_is_fed_and_another_stays_behind_with_a_note() -> None:
    measure: Any = MeasureFactory(scale_low=1, scale_high=5)
    data = changed(lambda asked, data: asked[0].update(measure=measure.key))
    assert read_plan(data)[0].questions[0].measure == measure
    data = changed(lambda asked, data: asked[0].update(measure="nowhere"))
    plan, notes = read_plan(data)
    assert plan.questions[0].measure is None
    assert "no measure “nowhere”" in notes[0]


def test_bidirectional_controls_are_taken_out_and_other_scripts_stay() -> None:
    data = changed(lambda asked, data: asked[0]["words"].update(ar={"wording": "كيف \u202eكانت 😀 =زيارتك؟"}))
    assert read_plan(data)[0].questions[0].words["ar"]["wording"] == "كيف كانت 😀 =زيارتك؟"


def test_a_file_is_shown_before_it_is_taken_in(client: Client) -> None:
    client.force_login(person_in(UnitFactory(), "manager"))
    text = json.dumps(exported())
    before = Questionnaire.objects.count()
    dry = client.post(PAGE, {"text": text})
    assert dry.status_code == 200
    assert "What went wrong?" in dry.content.decode()
    assert Questionnaire.objects.count() == before
    answer = client.post(PAGE, {"text": text, "name": "From afar", "kind": "survey", "key": "from-afar"})
    assert answer["Location"] == "/feedback/questionnaires/from-afar/"
    draft = Questionnaire.objects.get(key="from-afar").draft()
    assert draft
    assert as_data(plan_of(draft))["questions"] == json.loads(text)["questions"]


def test_a_wrong_file_comes_back_with_its_errors_and_its_text(client: Client) -> None:
    client.force_login(person_in(UnitFactory(), "manager"))
    text = json.dumps(changed(lambda asked, data: asked[0].update(kind="<b>smell</b>")))
    answer = client.post(PAGE, {"text": text})
    assert answer.status_code == 422
    assert "&lt;b&gt;smell&lt;/b&gt;" in answer.content.decode()


def test_the_file_of_a_questionnaire_can_be_taken_along(client: Client) -> None:
    place = a_survey(("visit", "faces", {"wording": "Wie war’s?"}))
    client.force_login(person_in(place.collector.unit, "staff"))
    key = place.version.questionnaire.key
    answer = client.get(f"/feedback/questionnaires/{key}/file/")
    assert f'filename="{key}.json"' in answer["Content-Disposition"]
    assert "Wie war’s?" in answer.content.decode()
    read_file(answer.content.decode())


def test_a_copy_asks_the_same_and_goes_its_own_way(client: Client) -> None:
    place = a_survey(("way", "choice", {"options": WAYS, "wording": "How did you come?"}))
    client.force_login(person_in(place.collector.unit, "manager"))
    url = f"/feedback/questionnaires/{place.version.questionnaire.key}/copy/"
    assert "Copy of" in client.get(url).content.decode()
    client.post(url, {"name": "Another", "key": "another", "kind": "card"})
    draft: Any = Questionnaire.objects.get(key="another").draft()
    draft.questions.all().delete()
    assert Question.objects.get(version=place.version).options.count() == 3


def test_a_key_that_is_taken_is_offered_with_a_number_that_is_free(client: Client) -> None:
    place = a_survey(("visit", "faces", {"wording": "How was your visit?"}))
    client.force_login(person_in(place.collector.unit, "manager"))
    key = place.version.questionnaire.key
    text = client.get(f"/feedback/questionnaires/{key}/file/").content.decode()
    page = client.post(PAGE, {"text": text}).content.decode()
    assert f'value="{key}-2"' in page


def test_a_file_without_a_key_offers_one_made_of_its_name(client: Client) -> None:
    client.force_login(person_in(UnitFactory(), "manager"))
    text = json.dumps({**exported(), "key": "", "name": "Our Visit Card, 2nd"})
    assert 'value="our-visit-card-2nd"' in client.post(PAGE, {"text": text}).content.decode()


def test_a_questionnaire_that_comes_with_the_product_is_taken_in_by_the_browser(client: Client) -> None:
    client.force_login(person_in(UnitFactory(), "manager"))
    text = (MAPPINGS / "airport_survey_questionnaire.json").read_text()
    dry = client.post(PAGE, {"text": text})
    assert dry.status_code == 200
    page = dry.content.decode()
    assert 'value="airport-survey"' in page
    assert "San Francisco International Airport (san-francisco-airport)" in page
    client.post(PAGE, {"text": text, "name": "Airport", "kind": "survey", "key": "airport-survey"})
    draft: Any = Questionnaire.objects.get(key="airport-survey").draft()
    assert str(draft.text("en")) == "How do you rate the airport?"
    asked = json.loads(text)["questions"]
    assert [(each.key, str(each)) for each in draft.questions.all()] == [
        (each["key"], each["wording"]) for each in asked
    ]


@pytest.mark.parametrize("questions", [None, "x", [None], [{"key": "a"}]])
def test_a_broken_description_is_refused_in_words(questions: Any) -> None:
    with pytest.raises(PlanRefused):
        read_file(json.dumps({"kind": "questionnaire", "questions": questions, "units": 5, "language": []}))
