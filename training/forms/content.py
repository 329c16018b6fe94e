"""Fields for what a lesson or a question holds besides its words, kind by kind.

Each editor makes the fields of one kind, fills them from content, and makes the table that
`training.content` reads from what was typed. A translation keeps the parts of its source: only their
words can be typed.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import CleanTextField
from training.forms.parts import LinesField, area, lines_of

Content = dict[str, Any]
Fields = dict[str, forms.Field]
MOST_PARTS = 60


def _text(label: Any, most: int, *, rows: int = 2, required: bool = False) -> CleanTextField:
    return CleanTextField(label=label, max_length=most, required=required, widget=area(rows))


def _line(label: Any, most: int) -> CleanTextField:
    return CleanTextField(label=label, max_length=most, required=False)


class Editor:
    """Content of one kind. `source` is the content in the first language where this is a translation."""

    can_grow = False
    shared: tuple[str, ...] = ()

    def __init__(self, content: Content, source: Content | None, data: Mapping[str, Any] | None) -> None:
        self.content = content
        self.source = source
        self.data = data

    @property
    def is_translation(self) -> bool:
        return self.source is not None

    def fields(self) -> Fields:
        return {}

    def initial(self) -> dict[str, Any]:
        return {}

    def table(self, cleaned: dict[str, Any]) -> Content:
        return {}

    def shape(self) -> str:
        """How many rows there are, as the form sends it along."""
        return ""

    def after_growth(self) -> dict[str, Any]:
        """What the form has to say of its rows, whatever was posted before a button added some."""
        return {"shape": self.shape()} if self.can_grow else {}

    def told_by(self, language: str) -> Fields:
        """The fields; those of a translation show below them what stands in the first language."""
        found = self.fields()
        if self.source is not None:
            first = type(self)(self.source, None, None).initial()
            for name, field in found.items():
                if text := first.get(name):
                    field.help_text = format_html('<span lang="{}" dir="auto">{}</span>', language, text)
        return found

    def _copied(self, names: tuple[str, ...]) -> Content:
        return {name: self.source[name] for name in names if self.source and name in self.source}


class ItemsEditor(Editor):
    name = "items"
    label: Any = _("What is to be done, or seen")

    def fields(self) -> Fields:
        return {self.name: LinesField(label=self.label)}

    def initial(self) -> dict[str, Any]:
        return {self.name: "\n".join(self.content.get(self.name, []))}

    def table(self, cleaned: dict[str, Any]) -> Content:
        return {self.name: lines_of(cleaned.get(self.name, ""))}


class OrderEditor(ItemsEditor):
    label = _("In the right order")


class AnswersEditor(ItemsEditor):
    name = "answers"
    label = _("Answers that are right")


class AddressEditor(Editor):
    def fields(self) -> Fields:
        return {"url": _line(_("Address on the web"), 500)}

    def initial(self) -> dict[str, Any]:
        return {name: self.content.get(name, "") for name in self.fields()}

    def table(self, cleaned: dict[str, Any]) -> Content:
        return {name: cleaned.get(name, "") for name in self.fields()}


class VideoEditor(AddressEditor):
    def fields(self) -> Fields:
        return super().fields() | {
            "captions": _line(_("Address of the captions"), 500),
            "vtt": _text(_("Or the captions themselves, in WebVTT"), 100_000, rows=4),
            "transcript": _text(_("What is said, to read"), 40_000, rows=8),
        }


class NumberEditor(Editor):
    def fields(self) -> Fields:
        if self.is_translation:
            return {}
        return {
            "answer": forms.DecimalField(label=_("The right number"), max_digits=24, decimal_places=9),
            "tolerance": forms.DecimalField(
                label=_("So much above or below is right too"),
                min_value=0,
                max_digits=24,
                decimal_places=9,
                required=False,
            ),
        }

    def initial(self) -> dict[str, Any]:
        return {name: self.content[name] for name in ("answer", "tolerance") if name in self.content}

    def table(self, cleaned: dict[str, Any]) -> Content:
        from_source = self._copied(("answer", "tolerance"))
        if from_source:
            return {name: Decimal(value) for name, value in from_source.items()}
        told = {name: cleaned.get(name) for name in ("answer", "tolerance")}
        return {name: Decimal(f"{value.normalize():f}") for name, value in told.items() if value is not None}


class TruthEditor(Editor):
    def fields(self) -> Fields:
        if self.is_translation:
            return {}
        choices = [("true", _("True")), ("false", _("False"))]
        return {
            "answer": forms.ChoiceField(label=_("What is right"), choices=choices, widget=forms.RadioSelect)
        }

    def initial(self) -> dict[str, Any]:
        return {"answer": str(self.content["answer"]).lower()} if "answer" in self.content else {}

    def table(self, cleaned: dict[str, Any]) -> Content:
        return self._copied(("answer",)) or {"answer": cleaned.get("answer") == "true"}


class GuideEditor(Editor):
    def fields(self) -> Fields:
        return {"guide": _text(_("For whoever marks it: what belongs into a good answer"), 2000, rows=4)}

    def initial(self) -> dict[str, Any]:
        return {"guide": self.content.get("guide", "")}

    def table(self, cleaned: dict[str, Any]) -> Content:
        return {"guide": cleaned.get("guide", "")}


# --------------------------------------------------------------------- rows


class RowsEditor(Editor):
    """Parts in rows, with some spare ones below; a button adds more."""

    can_grow = True
    least = 4
    list_name = ""

    def rows(self, form: Any) -> list[list[Any]]:
        """The bound fields, row by row, for the template."""
        return []

    @property
    def count(self) -> int:
        if self.source is not None:
            return len(self.source[self.list_name])
        standing = len(self.content.get(self.list_name, []))
        asked = str((self.data or {}).get("shape", ""))
        told = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
        more = 2 if (self.data or {}).get("preview") == "row" else 0
        return max(min(max(told + more, self.least), MOST_PARTS), standing)

    def shape(self) -> str:
        return str(self.count)


class OptionsEditor(RowsEditor):
    list_name = "options"

    def fields(self) -> Fields:
        found: Fields = {}
        for row in range(self.count):
            found[f"o{row}_text"] = _text(_("Option %(number)s") % {"number": row + 1}, 1000)
            if not self.is_translation:
                found[f"o{row}_correct"] = forms.BooleanField(label=_("is right"), required=False)
            found[f"o{row}_feedback"] = _text(_("Said to whoever chose it"), 1000)
        return found

    def initial(self) -> dict[str, Any]:
        return {
            f"o{row}_{name}": option[name]
            for row, option in enumerate(self.content.get("options", []))
            for name in ("text", "correct", "feedback")
        }

    def table(self, cleaned: dict[str, Any]) -> Content:
        options = []
        for row in range(self.count):
            option = {
                "text": cleaned.get(f"o{row}_text", ""),
                "correct": bool(cleaned.get(f"o{row}_correct")),
                "feedback": cleaned.get(f"o{row}_feedback", ""),
            }
            if self.source is not None:
                option["correct"] = self.source["options"][row]["correct"]
            if self.is_translation or any(option.values()):
                options.append(option)
        return {"options": options}

    def rows(self, form: Any) -> list[list[Any]]:
        names = ("text", "correct", "feedback")
        return [
            [form[f"o{row}_{name}"] for name in names if f"o{row}_{name}" in form.fields]
            for row in range(self.count)
        ]


class PairsEditor(RowsEditor):
    list_name = "pairs"

    def fields(self) -> Fields:
        found: Fields = {}
        for row in range(self.count):
            found[f"p{row}_left"] = _line(_("Left %(number)s") % {"number": row + 1}, 300)
            found[f"p{row}_right"] = _line(_("belongs to"), 300)
        return found

    def initial(self) -> dict[str, Any]:
        pairs = self.content.get("pairs", [])
        return {f"p{row}_left": pair[0] for row, pair in enumerate(pairs)} | {
            f"p{row}_right": pair[1] for row, pair in enumerate(pairs)
        }

    def table(self, cleaned: dict[str, Any]) -> Content:
        pairs = [
            [cleaned.get(f"p{row}_left", ""), cleaned.get(f"p{row}_right", "")] for row in range(self.count)
        ]
        return {"pairs": [pair for pair in pairs if self.is_translation or any(pair)]}

    def rows(self, form: Any) -> list[list[Any]]:
        return [[form[f"p{row}_left"], form[f"p{row}_right"]] for row in range(self.count)]
