"""Options, rows and rules in a draft: copied whole, never reused, never left hanging."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charter.tests.factories import MeasureFactory
from feedback.actions import questionnaires, questions
from feedback.actions.questions import Part
from feedback.actions.receive import receive_response
from feedback.fitness import questions_of, series_of
from feedback.models import Question, QuestionnaireVersion
from feedback.said import words_of
from feedback.tests.cards import WAYS, a_survey, envelope, rule

pytestmark = pytest.mark.django_db

VISIT = ("visit", "faces", {"wording": "How was your visit?"})
WHY = ("why", "short", {"wording": "What went wrong?", **rule(("visit", "most", 2))})
WAY = ("way", "choice", {"options": WAYS, "wording": "How did you reach us?"})
STAFF = ("staff", "matrix", {"rows": ("friendly", "clear"), "wording": "Our staff were …"})


def draft_of(place: Any) -> QuestionnaireVersion:
    return questionnaires.open_draft(place.version.questionnaire)


def save(
    draft: QuestionnaireVersion, key: str, *parts: Part, language: str = "en", **fields: Any
) -> Question:
    stored = draft.questions.filter(key=key).first()
    names = ("kind", "scale_low", "scale_high", "measure", "is_required", "allows_na")
    kept = {name: getattr(stored, name) for name in names} if stored else {}
    wording = fields.pop("wording", str(stored or key))
    return questions.save_question(
        draft,
        edit_mark=draft.edit_mark,
        key=key,
        language=language,
        fields={**kept, **fields},
        words={"wording": wording},
        parts=parts,
    )


def publish(draft: QuestionnaireVersion, now: datetime) -> QuestionnaireVersion:
    return questionnaires.publish_version(draft, edit_mark=draft.edit_mark, at=now)


def keys(draft: QuestionnaireVersion) -> list[str]:
    return [question.key for question in draft.questions.all()]


def refused(action: Any, draft: QuestionnaireVersion, **what: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        action(draft, edit_mark=draft.edit_mark, **what)
    return " ".join(caught.value.messages)


def test_a_draft_copies_options_rows_and_rules() -> None:
    place = a_survey(VISIT, WHY, WAY, STAFF)
    draft = draft_of(place)
    copied = {question.key: question for question in questions_of(draft)}
    assert list(copied) == ["visit", "why", "way", "staff", "friendly", "clear"]
    assert [str(option) for option in copied["way"].options.all()] == list(WAYS.values())
    assert copied["clear"].matrix == copied["staff"]
    assert copied["why"].show_if == place.questions["why"].show_if
    assert place.version.questions.count() == 6


def test_an_option_taken_out_keeps_the_words_of_old_answers(now: datetime) -> None:
    place = a_survey(WAY)
    response = receive_response(
        collector=place.collector, envelope=envelope(place, {"way": "phone"}), at=now
    ).response
    draft = draft_of(place)
    save(draft, "way", Part("At the counter", "counter"), Part("Another way", "other"))
    publish(draft, now)
    assert words_of(response.answers.get()) == "By telephone"


def test_a_key_of_an_option_is_never_used_for_another_meaning(now: datetime) -> None:
    draft = draft_of(a_survey(WAY))
    save(draft, "way", Part("At the counter", "counter"), Part("Another way", "other"))
    save(draft, "way", Part("At the counter", "counter"), Part("Phone"), Part("NA"))
    assert [option.key for option in draft.questions.get().options.all()] == ["counter", "phone-2", "na-2"]


def test_a_row_takes_the_scale_and_the_rule_of_its_matrix() -> None:
    draft = draft_of(a_survey(VISIT, STAFF))
    measure = MeasureFactory(scale_low=1, scale_high=7)
    parts = (Part("Friendly", "friendly"), Part("Quick", measure=measure))
    save(draft, "staff", *parts, scale_high=7, is_required=True)
    questions.save_rule(
        draft, edit_mark=draft.edit_mark, key="staff", rule=rule(("visit", "answered"))["show_if"]
    )
    row = draft.questions.get(key="quick")
    assert (row.scale_high, row.is_required, row.measure, bool(row.show_if)) == (7, True, measure, True)
    assert keys(draft) == ["visit", "staff", "friendly", "quick"]


def test_moving_a_matrix_takes_its_rows_along() -> None:
    draft = draft_of(a_survey(VISIT, STAFF, WAY))
    questions.move_question(draft, edit_mark=draft.edit_mark, key="staff", up=True)
    assert keys(draft) == ["staff", "friendly", "clear", "visit", "way"]


def test_questions_are_put_in_the_order_they_were_dragged_to() -> None:
    draft = draft_of(a_survey(VISIT, STAFF, WAY))
    questions.put_questions_in_order(draft, keys=["way", "visit", "staff", "gone", "friendly"])
    assert keys(draft) == ["way", "visit", "staff", "friendly", "clear"]


def test_an_order_in_which_a_rule_would_look_ahead_is_refused_and_nothing_moves() -> None:
    draft = draft_of(a_survey(VISIT, WHY, WAY))
    with pytest.raises(ValidationError, match="which is asked after it"):
        questions.put_questions_in_order(draft, keys=["why", "visit", "way"])
    told = refused(questions.move_question, draft, key="why", up=True)
    assert "“What went wrong?” is shown by the answer to “How was your visit?”" in told
    assert keys(draft) == ["visit", "why", "way"]


def test_a_question_for_whose_answer_another_waits_is_not_taken_out() -> None:
    draft = draft_of(a_survey(VISIT, WHY))
    assert "not here any more (visit)" in refused(questions.remove_question, draft, key="visit")
    assert keys(draft) == ["visit", "why"]


def test_an_option_for_which_a_question_waits_is_not_taken_out() -> None:
    late = ("late", "short", {"wording": "Why so?", **rule(("way", "equals", "phone"))})
    draft = draft_of(a_survey(WAY, late))
    with pytest.raises(ValidationError, match="does not offer any more"):
        save(draft, "way", Part("At the counter", "counter"), Part("Another way", "other"))
    assert draft.questions.get(key="way").options.count() == 3


def test_two_questions_are_never_made_to_wait_for_each_other() -> None:
    draft = draft_of(a_survey(VISIT, WHY))
    loop = rule(("why", "answered"))["show_if"]
    assert "wait for each other" in refused(questions.save_rule, draft, key="visit", rule=loop)


@pytest.mark.parametrize(
    ("parts", "series"),
    [
        ((Part("At the counter", "counter"), Part("By telephone", "phone")), 1),
        ((Part("At the counter", "counter"), Part("By fax or telephone", "phone")), 2),
        ((Part("At the counter", "counter"), Part("By telephone", "phone"), Part("By letter")), 2),
    ],
    ids=["as they were", "other words", "one more"],
)
def test_other_options_start_a_new_series(now: datetime, parts: Any, series: int) -> None:
    options = {key: label for key, label in WAYS.items() if key != "other"}
    draft = draft_of(a_survey(("way", "choice", {"options": options, "wording": "How did you come?"})))
    save(draft, "way", *parts)
    assert publish(draft, now).questions.get().series == series


def test_other_words_of_a_matrix_start_a_new_series_of_its_rows(now: datetime) -> None:
    draft = draft_of(a_survey(STAFF))
    save(draft, "staff", Part("friendly", "friendly"), Part("clear", "clear"), wording="How important is …")
    assert {row.key: row.series for row in publish(draft, now).questions.all()} == {
        "staff": 2,
        "friendly": 2,
        "clear": 2,
    }


def test_series_are_found_in_as_many_queries_for_few_questions_as_for_many() -> None:
    counts = []
    for many in (2, 20):
        draft = draft_of(a_survey(*((f"rating-{n}", "rating", {}) for n in range(many))))
        drafted = questions_of(draft)
        with CaptureQueriesContext(connection) as queries:
            series_of(drafted)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (("way", "choice", {"options": {"counter": "At the counter"}}), "at least two options"),
        (("staff", "matrix", {}), "has no row yet"),
    ],
)
def test_too_few_parts_keep_a_draft_from_being_published(now: datetime, question: Any, told: str) -> None:
    draft = draft_of(a_survey(question))
    with pytest.raises(ValidationError, match=told):
        publish(draft, now)


def test_an_option_without_a_translation_keeps_a_draft_from_being_published(now: datetime) -> None:
    draft = draft_of(a_survey(WAY))
    questionnaires.save_words(draft, edit_mark=draft.edit_mark, language="de", words={"title": "Ihr Besuch"})
    draft.questions.get().texts.create(language="de", wording="Wie haben Sie uns erreicht?")
    with pytest.raises(ValidationError, match="“Deutsch”"):
        publish(draft, now)
