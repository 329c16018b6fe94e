"""The form of one question, with its options or rows, and the form of its rule."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from common.text import clean_text, validate_text
from feedback.actions.questions import Part, free_key, keys_taken
from feedback.forms.questionnaires import DraftForm
from feedback.models import Option, Question, QuestionnaireVersion, QuestionText
from feedback.plan import LABEL, PlannedPart, PlannedQuestion
from feedback.plan_file import MOST_PARTS, is_scale

Kind = Question.Kind
WITH_PARTS = (*Question.CHOOSING, Kind.MATRIX)
SCALED = (*Question.SCALES, Kind.RATING)
# The fields that only some types of question have.
RELEVANT = {
    "scale_low": (Kind.RATING, Kind.MATRIX),
    "scale_high": (Kind.RATING, Kind.MATRIX),
    "low_label": (Kind.RATING, Kind.MATRIX, Kind.NPS, Kind.EASE),
    "high_label": (Kind.RATING, Kind.MATRIX, Kind.NPS, Kind.EASE),
    "measure": SCALED,
    "allows_na": (*SCALED, *WITH_PARTS),
    "na_label": (*SCALED, *WITH_PARTS),
    "is_shuffled": WITH_PARTS,
    "offers_other": Question.CHOOSING,
    "other_label": Question.CHOOSING,
}
WORDS = ("wording", "hint", "na_label", "low_label", "high_label")
FIELDS = (
    *("kind", "scale_low", "scale_high", "measure", "is_required", "allows_na"),
    *("starts_page", "is_shuffled"),
)
BLANK_LINES = 2


@dataclass
class Line:
    """One option or row as it is typed; `measure` is the key of the measure that a row feeds, `elsewhere`
    its words in another language. A line that stands already is taken out by its tick only: empty, it
    is just not translated yet."""

    label: str = ""
    key: str = ""
    measure: str = ""
    elsewhere: str = ""
    is_out: bool = False
    error: str = ""


class QuestionForm(DraftForm):
    """One question, its words in one language; options or rows are the lines below it."""

    kind = forms.ChoiceField(
        label=_("How it is answered"),
        choices=[(kind, label) for kind, label in Kind.choices if kind != Kind.ROW],
    )
    wording = forms.CharField(label=_("Question"), max_length=500, validators=[validate_text])
    hint = forms.CharField(
        label=_("Hint below the question"), max_length=300, required=False, validators=[validate_text]
    )
    scale_low = forms.IntegerField(label=_("Lowest number"), required=False, min_value=0, max_value=10)
    scale_high = forms.IntegerField(
        label=_("Highest number"), required=False, min_value=1, max_value=10, help_text=_("The best answer.")
    )
    low_label = forms.CharField(
        label=_("Words at the low end"), max_length=60, required=False, validators=[validate_text]
    )
    high_label = forms.CharField(
        label=_("Words at the high end"), max_length=60, required=False, validators=[validate_text]
    )
    offers_other = forms.BooleanField(
        label=_("Offers “other”, with a line for the customer's words"), required=False
    )
    other_label = forms.CharField(
        label=_("Words for “other”"), max_length=LABEL, required=False, validators=[validate_text]
    )
    measure = forms.ModelChoiceField(
        Measure.objects.none(),
        label=_("Measure it feeds"),
        required=False,
        to_field_name="key",
        empty_label=_("No measure"),
        help_text=_("Its scale must be the same: five faces 1 to 5, yes or no 0 to 1."),
    )
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)
    allows_na = forms.BooleanField(label=_("Offers “does not apply”"), required=False)
    na_label = forms.CharField(
        label=_("Words for “does not apply”"), max_length=60, required=False, validators=[validate_text]
    )
    is_shuffled = forms.BooleanField(label=_("Options or rows in random order"), required=False)
    starts_page = forms.BooleanField(label=_("Begins a new page"), required=False)

    def __init__(self, *args: Any, version: QuestionnaireVersion, key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.key = key
        self.measures = Measure.objects.active().filter(source=Measure.Source.ANSWERS)
        self.fields["measure"].queryset = self.measures  # type: ignore[attr-defined]
        typed = self.data.get("kind") if self.is_bound else self.initial.get("kind")
        self.chosen_kind = typed if typed in Kind.values else Kind.FACES
        self.lines = self._typed_lines() if self.is_bound else list(self.initial.get("lines", []))
        for name, kinds in RELEVANT.items():
            if self.chosen_kind not in kinds and not (self.is_bound and self.data.get(name)):
                del self.fields[name]

    @classmethod
    def values_of(cls, question: Question, language: str) -> dict[str, Any]:
        row = QuestionText.objects.filter(question=question, language=language).first()
        words = {name: getattr(row, name) for name in WORDS} if row else {}
        is_matrix = question.kind == Kind.MATRIX
        parts: Any = question.rows.select_related("measure") if is_matrix else question.options.all()
        lines = [_line(part, language) for part in parts.prefetch_related("texts")]
        other = next((line for line in lines if line.key == Option.OTHER and not is_matrix), None)
        return {
            "edit_mark": question.version.edit_mark,
            "language": language,
            **{name: getattr(question, name) for name in FIELDS},
            "measure": question.measure.key if question.measure else None,
            "lines": [line for line in lines if line is not other],
            "offers_other": other is not None,
            "other_label": other.label if other else "",
            **words,
        }

    @classmethod
    def as_typed(cls, posted: QueryDict, *, known: list[Line], **kwargs: Any) -> "QuestionForm":
        """The form with everything typed and nothing checked: after “more lines”, or another type.
        `known` are the lines that stand already."""
        bound = cls(posted, initial={"lines": known}, **kwargs)
        initial = {
            name: field.widget.value_from_datadict(posted, MultiValueDict(), name)
            for name, field in cls.base_fields.items()
        }
        return cls(initial={**initial, "lines": bound.rearranged(posted.get("act", ""))}, **kwargs)

    def _typed_lines(self) -> list[Line]:
        data = self.data
        if not isinstance(data, QueryDict):
            return []
        keys, measures = data.getlist("part-key"), data.getlist("part-measure")
        stored = {line.key: line for line in self.initial.get("lines", [])}
        out = set(data.getlist("part-out"))
        lines = []
        for index, label in enumerate(data.getlist("part-label")[: MOST_PARTS + 1]):
            key = keys[index] if index < len(keys) else ""
            line = Line(label, key if key in stored else "", measures[index] if index < len(measures) else "")
            if line.key:
                line.elsewhere, line.is_out = stored[key].elsewhere, key in out
            lines.append(line)
        return lines

    def rearranged(self, act: str) -> list[Line]:
        """The lines after a button of theirs was pressed: `more`, `up-3`, `down-3`."""
        lines = [line for line in self.lines if line.label.strip() or line.key]
        way, _sep, place = act.partition("-")
        index = int(place) if place.isdecimal() and len(place) < 4 else -1
        other = index - 1 if way == "up" else index + 1
        if way in ("up", "down") and 0 <= index < len(lines) and 0 <= other < len(lines):
            lines[index], lines[other] = lines[other], lines[index]
        return lines + [Line() for _more in range(3 if way == "more" else 0)]

    @property
    def shown_lines(self) -> list[Line]:
        """The lines to draw, a few blank ones after them; none for a question without parts."""
        if self.chosen_kind not in WITH_PARTS:
            return []
        blank = sum(not line.label and not line.key for line in self.lines)
        return self.lines + [Line() for _more in range(max(0, BLANK_LINES - blank))]

    @property
    def is_matrix(self) -> bool:
        return self.chosen_kind == Kind.MATRIX

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind in Question.WITHOUT_SCALE:
            cleaned.update(scale_low=None, scale_high=None)
            if cleaned.get("measure"):
                self.add_error("measure", _("A text feeds no measure."))
        elif kind in Question.SCALES:
            cleaned["scale_low"], cleaned["scale_high"] = Question.SCALES[kind]
        elif kind:
            self._check_rating(cleaned)
        self._check_measure(cleaned)
        if kind in WITH_PARTS:
            self._check_lines(cleaned)
        return cleaned

    def _check_rating(self, cleaned: dict[str, Any]) -> None:
        low, high = cleaned.get("scale_low"), cleaned.get("scale_high")
        if low is None or high is None or low >= high:
            self.add_error("scale_high", _("A rating needs a lowest and a higher highest number."))
        elif not is_scale(low, high):
            self.add_error("scale_high", _("A rating has 3 to 10 steps."))

    def _check_measure(self, cleaned: dict[str, Any]) -> None:
        measure = cleaned.get("measure")
        if measure is None or self.errors:
            return
        if problem := _misfit(measure, cleaned):
            raise ValidationError({"measure": problem})

    def _check_lines(self, cleaned: dict[str, Any]) -> None:
        """Each line with words is an option or row; what is wrong stands beside its line."""
        if len(self.lines) > MOST_PARTS:
            self.add_error(None, _("There are more than %(most)d lines.") % {"most": MOST_PARTS})
        known = {measure.key: measure for measure in self.measures} if self.is_matrix else {}
        for line in self.lines:
            try:
                line.label = clean_text(line.label, max_length=LABEL)
            except ValidationError as refused:
                line.error = " ".join(refused.messages)
            if line.key and not line.label and not line.elsewhere and not line.is_out:
                line.error = str(_("Write its words, or take it out."))
            elif line.measure and line.measure not in known:
                line.error = str(_("Please choose one of the measures offered."))
            elif line.measure and (problem := _misfit(known[line.measure], cleaned)):
                line.error = problem
            if line.error:
                self.add_error(None, f"{line.label or _('Line')}: {line.error}")
        self.parts = [
            Part(line.label, line.key, known.get(line.measure))
            for line in self.lines
            if (line.label or line.key) and not line.error and not line.is_out
        ]

    @property
    def all_parts(self) -> list[Part]:
        """Options or rows to save; “other” is the last option."""
        parts = list(getattr(self, "parts", []))
        if not self.cleaned_data.get("offers_other") or self.chosen_kind not in Question.CHOOSING:
            return parts
        return [*parts, Part(str(self.cleaned_data.get("other_label") or _("Something else")), Option.OTHER)]

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in WORDS}

    @property
    def question_fields(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            **{name: cleaned.get(name) for name in ("kind", "scale_low", "scale_high", "measure")},
            "is_required": cleaned.get("is_required", False),
            "starts_page": cleaned.get("starts_page", False),
            "allows_na": bool(cleaned.get("allows_na")) and self.chosen_kind in RELEVANT["allows_na"],
            "is_shuffled": bool(cleaned.get("is_shuffled")) and self.chosen_kind in WITH_PARTS,
        }

    def key_for_new(self) -> str:
        """A key of the wording, free in the whole questionnaire, so that no meaning is taken over."""
        return free_key(self.cleaned_data["wording"], keys_taken(self.version), "question")

    def planned(self, language: str) -> PlannedQuestion:
        """What is typed, for the preview: nothing has to be right or complete yet."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", self.initial)
        low, high = cleaned.get("scale_low"), cleaned.get("scale_high")
        scale = None if self.chosen_kind in Question.WITHOUT_SCALE else (1, 5)
        if self.chosen_kind in Question.SCALES:
            scale = Question.SCALES[self.chosen_kind]
        elif low is not None and high is not None and low < high:
            scale = (low, high)
        name = "wording" if self.is_matrix else "label"
        labels = [(line.key, line.label or line.elsewhere) for line in self.lines if not line.is_out]
        if cleaned.get("offers_other") and self.chosen_kind in Question.CHOOSING:
            labels.append((Option.OTHER, cleaned.get("other_label") or str(_("Something else"))))
        parts = [
            PlannedPart(key or f"new-{index}", {language: {name: label}})
            for index, (key, label) in enumerate(labels)
            if label
        ]
        return PlannedQuestion(
            key=self.key or "new",
            kind=self.chosen_kind,
            words={language: {each: cleaned.get(each) or "" for each in WORDS}},
            scale=scale,
            is_required=bool(cleaned.get("is_required")),
            allows_na=bool(cleaned.get("allows_na")) and self.chosen_kind in RELEVANT["allows_na"],
            parts=tuple(parts),
        )


def _line(part: Any, language: str) -> Line:
    row = next((text for text in part.texts.all() if text.language == language), None)
    measure = getattr(part, "measure", None)
    others = [str(text) for text in part.texts.all() if text is not row]
    return Line(
        label="" if row is None else str(row),
        key=part.key,
        measure=measure.key if measure else "",
        elsewhere=others[0] if others else "",
    )


def _misfit(measure: Measure, cleaned: dict[str, Any]) -> str:
    """Why the answers would not lie on the scale of the measure; empty where they do."""
    if (measure.scale_low, measure.scale_high) == (cleaned.get("scale_low"), cleaned.get("scale_high")):
        return ""
    return _("This measure has the scale %(low)d to %(high)d, the question another.") % {
        "low": measure.scale_low,
        "high": measure.scale_high,
    }
