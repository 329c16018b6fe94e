"""A place with a working card, and envelopes for it."""

import uuid
from types import SimpleNamespace
from typing import Any

from charter.tests.factories import MeasureFactory
from feedback.asked import Asked, asked_of
from feedback.envelope import Envelope, from_json
from feedback.models import Question, QuestionText
from feedback.tests.factories import CollectorFactory, QuestionFactory, VersionFactory

FACES = {"kind": Question.Kind.FACES, "scale_low": 1, "scale_high": 5}
TEXT = {"kind": Question.Kind.TEXT, "scale_low": None, "scale_high": None}


def a_place(**collector: Any) -> SimpleNamespace:
    """A collector whose card has faces (`visit`), yes/no with N/A (`next`) and text (`comment`)."""
    version: Any = VersionFactory()
    visit: Any = QuestionFactory(
        version=version,
        key="visit",
        position=0,
        measure=MeasureFactory(scale_low=1, scale_high=5),
        wording="How was your visit?",
        **FACES,
    )
    next_step: Any = QuestionFactory(
        version=version, key="next", position=1, measure=MeasureFactory(), allows_na=True
    )
    QuestionText.objects.filter(question=next_step).update(na_label="Nothing to do")
    comment: Any = QuestionFactory(
        version=version, key="comment", position=2, wording="Anything we should know?", **TEXT
    )
    place: Any = CollectorFactory(questionnaire=version.questionnaire, **collector)
    return SimpleNamespace(
        collector=place,
        version=version,
        visit=visit,
        next=next_step,
        comment=comment,
        url=f"/c/{place.slug}/",
        api=f"/api/v1/collectors/{place.slug}/responses",
    )


def asked_at(place: SimpleNamespace) -> Asked:
    return asked_of(place.version.pk, place.version.edit_mark)


def envelope(place: SimpleNamespace, answers: dict[str, Any] | None = None, **more: Any) -> Envelope:
    """A checked envelope: a good visit, the next step known."""
    data = {"uid": str(uuid.uuid4()), "answers": answers or {"visit": 4, "next": 1}, **more}
    return from_json(data, asked_at(place))


def fields(page: bytes) -> dict[str, str]:
    """The hidden fields of a card as a browser would send them."""
    text = page.decode()
    found = {}
    for name in ("uid", "stamp", "version", "language"):
        found[name] = text.split(f'name="{name}" value="')[1].split('"')[0]
    return found
