"""What a page of results is asked for: scope, a period to compare with, two questions to cross."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.fields import search_field
from common.period import Period, resolve
from feedback.forms.scope import NAMES, ScopeForm
from feedback.models import Question, Questionnaire
from feedback.results import Scope
from organisation.models import Tree, User

RESULT_NAMES = ("against", "first_question", "second_question")


class ResultsForm(ScopeForm):
    """The scope of results; `against` is the period before where nothing is said."""

    names = (*NAMES, *RESULT_NAMES)
    against = forms.CharField(
        label=gettext_lazy("Compared with"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "2026-Q2", "size": 10}),
    )
    first_question = forms.ChoiceField(label=gettext_lazy("Those who answered"), required=False)
    second_question = forms.ChoiceField(label=gettext_lazy("How they answered"), required=False)

    def __init__(self, data: Any, *, user: User, today: date, questions: Sequence[Question]) -> None:
        super().__init__(data, user=user, today=today)
        self.user = user
        self.questions = {question.key: question for question in questions}
        scaled = [each for each in questions if each.kind not in Question.CHOOSING]
        first = [each for each in questions if each.kind != Question.Kind.CHOICES]
        for name, offered in (("first_question", first), ("second_question", scaled)):
            choices = [("", _("Choose a question")), *((each.key, str(each)) for each in offered)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_against(self) -> Period | None:
        code = self.cleaned_data["against"].strip()
        return resolve(code, today=self.today) if code else None

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        first, second = asked.get("first_question"), asked.get("second_question")
        if first and first == second:
            self.add_error(
                "second_question", ValidationError(gettext_lazy("Choose two different questions."))
            )
        return asked

    def scope(self, questionnaire: Questionnaire) -> Scope:
        """Units: those chosen, with what stands below; else all that the reader may see."""
        asked = getattr(self, "cleaned_data", {})
        tree = Tree.on(self.today)
        if asked.get("unit"):
            units = tree.subtree(asked["unit"].pk)
        elif self.user.is_administrator:
            units = set(tree.parents)
        else:
            units = set(self.user.unit_ids)
        before = asked.get("against") or self.chosen.before()
        return Scope(questionnaire, frozenset(units), asked.get("collector"), self.chosen, before)

    @property
    def more_is_used(self) -> bool:
        return any(self[name].data for name in ("first", "last", "first_question", "second_question"))

    @property
    def crossed(self) -> tuple[Question, Question] | None:
        """The two questions to be crossed, where two are chosen."""
        asked = getattr(self, "cleaned_data", {})
        found = [self.questions.get(asked.get(name) or "") for name in RESULT_NAMES[1:]]
        return (found[0], found[1]) if found[0] and found[1] else None


class ResultsSearch(forms.Form):
    q = search_field(gettext_lazy("Search"))
