"""Which column of a file of responses says what."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.fields import DAY_FORMATS, CleanTextField
from feedback.actions.responses_intake import ResponsesFile
from feedback.asked import NA, choices_of, version_asked
from feedback.models import Option, Question, Questionnaire
from organisation.imports import ImportRefused, guess_columns
from organisation.models import Unit

WORDS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "department", "branch", "office", "trust", "place", "location"),
    "day": ("day", "date", "day of service", "visited", "intdate", "timestamp", "submitted"),
    "reference": ("id", "reference", "number", "comment id", "respnum", "response id"),
}
MONTHS = [("", gettext_lazy("(the column says it)")), *((number, number) for number in range(1, 13))]

NAMED = {"semicolon": ";", "comma": ",", "bar": "|", "line": "\n"}
BETWEEN = [
    ("semicolon", gettext_lazy("a semicolon ;")),
    ("comma", gettext_lazy("a comma ,")),
    ("bar", gettext_lazy("a bar |")),
    ("line", gettext_lazy("a new line")),
]
"""What stands between several answers in one cell."""
BLANK = "blank"
UNSHOWN = ("name", "source", "note", "separator")


class ResponsesMappingForm(forms.Form):
    """`mapping` is the JSON that comes of it.

    The questions' own fields appear once a questionnaire is chosen: column `column-<key>` and codes
    `codes-<key>`.
    """

    questionnaire = forms.ModelChoiceField(
        Questionnaire.objects.none(),
        to_field_name="key",
        label=gettext_lazy("Answers to"),
        empty_label=gettext_lazy("Choose a questionnaire"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the answers"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    one_unit = forms.ModelChoiceField(
        Unit.objects.none(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("… or all rows belong to"),
        empty_label=gettext_lazy("(the column says it)"),
    )
    day = forms.ChoiceField(label=gettext_lazy("Day of service"))
    date_format = forms.ChoiceField(label=gettext_lazy("Days are written as"), choices=DAY_FORMATS)
    year = forms.IntegerField(
        label=gettext_lazy("… or the column holds only the day, of the year"),
        required=False,
        min_value=1900,
        max_value=2200,
    )
    month = forms.TypedChoiceField(
        label=gettext_lazy("and of the month"), choices=MONTHS, coerce=int, empty_value=None, required=False
    )
    reference = forms.ChoiceField(label=gettext_lazy("The response's own number"), required=False)
    blank = CleanTextField(
        label=gettext_lazy("Texts that mean “no answer”, with commas"), required=False, max_length=200
    )
    save_as = CleanTextField(label=gettext_lazy("Keep this mapping as"), required=False, max_length=100)

    def __init__(
        self,
        *args: Any,
        header: list[str],
        user: Any,
        sample: list[dict[str, str]],
        chosen: dict[str, Any],
        **kwargs: Any,
    ) -> None:
        """`chosen` is the mapping with which the file was tried before, empty where it was not."""
        kwargs.setdefault("initial", _choices_of(chosen) or dict(guess_columns(header, WORDS)))
        super().__init__(*args, **kwargs)
        self.mapping: dict[str, Any] = {}
        self.before = chosen
        self.columns = [("", _("(no column)")), *((column, column) for column in header)]
        fields: Any = self.fields
        for name in ("unit", "day", "reference"):
            fields[name].choices = self.columns
        fields["language"].choices = settings.TEXT_LANGUAGES
        fields["date_format"].choices = _formats(self.initial.get("date_format"))
        fields["one_unit"].queryset = Unit.objects.managed_by(user).active()
        published = Questionnaire.objects.filter(
            archived_at__isnull=True, versions__published_at__isnull=False
        )
        fields["questionnaire"].queryset = published.distinct()
        self.questions = self._chosen()
        for question in self.questions:
            self._offer(question, header)

    def _chosen(self) -> list[Question]:
        """The questions of the questionnaire that was posted, or chosen before; none before that."""
        key = str(self.data.get("questionnaire") or self.initial.get("questionnaire") or "")[:60]
        found = self.fields["questionnaire"].queryset.filter(key=key).first()  # type: ignore[attr-defined]
        asked = version_asked(found.pk, None) if found else None
        return [question for question in (asked.questions if asked else ()) if question.is_asked]

    def _offer(self, question: Question, header: list[str]) -> None:
        guessed = guess_columns(header, {"it": (question.key, str(question).casefold())}).get("it", "")
        name = f"column-{question.key}"
        self.fields[name] = forms.ChoiceField(label=str(question), choices=self.columns, required=False)
        self.initial.setdefault(name, guessed)
        if question.kind == Question.Kind.CHOICES:
            between = _("Between several answers stands: %(question)s") % {"question": question}
            self.fields[f"between-{question.key}"] = forms.ChoiceField(
                label=between, choices=BETWEEN, required=False
            )
        if any(option.key == Option.OTHER for option in question.options.all()):
            said = _("What “other” was: %(question)s") % {"question": question}
            self.fields[f"other-{question.key}"] = forms.ChoiceField(
                label=said, choices=self.columns, required=False
            )
        if question.kind in (*Question.WORDS, Question.Kind.DATE) and not question.allows_na:
            return
        self.fields[f"codes-{question.key}"] = CleanTextField(
            label=_("Codes in the file: %(question)s") % {"question": question},
            required=False,
            max_length=2000,
            help_text=_example(question),
        )

    @property
    def question_fields(self) -> list[Any]:
        ours = ("column-", "between-", "other-", "codes-")
        return [self[name] for name in self.fields if name.startswith(ours)]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return asked
        if not (asked["unit"] or asked["one_unit"]):
            self.add_error("unit", _("Choose the column of the unit, or one unit for all rows."))
        if not any(asked.get(f"column-{question.key}") for question in self.questions):
            self.add_error(None, _("Now say below which column answers which question."))
        if not self.errors:
            self.mapping = keep_unshown(self._mapping(asked), self.before, asked)
            try:
                ResponsesFile.parse(self.mapping)
            except ImportRefused as refused:
                self.add_error(None, refused)
        return asked

    def _mapping(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The JSON of what was chosen; what was left out is left out."""
        blank = [text.strip() for text in asked["blank"].split(",") if text.strip()]
        day: dict[str, Any] = {"column": asked["day"], "formats": [asked["date_format"]]}
        if asked["year"] and asked["month"]:
            day = {"day_column": asked["day"], "year": asked["year"], "month": asked["month"]}
        return {
            "questionnaire": asked["questionnaire"].key,
            "language": asked["language"],
            "unit": {"constant": asked["one_unit"].slug} if asked["one_unit"] else asked["unit"],
            "date": day,
            "reference": asked["reference"],
            "questions": {
                question.key: self._rule(question, asked) | {"blank": blank}
                for question in self.questions
                if asked.get(f"column-{question.key}")
            },
        }

    @staticmethod
    def _rule(question: Question, asked: dict[str, Any]) -> dict[str, Any]:
        """Where the answers to one question come from; other days are written as the day of service is."""
        key = question.key
        rule = {"column": asked[f"column-{key}"], "values": codes_in(asked.get(f"codes-{key}", ""))}
        if question.kind == Question.Kind.CHOICES:
            rule["separator"] = NAMED[asked[f"between-{key}"] or "semicolon"]
        if asked.get(f"other-{key}"):
            rule["other"] = asked[f"other-{key}"]
        if question.kind == Question.Kind.DATE:
            rule["formats"] = [asked["date_format"]]
        return rule


