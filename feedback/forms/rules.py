"""The form of a rule: when a question is shown, in lines of question, test and answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.text import validate_text
from feedback.asked import choices_of
from feedback.fields import LABELS
from feedback.models import Question
from feedback.showing import MATCHES, MOST_CONDITIONS, TESTS, VALUELESS

BLANK_LINES = 2
LINES = range(MOST_CONDITIONS)


def answers_to(question: Question) -> list[tuple[Any, str]]:
    """What can be answered to a question, as value and words; nothing for words and dates."""
    if question.kind in Question.CHOOSING:
        return [(option.key, str(option)) for option in question.options.all()]
    labels = LABELS.get(question.kind)
    return [
        (value, str(labels[index]) if labels else str(value))
        for index, value in enumerate(choices_of(question) if question.is_asked else ())
    ]


def answer_in_words(question: Question, value: Any) -> str:
    return f"“{dict(answers_to(question)).get(value, value)}”"


class RuleForm(forms.Form):
    """Lines of `question`, `test` and `answer`; a line without a question says nothing.

    An answer is `<question>=<value>`, so that one list can offer the answers to every question; once
    a line has its question it offers that one's only.
    """

    edit_mark = forms.CharField(widget=forms.HiddenInput, max_length=20, validators=[validate_text])
    match = forms.ChoiceField(label=_("Shown if"), choices=list(MATCHES.items()))

    def __init__(self, *args: Any, sources: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {each.key: each for each in sources}
        questions = [("", _("(no condition)")), *((each.key, str(each)[:100]) for each in sources)]
        for number in LINES:
            chosen = str((self.data if self.is_bound else self.initial).get(f"question-{number}") or "")
            self.fields[f"question-{number}"] = forms.ChoiceField(
                label=_("Question"), choices=questions, required=False
            )
            self.fields[f"test-{number}"] = forms.ChoiceField(
                label=_("Test"), choices=list(TESTS.items()), required=False
            )
            self.fields[f"answer-{number}"] = forms.ChoiceField(
                label=_("Answer"), choices=self._answers(chosen), required=False
            )

    def _answers(self, chosen: str) -> list[Any]:
        offered = [self.sources[chosen]] if chosen in self.sources else list(self.sources.values())
        groups = [
            (str(each)[:100], [(f"{each.key}={value}", words) for value, words in answers_to(each)])
            for each in offered
        ]
        return [("", _("Choose an answer")), *(group for group in groups if group[1])]

    @classmethod
    def values_of(cls, question: Question, edit_mark: str) -> dict[str, Any]:
        rule = question.show_if or {}
        values: dict[str, Any] = {"edit_mark": edit_mark, "match": rule.get("match", "all")}
        for number, condition in enumerate(rule.get("conditions", [])):
            values[f"question-{number}"] = condition["question"]
            values[f"test-{number}"] = condition["is"]
            values[f"answer-{number}"] = f"{condition['question']}={condition.get('value', '')}"
        return values

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """The lines in use and two blank ones, as bound fields."""
        used = [number for number in LINES if self[f"question-{number}"].value()]
        many = min(MOST_CONDITIONS, max(used, default=-1) + 1 + BLANK_LINES)
        return [
            (self[f"question-{number}"], self[f"test-{number}"], self[f"answer-{number}"])
            for number in range(many)
        ]

    def clean(self) -> dict[str, Any]:
        """`rule` is then the rule as it is kept."""
        cleaned = super().clean() or {}
        conditions = [
            self._condition(number, cleaned) for number in LINES if cleaned.get(f"question-{number}")
        ]
        told = [condition for condition in conditions if condition]
        cleaned["rule"] = {"match": cleaned.get("match", "all"), "conditions": told} if told else {}
        return cleaned

    def _condition(self, number: int, cleaned: dict[str, Any]) -> dict[str, Any] | None:
        key, test = cleaned[f"question-{number}"], cleaned.get(f"test-{number}") or "answered"
        if test in VALUELESS:
            return {"question": key, "is": test}
        source, _sep, value = cleaned.get(f"answer-{number}", "").partition("=")
        if source != key or not value:
            problem = _("Please choose one of the answers to this question.")
            self.add_error(f"answer-{number}", ValidationError(problem))
            return None
        is_number = self.sources[key].kind not in Question.CHOOSING
        return {"question": key, "is": test, "value": int(value) if is_number else value}
