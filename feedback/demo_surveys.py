"""Further questionnaires of the demo: every kind, in two languages, with answers of the last months."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from charter.models import Measure
from feedback.actions.questionnaires import begin_with_plan, publish_version
from feedback.models import Collector, Question, Questionnaire, QuestionnaireVersion
from feedback.starters import starters
from organisation.models import Unit

# starter (also key and short address), name, place, unit, how many answered
SURVEYS = (
    ("service-visit", "Service visit", "Survey by letter", "harbour-branch", 64),
    ("importance-satisfaction", "What matters to customers", "On our website", "harbour-branch", 48),
    ("trust", "Trust", "After the web form", "hill-branch", 40),
    ("charter-awareness", "Who knows our charter", "Beside the poster", "hill-branch", 36),
    ("after-a-complaint", "After a complaint", "Closing letter", "harbour-branch", 22),
    ("on-the-spot", "On the spot", "Asked at the exit", "harbour-branch", 30),
    ("employee-barriers", "What keeps us from serving well", "Staff room", "harbour-branch", 96),
)
SUSPECTED = 4  # the last answers of colleagues, all sent from the one computer of the staff room
# Which questions of colleagues feed which measure.
FEEDS = {"able": "colleagues-able", "decide": "colleagues-decide"}
WORDS = {
    "en": {
        "comment": ("Ring me back when you say so.", "Shorter forms, please.", "It was fine as it was."),
        "missing": ("Parking by the door.", "Opening hours on Saturday."),
        "lesson": ("Listen before you explain.", "One person for one matter."),
        "one-thing": ("A number to draw.", "More light in the waiting room.", "Nothing, thank you."),
        "first": ("The program that asks everything twice.", "Let us decide up to fifty pounds."),
        "which-rule": ("The original has to be shown even where we hold a copy.",),
        "still-open": ("The letter has not come yet.",),
        "reason": ("I waited too long.", "I have to come again."),
        "helper": ("Maya", "the man with the grey beard at counter 2", "Jo"),
        "other": ("through a neighbour", "at the library"),
    },
    "de": {
        "comment": ("Bitte rufen Sie zurück, wenn Sie es sagen.", "Alles gut so."),
        "missing": ("Ein Parkplatz vor der Tür.",),
        "lesson": ("Erst zuhören, dann erklären.",),
        "one-thing": ("Eine Nummer zum Ziehen.", "Nichts, danke."),
        "first": ("Das Programm, das alles zweimal fragt.",),
        "which-rule": ("Das Original muss her, auch wenn wir eine Kopie haben.",),
        "still-open": ("Der Brief ist noch nicht da.",),
        "reason": ("Ich habe zu lange gewartet.",),
        "helper": ("Maya", "Frau Okafor"),
        "other": ("über eine Nachbarin",),
    },
}


@dataclass(frozen=True)
class Said:
    """What one person of the demo answers, when, and in which language."""

    at: datetime
    answers: dict[str, Any]
    language: str
    spam: str = ""


def surveys(at: datetime) -> Iterator[tuple[Collector, list[Said]]]:
    """Each further questionnaire, published four months ago, with its place and its answers."""
    chance = random.Random(11)
    for starter, name, place, unit, many in SURVEYS:
        plan = starters()[starter].plan
        questionnaire = begin_with_plan(key=starter, name=name, kind=plan.kind, plan=plan)
        draft: Any = questionnaire.draft()
        if plan.kind == Questionnaire.Kind.EMPLOYEES:
            _feed(draft)
        publish_version(draft, edit_mark=draft.edit_mark, at=at - timedelta(days=120))
        collector = Collector.objects.create(
            slug=starter, name=place, unit=Unit.objects.get(slug=unit), questionnaire=questionnaire
        )
        asked = list(draft.questions.prefetch_related("options"))
        said = [_said(asked, day, chance) for day in _days(at, many, chance)]
        if plan.kind == Questionnaire.Kind.EMPLOYEES:
            said[-SUSPECTED:] = [replace(each, spam="stamp,fast") for each in said[-SUSPECTED:]]
        yield collector, said


def _feed(draft: QuestionnaireVersion) -> None:
    """Tie the questions of colleagues to the measures of what they can expect, where the demo has them."""
    for key, measure in FEEDS.items():
        found = Measure.objects.filter(key=measure).first()
        if found is not None:
            draft.questions.filter(key=key).update(measure=found)


def begun(at: datetime) -> Questionnaire:
    """A draft that nobody is asked yet, with a language that is only half written."""
    plan = starters()["five-questions"].plan
    questionnaire = begin_with_plan(key="five-questions", name="Five questions", kind="card", plan=plan)
    draft: Any = questionnaire.draft()
    draft.texts.create(language="fr", title="Comment avons-nous travaillé aujourd’hui ?")
    draft.questions.get(key="visit").texts.create(
        language="fr", wording="Comment s’est passée votre visite ?"
    )
    return questionnaire


def _days(at: datetime, many: int, chance: random.Random) -> list[datetime]:
    """So many moments in opening hours of the last sixteen weeks, oldest first."""
    zone = ZoneInfo("Europe/London")
    today = at.astimezone(zone).date()
    days: list[date] = [today - timedelta(days=back) for back in range(1, 113)]
    working = [day for day in days if day.weekday() < 5]
    chosen = sorted(chance.choice(working) for _turn in range(many))
    return [
        datetime.combine(day, time(chance.randrange(9, 17), chance.randrange(60)), zone) for day in chosen
    ]


def _said(asked: list[Question], at: datetime, chance: random.Random) -> Said:
    """One person's answers, in one mood; what rules hide is left out when they are read."""
    language = "de" if chance.random() < 0.3 else "en"
    mood = chance.betavariate(4, 2)
    answers: dict[str, Any] = {}
    for question in asked:
        if question.is_asked:
            answers.update(_answer(question, mood, language, chance))
    return Said(at=at, answers=answers, language=language)


def _answer(question: Question, mood: float, language: str, chance: random.Random) -> dict[str, Any]:
    if question.allows_na and chance.random() < 0.07:
        return {question.key: "na"}
    if question.kind in Question.WORDS:
        sentences = WORDS[language].get(question.key, ())
        is_needed = question.show_if or question.kind == Question.Kind.HELPER
        says_it = chance.random() < (0.6 if is_needed else 0.2)
        return {question.key: chance.choice(sentences)} if sentences and says_it else {}
    if question.kind == Question.Kind.DATE:
        return {}
    if question.kind in Question.CHOOSING:
        return _chosen(question, language, chance)
    low, high = question.scale_low or 0, question.scale_high or 1
    wish = chance.gauss(mood + (0.15 if question.key.startswith("importance") else 0), 0.15)
    if question.key == "repeat":
        wish = 1 - wish
    return {question.key: min(high, max(low, low + round(wish * (high - low))))}


def _chosen(question: Question, language: str, chance: random.Random) -> dict[str, Any]:
    keys = [option.key for option in question.options.all()]
    if question.kind == Question.Kind.CHOICE:
        chosen: Any = chance.choices(keys, range(len(keys), 0, -1))[0]
        has_other = chosen == "other"
    else:
        chosen = [key for key in keys if chance.random() < 0.35] or [keys[0]]
        has_other = "other" in chosen
    said = {question.key: chosen}
    if has_other:
        said[f"{question.key}.other"] = chance.choice(WORDS[language]["other"])
    return said
