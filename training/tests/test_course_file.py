"""The course file: read whole or refused with every reason; written so that it reads back."""

import tomllib
from pathlib import Path

import pytest
import tomli_w

from training.course_file import FileRefused, read_course
from training.course_writing import write_course

EXCERPTS = Path(__file__).parent / "excerpts"
TELEPHONE = (EXCERPTS / "telephone.toml").read_bytes()


def changed(*path, value):
    """The telephone course with one value changed, found by keys and numbers."""
    data = tomllib.loads(TELEPHONE.decode())
    here = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return tomli_w.dumps(data).encode()


def reasons(raw):
    with pytest.raises(FileRefused) as refused:
        read_course(raw)
    return [str(problem) for problem in refused.value.problems]


def test_a_course_is_read_with_all_its_parts():
    course = read_course(TELEPHONE)
    assert [lesson.kind for lesson in course.lessons()] == ["text", "scenario", "checklist"]
    assert len(course.questions) == 7
    assert course.quiz is not None
    assert course.quiz.pass_mark == 75
    assert course.questions[5].content == {"answer": "3", "tolerance": "0"}


def test_what_is_written_reads_back_as_the_same_course():
    course = read_course(TELEPHONE)
    assert read_course(write_course(course)) == course


LESSON = "module “before-you-pick-up” › lesson “three-rings”"
TALK = "module “before-you-pick-up” › lesson “passed-on”"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (changed("levels", value=["boss"]), "“levels”: “boss” is none of: leadership, middle, front."),
        (changed("minutes", value=True), "“minutes” is of the wrong kind."),
        (changed("titel", value="Typo"), "“titel” is not known here."),
        (changed("language", value="xx"), "“language” has to be one of: en, de, fr, ar."),
        (changed("modules", 0, "lessons", 0, "kind", value="poem"), f"{LESSON}: “kind” has to be one of"),
        (changed("modules", 0, "lessons", 0, "body", value=""), f"{LESSON}: “body” is missing."),
        (changed("modules", 0, "lessons", 0, "title", value="a\0b"), "(NUL)"),
        (changed("modules", 0, "lessons", 0, "body", value="# Big"), f"{LESSON}: Headings begin with “##”"),
        (changed("modules", 0, "lessons", 0, "key", value="Three Rings"), "short name of small letters"),
        (changed("modules", 0, "lessons", 0, "key", value="my-desk"), "“my-desk” stands twice in the file"),
        (
            changed("modules", 0, "lessons", 1, "steps", 0, "replies", 0, "leads_to", value="nowhere"),
            f"{TALK} › step “start”: Reply 1 leads to “nowhere”, which does not exist.",
        ),
        (
            changed("modules", 0, "lessons", 1, "steps", 1, "replies", 0, "leads_to", value="angrier"),
            f"{TALK}: From the step “angrier” the conversation never ends.",
        ),
        (
            changed("modules", 0, "lessons", 1, "steps", 0, "replies", 1, "leads_to", value=""),
            f"{TALK}: No reply leads to the step “angrier”.",
        ),
        (
            changed("questions", 0, "options", 0, "correct", value=True),
            "question “first-words”: Exactly one option has to be right.",
        ),
        (changed("questions", 3, "items", value=["one"]), "question “order”: “items” needs at least 2"),
        (changed("questions", 4, "pairs", value=[["a"]]), "question “who-and-when”: “pairs” needs between"),
        (changed("questions", 5, "answer", value="three"), "question “rings”: “answer” is of the wrong kind"),
        (changed("questions", 1, "key", value="order"), "The key “order” stands twice."),
        (changed("quiz", "draw", value=8), "The quiz draws 8 questions, but there are only 7."),
        (changed("quiz", "pass_mark", value=101), "quiz: “pass_mark” has to lie between 0 and 100."),
    ],
)
def test_each_fault_is_named_with_its_place(raw, expected):
    assert any(expected in reason for reason in reasons(raw)), reasons(raw)


def test_all_faults_are_named_at_once():
    data = tomllib.loads(TELEPHONE.decode())
    data["levels"] = ["boss"]
    data["quiz"]["draw"] = 99
    assert len(reasons(tomli_w.dumps(data).encode())) == 2


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\xff\xfe", "not written in UTF-8"),
        (b"format = ", "no TOML"),
        (b"x = " + b"[" * 5000, "no TOML"),
        (b'format = "scorm"', "no course file"),
        (b"#" * 2_000_001, "larger than"),
    ],
)
def test_what_is_no_course_file_is_refused(raw, expected):
    assert expected in reasons(raw)[0]
