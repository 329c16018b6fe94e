"""The questions that are made of a standard: what is asked, what is true of others, what is a change."""

import pytest

from training.know.facts import changed_keys, facts_of
from training.know.questions import Gap, questions_of
from training.tests.editions import WORDS, content, policy, standard


def made(content_, key, first="en"):
    every = facts_of(content_)
    facts = next(each for each in every if each.key == key)
    return {each.about: each for each in questions_of(facts, every, first)}


def options(question, code="en"):
    found = question.texts[code]["content"]["options"]
    return [each["text"] for each in found if each["correct"]], [
        each["text"] for each in found if not each["correct"]
    ]


def test_wrong_answers_are_what_is_true_of_the_others():
    found = made(content(), "lights")
    right, wrong = options(found["promise"])
    assert right == ["We mend street lights in time"]
    assert sorted(wrong) == ["We answer letters in time", "We call you up in time"]
    right, wrong = options(found["limit"])
    assert right == ["5 working days"]
    assert sorted(wrong) == ["10 working days", "15 minutes of opening time"]
    assert options(found["discretion"])[0] == ["Always, no exception"]


@pytest.mark.parametrize("promise", ["We mend lights within five working days", "We mend it in 5 days"])
def test_a_promise_that_says_its_time_makes_no_question_about_it(promise):
    found = made(
        content(standard("lights", promise=promise), standard("letters"), standard("queue")), "lights"
    )
    assert isinstance(found["limit"], Gap)
    assert "answer itself" in found["limit"].why


def test_the_time_in_its_very_words_becomes_a_gap_in_the_sentence():
    rows = [
        standard("lights", promise="Mended within 5 working days"),
        standard("letters"),
        standard("queue"),
    ]
    assert made(content(*rows), "lights")["limit"].texts["en"]["text"].startswith("“Mended within …”")


def test_with_too_few_other_times_the_number_itself_is_asked():
    found = made(content(standard("lights"), standard("letters", amount=5)), "lights")
    assert found["limit"].kind == "numeric"
    assert found["limit"].texts["en"]["content"] == {"answer": "5", "tolerance": "0"}
    assert "two other promises" in found["promise"].why


def test_without_its_need_a_promise_is_not_asked_about():
    rows = [standard("lights", need=""), standard("letters"), standard("queue")]
    assert "need" in made(content(*rows), "lights")["promise"].why


def test_what_one_decides_alone_is_asked_with_the_amounts_of_the_other_policies():
    rows = [
        policy("a", "lights", amount="50"),
        policy("b", "letters", amount="20"),
        policy("c", "queue", amount="5"),
    ]
    right, wrong = options(made(content(policies=rows), "lights")["alone"])
    assert (right, sorted(wrong)) == (["£ 50"], ["£ 20", "£ 5"])
    alone = made(content(policies=rows[:1]), "lights")["alone"]
    assert alone.texts["en"]["content"]["answer"] == "50"
    silent = made(content(policies=[policy("d", "lights")]), "lights")["alone"]
    assert "does not say what staff may decide" in silent.why


def test_a_policy_that_serves_several_standards_is_asked_about_once():
    told = content(policies=[policy("a", "letters", "queue", amount="50")])
    assert "alone" in made(told, "letters")
    assert "alone" not in made(told, "queue")


def test_what_staff_may_do_stands_in_the_question_without_marks_of_markdown():
    rows = [
        policy("a", "lights", may="Call a taxi, **without asking**."),
        policy("b", "letters", may="Waive the *fee*."),
        policy("c", "queue", may="- Fetch a chair"),
    ]
    right, wrong = options(made(content(policies=rows), "lights")["alone"])
    assert right == ["Call a taxi, without asking."]
    assert sorted(wrong) == ["Waive the fee.", "• Fetch a chair"]


def test_each_language_of_the_edition_has_its_wording():
    rows = [standard(key) for key in WORDS]
    for row, said in zip(rows, ("Licht", "Briefe", "Aufruf"), strict=True):
        row["texts"]["de"] = {"promise": f"{said} rechtzeitig", "need": f"Ich brauche {said}."}
    found = made({"standards": rows}, "lights")
    assert options(found["limit"], "de")[0] == ["5 Arbeitstage"]
    assert "Wie lange" in found["limit"].texts["de"]["text"]
    assert [each["correct"] for each in found["promise"].texts["de"]["content"]["options"]] == [
        each["correct"] for each in found["promise"].texts["en"]["content"]["options"]
    ]


def test_a_translation_or_a_reason_is_no_change_and_another_time_or_sum_is():
    before = content(policies=[policy("a", "queue", amount="5")])
    after = content(policies=[policy("a", "queue", amount="50")])
    after["standards"][0]["texts"]["de"] = {"promise": "Licht"}
    after["standards"][0]["texts"]["en"]["why"] = "It is dark."
    after["standards"][1]["limit_amount"] = 9
    assert changed_keys(facts_of(before), facts_of(after)) == (["letters", "queue"], [])
    assert changed_keys(facts_of(before), facts_of(content(standard("queue")))) == (
        ["queue"],
        ["letters", "lights"],
    )
