"""What one published version asks: read once per process, because a published version never changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db import models

from feedback.models import Answer, Collector, Question, QuestionnaireVersion

NA = "na"


@dataclass(frozen=True)
class Asked:
    """A version with its questions in order, texts and options included. Shared between requests: read
    only."""

    version: QuestionnaireVersion
    questions: tuple[Question, ...]

    @cached_property
    def languages(self) -> list[str]:
        """The languages that the version is written in, the first one first."""
        return [row.language for row in sorted(self.version.texts.all(), key=lambda row: row.pk)]

    @cached_property
    def pages(self) -> tuple[tuple[Question, ...], ...]:
        """The questions page by page, rows of a matrix right after it."""
        pages: list[list[Question]] = [[]]
        for question in self.questions:
            if question.starts_page and pages[-1]:
                pages.append([])
            pages[-1].append(question)
        return tuple(tuple(page) for page in pages)

    @cached_property
    def is_stepped(self) -> bool:
        """Whether what is shown depends on what was answered: several pages, or rules."""
        return len(self.pages) > 1 or any(question.show_if for question in self.questions)

    @cached_property
    def is_shuffled(self) -> bool:
        """Whether anything on it is asked in random order."""
        return self.version.is_shuffled or any(question.is_shuffled for question in self.questions)

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """The questions that take an answer."""
        return {question.key: question for question in self.questions if question.is_asked}

    def answered(self, answers: Iterable[Answer]) -> list[Answer]:
        """The answers with their questions and options from here, so that none has to be read again.

        One query where options could be chosen, else none.
        """
        questions = {question.pk: question for question in self.questions}
        found = list(answers)
        for answer in found:
            answer.question = questions[answer.question_id]
        choosing = [answer for answer in found if answer.question.kind in Question.CHOOSING]
        models.prefetch_related_objects(choosing, "chosen")
        for answer in choosing:
            options = {option.pk: option for option in answer.question.options.all()}
            for chosen in answer.chosen.all():
                chosen.option = options[chosen.option_id]
        return found

    def question(self, key: str) -> Question | None:
        return self.by_key.get(key)


def asked_of(version_id: int, edit_mark: str) -> Asked:
    """The version's questions. Six queries with their texts and options the first time, then none."""
    return _read(version_id, edit_mark)


@lru_cache(maxsize=256)
def _read(version_id: int, edit_mark: str) -> Asked:
    return asked_in(QuestionnaireVersion.objects.select_related("questionnaire").get(pk=version_id))


def asked_in(version: QuestionnaireVersion) -> Asked:
    """What the version asks as it stands now, drafts included."""
    models.prefetch_related_objects([version], "texts", "questions__texts", "questions__options__texts")
    return Asked(version=version, questions=tuple(version.questions.all()))


def version_asked(questionnaire_id: int, number: int | None) -> Asked | None:
    """The published version with this number; without a number the newest published one."""
    published = QuestionnaireVersion.objects.filter(
        questionnaire_id=questionnaire_id, published_at__isnull=False
    )
    found = list(published.order_by("-number").values_list("pk", "edit_mark", "number"))
    if not found:
        return None
    named = found[0] if number is None else next((row for row in found if row[2] == number), None)
    return asked_of(named[0], named[1]) if named else None


def asked_by_card(
    collector: Collector, now_asked: Asked, *, questionnaire: Any, number: int | None
) -> Asked | None:
    """The version that a card was filled in on, which may be of a questionnaire that the collector asked
    before. None where it names what was never asked there.

    A card that names no questionnaire is of the one that is asked now. No query for a card of the version
    that is asked now.
    """
    asks = now_asked.version.questionnaire
    if not questionnaire or questionnaire == asks.key:
        return now_asked if number in (None, now_asked.version.number) else version_asked(asks.pk, number)
    former = {each.key: each.pk for each in collector.asked_before.all()}
    return version_asked(former[questionnaire], number) if questionnaire in former else None


def choices_of(question: Question) -> range:
    """The answers on a question's scale, lowest first; none where it has no scale."""
    if question.scale_low is None or question.scale_high is None:
        return range(0)
    return range(question.scale_low, question.scale_high + 1)
