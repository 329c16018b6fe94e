"""The demo tells who the customers are, with needs that are known, assumed and due."""

from datetime import UTC, datetime

import pytest

from customers import demo, demo_activity
from customers.models import Activity, Need, Segment
from organisation import demo as organisation_demo

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


def test_the_demo_shows_needs_of_every_kind(monkeypatch):
    monkeypatch.setattr(demo_activity, "MONTHS", 1)
    organisation_demo.seed(NOW)
    demo.seed(NOW)
    assert Segment.objects.filter(kind="internal").exists()
    assert {need.need for need in Need.objects.assumed()} == {
        "Forms in my language",
        "To be reached after six",
    }
    due = [need.need for need in Need.objects.due(NOW.date())]
    assert "Put right without a fight" in due
    assert "To know what happens next" not in due
    assert Activity.objects.countable().sums()[0]["complaints"] > 0
