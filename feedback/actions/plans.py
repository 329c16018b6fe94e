"""Storing a plan: the questions, options, rows and words of a version, made once."""

from itertools import count
from typing import Any

from feedback.models import Question, QuestionnaireVersion, VersionText
from feedback.plan import Plan, questions_from


def store_plan(plan: Plan, version: QuestionnaireVersion) -> None:
    """Everything that the plan asks, in a version that is still empty."""
    version.is_shuffled = plan.is_shuffled
    version.save(update_fields=["is_shuffled"])
    for language, words in plan.words.items():
        VersionText.objects.create(version=version, language=language, **words)
    numbers, position = count(1), 0
    for planned in plan.questions:
        matrix: Question | None = None
        for question in questions_from(planned, version, numbers):
            question.position = position
            _store_question(question, **({"matrix": matrix} if matrix else {}))
            matrix = matrix or question
            position += 1


def _store_question(question: Question, **owner: Any) -> None:
    texts, options = list(question.texts.all()), list(question.options.all())
    labels = [list(option.texts.all()) for option in options]
    _insert(question, **owner)
    for text in texts:
        _insert(text, question=question)
    for option, said in zip(options, labels, strict=True):
        _insert(option, question=question)
        for label in said:
            _insert(label, option=option)


def _insert(row: Any, **owner: Any) -> None:
    row.pk = None
    for name, value in owner.items():
        setattr(row, name, value)
    row.save(force_insert=True)
