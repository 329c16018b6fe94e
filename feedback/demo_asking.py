"""Every way of asking in the demo: a kiosk with two tablets, a website, paper, interviews, two rounds of
letters. They ask a short card of their own, which feeds no measure, so that the story's figures stay."""

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from feedback import demo_words as words
from feedback.actions.collectors import enter_card, record_refusal, save_thanks
from feedback.actions.invitations import new_invitation, save_texts
from feedback.actions.kiosk import add_device
from feedback.actions.questionnaires import create_questionnaire, open_draft, publish_version, save_words
from feedback.actions.questions import save_question
from feedback.actions.suppression import suppress
from feedback.asked import asked_of
from feedback.envelope import from_json
from feedback.models import (
    Collector,
    Invitation,
    InvitationRound,
    KioskDevice,
    KioskHour,
    Question,
    Questionnaire,
    Suppression,
)
from organisation.models import Unit, User

ZONE = ZoneInfo("Europe/London")
OPEN_HOURS = range(9, 17)
FACES = {"kind": Question.Kind.FACES, "scale_low": 1, "scale_high": 5}
TEXT = {"kind": Question.Kind.TEXT, "scale_low": None, "scale_high": None}
QUESTIONS = (
    ("faces", FACES, {"en": "How was it today?", "de": "Wie war es heute?"}),
    ("why", TEXT, {"en": "What is the reason?", "de": "Was ist der Grund?"}),
)
NAMES = ("ann", "ben", "cleo", "dev", "eva", "fred", "gita", "hal", "ines", "jo", "kit", "lena")
LETTER = {
    "en": {
        "subject": "How did the help with your form go?",
        "message": "You asked us for help with a form this autumn. Two questions, one minute: "
        "what you say decides what we change first.",
    },
    "de": {
        "subject": "Wie war die Hilfe mit Ihrem Formular?",
        "message": "Sie haben uns im Herbst um Hilfe mit einem Formular gebeten. Zwei Fragen, eine Minute: "
        "Was Sie sagen, entscheidet, was wir zuerst ändern.",
    },
}
HandIn = Callable[[Collector, Iterator[Any], random.Random], None]


