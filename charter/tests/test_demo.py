"""The demo charter tells the story."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from charter import demo
from charter.languages import lagging
from charter.models import Charter, Edition, Measure, RecordedResult, Standard
from charter.sources import RecordedResults
from common.period import Period
from organisation import demo as organisation_demo
from organisation.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seeded(kept):
    at = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
    organisation_demo.seed(at)
    demo.seed(at)
    return at


def test_two_editions_are_published_and_the_second_says_what_changed(seeded):
    unit = Unit.objects.get(slug="harbour-city")
    edition = Edition.objects.edition_on(unit, seeded.date())
    assert edition.number == 2
    assert "written next step" in edition.note
    keys = [standard["key"] for standard in edition.content["standards"]]
    assert keys == ["next-step", "letters", "story-once", "on-the-spot", "welcome"]


def test_every_standard_of_the_demo_is_proved(seeded):
    assert all(standard.provable(seeded.date()) for standard in Standard.objects.all())


def test_the_last_three_months_of_letters_are_1104_of_1305(seeded):
    measure = Measure.objects.get(key="letters-in-time")
    unit = Unit.objects.get(slug="letters-office")
    period = Period.months(seeded.date(), 3)
    counts = RecordedResults().pooled([measure.pk], [unit.pk], period.start, period.end)[measure.pk][1]
    assert (counts.high, counts.n) == (1104, 1305)
    shares = [100 * result.met / result.total for result in RecordedResult.objects.filter(measure=measure)]
    assert len(shares) == 14
    assert all(82 <= share <= 90 for share in shares)


def test_the_whole_charter_is_written_in_german_too(seeded):
    content = Edition.objects.get(number=2).content
    parts = [*content["values"], *content["standards"], *content["policies"]]
    assert all("de" in part["texts"] for part in [content, *parts])


def test_one_translation_of_the_draft_is_behind(seeded):
    charter = Charter.objects.get(unit__slug="harbour-city")
    behind = [owner for owner in (charter, *charter.values.all(), *charter.standards.all()) if lagging(owner)]
    assert [owner.key for owner in behind] == ["plain-words"]


def test_the_letters_promise_relies_on_an_internal_standard(seeded):
    internal = Standard.objects.get(key="letters").depends_on.get()
    assert (internal.audience, internal.charter.unit.slug) == ("colleagues", "letters-office")


def test_what_colleagues_can_expect_is_measured_with_goals(seeded):
    standard = Standard.objects.get(key="free-to-decide")
    measures = Measure.objects.filter(standard=standard)
    assert standard.audience == "colleagues"
    assert {each.key: each.goals.get().target for each in measures} == {
        "colleagues-decide": Decimal("3.8"),
        "colleagues-able": Decimal("3.5"),
    }
