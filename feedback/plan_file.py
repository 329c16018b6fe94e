"""A questionnaire out of a file (JSON, or a starter's TOML): read whole, every error named at once."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.text import slugify
from django.utils.translation import gettext as _

from charter.models import Measure
from common.text import clean_text
from feedback.description import DESCRIPTION, described, left_behind
from feedback.fitness import MOST_QUESTIONS, fits
from feedback.models import Question, Questionnaire
from feedback.plan import (
    FORMAT,
    FORMAT_VERSION,
    LABEL,
    QUESTION_WORDS,
    VERSION_WORDS,
    Plan,
    PlannedPart,
    PlannedQuestion,
    Words,
    asked_from,
)
from feedback.showing import problems_of_rules, read_rule

MOST_CHARACTERS = 1_000_000
MOST_PARTS = 50


class PlanRefused(Exception):
    """Everything that is wrong with the file, in words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass
class Reading:
    """What was read so far: what is wrong, and what stays behind without harm."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_file(text: str) -> tuple[Plan, list[str]]:
    """The plan in a JSON file, and notes on what is left behind. Raises PlanRefused with every problem."""
    if len(text) > MOST_CHARACTERS:
        raise PlanRefused([_("The file is too large: a questionnaire has at most one million characters.")])
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanRefused([_("This is no JSON: %(error)s") % {"error": str(error)[:200]}]) from error
    if isinstance(data, dict) and data.get("kind") == DESCRIPTION and "format" not in data:
        plan, notes = read_plan(described(data))
        return plan, [*left_behind(data), *notes]
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise PlanRefused([_("This is no questionnaire exported from Charterwell.")])
    if data.get("format_version") != FORMAT_VERSION:
        raise PlanRefused([_("The file was written by another version and cannot be read.")])
    return read_plan(data)


def read_plan(data: dict[str, Any]) -> tuple[Plan, list[str]]:
    """As `read_file`, for what stands in the file."""
    reading = Reading()
    words = _words(reading, _("The questionnaire"), data.get("words"), VERSION_WORDS, "title")
    kind = data.get("kind")
    if kind not in Questionnaire.Kind.values:
        reading.problems.append(_("The kind of questionnaire is unknown: %(kind)s.") % {"kind": _cut(kind)})
    name = _text(reading, _("The name"), data.get("name"), 150)
    plan = Plan(
        name=name,
        kind=str(kind),
        words=words,
        questions=_questions(reading, data.get("questions")),
        is_shuffled=data.get("shuffled") is True,
        key=slugify(data.get("key") or name)[:60],
    )
    if not reading.problems:
        reading.problems += problems_of_rules(asked_from(plan).questions)
    if reading.problems:
        raise PlanRefused(reading.problems)
    return plan, reading.notes


def _questions(reading: Reading, data: Any) -> tuple[PlannedQuestion, ...]:
    if not isinstance(data, list) or not data:
        reading.problems.append(_("The file has no questions."))
        return ()
    if len(data) > MOST_QUESTIONS:
        reading.problems.append(_("There are more than %(most)d questions.") % {"most": MOST_QUESTIONS})
        return ()
    taken: set[str] = set()
    found = (_question(reading, number, each, taken) for number, each in enumerate(data, start=1))
    return tuple(question for question in found if question)


def _question(reading: Reading, number: int, data: Any, taken: set[str]) -> PlannedQuestion | None:
    if not isinstance(data, dict):
        reading.problems.append(_("Question %(number)d cannot be read.") % {"number": number})
        return None
    key = data.get("key")
    where = _("Question %(number)d (%(key)s)") % {"number": number, "key": _cut(key)}
    _check_key(reading, where, key, taken)
    kind = data.get("kind")
    if kind not in Question.Kind.values or kind == Question.Kind.ROW:
        reading.problems.append(
            _("%(where)s: this type of question is unknown: %(kind)s.") % {"where": where, "kind": _cut(kind)}
        )
        return None
    scale = _scale(reading, where, str(kind), data.get("scale"))
    return PlannedQuestion(
        key=str(key),
        kind=str(kind),
        words=_words(reading, where, data.get("words"), QUESTION_WORDS, "wording"),
        scale=scale,
        is_required=data.get("required") is True,
        allows_na=data.get("na") is True and kind not in (*Question.WORDS, Question.Kind.DATE),
        starts_page=data.get("page") is True,
        is_shuffled=data.get("shuffled") is True,
        show_if=_rule(reading, where, data.get("show_if")),
        measure=_measure(reading, where, data.get("measure"), scale)
        if kind != Question.Kind.MATRIX
        else None,
        parts=_parts(reading, where, str(kind), data, scale, taken),
    )


def _check_key(reading: Reading, where: str, key: Any, taken: set[str]) -> None:
    try:
        validate_slug(key if isinstance(key, str) and len(key) <= 60 else "")
    except ValidationError:
        reading.problems.append(
            _("%(where)s: the key has to be letters, digits, “-” and “_”, 60 at most.") % {"where": where}
        )
        return
    if key in taken:
        reading.problems.append(_("%(where)s: the key stands there twice.") % {"where": where})
    taken.add(key)


def _scale(reading: Reading, where: str, kind: str, data: Any) -> tuple[int, int] | None:
    if kind in Question.SCALES:
        return Question.SCALES[kind]
    if kind in Question.WITHOUT_SCALE:
        return None
    is_pair = isinstance(data, list) and len(data) == 2 and all(type(each) is int for each in data)
    if not is_pair or not is_scale(*data):
        reading.problems.append(
            _("%(where)s: the scale has to be two numbers from 0 to 10, with 3 to 10 steps (11 from 0).")
            % {"where": where}
        )
        return None
    return data[0], data[1]


def is_scale(low: int, high: int) -> bool:
    """A rating has 3 to 10 steps; 0 to 10 is the one with eleven."""
    return 0 <= low < high <= 10 and (3 <= high - low + 1 <= 10 or (low, high) == (0, 10))


def _rule(reading: Reading, where: str, data: Any) -> dict[str, Any]:
    try:
        return read_rule(data)
    except ValueError as refused:
        reading.problems.append(f"{where}: {refused}")
        return {}


def _measure(reading: Reading, where: str, key: Any, scale: tuple[int, int] | None) -> Measure | None:
    """The measure that stands here under the key; one that does not fit stays behind with a note."""
    if not key or scale is None:
        return None
    measure = None
    if isinstance(key, str) and "\x00" not in key:
        measure = Measure.objects.active().filter(key=key, source=Measure.Source.ANSWERS).first()
    if measure is None or not fits(Question(measure=measure, scale_low=scale[0], scale_high=scale[1])):
        reading.notes.append(
            _("%(where)s: there is no measure “%(key)s” with this scale here; the question comes without it.")
            % {"where": where, "key": _cut(key)}
        )
        return None
    return measure


def _parts(
    reading: Reading,
    where: str,
    kind: str,
    data: dict[str, Any],
    scale: tuple[int, int] | None,
    taken: set[str],
) -> tuple[PlannedPart, ...]:
    is_matrix = kind == Question.Kind.MATRIX
    if not is_matrix and kind not in Question.CHOOSING:
        return ()
    parts = data.get("rows" if is_matrix else "options")
    if not isinstance(parts, list) or not 0 < len(parts) <= MOST_PARTS:
        reading.problems.append(
            _("%(where)s: needs a list of 1 to %(most)d options or rows.")
            % {"where": where, "most": MOST_PARTS}
        )
        return ()
    keys: set[str] = taken if is_matrix else {"na"}
    return tuple(_part(reading, where, each, is_matrix, scale, keys) for each in parts)


def _part(
    reading: Reading, where: str, data: Any, is_matrix: bool, scale: tuple[int, int] | None, taken: set[str]
) -> PlannedPart:
    data = data if isinstance(data, dict) else {}
    key = data.get("key")
    here = f"{where}, {_cut(key)}"
    _check_key(reading, here, key, taken)
    name, most = ("wording", QUESTION_WORDS["wording"]) if is_matrix else ("label", LABEL)
    said = data.get("words")
    told = {language: {name: label} for language, label in said.items()} if isinstance(said, dict) else None
    return PlannedPart(
        key=str(key),
        words=_words(reading, here, told, {name: most}, name),
        measure=_measure(reading, here, data.get("measure"), scale) if is_matrix else None,
    )


def _words(reading: Reading, where: str, data: Any, lengths: dict[str, int], needed: str) -> Words:
    """Words by language; those in a language that is not spoken here stay behind with a note."""
    if not isinstance(data, dict) or not data:
        reading.problems.append(_("%(where)s: the words are missing.") % {"where": where})
        return {}
    spoken = dict(settings.TEXT_LANGUAGES)
    found: Words = {}
    for language, said in data.items():
        if language not in spoken:
            note = _("The language “%(language)s” is not spoken here; its words stay behind.")
            note = note % {"language": _cut(language)}
            if note not in reading.notes:
                reading.notes.append(note)
            continue
        said = said if isinstance(said, dict) else {}
        texts = {name: _text(reading, where, said.get(name, ""), most) for name, most in lengths.items()}
        if not texts[needed]:
            reading.problems.append(
                _("%(where)s: the words are missing in “%(language)s”.")
                % {"where": where, "language": language}
            )
        found[language] = {name: text for name, text in texts.items() if text}
    if not found:
        reading.problems.append(
            _("%(where)s: no words in a language that is spoken here.") % {"where": where}
        )
    return found


def _text(reading: Reading, where: str, value: Any, most: int) -> str:
    if not isinstance(value, str):
        reading.problems.append(_("%(where)s: words are expected.") % {"where": where})
        return ""
    try:
        return clean_text(value, max_length=most)
    except ValidationError as refused:
        reading.problems.append(f"{where}: {' '.join(refused.messages)}")
        return ""


def _cut(value: Any) -> str:
    return str(value)[:60].encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
