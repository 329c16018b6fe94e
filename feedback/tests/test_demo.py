"""The demo tells its story in exact numbers."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from charter.models import StaleBucket
from charter.tests.factories import MeasureFactory
from common.period import Period
from feedback import demo
from feedback.models import Answer, Collector, Finding, PassedOn, Response, ResponseEvent, Theme
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

WAYS = {"place", "kiosk", "embed", "paper", "interview", "mail"}
pytestmark = pytest.mark.django_db
COLLEAGUES = [("colleagues-able", (1, 5)), ("colleagues-decide", (1, 5))]


@pytest.mark.parametrize(
    "at", [datetime(2026, 11, 18, 14, tzinfo=UTC), datetime(2027, 3, 1, 0, 5, tzinfo=UTC)]
)
def test_the_demo_has_282_of_300_in_the_last_three_months_and_about_72_percent_before(at: datetime) -> None:
    InstallationFactory()
    harbour = UnitFactory(slug="harbour-branch")
    UnitFactory(slug="hill-branch")
    person_in(harbour, "manager", email="manager@harbour.example")
    for key, scale in [("welcome-top", (1, 5)), ("on-the-spot-top", (1, 5)), *COLLEAGUES]:
        MeasureFactory(key=key, scale_low=scale[0], scale_high=scale[1])
    for key in ("next-step-yes", "story-once-yes"):
        MeasureFactory(key=key)
    demo.seed(at)
    knew = Answer.objects.countable().filter(measure__key="next-step-yes", unit=harbour, is_na=False)
    recent = Period.months(at.date(), 3)
    latest = knew.filter(day__gte=recent.start, day__lt=recent.end)
    assert (latest.filter(value=1).count(), latest.count()) == (282, 300)
    before = knew.filter(day__lt=recent.start)
    assert 0.70 <= before.filter(value=1).count() / before.count() <= 0.78
    assert 1600 <= Response.objects.count() <= 2100
    assert set(Response.objects.countable().values_list("collector__kind", flat=True)) >= WAYS
    alive = Response.objects.countable().values_list("version__questionnaire__kind", "language")
    assert set(alive) >= {
        (kind, code) for kind in ("survey", "interview", "employees") for code in ("en", "de")
    }
    visit = Collector.objects.get(slug="harbour").questionnaire.current_version()
    assert {row.language for row in visit.texts.all()} == {"en", "de", "ar"}
    kinds = set(Answer.objects.values_list("question__kind", flat=True))
    assert kinds >= {"faces", "thumbs", "nps", "rating", "row", "choice", "choices", "short", "helper"}
    assert Answer.objects.countable().filter(measure__key="on-the-spot-top").count() == 6
    assert Response.objects.filter(received_at__gt=at).count() == 0
    assert ResponseEvent.objects.filter(what="replied").count() >= 5
    assert set(Answer.objects.exclude(measure=None).values_list("series", flat=True)) == {1}
    assert StaleBucket.objects.exists()
    assert all(theme.matches.exists() for theme in Theme.objects.all())
    assert Response.objects.filter(assigned_to__isnull=False).count() == 4
    for key, _scale in COLLEAGUES:
        assert Answer.objects.countable().filter(measure__key=key, unit=harbour).count() >= 80
    assert Response.objects.filter(collector__questionnaire__kind="employees", is_spam=True).count() == 4
    assert Response.objects.countable().filter(has_agreed=True).count() >= 40
    assert PassedOn.objects.count() == 3
    for passed in PassedOn.objects.select_related("response"):
        assert "counter 2" in passed.response.search or "maya" in passed.response.search
    assert Finding.objects.filter(theme__isnull=False).count() == 5
    assert set(Collector.objects.values_list("slug", flat=True)) >= {"harbour", "hill", "harbour-counter"}


def test_modules_of_the_room_take_no_private_names_from_each_other() -> None:
    taken = []
    for file in sorted(Path(demo.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                taken += [f"{file.name}: {each.name}" for each in node.names if each.name.startswith("_")]
    assert taken == []
