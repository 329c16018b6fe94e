"""The demo shows every state that a learner can be in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from charter.tests.factories import StandardFactory
from organisation import demo as organisation_demo
from training import demo
from training.models import Assignment, Certificate, Course

pytestmark = pytest.mark.django_db

EXCERPTS = Path(__file__).parent / "excerpts"


@pytest.mark.parametrize(
    "at", [datetime(2026, 11, 18, 14, tzinfo=UTC), datetime(2027, 3, 1, 0, 5, tzinfo=UTC)]
)
def test_one_course_is_completed_one_under_way_one_overdue(at, tmp_path):
    StandardFactory(key="next-step")
    organisation_demo.seed(at)
    original = (EXCERPTS / "telephone.toml").read_text()
    for key in ("welcome", "telephone", "know-the-charter"):
        (tmp_path / f"{key}.toml").write_text(original.replace('key = "on-the-telephone"', f'key = "{key}"'))
    demo.seed(at, tmp_path)
    mine = Assignment.objects.filter(person__email="staff@harbour.example").order_by("due_on")
    states = {each.course.key: (each.state, each.is_overdue(at.date())) for each in mine}
    assert states == {
        "welcome": ("completed", False),
        "telephone": ("in_progress", False),
        "know-the-charter": ("assigned", True),
    }
    assert Certificate.objects.filter(person__email="staff@harbour.example").count() == 1
    assert {course.state for course in Course.objects.all()} == {Course.State.RELEASED}


def test_the_demo_bears_an_empty_library(now, tmp_path):
    organisation_demo.seed(now)
    demo.seed(now, tmp_path)
    assert not Course.objects.exists()
