"""Sittings with customers and colleagues of the demo."""

from datetime import datetime, timedelta
from typing import Any

from feedback.actions.listening import save_finding, save_session
from feedback.models import Finding, ListeningSession, Theme
from organisation.models import Unit, User

Kind, Whom, Severity = ListeningSession.Kind, ListeningSession.Whom, Finding.Severity
SESSIONS: list[dict[str, Any]] = [
    {
        "days": 24,
        "unit": "harbour-branch",
        "kind": Kind.FOCUS_GROUP,
        "whom": Whom.CUSTOMERS,
        "title": "After the counter: what do you know when you leave?",
        "place": "Harbour library, upstairs",
        "groups": [("Young parents", 4), ("New in town", 3), ("Older residents", 3)],
        "questions": "What did you still not know at home?\nWhen did you ring to ask?\nWhat would help?",
        "findings": [
            (
                Severity.SEVERE,
                "A written next step, with a day and a name, before leaving the counter",
                "What happens next",
                "I nodded, and on the bus I knew that I knew nothing.",
            ),
            (
                Severity.CLEAR,
                "To hear at the door how long it takes today",
                "Waiting",
                "If it says fifty minutes I fetch my daughter first. It is the not knowing.",
            ),
            (Severity.MINOR, "A bench that people with a stick can rise from", "", ""),
        ],
    },
    {
        "days": 52,
        "unit": "harbour-branch",
        "kind": Kind.ROUND_TABLE,
        "whom": Whom.COLLEAGUES,
        "title": "What keeps us from good service at the counter?",
        "place": "Back office",
        "groups": [("Counter staff", 6), ("Telephone", 3)],
        "questions": "Which rule made a customer angry?\nWhat would you rather not decide?",
        "findings": [
            (
                Severity.SEVERE,
                "To see on the screen what the last colleague promised",
                "Telling it twice",
                "They tell me the story for the third time, and I watch their faces.",
            ),
            (Severity.CLEAR, "Ten quiet minutes a day to ring people back", "Calls and call-backs", ""),
        ],
    },
    {
        "days": 11,
        "unit": "hill-branch",
        "kind": Kind.INTERVIEW,
        "whom": Whom.CUSTOMERS,
        "title": "Asked at the exit on a Saturday",
        "place": "Hill branch, outside",
        "groups": [("Working people", 7)],
        "questions": "What brought you here today, rather than the website?",
        "findings": [
            (
                Severity.CLEAR,
                "Forms that do not ask for what the city has already",
                "Forms and papers",
                "You sent me the letter with my number on it. Now you ask me for my number.",
            )
        ],
    },
]


def listen(at: datetime) -> None:
    """Three sessions of the last two months, with what was found."""
    manager = User.objects.get(email="manager@harbour.example")
    themes = {theme.name: theme for theme in Theme.objects.all()}
    for told in SESSIONS:
        day = at - timedelta(days=told["days"])
        fields = {name: told[name] for name in ("kind", "whom", "title", "place", "questions")}
        fields |= {"unit": Unit.objects.get(slug=told["unit"]), "held_on": day.date()}
        session = save_session(None, fields=fields, groups=told["groups"], by=manager, at=day)
        for severity, need, theme, quote in told["findings"]:
            found = {"severity": severity, "need": need, "theme": themes.get(theme), "quote": quote}
            save_finding(session, None, fields=found, by=manager, at=day)
