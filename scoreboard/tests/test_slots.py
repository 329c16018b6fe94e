"""What the scoreboard says before an edition is published, and what a change can cite of it."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from charter.tests.factories import MeasureFactory
from scoreboard.baselines import baselines, last_figures
from scoreboard.tests.factories import tally

pytestmark = pytest.mark.django_db
MONTH = date(2026, 11, 1)


@pytest.fixture
def measure(monkeypatch: Any, now: Any) -> Any:
    monkeypatch.setattr(timezone, "now", lambda: now)
    return MeasureFactory(goal=90, name="Visitors who knew")


def test_a_promise_that_is_not_kept_today_says_so_before_it_is_published(measure: Any) -> None:
    tally(measure, measure.standard.charter.unit, MONTH, 60, 100)
    context = baselines(measure.standard.charter)
    assert context
    [figure] = context["rows"][0]["figures"]
    assert (figure.value, figure.verdict) == (60, "not_met")


def test_a_promise_without_answers_has_no_baseline(measure: Any) -> None:
    context = baselines(measure.standard.charter)
    assert context
    assert context["rows"][0]["figures"][0].value is None


def test_a_change_can_cite_the_last_figure_in_words_with_its_address(measure: Any) -> None:
    tally(measure, measure.standard.charter.unit, MONTH, 60, 100)
    [citation] = last_figures(measure.standard)
    assert citation.text == (
        "Visitors who knew: 60 % (100 answers, September 2026 to November 2026); goal 90"
    )
    assert citation.url.endswith(f"/measures/{measure.key}/?period=2026-09-01..2026-11-30")


def test_a_figure_that_the_public_may_not_see_is_not_offered(measure: Any) -> None:
    tally(measure, measure.standard.charter.unit, MONTH, 6, 9)
    assert list(last_figures(measure.standard)) == []
