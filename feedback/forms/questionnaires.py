"""Forms of the questionnaire editor. They read and check; the actions save."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from common.text import search_form, validate_text
from feedback.models import Question, Questionnaire, QuestionnaireVersion, QuestionText, VersionText


class QuestionnaireSearch(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, validators=[validate_text])

    def filter(self, questionnaires: "QuerySet[Questionnaire]") -> "QuerySet[Questionnaire]":
        self.is_valid()
        wanted = search_form(self.cleaned_data.get("q", ""))
        if not wanted:
            return questionnaires
        # There are few: compared here, because SQLite folds the case of ASCII only.
        found = [each.pk for each in questionnaires if wanted in search_form(f"{each.name} {each.key}")]
        return questionnaires.filter(pk__in=found)


class QuestionnaireForm(forms.ModelForm):
    title = forms.CharField(
        label=_("Title on the card"),
        max_length=150,
        validators=[validate_text],
        help_text=_("For example: How did we do today?"),
    )

    class Meta:
        model = Questionnaire
        fields = ["name", "key"]
        help_texts = {"key": _("Short name in addresses and imports; it never changes.")}

    def clean_key(self) -> str:
        key = self.cleaned_data["key"].lower()
        if key in ("add", "export"):
            raise ValidationError(_("This word has another meaning here. Please choose another one."))
        return key


class _DraftForm(forms.Form):
    """Knows the state of the draft that the editor saw."""

    edit_mark = forms.CharField(widget=forms.HiddenInput, max_length=20, validators=[validate_text])
    language = forms.ChoiceField(widget=forms.HiddenInput, choices=settings.TEXT_LANGUAGES)


class WordsForm(_DraftForm):
    """What the card says around the questions, in one language."""

    title = forms.CharField(label=_("Title"), max_length=150, validators=[validate_text])
    introduction = forms.CharField(
        label=_("Introduction"),
        max_length=1000,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    thanks = forms.CharField(
        label=_("Thanks on the receipt"),
        max_length=1000,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def values_of(cls, version: QuestionnaireVersion, language: str) -> dict[str, Any]:
        row = VersionText.objects.filter(version=version, language=language).first()
        words = {name: getattr(row, name) for name in ("title", "introduction", "thanks")} if row else {}
        return {"edit_mark": version.edit_mark, "language": language, **words}

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "introduction", "thanks")}


class QuestionForm(_DraftForm):
    """One question, its words in one language."""

    wording = forms.CharField(label=_("Question"), max_length=500, validators=[validate_text])
    hint = forms.CharField(
        label=_("Hint below the question"), max_length=300, required=False, validators=[validate_text]
    )
    kind = forms.ChoiceField(label=_("How it is answered"), choices=Question.Kind)
    scale_low = forms.IntegerField(
        label=_("Lowest number"), required=False, min_value=0, max_value=10, help_text=_("For a rating only.")
    )
    scale_high = forms.IntegerField(
        label=_("Highest number"), required=False, min_value=1, max_value=10, help_text=_("The best answer.")
    )
    measure = forms.ModelChoiceField(
        Measure.objects.none(),
        label=_("Measure it feeds"),
        required=False,
        to_field_name="key",
        help_text=_("Its scale must be the same: five faces 1 to 5, yes or no 0 to 1."),
    )
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)
    allows_na = forms.BooleanField(label=_("Offers “does not apply”"), required=False)
    na_label = forms.CharField(
        label=_("Words for “does not apply”"), max_length=60, required=False, validators=[validate_text]
    )

    def __init__(self, *args: Any, version: QuestionnaireVersion, key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.key = key
        self.fields["measure"].queryset = Measure.objects.active().filter(  # type: ignore[attr-defined]
            source=Measure.Source.ANSWERS
        )

    @classmethod
    def values_of(cls, question: Question, language: str) -> dict[str, Any]:
        row = QuestionText.objects.filter(question=question, language=language).first()
        words = {name: getattr(row, name) for name in ("wording", "hint", "na_label")} if row else {}
        fields = ("kind", "scale_low", "scale_high", "is_required", "allows_na")
        return {
            "edit_mark": question.version.edit_mark,
            "language": language,
            "measure": question.measure.key if question.measure else None,
            **{name: getattr(question, name) for name in fields},
            **words,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == Question.Kind.TEXT:
            cleaned.update(scale_low=None, scale_high=None, allows_na=False)
            if cleaned.get("measure"):
                self.add_error("measure", _("A text feeds no measure."))
        elif kind in Question.SCALES:
            cleaned["scale_low"], cleaned["scale_high"] = Question.SCALES[kind]
        elif kind:
            self._check_rating(cleaned)
        self._check_measure(cleaned)
        return cleaned

    def _check_rating(self, cleaned: dict[str, Any]) -> None:
        low, high = cleaned.get("scale_low"), cleaned.get("scale_high")
        if low is None or high is None or low >= high:
            self.add_error("scale_high", _("A rating needs a lowest and a higher highest number."))

    def _check_measure(self, cleaned: dict[str, Any]) -> None:
        measure = cleaned.get("measure")
        if measure is None or self.errors:
            return
        if (measure.scale_low, measure.scale_high) != (cleaned["scale_low"], cleaned["scale_high"]):
            raise ValidationError(
                {
                    "measure": _("This measure has the scale %(low)d to %(high)d, the question another.")
                    % {"low": measure.scale_low, "high": measure.scale_high}
                }
            )

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("wording", "hint", "na_label")}

    @property
    def question_fields(self) -> dict[str, Any]:
        names = ("kind", "scale_low", "scale_high", "measure", "is_required", "allows_na")
        return {name: self.cleaned_data[name] for name in names}

    def key_for_new(self) -> str:
        """A key of the wording, free in the whole questionnaire, so that no meaning is taken over."""
        stem = slugify(self.cleaned_data["wording"])[:40].strip("-") or "question"
        taken = set(
            Question.objects.filter(version__questionnaire=self.version.questionnaire).values_list(
                "key", flat=True
            )
        )
        candidates = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
        return next(each for each in candidates if each not in taken)
