"""What the desk of the demo has done: themes, cards in hands, notes, praise, saved views, letters."""

from datetime import datetime, timedelta

from django.db.models import Q

from feedback.actions.handling import assign_response, colleagues_of, note_on_response, pass_praise_on
from feedback.actions.letters import choose_letters
from feedback.actions.themes import read_new_comments, save_theme
from feedback.actions.views import save_view
from feedback.demo_listening import listen
from feedback.models import LetterWish, Response
from organisation.models import Unit, User

THEMES = [
    (
        "Waiting",
        {
            "en": "wait*\nqueue*\nqueu*\nfifty minutes\nlonger than\n-waiting list",
            "de": "wart*\nschlange",
            "fr": "attend*\nattente\nfile d’attente",
            "ar": "*انتظار*",
        },
    ),
    (
        "What happens next",
        {
            "en": "happens next\nguessing\nwhat arrives\nletter follows\na day and a name\nwhat to expect",
            "de": "wie es weitergeht\nnächste* schritt*",
            "fr": "la suite\nprochaine étape",
        },
    ),
    (
        "Telling it twice",
        {"en": "whole story\ncome twice\nthree times", "de": "noch einmal erzählen"},
    ),
    (
        "Friendly people",
        {
            "en": "friendly\nkind\nthank you\nvery helpful\nfeeling slow",
            "de": "freundlich*",
            "fr": "aimable*",
        },
    ),
    ("Calls and call-backs", {"en": "rang\ncall\nphone*\ntelephone*", "de": "anruf*\ntelefon*"}),
    ("Forms and papers", {"en": "form\nforms\npaper*\nwritten down", "de": "formular*", "fr": "formulaire*"}),
]
VIEWS = [
    ("Not satisfied, not answered", "state=new&rating=low&sort=oldest", True),
    ("This week's comments", "comment=yes&period=last-7-days", True),
    ("In my hands", "hand=mine&state=new", False),
]
NOTES = (
    "Looked it up: the letter went out a week late. Grace checks how many more there are.",
    "Spoke with the team at counter 2 this morning. We try the written note from Monday.",
)


def seed(at: datetime) -> None:
    """Six themes, and what the manager of the Harbour branch does on an ordinary day."""
    manager = User.objects.get(email="manager@harbour.example")
    for name, lines in THEMES:
        save_theme(None, name=name, lines=lines, by=manager, at=at - timedelta(days=60))
    read_new_comments()
    for name, query, is_shared in VIEWS:
        save_view(name=name, query=query, is_shared=is_shared, by=manager)
    choose_letters(person=manager, alerts=True, rhythm=LetterWish.Rhythm.WEEKLY, at=at)
    _in_hands(manager, at)
    listen(at)


def _in_hands(manager: User, at: datetime) -> None:
    harbour = Unit.objects.get(slug="harbour-branch")
    colleagues = list(colleagues_of(harbour, at.date()).exclude(pk=manager.pk)[:3]) or [manager]
    recent = Response.objects.countable().filter(unit=harbour, has_comment=True).order_by("-received_at")
    poor = list(recent.unanswered().filter(rating__lte=25)[:5])
    for number, card in enumerate(poor[:4]):
        to = manager if number < 2 else colleagues[number % len(colleagues)]
        assign_response(card, to=to, by=manager, at=min(card.received_at + timedelta(hours=3), at))
    for card, text in zip(poor, NOTES, strict=False):
        note_on_response(card, text=text, by=manager, at=min(card.received_at + timedelta(hours=5), at))
    of_a_person = Q(search__contains="lady at counter 2") | Q(search__contains="maya sorted")
    for number, card in enumerate(recent.filter(of_a_person, rating__gte=75)[:3]):
        to = colleagues[number % len(colleagues)]
        pass_praise_on(
            card, to=to, words="This made my morning. Thank you.", by=manager, at=at - timedelta(days=number)
        )
