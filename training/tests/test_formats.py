"""Questions in GIFT and Moodle XML: what is carried, what is left out and why, and hostile files."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.course_file import QuestionPart
from training.formats.found import FormatRefused
from training.formats.gift import write_gift
from training.formats.reading import Read, read_questions
from training.marking import fits

FILES = Path(__file__).parent / "formats"


def read(text: str) -> Read:
    return read_questions(text.encode())


def xml(question: str) -> Read:
    return read(f"<quiz>{question}</quiz>")


def parts(found: Read) -> list[QuestionPart]:
    return [each.part for each in found.questions]


def test_the_same_ten_questions_in_both_formats_are_equal():
    gift = read_questions((FILES / "ten.gift").read_bytes())
    moodle = read_questions((FILES / "ten.xml").read_bytes())
    assert (gift.left_out, moodle.left_out) == ([], [])
    assert len(gift.questions) == 10
    assert [each.kind for each in parts(gift)] == [
        *("single", "multiple", "true_false", "true_false", "matching"),
        *("numeric", "numeric", "short", "ordering", "open"),
    ]
    assert [part(each) for each in parts(gift)] == [part(each) for each in parts(moodle)]
    assert {each.category for each in [*gift.questions, *moodle.questions]} == {"Counter"}


def part(each: QuestionPart) -> QuestionPart:
    """Numbers as numbers: 2 and 2.0 are the same."""
    numbers = {
        name: Decimal(each.content[name]).normalize()
        for name in ("answer", "tolerance")
        if isinstance(each.content.get(name), str)
    }
    return replace(each, content={**each.content, **numbers})


def test_what_is_written_as_gift_is_read_back_equal():
    once = parts(read_questions((FILES / "ten.gift").read_bytes()))
    once[1] = replace(once[1], marking="all_or_nothing", points=Decimal("2.5"), standard="next-step")
    once[9] = replace(once[9], content={"guide": "Is there\na date?"})
    assert parts(read(write_gift(once))) == once


WORDS = (
    st.text(
        st.one_of(
            st.sampled_from("~=#{}:\\%[]/->*\n n\"'TRUE<&"),
            st.characters(
                exclude_categories=("Cs", "Cc"),
                exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
            ),
        ),
        min_size=1,
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(words=st.lists(WORDS, min_size=6, max_size=6, unique=True))
def test_whatever_is_written_survives_the_escapes(words: list[str]):
    base = QuestionPart("q", "single", "", words[0], Decimal(1), words[1], "right_minus_wrong", {})
    options = [
        {"text": words[2], "correct": True, "feedback": words[3]},
        {"text": words[4], "correct": False, "feedback": ""},
    ]
    once = [
        replace(base, content={"options": options}),
        replace(base, key="q2", kind="multiple", content={"options": options}),
        replace(base, key="q3", kind="matching", content={"pairs": [words[:2], words[2:4]]}),
        replace(base, key="q4", kind="short", content={"answers": words[4:]}),
        replace(base, key="q5", kind="ordering", content={"items": words}),
        replace(base, key="q6", kind="open", content={"guide": words[5]}),
    ]
    assert parts(read(write_gift(once))) == once


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Only a text without anything to answer.", "a text without a question"),
        ("Two {=three ~four} five.", "a gap in the middle"),
        ("One {=a ~b} two {=c ~d}", "several gaps"),
        ("Which? {=a ~b", "a “}” is missing"),
        ("Which? {~%50%a ~%25%b ~%25%c}", "different shares"),
        ("Which? {~%50%a ~%50%b ~%-100%c}", "other shares of the marks"),
        ("Which? {=a ~%-20%b}", "takes marks away"),
        ("Which? {=a ~%50%b}", "More than one answer"),
        ("How many? {#=3:0 =%50%4:0}", "several right numbers"),
        ("How many? {#three}", "is no number"),
        ("How many? {#9e9999999}", "is no number"),
        ("Which? {=right =%50%half}", "only a part of the marks"),
        ("Which? {=a}", ""),
        ("Which? {~a ~b}", "None of its answers is right"),
        ("Which? {>a b}", "at least 2"),
    ],
)
def test_what_gift_says_and_we_cannot_is_left_out_with_its_reason(text: str, reason: str):
    found = read(f"// a comment\n\n{text}\n\nGood? {{T}}")
    assert len(found.questions) == (1 if reason else 2)
    for left in found.left_out:
        assert reason in left.reason
        assert left.where == "line 3"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("description", "without a question"),
        ("calculatedmulti", "calculated"),
        ("cloze", "cloze"),
        ("gapselect", "missing words"),
        ("ddwtos", "dragged"),
        ("ddmarker", "dragged"),
        ("random", "at random"),
        ("pmatch", "“pmatch” is not known"),
    ],
)
def test_kinds_that_cannot_be_carried_are_named(kind: str, reason: str):
    [left] = xml(f'<question type="{kind}"><name><text>Strange one</text></name></question>').left_out
    assert reason in left.reason
    assert (left.name, left.where) == ("Strange one", "question 1 of the file")


@pytest.mark.parametrize(
    ("head", "first"),
    [
        (">", "All forms are laid ready"),
        (">", "3 chairs are put up"),
        (">ALL VERTICAL", "Random talk ends"),
        ("> ALL VERTICAL ALL ABSOLUTE_POSITION", "Show the customer where"),
        (">", "HIDE the till"),
        ("> all vertical", "The room is opened"),
    ],
)
def test_an_order_to_find_keeps_its_first_thing(head: str, first: str):
    [order] = parts(read(f"In which order? {{{head}\n{first}\nThe door is opened\n}}"))
    assert order.content == {"items": [first, "The door is opened"]}


@pytest.mark.parametrize("head", [">", ">2 ALL VERTICAL", "> ALL VERTICAL ALL ABSOLUTE_POSITION SHOW"])
def test_a_thing_on_the_line_of_the_sign_is_to_be_put_in_order_too(head: str):
    [order] = parts(read(f"In which order? {{{head} Show the door\nOpen it\n}}"))
    assert order.content["items"][-2:] == ["Show the door", "Open it"]


@pytest.mark.parametrize(
    ("head", "is_told"), [("2 RANDOM", True), ("2", True), ("2 ALL", False), ("3 ALL", False), ("", False)]
)
def test_whoever_asked_for_some_of_the_things_there_is_told(head: str, is_told: bool):
    found = read(f"In which order? {{>{head}\nOne\nTwo\nThree\n}}")
    assert bool(found.questions[0].notes) == is_told


def test_an_order_to_find_is_written_as_moodle_reads_it():
    [order] = parts(read("In which order? {>\nOne\nTwo\n}"))
    assert "{>2 ALL VERTICAL ABSOLUTE_POSITION SHOW none\nOne\nTwo\n}" in write_gift([order])


def test_pictures_and_hints_stay_behind_and_the_reader_is_told():
    found = xml(
        '<question type="essay"><name><text>A</text></name><questiontext format="html">'
        '<text><![CDATA[<p>Look:</p><ul><li>here</li></ul><img src="@@PLUGINFILE@@/a.png" alt="a map">'
        "<script>alert(1)</script>]]></text></questiontext><hint><text>Look</text></hint></question>"
    )
    assert parts(found)[0].text == "Look:\n\n- here\n\na map"
    assert found.questions[0].notes == ["Hints are not carried.", "Pictures and other files are not carried."]


def test_two_questions_of_the_same_name_keep_apart_and_names_give_the_keys():
    found = read("::Ring twice::A? {T}\n\n::Ring twice::B? {T}\n\n::مرحبا::C? {T}")
    first, second, third = (each.key for each in parts(found))
    assert (first, second) == ("ring-twice", "ring-twice-2")
    assert third.startswith("q-")


ENTITIES = '<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><quiz><question>&b;</question></quiz>'
OUTSIDE = '<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>'


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<quiz><question type='essay'><name>", "breaks off"),
        (ENTITIES.encode(), "entities"),
        (OUTSIDE.encode(), "entities"),
        (ENTITIES.encode("utf-16"), "entities"),
        (b"<?xml version='1.0' encoding='nonsense'?><quiz/>", "cannot be read"),
        (b"<html></html>", "no questions of Moodle"),
        (b"<quiz/>", "no question"),
        ("Grüße? {T}".encode("latin-1"), "UTF-8"),
        (b"PK\x03\x04\x00\x00", "no text file"),
        (b"", "no question"),
        (b" " * 5_000_001, "larger than 5 MB"),
        (b"A? {T}\n\n" * 10_000, "10000 questions; at most 1000"),
        (b"<quiz>" + b"<question type='x'/>" * 10_000 + b"</quiz>", "10000 questions; at most 1000"),
    ],
)
def test_hostile_files_are_refused_in_plain_words(raw: bytes, reason: str):
    with pytest.raises(FormatRefused, match=reason):
        read_questions(raw)


def test_a_question_without_end_is_left_out_and_the_others_are_not():
    found = read("A? {" + "~%5%=" * 200_000 + "}\n\nB? {T}")
    assert [each.text for each in parts(found)] == ["B?"]
    assert "longer than" in found.left_out[0].reason


def test_a_star_stands_for_any_words():
    assert fits("next step*", "next step in writing")
    assert fits("*step*writing", "a step in writing")
    assert not fits("a*a", "a")
    assert not fits("next*", "the next")
    assert fits(r"five \*", "five *")
    assert not fits(r"five \*", "five stars")


def test_a_category_is_no_question_of_the_file():
    category = "<question type='category'><category><text>$course$/top/Till</text></category></question>"
    asked = '<question type="cloze"><name><text>Gaps</text></name></question>'
    [left] = xml(category + asked).left_out
    assert left.where == "question 1 of the file"
