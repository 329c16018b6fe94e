"""Personal data taken out of free text, before staff read it and before it is searched."""

import re

from feedback.models import Person

MASK = "[…]"
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\s@<>()\[\],;:\"]+")
_PHONE = re.compile(r"(?<!\w)[(+]{0,2}\d(?:[\s().\-/\u00a0\u2010-\u2015]{0,3}\d){6,}(?!\w)")
_SHORTEST_NAME = 3


def masked(text: str, person: Person | None = None) -> str:
    """The text without e-mail addresses, telephone numbers, and what the customer left as contact."""
    for known in _known(person):
        text = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", MASK, text, flags=re.IGNORECASE)
    return _PHONE.sub(MASK, _EMAIL.sub(MASK, text))


def _known(person: Person | None) -> list[str]:
    """What the customer left, whole first and then word by word (initials stay)."""
    if person is None:
        return []
    words = [word for word in re.split(r"[\s.,]+", person.name) if len(word) >= _SHORTEST_NAME]
    whole = [value for value in (person.email, person.phone, person.name) if len(value) >= _SHORTEST_NAME]
    return whole + words
