"""What the scoreboard adds to other rooms: navigation, the warning before publishing, work owed."""

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string

from charter.models import Measure, StaleBucket
from charter.tests.factories import MeasureFactory, RecordedResultFactory
from common.health import work_owed
from common.navigation import entries_for, slot_contents
from feedback.tests.factories import VersionFactory
from organisation.tests.factories import UnitFactory, person_in
from scoreboard.tasks import recompute_stale_results
from scoreboard.tests.factories import answers, question_for

pytestmark = pytest.mark.django_db


def warning(charter):
    """The scoreboard's words on the page where the charter is published."""
    for content in slot_contents("charter.publish"):
        if content.template.startswith("scoreboard/"):
            context = content.context(charter)
            return "" if context is None else render_to_string(content.template, context)
    return None


def test_everybody_who_is_signed_in_finds_the_scoreboard():
    assert "scoreboard:board" in [entry.url_name for entry in entries_for(person_in(UnitFactory()))]


def test_before_publishing_the_measures_that_nothing_feeds_are_named():
    measure = MeasureFactory(name="Knows what happens next")
    words = warning(measure.standard.charter)
    assert "Knows what happens next" in words
    assert "no published question asks for it" in words


def test_a_question_that_is_not_published_feeds_nothing():
    measure = MeasureFactory()
    question_for(measure, version=VersionFactory(published_at=None))
    assert warning(measure.standard.charter)
    question_for(measure)
    assert warning(measure.standard.charter) == ""


def test_a_recorded_result_feeds_its_measure_until_it_is_taken_back(now):
    result = RecordedResultFactory(measure__source=Measure.Source.RESULTS)
    assert warning(result.measure.standard.charter) == ""
    type(result).objects.update(deleted_at=now)
    assert "no result is recorded" in warning(result.measure.standard.charter)


def test_the_oldest_stale_result_is_work_owed_until_it_is_recomputed(now):
    measure, unit = MeasureFactory(), UnitFactory()
    assert work_owed(now)["results"] is None
    answers(question_for(measure), unit, date(2026, 11, 18), {1: 1})
    StaleBucket.objects.update(since=now - timedelta(seconds=90))
    assert work_owed(now)["results"] == 90.0
    recompute_stale_results()
    assert work_owed(now)["results"] is None
