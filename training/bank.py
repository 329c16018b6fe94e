"""What stands in a question bank, in the words of one language."""

from collections.abc import Iterable

from training.course_file import QuestionPart
from training.models import Question, QuestionBank


def bank_parts(bank: QuestionBank, language: str, *, standard: str = "") -> list[QuestionPart]:
    """The newest wording of each question that is asked or waits to be; of one standard where it is named."""
    questions = bank.questions.active()
    if standard:
        questions = questions.filter(standard__key=standard)
    rows = questions.select_related("standard").prefetch_related("versions__texts")
    return list(parts_by_key(rows, language).values())


def parts_by_key(questions: Iterable[Question], language: str) -> dict[str, QuestionPart]:
    """Each question's newest wording (prefetch `versions__texts`); those without words are passed over."""
    found = {}
    for question in questions:
        version = max(question.versions.all(), key=lambda row: row.number, default=None)
        words = version.text(language) if version else None
        if version is None or words is None:
            continue
        found[question.key] = QuestionPart(
            key=question.key,
            kind=version.kind,
            standard=question.standard.key if question.standard else "",
            text=words.text,
            points=version.points,
            feedback=words.feedback,
            marking=version.marking,
            content=words.content,
        )
    return found
