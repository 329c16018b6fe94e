"""The forms of a course's quiz and of its questions."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import matching, search_field, text_field
from charter.models import Standard
from training.content import question_content, same_shape
from training.forms.content import (
    AnswersEditor,
    Editor,
    GuideEditor,
    NumberEditor,
    OptionsEditor,
    OrderEditor,
    PairsEditor,
    RowsEditor,
    TruthEditor,
)
from training.forms.parts import PartForm
from training.models import QuestionVersion, QuestionVersionText, Quiz, QuizText
from training.table import Problem, Table

Kind = QuestionVersion.Kind
EDITORS: dict[str, type[Editor]] = {
    Kind.SINGLE: OptionsEditor,
    Kind.MULTIPLE: OptionsEditor,
    Kind.TRUE_FALSE: TruthEditor,
    Kind.ORDERING: OrderEditor,
    Kind.MATCHING: PairsEditor,
    Kind.NUMERIC: NumberEditor,
    Kind.SHORT: AnswersEditor,
    Kind.OPEN: GuideEditor,
}


class StandardChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class QuizForm(PartForm):
    """How the course asks. A translation has the title only."""

    names = ("title",)
    settings_names = ("draw", "pass_mark", "attempts", "wait_hours", "minutes", "counting", "shuffle")
    title = text_field(QuizText, "title")
    draw = forms.IntegerField(
        label=_("Questions drawn for an attempt"), min_value=0, max_value=500, help_text=_("0: all of them.")
    )
    shuffle = forms.BooleanField(label=_("In another order each time"), required=False)
    pass_mark = forms.DecimalField(
        label=_("Passed from, per cent"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    attempts = forms.IntegerField(
        label=_("Attempts"), min_value=0, max_value=100, help_text=_("0: any number.")
    )
    wait_hours = forms.IntegerField(label=_("Hours between two attempts"), min_value=0, max_value=10_000)
    minutes = forms.IntegerField(
        label=_("Time limit in minutes"), min_value=0, max_value=6_000, help_text=_("0: none.")
    )
    counting = forms.ChoiceField(label=_("The attempt that counts"), choices=Quiz.Counting.choices)

    def __init__(self, *args: Any, quiz: Quiz | None, is_translation: bool = False, **kwargs: Any) -> None:
        standing = quiz or Quiz()
        settings = {name: getattr(standing, name) for name in self.settings_names}
        settings["pass_mark"] = f"{Decimal(settings['pass_mark']).normalize():f}"
        super().__init__(*args, initial=settings, **kwargs)
        if is_translation:
            self.drop(*self.settings_names)

    @property
    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.settings_names if name in self.cleaned_data}


class QuestionForm(PartForm):
    """One question of a kind in one language."""

    names = ("text", "feedback")
    text = text_field(QuestionVersionText, "text", label=_("Question"))
    feedback = text_field(
        QuestionVersionText,
        "feedback",
        rows=2,
        label=_("Why it is so"),
        help_text=_(
            "Read after the attempt: at once by whoever answered rightly, by the others once they have "
            "passed or have used their last attempt."
        ),
    )
    shape = forms.CharField(max_length=10, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: str,
        words: dict[str, Any] | None = None,
        source: dict[str, Any] | None = None,
        source_language: str = "",
        facts: dict[str, Any] | None = None,
        sent: Any = None,
        **kwargs: Any,
    ) -> None:
        """`source` are the words of the first language where this is a translation; `facts` are points,
        marking and standard as they stand; `sent` decides on the number of rows."""
        self.kind, self.source, self.facts_now = kind, source, facts or {}
        content = (words or {}).get("content", {})
        self.editor: Any = EDITORS[kind](content, source["content"] if source else None, sent)
        shape = {"shape": self.editor.shape()} if self.editor.can_grow else {}
        told = {"points": 1} | self.facts_now | self.editor.initial() | shape
        super().__init__(*args, words=words, initial=told, **kwargs)
        self.fields |= self.editor.told_by(source_language)
        if source is None:
            self._add_facts()
        if self.is_bound and self.editor.can_grow:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["shape"] = self.editor.shape()  # type: ignore[index]

    def _add_facts(self) -> None:
        self.fields["points"] = forms.DecimalField(
            label=_("Points"), min_value=0, max_value=1000, max_digits=6, decimal_places=2
        )
        self.fields["points"].widget.attrs["min"] = "0.01"
        if self.kind == Kind.MULTIPLE:
            self.fields["marking"] = forms.ChoiceField(
                label=_("Marking"), choices=QuestionVersion.Marking.choices
            )
        standards = Standard.objects.filter(
            Q(archived_at__isnull=True) | Q(pk=getattr(self.facts_now.get("standard"), "pk", None))
        )
        self.fields["standard"] = StandardChoice(
            standards.prefetch_related("texts"),
            to_field_name="key",
            required=False,
            label=_("The standard that it is tied to"),
            empty_label=_("None"),
        )

    def clean_points(self) -> Any:
        points = self.cleaned_data["points"]
        if not points:
            raise forms.ValidationError(_("A question is worth something: more than 0."))
        return points

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        problems: list[Problem] = []
        cleaned["content"] = question_content(self.kind, Table(self.editor.table(cleaned), "", problems))
        for problem in problems:
            self.add_error(None, str(problem))
        first = self.source["content"] if self.source else cleaned["content"]
        if not problems and not same_shape(self.kind, first, cleaned["content"]):
            self.add_error(None, _("Its parts differ from those in the first language."))
        return cleaned

    @property
    def words(self) -> dict[str, Any]:
        return super().words | {"content": self.cleaned_data["content"]}

    @property
    def standard(self) -> Standard | None:
        return self.cleaned_data.get("standard", self.facts_now.get("standard"))

    @property
    def points(self) -> Any:
        return self.cleaned_data.get("points", self.facts_now.get("points"))

    @property
    def marking(self) -> str:
        standing = self.facts_now.get("marking", QuestionVersion.Marking.RIGHT_MINUS_WRONG)
        return self.cleaned_data.get("marking", standing)

    @property
    def rows(self) -> list[list[Any]]:
        return self.editor.rows(self) if isinstance(self.editor, RowsEditor) else []

    @property
    def content_fields(self) -> list[Any]:
        return [] if self.rows else [self[name] for name in self.editor.fields()]

    @property
    def last_fields(self) -> list[Any]:
        names = ("feedback", "points", "marking", "standard")
        return [self[name] for name in names if name in self.fields]


class QuestionSearchForm(forms.Form):
    q = search_field(_("Search questions"))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Any")), *Kind.choices])
    standard = StandardChoice(
        Standard.objects.none(),
        to_field_name="key",
        required=False,
        label=_("Standard"),
        empty_label=_("Any"),
    )
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("Questions that are asked")), ("archived", _("Archived questions"))],
    )

    def __init__(self, *args: Any, questions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["standard"]
        field.queryset = (
            Standard.objects.filter(quiz_questions__in=questions).distinct().prefetch_related("texts")
        )

    def filter(self, questions: Any) -> Any:
        wanted = self.cleaned_data if self.is_valid() else {}
        questions = questions.filter(archived_at__isnull=wanted.get("show") != "archived")
        newest = QuestionVersion.objects.filter(question__in=questions).order_by("question", "number")
        latest = dict(newest.values_list("question", "pk"))
        if kind := wanted.get("kind"):
            of_kind = QuestionVersion.objects.filter(pk__in=latest.values(), kind=kind)
            questions = questions.filter(pk__in=of_kind.values("question"))
        if standard := wanted.get("standard"):
            questions = questions.filter(standard=standard)
        if words := wanted.get("q"):
            texts = QuestionVersionText.objects.filter(version__in=latest.values())
            rows = texts.values_list("version__question_id", "text")
            questions = questions.filter(pk__in=matching(rows, words))
        return questions