def seed(at: datetime, hand_in: HandIn, card: Callable[..., Any]) -> None:
    """`hand_in` stores cards in few statements; `card` makes one of a moment and its answers."""
    chance = random.Random(11)
    asked = _questionnaire(at)
    today = at.astimezone(ZONE).date()
    working = [
        day for day in (today - timedelta(days=back) for back in range(13, 0, -1)) if day.weekday() < 5
    ]
    kiosk = _collector("hill-kiosk", "Screen in the waiting room", "kiosk", asked, expected_a_week=25)
    broken = working[len(working) // 2]
    hand_in(kiosk, _cards([day for day in working if day != broken], 4, card, chance), chance)
    _devices(kiosk, working, broken, at)
    website = _collector("website", "Bottom of every page", "embed", asked, expected_a_week=15)
    hand_in(website, _cards(working, 2, card, chance), chance)
    save_thanks(website, texts={"en": "Thank you for taking a minute on our website.", "de": ""})
    _sheets(_collector("hill-sheets", "Sheets at the reading table", "paper", asked), working, at)
    _interviews(_collector("market-day", "On the market square", "interview", asked), today, at, chance)
    _rounds(_collector("by-letter", "Letters to those we helped", "mail", asked), working, at, hand_in, card)


def _questionnaire(at: datetime) -> Questionnaire:
    made = create_questionnaire(key="quick-card", name="Quick card", language="en", title="How are we doing?")
    draft = open_draft(made)
    for language, title in (("en", "How are we doing?"), ("de", "Wie machen wir es?")):
        said = {"title": title, **words.ASKING[language]}
        save_words(draft, edit_mark=draft.edit_mark, language=language, words=said)
    for key, kind, wordings in QUESTIONS:
        fields = {**kind, "measure": None, "is_required": False, "allows_na": False}
        for language, wording in wordings.items():
            draft = open_draft(made)
            texts = {"wording": wording, "hint": "", "na_label": ""}
            save_question(
                draft, edit_mark=draft.edit_mark, key=key, language=language, fields=fields, words=texts
            )
    draft = open_draft(made)
    publish_version(draft, edit_mark=draft.edit_mark, at=at - timedelta(days=60))
    return made


def _collector(slug: str, name: str, kind: str, asked: Questionnaire, **more: Any) -> Collector:
    unit = Unit.objects.get(slug="hill-branch")
    return Collector.objects.create(slug=slug, name=name, kind=kind, unit=unit, questionnaire=asked, **more)


def _moment(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def _cards(days: list[date], most: int, card: Callable[..., Any], chance: random.Random) -> Iterator[Any]:
    moments = [
        _moment(day, chance.choice(OPEN_HOURS), chance.randrange(60))
        for day in days
        for _turn in range(chance.randint(1, most) + 1)
    ]
    for moment in sorted(moments):
        face = chance.choices((1, 2, 3, 4, 5), (2, 4, 12, 34, 48))[0]
        answers: dict[str, Any] = {"faces": face}
        if chance.random() < 0.2:
            frames = words.GOOD if face > 3 else words.BAD
            answers["why"] = words.sentence(frames, chance.choice(words.ERRANDS), chance.randrange(100))
        yield card(moment, answers, consent=face > 3 and "why" in answers)


def _devices(kiosk: Collector, days: list[date], broken: date, at: datetime) -> None:
    """A tablet that was switched off on one day at eleven; a screen in repair that holds nine cards."""
    by = User.objects.get(email="manager@harbour.example")
    made = at - timedelta(days=20)
    first, _secret = add_device(
        collector=kiosk, fields={"name": "Tablet at the window", "exit_code": "2468"}, by=by, at=made
    )
    second, _secret = add_device(
        collector=kiosk, fields={"name": "Screen beside the lift", "exit_code": "2468"}, by=by, at=made
    )
    KioskDevice.objects.filter(pk=first.pk).update(last_contact_at=at - timedelta(minutes=1))
    KioskDevice.objects.filter(pk=second.pk).update(
        last_contact_at=at - timedelta(days=3), waiting=9, clock_ahead=-5400
    )
    hours = [_moment(day, hour, 0) for day in days for hour in OPEN_HOURS if day != broken or hour < 11]
    KioskHour.objects.bulk_create([KioskHour(device=first, hour=hour) for hour in hours])


def _sheets(collector: Collector, days: list[date], at: datetime) -> None:
    by = User.objects.get(email="manager@harbour.example")
    for number, face in enumerate((5, 4, 4, 3, 5, 2, 5, 4)):
        envelope = _envelope(collector, {"faces": face}, number)
        enter_card(collector=collector, envelope=envelope, day=days[number % len(days)], by=by, at=at)


def _interviews(collector: Collector, today: date, at: datetime, chance: random.Random) -> None:
    by = User.objects.get(email="manager@harbour.example")
    day = today - timedelta(days=1)
    for number in range(14):
        face = chance.choices((2, 3, 4, 5), (1, 3, 6, 6))[0]
        envelope = _envelope(collector, {"faces": face}, number)
        enter_card(collector=collector, envelope=envelope, day=day, by=by, at=at - timedelta(days=1))
    for _number in range(6):
        uid = _uid(chance)
        record_refusal(collector=collector, uid=uid, day=day, by=by, at=at - timedelta(days=1))


def _uid(chance: random.Random) -> Any:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def _envelope(collector: Collector, answers: dict[str, Any], seed: int) -> Any:
    version: Any = collector.questionnaire.current_version()
    uid = _uid(random.Random(f"{collector.slug} {seed}"))
    return from_json({"uid": uid, "answers": answers}, asked_of(version.pk, version.edit_mark))


def _rounds(
    collector: Collector, days: list[date], at: datetime, hand_in: HandIn, card: Callable[..., Any]
) -> None:
    """One round under way, as the actions would have left it but for the letters; one being prepared."""
    by = User.objects.get(email="manager@harbour.example")
    began = _moment(days[0], 9, 0)
    about = InvitationRound.objects.create(
        collector=collector, name="Help with forms, autumn", created_by=by, created_at=began, started_at=began
    )
    save_texts(about, texts=LETTER)
    chance = random.Random(3)
    _people(about, days[0], chance)
    moments = sorted(_moment(chance.choice(days), chance.choice(range(7, 22)), 30) for _turn in range(23))
    hand_in(collector, (card(each, {"faces": chance.choice((3, 4, 4, 5, 5))}) for each in moments), chance)
    answered = about.invitations.filter(state="answered").order_by("pk")
    for row, response in zip(answered, collector.responses.order_by("pk"), strict=True):
        Invitation.objects.filter(pk=row.pk).update(response=response)
    later = InvitationRound.objects.create(
        collector=collector, name="Neighbours, anonymous", is_anonymous=True, created_by=by, created_at=at
    )
    save_texts(later, texts=LETTER)


def _people(about: InvitationRound, asked_on: date, chance: random.Random) -> None:
    """Sixty people, of whom 23 of 53 reached have answered."""
    states = ["answered"] * 23 + ["asked"] * 28 + ["stopped"] * 2 + ["bounced"] * 4 + ["skipped"] * 3
    chance.shuffle(states)
    rows = []
    for number, state in enumerate(states):
        email = f"{NAMES[number % len(NAMES)]}{number}@example.org"
        row = new_invitation(about, {"email": email}, due_at=None)
        row.state = state
        if state == Invitation.State.SKIPPED:
            row.why = Invitation.Why.RESTING
        else:
            row.letters, row.asked_on = (1 if state != "asked" else 2), asked_on
        rows.append(row)
        if state in ("stopped", "bounced"):
            reason = Suppression.Reason.BOUNCED if state == "bounced" else Suppression.Reason.UNSUBSCRIBED
            suppress(email=email, reason=reason, at=about.started_at)
    Invitation.objects.bulk_create(rows)
