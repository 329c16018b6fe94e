"""What a lesson or a question of each kind holds besides its words: one schema a kind.

Each reader takes a `Table`, names what is wrong in it, and returns the content as it is kept.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from training.table import Table, refuse_doubles

Content = dict[str, Any]
POOR, FAIR, GOOD = 0, 1, 2
MOST_ADDRESS = 500
MOST_CAPTIONS = 100_000


def lesson_content(kind: str, table: Table) -> Content:
    """The content of a lesson of a kind (a value of `Lesson.Kind`)."""
    reader = _LESSONS.get(kind)
    return reader(table) if reader else {}


def question_content(kind: str, table: Table) -> Content:
    """The content of a question of a kind (a value of `QuestionVersion.Kind`)."""
    reader = _QUESTIONS.get(kind)
    return reader(table) if reader else {}


# ------------------------------------------------------------------ lessons


def _items(table: Table) -> Content:
    return {"items": table.texts("items", 300)}


def _scenario(table: Table) -> Content:
    """Steps of a conversation; the first is the start, one without replies is an ending."""
    rows = table.tables("steps", _("step"), least=1)
    steps = [_step(row) for row in rows]
    refuse_doubles(rows, [step["key"] for step in steps])
    keys = {step["key"] for step in steps}
    for row, step in zip(rows, steps, strict=True):
        for number, reply in enumerate(step["replies"], start=1):
            if reply["leads_to"] and reply["leads_to"] not in keys:
                row.wrong(
                    _("Reply %(number)s leads to “%(key)s”, which does not exist.")
                    % {"number": number, "key": reply["leads_to"]}
                )
    if steps:
        _refuse_lost_steps(table, steps)
    return {"steps": steps}


def _step(row: Table) -> Content:
    step = {
        "key": row.slug("key"),
        "says": row.text("says", 2000),
        "ending": row.text("ending", 1000, required=False),
        "replies": [_reply(reply) for reply in row.tables("replies", _("reply"))],
    }
    if step["ending"] and step["replies"]:
        row.wrong(_("A step either ends the conversation or has replies, not both."))
    row.close()
    return step


def _reply(row: Table) -> Content:
    leads_to = row.text("leads_to", 60, required=False)
    reply = {
        "words": row.text("words", 1000),
        "leads_to": leads_to,
        "feedback": row.text("feedback", 1000, required=False),
        "quality": row.whole("quality", POOR, GOOD, FAIR),
    }
    row.close()
    return reply


def _refuse_lost_steps(table: Table, steps: list[Content]) -> None:
    """Every step can be reached, and from every step an ending."""
    by_key = {step["key"]: step for step in steps}
    reached, waiting = set(), [steps[0]["key"]]
    while waiting:
        key = waiting.pop()
        if key in reached or key not in by_key:
            continue
        reached.add(key)
        waiting += [reply["leads_to"] for reply in by_key[key]["replies"] if reply["leads_to"]]
    for key in by_key:
        if key and key not in reached:
            table.wrong(_("No reply leads to the step “%(key)s”.") % {"key": key})
    ending = {key for key, step in by_key.items() if not step["replies"]}
    while True:
        more = {
            key
            for key, step in by_key.items()
            if key not in ending
            and any(not reply["leads_to"] or reply["leads_to"] in ending for reply in step["replies"])
        }
        if not more:
            break
        ending |= more
    for key in by_key:
        if key and key not in ending:
            table.wrong(_("From the step “%(key)s” the conversation never ends.") % {"key": key})


def _address(table: Table, name: str) -> str:
    """An address on the web; empty where there is none."""
    value = table.text(name, MOST_ADDRESS, required=False)
    try:
        parts = urlsplit(value)
        fits = not value or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        fits = False
    if not fits or any(character.isspace() for character in value):
        table.wrong(_("“%(name)s” has to be an address that begins with https://.") % {"name": name})
        return ""
    return value


def _video(table: Table) -> Content:
    return {
        "url": _address(table, "url"),
        "captions": _address(table, "captions"),
        "vtt": _vtt(table),
        "transcript": table.text("transcript", 40_000, required=False),
    }


def _vtt(table: Table) -> str:
    """Captions in WebVTT, as text; empty where there are none."""
    value = table.text("vtt", MOST_CAPTIONS, required=False)
    if value and not value.startswith("WEBVTT"):
        table.wrong(_("Captions begin with the word WEBVTT, as the files do that hold them."))
    return value


def _download(table: Table) -> Content:
    return {"url": _address(table, "url")}


_LESSONS: dict[str, Callable[[Table], Content]] = {
    "scenario": _scenario,
    "checklist": _items,
    "practice": _items,
    "video": _video,
    "download": _download,
}


# ---------------------------------------------------------------- questions


def _options(table: Table) -> Content:
    rows = table.tables("options", _("option"), least=2)
    options = []
    for row in rows:
        options.append(
            {
                "text": row.text("text", 1000),
                "correct": row.flag("correct", False),
                "feedback": row.text("feedback", 1000, required=False),
            }
        )
        row.close()
    return {"options": options}


def _single(table: Table) -> Content:
    content = _options(table)
    if sum(option["correct"] for option in content["options"]) != 1:
        table.wrong(_("Exactly one option has to be right."))
    return content


def _multiple(table: Table) -> Content:
    content = _options(table)
    if not any(option["correct"] for option in content["options"]):
        table.wrong(_("At least one option has to be right."))
    return content


def _true_false(table: Table) -> Content:
    if "answer" not in table.data:
        table.wrong(_("“%(name)s” is missing.") % {"name": "answer"})
    return {"answer": table.flag("answer", True)}


def _ordering(table: Table) -> Content:
    items = table.texts("items", 300, least_rows=2)
    if len(set(items)) != len(items):
        table.wrong(_("Two things to put in order are the same."))
    return {"items": items}


def _matching(table: Table) -> Content:
    rows = table.data.get("pairs", [])
    table.asked.add("pairs")
    good = isinstance(rows, list) and all(isinstance(row, list | tuple) and len(row) == 2 for row in rows)
    if not good or not 2 <= len(rows) <= 50:
        table.wrong(_("“pairs” needs between 2 and 50 pairs of two texts."))
        return {"pairs": []}
    pairs = [Table({"pairs": list(row)}, table.where, table.problems).texts("pairs", 300) for row in rows]
    if len({pair[0] for pair in pairs if pair}) != len(pairs):
        table.wrong(_("Two left sides are the same."))
    return {"pairs": pairs}


def _numeric(table: Table) -> Content:
    limit = Decimal("1e12")
    if "answer" not in table.data:
        table.wrong(_("“%(name)s” is missing.") % {"name": "answer"})
    return {
        "answer": str(table.decimal("answer", -limit, limit, 0)),
        "tolerance": str(table.decimal("tolerance", 0, limit, 0)),
    }


def _short(table: Table) -> Content:
    return {"answers": table.texts("answers", 200)}


def _open(table: Table) -> Content:
    return {"guide": table.text("guide", 2000, required=False)}


_QUESTIONS: dict[str, Callable[[Table], Content]] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "ordering": _ordering,
    "matching": _matching,
    "numeric": _numeric,
    "short": _short,
    "open": _open,
}


# ------------------------------------------------------------- translations


def same_shape(kind: str, one: Content, other: Content) -> bool:
    """Do two wordings of a lesson or a question say the same in two languages?

    As many parts, the same ones right, the same steps leading to the same steps. What is typed in
    (short answers, a guide) may differ.
    """
    return _shape(one) == _shape(other)


def _shape(content: Content) -> Any:
    return {
        "steps": [
            (step["key"], [(reply["leads_to"], reply["quality"]) for reply in step["replies"]])
            for step in content.get("steps", [])
        ],
        "items": len(content.get("items", [])),
        "options": [option["correct"] for option in content.get("options", [])],
        "pairs": len(content.get("pairs", [])),
        "answer": content.get("answer"),
        "tolerance": content.get("tolerance"),
    }