def _example(question: Question) -> str:
    """How codes are typed, in the answers of this very question."""
    if question.kind in Question.CHOOSING:
        keys = [option.key for option in question.options.all()][:2]
        example = ", ".join(f"{number}={key}" for number, key in enumerate(keys, start=1))
        words = _("For example: %(example)s. Empty: the file has our short names, or the words of the card.")
        return words % {"example": example}
    if choices_of(question):
        return _("For example: 1=5, 2=4, 3=3, 9=na, 0=blank. Empty: the file's answers are ours.")
    return _("For example: 9=na, where the file says by a code that it does not apply.")


def _choices_of(mapping: dict[str, Any]) -> dict[str, Any]:
    """What the form showed when it made this mapping."""
    if not mapping.get("questionnaire"):
        return {}
    unit, day, questions = mapping.get("unit"), mapping.get("date"), mapping.get("questions")
    found = {name: mapping.get(name, "") for name in ("questionnaire", "language", "reference")}
    if isinstance(unit, dict):
        found |= {"one_unit": unit.get("constant"), "unit": unit.get("column", "")}
    else:
        found["unit"] = unit
    if isinstance(day, dict):
        found |= {"day": day.get("column") or day.get("day_column"), "year": day.get("year")}
        found |= {"month": day.get("month"), "date_format": (day.get("formats") or [""])[0]}
    for key, rule in (questions if isinstance(questions, dict) else {}).items():
        told = rule if isinstance(rule, dict) else {"column": rule}
        codes = told.get("values") or {}
        found[f"column-{key}"] = told.get("column")
        signs = {sign: name for name, sign in NAMED.items()}
        found[f"between-{key}"] = signs.get(str(told.get("separator") or ";"), "semicolon")
        found[f"other-{key}"] = told.get("other", "")
        meant = ((code, BLANK if answer is None else answer) for code, answer in codes.items())
        found[f"codes-{key}"] = ", ".join(f"{code}={answer}" for code, answer in meant)
        found["blank"] = ", ".join(told.get("blank") or [])
    return found


def keep_unshown(made: dict[str, Any], before: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """The mapping made of what was `asked`, with all that the one before said of the same columns and the
    page cannot show: other ways of writing a day, a table of units, codes with commas in them."""
    if made["questionnaire"] != before.get("questionnaire"):
        return made
    shown = _choices_of(before)
    unit, day, rules = before.get("unit"), before.get("date"), before.get("questions") or {}
    if isinstance(unit, dict) and unit.get("column") == made["unit"]:
        made["unit"] = unit
    same_days = asked["date_format"] == shown.get("date_format")
    if isinstance(day, dict) and same_days and day.get("column") == made["date"].get("column"):
        made["date"] = day
    for key, rule in made["questions"].items():
        old = rules.get(key)
        if not isinstance(old, dict) or old.get("column") != rule["column"]:
            continue
        same = {
            "formats": same_days,
            "blank": asked["blank"] == shown.get("blank", ""),
            "values": asked.get(f"codes-{key}", "") == shown[f"codes-{key}"],
        }
        rule.update({name: old[name] for name, is_same in same.items() if is_same and name in old})
    return {name: before[name] for name in UNSHOWN if name in before} | made


def _formats(chosen: Any) -> list[tuple[str, Any]]:
    """The usual ones, and the one of the mapping where it is another."""
    own = [] if not chosen or chosen in dict(DAY_FORMATS) else [(str(chosen), str(chosen))]
    return [*DAY_FORMATS, *own]


def codes_in(text: str) -> dict[str, Any]:
    """“1=5, 9=na, 0=blank” as code → answer; None for no answer."""
    found: dict[str, Any] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        code, _sign, answer = (piece.strip() for piece in pair.partition("="))
        whole = answer.removeprefix("-").isdecimal() and len(answer) < 6
        words: dict[str, Any] = {NA: NA, BLANK: None}
        found[code] = int(answer) if whole else words.get(answer.casefold(), answer)
    return found
