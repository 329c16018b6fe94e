"""The cards of Harbour City Services: fourteen months at two branches and one counter."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common.period import add_months
from feedback import demo_asking, demo_desk
from feedback import demo_words as words
from feedback.actions.inbox import reply_to_response
from feedback.actions.questionnaires import open_draft
from feedback.actions.questions import move_question
from feedback.demo_cards import (
    Card,
    hand_in,
    make_questionnaire,
    moments_in,
    place_at,
    publish,
    write_question,
)
from feedback.demo_surveys import begun, surveys
from feedback.models import Question, Questionnaire, Response
from organisation.models import User

MONTHS = 14
FACES = {"kind": Question.Kind.FACES, "scale_low": 1, "scale_high": 5}
YES_NO = {"kind": Question.Kind.YES_NO, "scale_low": 0, "scale_high": 1}
TEXT = {"kind": Question.Kind.TEXT, "scale_low": None, "scale_high": None}
COMMENT = (
    "comment",
    TEXT,
    "",
    "Anything we should know?",
    "What went well, what did not, who helped you",
    "",
)
VISIT_CARD = (
    ("visit", FACES, "welcome-top", "How was your visit?", "", ""),
    ("next", YES_NO, "next-step-yes", "Do you know what happens next?", "", "Nothing to do"),
    COMMENT,
)
COUNTER_CARD = (
    ("story", YES_NO, "story-once-yes", "Did you have to tell your story only once?", "", ""),
    COMMENT,
)
ON_THE_SPOT = (
    "on-the-spot",
    FACES,
    "on-the-spot-top",
    "If something went wrong: how did we put it right?",
    "",
    "",
)


def seed(at: datetime) -> None:
    """About 1,500 cards, and 250 answers to surveys of every kind; at the Harbour branch 282 of the last
    300 customers knew what happens next."""
    chance = random.Random(7)
    opened = at - timedelta(days=31 * MONTHS)
    title = "How did we do today?"
    visit = make_questionnaire(
        "visit-card", "Visit card", title, VISIT_CARD, at=opened, translated=words.VISIT
    )
    counter = make_questionnaire(
        "counter-card", "Counter card", "How did we do at the counter?", COUNTER_CARD, at=opened
    )
    harbour = place_at("harbour", "At the door", "harbour-branch", visit)
    hill = place_at("hill", "Beside the exit", "hill-branch", visit)
    desk = place_at("harbour-counter", "At the complaints counter", "harbour-branch", counter)
    hand_in(harbour, _at_the_harbour(at, chance), chance)
    hand_in(hill, _on_the_hill(at, chance), chance)
    hand_in(desk, _at_the_counter(at, chance), chance)
    _ask_about_the_spot(counter, at=at - timedelta(days=8))
    hand_in(desk, _put_right(at, chance), chance)
    for collector, said in surveys(at):
        cards = (Card(each.at, each.answers, spam=each.spam, language=each.language) for each in said)
        hand_in(collector, cards, chance)
    demo_asking.seed(at, hand_in, Card)
    begun(at)
    _reply(at)
    demo_desk.seed(at)


def _ask_about_the_spot(questionnaire: Questionnaire, *, at: datetime) -> None:
    """A second version of the counter card, with a question that few have answered yet."""
    write_question(questionnaire, ON_THE_SPOT)
    draft = open_draft(questionnaire)
    move_question(draft, edit_mark=draft.edit_mark, key=ON_THE_SPOT[0], up=True)
    publish(questionnaire, at=at)


def _months(at: datetime) -> Iterator[tuple[date, date]]:
    """The months up to today, oldest first; today itself is left to those who try the product."""
    today = at.astimezone(ZoneInfo("Europe/London")).date()
    for back in range(MONTHS - 1, -1, -1):
        first = add_months(today, -back)
        until = min(add_months(first, 1), today)
        if first < until:
            yield first, until


def _at_the_harbour(at: datetime, chance: random.Random) -> Iterator[Card]:
    """Months around 74 %, then three in which exactly 282 of 300 said yes."""
    months = list(_months(at))
    turn = add_months(at.astimezone(ZoneInfo("Europe/London")).date(), -2)
    for first, until in months:
        if first < turn:
            share = chance.uniform(0.70, 0.78)
            for moment in moments_in(first, until, 58, chance):
                yield _visit(moment, int(chance.random() < share) if chance.random() > 0.05 else "na", chance)
    said: list[Any] = [1] * 282 + [0] * 18 + ["na"] * 14
    chance.shuffle(said)
    span = [day for month in months if month[0] >= turn for day in month]
    for moment, knew in zip(moments_in(span[0], span[-1], len(said), chance), said, strict=True):
        yield _visit(moment, knew, chance)
    for text in words.SPAM:
        moment = moments_in(span[0], span[-1], 1, chance)[0]
        yield Card(moment, {"visit": 5, "comment": text}, spam="trap,links")


def _on_the_hill(at: datetime, chance: random.Random) -> Iterator[Card]:
    for first, until in _months(at):
        for moment in moments_in(first, until, 30, chance):
            yield _visit(moment, int(chance.random() < 0.86) if chance.random() > 0.05 else "na", chance)


def _visit(moment: datetime, knew: Any, chance: random.Random) -> Card:
    """Who went home guessing is seldom pleased."""
    faces = (4, 12, 24, 36, 24) if knew == 0 else (1, 3, 9, 37, 50)
    face = chance.choices((1, 2, 3, 4, 5), faces)[0]
    answers = {"visit": face, "next": knew}
    if chance.random() < (0.4 if face < 4 else 0.12):
        answers["comment"] = _comment(face, chance)
    contact = _contact(chance) if face < 3 else None
    return Card(moment, answers, contact, consent=face > 3 and "comment" in answers)


def _comment(face: int, chance: random.Random) -> str:
    frames = words.GOOD if face > 3 else words.MIDDLING if face == 3 else words.BAD
    return words.sentence(frames, chance.choice(words.ERRANDS), chance.randrange(100))


def _contact(chance: random.Random) -> dict[str, str] | None:
    if chance.random() < 0.5:
        return None
    name = chance.choice(("Ann Miller", "Jo Okafor", "Peter Lindqvist", "Samira Haddad", "Tom Reilly"))
    return {"name": name, "email": f"{name.split()[0].lower()}@example.org"}


def _at_the_counter(at: datetime, chance: random.Random) -> Iterator[Card]:
    for first, until in _months(at):
        for moment in moments_in(first, until, 9, chance):
            once = int(chance.random() < 0.81)
            answers: dict[str, Any] = {"story": once}
            if not once and chance.random() < 0.4:
                answers["comment"] = words.sentence(words.BAD[1:2], chance.choice(words.ERRANDS), 0)
            yield Card(moment, answers)


def _put_right(at: datetime, chance: random.Random) -> Iterator[Card]:
    today = at.astimezone(ZoneInfo("Europe/London")).date()
    moments = moments_in(today - timedelta(days=7), today, 6, chance)
    for moment, face in zip(moments, (5, 4, 5, 3, 4, 5), strict=True):
        yield Card(moment, {"story": 1, "on-the-spot": face})


def _reply(at: datetime) -> None:
    """A few of the latest comments at the Harbour branch have been answered."""
    manager = User.objects.get(email="manager@harbour.example")
    recent = Response.objects.countable().filter(
        unit__slug="harbour-branch",
        has_comment=True,
        person__isnull=True,
        received_at__lt=at - timedelta(days=3),
    )
    for mood, low, high in (("good", 75, 100), ("middling", 50, 50), ("bad", 0, 25)):
        for response in recent.filter(rating__range=(low, high))[:3]:
            replied = min(response.received_at + timedelta(days=1), at)
            reply_to_response(response, text=words.REPLIES[mood], by=manager, at=replied)
