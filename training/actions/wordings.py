"""The wording of a question in one language, as the newest version holds it."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from training.content import same_shape
from training.course_file import FileRefused, QuestionPart
from training.models import Question, QuestionVersion
from training.table import Problem
from training.tongues import based_on


def stranger(part: QuestionPart) -> Problem:
    where = _("question “%(key)s”") % {"key": part.key}
    return Problem(where, _("Its parts differ from those in the first language."))


@dataclass
class _Meant:
    """A part of a file beside the newest wording of its question (prefetch `versions__texts`)."""

    latest: QuestionVersion | None
    texts: dict[str, Any]
    part: QuestionPart
    words: dict[str, Any]
    language: str

    @property
    def is_same(self) -> bool:
        latest, part, row = self.latest, self.part, self.texts.get(self.language)
        if latest is None or row is None:
            return False
        if (latest.kind, latest.marking, latest.points) != (part.kind, part.marking, part.points):
            return False
        return all(getattr(row, name) == value for name, value in self.words.items())


def _meant(question: Question, part: QuestionPart, language: str, first: str) -> _Meant:
    """`first` is the language that a translation was made from; empty where the part is none.

    A translation has to agree with what stands (FileRefused), and changes neither points nor marking.
    """
    versions = sorted(question.versions.all(), key=lambda row: row.number)
    latest = versions[-1] if versions else None
    texts = {row.language: row for row in latest.texts.all()} if latest else {}
    if latest and first:
        if not _agrees(latest, list(texts.values()), part):
            raise FileRefused([stranger(part)])
        part = replace(part, marking=latest.marking, points=latest.points)
    words = {"text": part.text, "feedback": part.feedback, "content": part.content}
    source = texts.get(first)
    words["based_on"] = based_on(source, is_behind=part.behind, standing=texts.get(language))
    return _Meant(latest, texts, part, words, language)


def waits_anew(question: Question, part: QuestionPart, language: str, *, first: str = "") -> bool:
    """Would `write_wording` change anything? Raises FileRefused where that would."""
    return not _meant(question, part, language, first).is_same


def write_wording(
    question: Question, part: QuestionPart, language: str, *, first: str = ""
) -> QuestionVersion:
    """The question's newest version with these words: the waiting one changed, or a new one that waits.

    The same words once more change nothing. A new version takes over the words of the other languages
    whose parts still agree. A translation, which names the language `first` from which it was made,
    remembers those words. Raises FileRefused for one of other parts.
    """
    meant = _meant(question, part, language, first)
    latest, texts, part = meant.latest, meant.texts, meant.part
    if latest and meant.is_same:
        return latest
    if latest is None or latest.released_at is not None:
        number = latest.number + 1 if latest else 1
        version = QuestionVersion(question=question, number=number)
    else:
        version = latest
    version.kind, version.marking, version.points = part.kind, part.marking, part.points
    version.save()
    for row in texts.values():
        keeps = row.language != language and same_shape(part.kind, row.content, part.content)
        if version is not latest and keeps:
            version.texts.create(language=row.language, based_on=row.based_on, **row.words)
        elif version is latest and row.language != language and not keeps:
            row.delete()
    version.texts.update_or_create(language=language, defaults=meant.words)
    return version


def _agrees(latest: QuestionVersion, texts: list[Any], part: QuestionPart) -> bool:
    return latest.kind == part.kind and all(
        same_shape(part.kind, row.content, part.content) for row in texts if row.language
    )
