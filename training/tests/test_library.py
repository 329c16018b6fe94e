"""What every course of the library holds, whoever writes the next one."""

from statistics import mean

import pytest

from charter.demo_words import STANDARDS, VALUES
from training.library import library

COURSES = sorted(library())


@pytest.mark.parametrize("key", COURSES)
def test_a_course_has_lessons_and_questions_enough_and_is_tied_to_the_charter(key):
    file = library()[key].file
    assert 3 <= len(file.lessons()) <= 6
    assert len(file.questions) >= 10
    assert {each.standard for each in file.questions} <= set(file.standards) <= set(STANDARDS)
    assert file.values
    assert set(file.values) <= set(VALUES)


@pytest.mark.parametrize("key", COURSES)
def test_the_right_answer_is_told_neither_by_its_length_nor_by_its_place(key):
    asked = [each.content["options"] for each in library()[key].file.questions if each.kind == "single"]
    places = [next(place for place, each in enumerate(options) if each["correct"]) for options in asked]
    ratios = [
        len(next(each["text"] for each in options if each["correct"]))
        / mean(len(each["text"]) for each in options if not each["correct"])
        for options in asked
    ]
    assert 0.8 < mean(ratios) < 1.2
    assert max(places.count(place) for place in range(4)) <= len(places) / 2


@pytest.mark.parametrize("key", COURSES)
def test_every_lesson_ends_with_something_to_try(key):
    assert all("**Try today:**" in lesson.body for lesson in library()[key].file.lessons())
