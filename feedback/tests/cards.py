"""A place with a working card, and envelopes for it."""

import uuid
from types import SimpleNamespace
from typing import Any

from charter.tests.factories import MeasureFactory
from feedback.asked import Asked, asked_of
from feedback.envelope import Envelope, from_json
from feedback.models import Question, QuestionText
from feedback.tests.factories import CollectorFactory, QuestionFactory, VersionFactory, options_for

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


WAYS = {"counter": "At the counter", "phone": "By telephone", "other": "Another way"}
WITHOUT_SCALE = {"scale_low": None, "scale_high": None}
ON_FIVE = {"scale_low": 1, "scale_high": 5}


def a_survey(*questions: tuple[str, str, dict[str, Any]], **collector: Any) -> SimpleNamespace:
    """A collector that asks questions given as key, kind and fields (`options`, `rows` and `text` too)."""
    version: Any = VersionFactory()
    made: dict[str, Any] = {}
    for key, kind, fields in questions:
        scale = {} if kind in Question.WITHOUT_SCALE else dict(zip(ON_FIVE, _scale(kind), strict=True))
        fields = {**(scale or WITHOUT_SCALE), **fields}
        options, rows = fields.pop("options", None), fields.pop("rows", ())
        made[key] = QuestionFactory(version=version, key=key, kind=kind, position=len(made), **fields)
        if options:
            options_for(made[key], options)
        for row in rows:
            shared = {"matrix": made[key], "kind": Question.Kind.ROW, "position": len(made), **scale}
            made[row] = QuestionFactory(version=version, key=row, **{**fields, **shared, "wording": row})
    place: Any = CollectorFactory(questionnaire=version.questionnaire, **collector)
    return SimpleNamespace(
        collector=place,
        version=version,
        questions=made,
        url=f"/c/{place.slug}/",
        api=f"/api/v1/collectors/{place.slug}/responses",
    )


def _scale(kind: str) -> tuple[int, int]:
    return Question.SCALES.get(kind, (1, 5))


def rule(*conditions: tuple[Any, ...], match: str = "all") -> dict[str, Any]:
    """A rule from conditions as question, test and value: `rule(("visit", "most", 2))`."""
    told = [dict(zip(("question", "is", "value"), each, strict=False)) for each in conditions]
    return {"show_if": {"match": match, "conditions": told}}


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
    for name in ("uid", "stamp", "questionnaire", "version", "language"):
        found[name] = text.split(f'name="{name}" value="')[1].split('"')[0]
    return found
