"""What htmx listens to is written so that it can read it: it takes no selector with a space in it."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TRIGGER = re.compile(r'hx-trigger="([^"]*)"')
READABLE = re.compile(
    r"(every \d+s|[\w:]+( changed)?( once)?( delay:\d+ms)?( from:((closest|find) )?[\w.#-]+)?)"
)


def test_every_trigger_can_be_read():
    written = [
        (path.name, part.strip())
        for path in TEMPLATES.rglob("*.html")
        for trigger in TRIGGER.findall(path.read_text())
        for part in trigger.split(",")
    ]
    assert len(written) > 5
    assert [each for each in written if not READABLE.fullmatch(each[1])] == []
