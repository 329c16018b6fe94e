"""What the tests of signals share: moments, months, and signals."""

from datetime import UTC, date, datetime

from feedback.tests.factories import ResponseFactory, VersionFactory
from scoreboard.models import Signal
from scoreboard.tests.factories import tally

AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # a Wednesday
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
USUAL = [(1, 75), (2, 72), (3, 78), (4, 74), (5, 76), (6, 73), (7, 77), (8, 75), (9, 74)]


def months(measure, unit, shares, n=100):
    for month, share in shares:
        tally(measure, unit, date(2026, month, 10), share, n)


def noticed(kind=None):
    found = Signal.objects.with_words().order_by("kind", "pk")
    return [(each.kind, each.unit.slug) for each in (found.filter(kind=kind) if kind else found)]


def cards(place, *moments):
    version = VersionFactory(questionnaire=place.questionnaire)
    for moment in moments:
        ResponseFactory(collector=place, version=version, received_at=moment)


def one(kind):
    return Signal.objects.with_words().get(kind=kind)


def signal_of(measure, unit, **kwargs):
    facts = {"n": 2, "n_before": 20, "minimum": 10, "source": "answers"}
    values = {"kind": "too_few", "period": date(2026, 10, 1), "found_at": AT, "facts": facts, **kwargs}
    return Signal.objects.create(measure=measure, unit=unit, **values)


def page(client, address, **query):
    return client.get(address, query).content.decode()
