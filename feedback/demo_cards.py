"""What the demo's cards are made with: questionnaires, places, moments, and many cards at once."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from charter.models import Measure
from feedback import demo_words as words
from feedback.actions.questionnaires import create_questionnaire, open_draft, publish_version, save_words
from feedback.actions.questions import save_question
from feedback.actions.receive import (
    answers_of,
    choices_of,
    edition_in_force,
    mark_stale,
    new_response,
    person_of,
)
from feedback.asked import Asked, asked_of
from feedback.envelope import from_json
from feedback.models import Answer, ChosenOption, Collector, Person, Questionnaire, Response
from organisation.models import Unit

LANGUAGE = "en"


@dataclass(frozen=True)
class Card:
    """What one customer of the demo says, and when."""

    at: datetime
    answers: dict[str, Any]
    contact: dict[str, str] | None = None
    spam: str = ""
    language: str = LANGUAGE
    consent: bool | None = None


def make_questionnaire(
    key: str, name: str, title: str, questions: Any, *, at: datetime, translated: Any = None
) -> Questionnaire:
    """`translated`: of further languages the title and, by key, each question's wording, hint and N/A."""
    questionnaire = create_questionnaire(key=key, name=name, language=LANGUAGE, title=title)
    draft = open_draft(questionnaire)
    words_around = {"title": title, **words.ASKING[LANGUAGE]}
    save_words(draft, edit_mark=draft.edit_mark, language=LANGUAGE, words=words_around)
    for question in questions:
        write_question(questionnaire, question)
    for language, (heading, said) in (translated or {}).items():
        draft = open_draft(questionnaire)
        around = {"title": heading, **words.ASKING[language]}
        save_words(draft, edit_mark=draft.edit_mark, language=language, words=around)
        for key, kind, measure, *_first in questions:
            write_question(questionnaire, (key, kind, measure, *said[key]), language)
    publish(questionnaire, at=at)
    return questionnaire


def write_question(questionnaire: Questionnaire, told: Any, language: str = LANGUAGE) -> None:
    key, kind, measure, wording, hint, na_label = told
    draft = open_draft(questionnaire)
    fields = {
        **kind,
        "measure": Measure.objects.get(key=measure) if measure else None,
        "is_required": False,
        "allows_na": bool(na_label),
    }
    texts = {"wording": wording, "hint": hint, "na_label": na_label}
    save_question(draft, edit_mark=draft.edit_mark, key=key, language=language, fields=fields, words=texts)


def publish(questionnaire: Questionnaire, *, at: datetime) -> None:
    draft = open_draft(questionnaire)
    publish_version(draft, edit_mark=draft.edit_mark, at=at)


def place_at(slug: str, name: str, unit: str, questionnaire: Questionnaire) -> Collector:
    return Collector.objects.create(
        slug=slug, name=name, unit=Unit.objects.get(slug=unit), questionnaire=questionnaire
    )


def moments_in(first: date, until: date, count: int, chance: random.Random) -> list[datetime]:
    """Moments in opening hours on the working days of `[first, until)`, in order; the last day of the
    span is always among them."""
    days = [first + timedelta(days=number) for number in range((until - first).days)]
    working = [day for day in days if day.weekday() < 5] or days
    zone = ZoneInfo("Europe/London")
    chosen = sorted(chance.choice(working) for _turn in range(count))
    return sorted(
        datetime.combine(day, time(chance.randrange(9, 17), chance.randrange(60), chance.randrange(60)), zone)
        for day in chosen
    )


def hand_in(collector: Collector, cards: Iterator[Card], chance: random.Random) -> None:
    """The rows that taking in each card would write, in few statements."""
    version: Any = collector.questionnaire.current_version()
    asked = asked_of(version.pk, version.edit_mark)
    edition_of = cache(edition_in_force)
    rows = [_rows(collector, asked, card, chance, edition_of) for card in cards]
    Response.objects.bulk_create([row[0] for row in rows])
    answers = [answer for row in rows for answer in row[1]]
    Answer.objects.bulk_create(answers, batch_size=1000)
    ChosenOption.objects.bulk_create([choice for row in rows for choice in row[3]])
    Person.objects.bulk_create([row[2] for row in rows if row[2]])
    mark_stale((answer for answer in answers if answer.response.is_countable), at=rows[-1][0].received_at)


def _rows(
    collector: Collector, asked: Asked, card: Card, chance: random.Random, edition_of: Any
) -> tuple[Response, list[Answer], Person | None, list[ChosenOption]]:
    uid = uuid.UUID(int=chance.getrandbits(128), version=4)
    data = {"uid": uid, "answers": card.answers, "language": card.language, "contact": card.contact}
    data["consent"] = card.consent
    envelope = from_json(data, asked)
    response = new_response(collector, envelope, at=card.at, spam_reason=card.spam, edition_of=edition_of)
    person = person_of(response, envelope, at=card.at) if envelope.contact else None
    answers = answers_of(response, envelope)
    return response, answers, person, choices_of(answers, envelope)
