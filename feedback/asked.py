"""What one published version asks: read once per process, because a published version never changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from feedback.models import Answer, Question, QuestionnaireVersion

NA = "na"


@dataclass(frozen=True)
class Asked:
    """A version with its questions in order, texts included. Shared between requests: read only."""

    version: QuestionnaireVersion
    questions: tuple[Question, ...]

    @property
    def languages(self) -> list[str]:
        """The languages that the version is written in, the first one first."""
        return [row.language for row in sorted(self.version.texts.all(), key=lambda row: row.pk)]

    def answered(self, answers: Iterable[Answer]) -> list[Answer]:
        """The answers with their questions from here, so that none has to be read again."""
        questions = {question.pk: question for question in self.questions}
        found = list(answers)
        for answer in found:
            answer.question = questions[answer.question_id]
        return found

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)


def asked_of(version_id: int, edit_mark: str) -> Asked:
    """The version's questions. Two queries with their texts the first time, none after that."""
    return _read(version_id, edit_mark)


@lru_cache(maxsize=256)
def _read(version_id: int, edit_mark: str) -> Asked:
    version = QuestionnaireVersion.objects.prefetch_related("texts", "questions__texts").get(pk=version_id)
    return Asked(version=version, questions=tuple(version.questions.all()))


def version_asked(questionnaire_id: int, number: int | None) -> Asked | None:
    """The published version that an envelope names, else the newest published one."""
    published = QuestionnaireVersion.objects.filter(
        questionnaire_id=questionnaire_id, published_at__isnull=False
    )
    found = list(published.order_by("-number").values_list("pk", "edit_mark", "number"))
    if not found:
        return None
    pk, edit_mark, _number = next((row for row in found if row[2] == number), found[0])
    return asked_of(pk, edit_mark)


def choices_of(question: Question) -> range:
    """The answers on a question's scale, lowest first; none for a text."""
    if question.scale_low is None or question.scale_high is None:
        return range(0)
    return range(question.scale_low, question.scale_high + 1)
