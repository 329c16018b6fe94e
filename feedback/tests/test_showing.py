"""When a question is shown, and what stands against a rule."""

from typing import Any

import pytest

from feedback.asked import asked_in
from feedback.envelope import EnvelopeInvalid, read_answers
from feedback.showing import problems_of_rules, read_rule
from feedback.tests.cards import WAYS, a_survey, asked_at, envelope, rule

pytestmark = pytest.mark.django_db

VISIT = ("visit", "faces", {})
WAY = ("way", "choices", {"options": WAYS})


def why(*conditions: Any, **fields: Any) -> Any:
    return ("why", "text", {**rule(*conditions, match=fields.pop("match", "all")), **fields})


def shown(answers: dict[str, Any], *questions: Any) -> bool:
    return "why" in read_answers(asked_at(a_survey(*questions)), answers).shown


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        (("visit", "most", 2), [1, 2], [3, 5, "na", None]),
        (("visit", "least", 4), [4, 5], [3, "na", None]),
        (("visit", "equals", 3), [3], [2, "na", None]),
        (("visit", "differs", 3), [2, "na"], [3, None]),
        (("visit", "answered"), [1], ["na", None]),
        (("visit", "unanswered"), [None], [1, "na"]),
        (("visit", "na"), ["na"], [1, None]),
    ],
)
def test_each_test_holds_for_some_answers_and_not_for_others(condition: Any, yes: Any, no: Any) -> None:
    place = a_survey(("visit", "faces", {"allows_na": True}), why(condition))
    asked = asked_at(place)
    for values, expected in ((yes, True), (no, False)):
        for value in values:
            assert ("why" in read_answers(asked, {"visit": value}).shown) is expected


def test_an_option_chosen_among_several_shows_a_question() -> None:
    questions = (WAY, why(("way", "equals", "phone")))
    assert shown({"way": ["counter", "phone"]}, *questions)
    assert not shown({"way": ["counter"]}, *questions)


def test_all_conditions_hold_or_one_of_them_as_the_rule_says() -> None:
    conditions = (("visit", "most", 2), ("way", "equals", "phone"))
    for match, expected in (("all", False), ("any", True)):
        assert shown({"visit": 1, "way": ["counter"]}, VISIT, WAY, why(*conditions, match=match)) is expected


def test_a_rule_never_hangs_on_a_hidden_answer() -> None:
    questions = (
        VISIT,
        ("way", "choice", {"options": WAYS, **rule(("visit", "most", 2))}),
        why(("way", "equals", "phone")),
    )
    assert shown({"visit": 1, "way": "phone"}, *questions)
    assert not shown({"visit": 5, "way": "phone"}, *questions)


def test_an_answer_to_a_hidden_question_is_left_out_and_the_card_taken() -> None:
    place = a_survey(VISIT, why(("visit", "most", 2)))
    sent = envelope(place, {"visit": 5, "why": "I clicked about"})
    assert [given.question.key for given in sent.answers] == ["visit"]


def test_a_hidden_question_need_not_be_answered_even_where_it_is_required() -> None:
    place = a_survey(VISIT, why(("visit", "most", 2), is_required=True))
    assert envelope(place, {"visit": 5}).answers
    with pytest.raises(EnvelopeInvalid) as caught:
        envelope(place, {"visit": 1})
    assert set(caught.value.errors) == {"why"}


def problems(*questions: Any) -> str:
    return " ".join(problems_of_rules(asked_in(a_survey(*questions).version).questions))


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        ((why(("visit", "most", 2)), VISIT), "which is asked after it"),
        ((why(("why", "answered")),), "waits for its own answer"),
        ((VISIT, why(("gone", "answered"))), "not here any more (gone)"),
        ((WAY, why(("way", "equals", "fax"))), "does not offer any more (fax)"),
        ((VISIT, why(("visit", "most", 6))), "not on the scale"),
        ((VISIT, why(("visit", "equals", "phone"))), "not on the scale"),
        ((VISIT, why(("visit", "na"))), "does not offer “does not apply”"),
        ((("short", "short", {}), why(("short", "equals", 3))), "only ask whether"),
        ((("staff", "matrix", {"rows": ("clear",)}), why(("staff", "answered"))), "one row"),
    ],
)
def test_a_rule_that_can_never_work_is_named(questions: Any, told: str) -> None:
    for key in ("visit", "why", "short", "staff", "way"):
        questions = tuple(_worded(each, key) for each in questions)
    assert told in problems(*questions)


def _worded(question: Any, key: str) -> Any:
    return (key, question[1], {**question[2], "wording": key}) if question[0] == key else question


def test_two_questions_that_wait_for_each_other_are_named_as_such() -> None:
    first = ("first", "short", {**rule(("second", "answered")), "wording": "First"})
    second = ("second", "short", {**rule(("first", "answered")), "wording": "Second"})
    assert "“First” and “Second” wait for each other." in problems(first, second)


def test_a_rule_on_an_earlier_answer_has_nothing_against_it() -> None:
    assert not problems(VISIT, WAY, why(("visit", "most", 2), ("way", "differs", "other")))


@pytest.mark.parametrize(
    "data",
    [
        [],
        "always",
        {"conditions": "visit"},
        {"match": "none", "conditions": []},
        {"conditions": [{"question": 7, "is": "answered"}]},
        {"conditions": [{"question": "visit", "is": "smells"}]},
        {"conditions": [{"question": "visit", "is": ["answered"]}]},
        {"conditions": [{"question": "visit", "is": "most", "value": "2"}]},
        {"conditions": [{"question": "visit", "is": "most", "value": True}]},
        {"conditions": [{"question": "visit", "is": "answered"}] * 11},
    ],
)
def test_what_is_no_rule_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match=r"(?i)rule|condition"):
        read_rule(data)
