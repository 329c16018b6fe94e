"""What the form of a question sends becomes the answer that is kept, and nothing else does.

single, multiple: numbers of options. ordering: for each item the place that it was given, matching: for
each left side the number of the chosen right side, None where nothing is chosen yet. true_false: “true”
or “false”. The rest is text as typed. Numbers count from 0 and are those of the wording, whatever order
was shown.
"""

from typing import Any

from common.text import clean_text
from training.models import QuestionVersion

Kind = QuestionVersion.Kind
LONGEST = {Kind.NUMERIC: 40, Kind.SHORT: 200, Kind.OPEN: 10_000}


def size_of(kind: str, content: dict[str, Any]) -> int:
    """How many parts a learner picks from or puts in order."""
    return len(content.get({"ordering": "items", "matching": "pairs"}.get(kind, "options"), []))


def is_answered(kind: str, answer: Any) -> bool:
    """Every part is there: no item without a place, no left side without a right one."""
    if kind in (Kind.ORDERING, Kind.MATCHING):
        return bool(answer) and None not in answer
    return answer not in (None, "", [])


def answer_of(kind: str, content: dict[str, Any], sent: Any, name: str) -> Any:
    """The answer in a submitted form (a QueryDict) under a field name; None where there is none.

    Ordering and matching send one field a part: `<name>-<number>`. Choices that do not exist are
    dropped. Raises ValidationError for text that is too long or cannot be stored.
    """
    size = size_of(kind, content)
    if kind in LONGEST:
        return clean_text(sent.get(name, ""), max_length=LONGEST[Kind(kind)]) or None
    if kind == Kind.TRUE_FALSE:
        return sent.get(name) if sent.get(name) in ("true", "false") else None
    if kind in (Kind.MATCHING, Kind.ORDERING):
        chosen = [_number(sent.get(f"{name}-{part}"), size) for part in range(size)]
        return None if all(each is None for each in chosen) else chosen
    picked = sorted({number for raw in sent.getlist(name) if (number := _number(raw, size)) is not None})
    return (picked[:1] if kind == Kind.SINGLE else picked) or None


def _number(raw: str | None, limit: int) -> int | None:
    if raw is None or not raw.isascii() or not raw.isdigit() or len(raw) > 4:
        return None
    return int(raw) if int(raw) < limit else None
