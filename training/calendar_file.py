"""One date as a calendar file (RFC 5545): UTC times, escaped text, lines folded at 75 octets."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings

from training.models import InPersonSession


def calendar_file(session: InPersonSession) -> str:
    state = "CANCELLED" if session.cancelled_at else "CONFIRMED"
    host = urlsplit(settings.BASE_URL).hostname
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Charterwell//Training//EN",
        "BEGIN:VEVENT",
        f"UID:{session.reference}@{host}",
        f"DTSTAMP:{_utc(session.starts_at)}",
        f"DTSTART:{_utc(session.starts_at)}",
        f"DTEND:{_utc(session.ends_at)}",
        f"SUMMARY:{_text(str(session.course))}",
        f"LOCATION:{_text(session.place)}",
        f"DESCRIPTION:{_text(session.note)}",
        f"STATUS:{state}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    bare = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return bare.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """No line is longer than 75 octets; a character is never cut."""
    parts, room = [""], 75
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append("")
            room = 74  # the blank that begins the next line counts
        parts[-1] += character
        room -= size
    return "\r\n ".join(parts)
