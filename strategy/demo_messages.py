"""The demo's announcements, and what the teams say of their part."""

from datetime import datetime, timedelta

from organisation.models import Unit, User
from strategy.actions import messages

CARDS = (
    "From Monday every visitor leaves with a card: **what happens next, who does it, by when**. The cards lie"
    " at every counter.\n\n- Write your first name on it.\n- If you do not know the day, say until when you"
    " will know.\n\nSince the first counters have them, 92 of 100 visitors say that they know what happens"
    " next; before it was 74."
)
ASKED = (
    "The next round of our self-assessment is open for two weeks. It takes ten minutes and has no names."
    " Last time leadership and the front line saw *empowerment* most differently; we want to know if that"
    " has changed."
)
PARTS = {
    "harbour-branch": (
        "People come to us when something in their life changes. Whoever leaves us unsure comes back twice.",
        "We say what happens next, in writing, before anybody stands up.",
    ),
    "hill-branch": (
        "For many of our visitors we are the only office that they ever see.",
        "We greet by the door, and nobody waits without knowing how long.",
    ),
    "letters-office": (
        "A letter that is not answered is a door that is shut.",
        "Every letter is on the right desk on the day it comes.",
    ),
    "harbour-city": (
        "The city is what happens at its counters.",
        "We give time and tools, and stand at a counter ourselves once a month.",
    ),
}


def seed(at: datetime) -> None:
    """The parks team has not written its part yet."""
    admin = User.objects.get(email="admin@harbour.example")
    root = Unit.objects.get(slug="harbour-city")
    for slug, (why, part) in PARTS.items():
        then = at - timedelta(days=60)
        messages.save_part(Unit.objects.get(slug=slug), why=why, part=part, by=admin, at=then)
    branch = Unit.objects.get(slug="harbour-branch")
    cards = _send(branch, [], "A card for every visitor", CARDS, admin, at - timedelta(days=18))
    for reader in cards.readers.exclude(person__email="staff@harbour.example"):
        messages.confirm_reading(cards, person=reader.person, at=at - timedelta(days=16))
    asked = _send(root, [], "How do we serve? You are asked", ASKED, admin, at - timedelta(days=3))
    for name in ("amira", "tom"):
        person = User.objects.get(email=f"{name}@people.harbour.example")
        messages.confirm_reading(asked, person=person, at=at - timedelta(days=2))


def _send(
    unit: Unit, levels: list[str], title: str, text: str, by: User, at: datetime
) -> messages.Announcement:
    fields = {"unit": unit, "levels": levels, "title": title, "text": text}
    found = messages.write_announcement(fields=fields, by=by, at=at)
    messages.send_announcement(found, by=by, at=at)
    return found
