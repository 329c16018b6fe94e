"""The form of a conversation: steps with replies, which grow by buttons, without a script."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from charter.forms.fields import CleanTextField
from training.content import FAIR, GOOD, POOR
from training.forms.content import Content, Editor, Fields
from training.forms.parts import area

MOST_STEPS = 30
MOST_REPLIES = 6
START = [3, 0]
QUALITIES = [(FAIR, _("Fair")), (GOOD, _("Good")), (POOR, _("Better not"))]


class ScenarioEditor(Editor):
    """Steps are numbered; each has a hidden key, by which replies lead to it."""

    can_grow = True

    def __init__(self, content: Content, source: Content | None, data: Any) -> None:
        super().__init__(content, source, data)
        self.replies = self._shape()
        self.keys = self._keys()

    # how many steps, and how many replies to each

    def _shape(self) -> list[int]:
        if self.source is not None:
            return [len(step["replies"]) for step in self.source["steps"]]
        told = [len(step["replies"]) for step in self.content.get("steps", [])] or list(START)
        asked = str((self.data or {}).get("shape", "")).split(",")
        if all(each.isascii() and each.isdigit() and len(each) < 3 for each in asked):
            told = self._within(told, [int(each) for each in asked])
        return self._grown(told)

    def _within(self, standing: list[int], asked: list[int]) -> list[int]:
        """As many as were sent, within the limits of the form; more only where more stand already."""
        steps = asked[: max(MOST_STEPS, len(standing))]
        most = [*standing, *[0] * len(steps)]
        return [min(each, max(MOST_REPLIES, most[row])) for row, each in enumerate(steps)]

    def _grown(self, told: list[int]) -> list[int]:
        wish = str((self.data or {}).get("preview", ""))
        if wish == "step" and len(told) < MOST_STEPS:
            return [*told, 2]
        for row, replies in enumerate(told):
            if wish == f"reply-{row}" and replies < MOST_REPLIES:
                told[row] = replies + 1
        return told

    def shape(self) -> str:
        return ",".join(str(each) for each in self.replies)

    def _keys(self) -> list[str]:
        """The keys of the steps: as they stand or were sent, new ones by number."""
        standing = [step["key"] for step in (self.source or self.content).get("steps", [])]
        found: list[str] = []
        for row in range(len(self.replies)):
            sent = str((self.data or {}).get(f"s{row}_key", ""))[:60] if self.source is None else ""
            key = sent or (standing[row] if row < len(standing) else "")
            number = row + 1
            while not key or key in found:
                key, number = f"step-{number}", number + 1
            found.append(key)
        return found

    # fields

    def _says(self, row: int) -> str:
        sent = (self.data or {}).get(f"s{row}_says")
        steps = self.content.get("steps", [])
        return sent if sent is not None else (steps[row]["says"] if row < len(steps) else "")

    def _goals(self) -> list[tuple[str, Any]]:
        """The steps that a reply may lead to, by number and first words."""
        found: list[tuple[str, Any]] = [("", _("the conversation ends here"))]
        for row, key in enumerate(self.keys):
            words = Truncator(self._says(row)).chars(40)
            found.append((key, _("step %(number)s: %(words)s") % {"number": row + 1, "words": words or "…"}))
        return found

    def fields(self) -> Fields:
        found: Fields = {}
        goals = self._goals()
        for row, replies in enumerate(self.replies):
            if self.source is None:
                found[f"s{row}_key"] = forms.CharField(
                    max_length=60, required=False, widget=forms.HiddenInput
                )
            found[f"s{row}_says"] = _text(_("Step %(number)s: the customer says") % {"number": row + 1}, 2000)
            for reply in range(replies):
                found |= self._reply_fields(f"s{row}r{reply}_", reply + 1, goals)
            if not self.is_translation or not replies:
                found[f"s{row}_ending"] = _text(_("How it ends, where nothing can be replied"), 1000)
        return found

    def _reply_fields(self, prefix: str, number: int, goals: list[tuple[str, Any]]) -> Fields:
        found: Fields = {f"{prefix}words": _text(_("Reply %(number)s") % {"number": number}, 1000)}
        if self.source is None:
            found[f"{prefix}leads_to"] = forms.ChoiceField(label=_("leads to"), choices=goals, required=False)
            found[f"{prefix}quality"] = forms.TypedChoiceField(
                label=_("is"), choices=QUALITIES, coerce=int, initial=FAIR
            )
        found[f"{prefix}feedback"] = _text(_("Said to whoever chose it"), 1000)
        return found

    def initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {f"s{row}_key": key for row, key in enumerate(self.keys)}
        for row, step in enumerate(self.content.get("steps", [])):
            found |= {f"s{row}_says": step["says"], f"s{row}_ending": step["ending"]}
            for number, reply in enumerate(step["replies"]):
                found |= {f"s{row}r{number}_{name}": value for name, value in reply.items()}
        return found

    def after_growth(self) -> dict[str, Any]:
        keys = {f"s{row}_key": key for row, key in enumerate(self.keys)}
        return super().after_growth() | keys

    # what was typed

    def table(self, cleaned: dict[str, Any]) -> Content:
        """The steps; rows that were left empty are none."""
        steps = []
        for row in range(len(self.replies)):
            step = {
                "key": self.keys[row],
                "says": cleaned.get(f"s{row}_says", ""),
                "ending": cleaned.get(f"s{row}_ending", ""),
                "replies": self._replies(row, cleaned),
            }
            if self.is_translation or step["says"] or step["ending"] or step["replies"]:
                steps.append(step)
        return {"steps": steps}

    def _replies(self, row: int, cleaned: dict[str, Any]) -> list[Content]:
        found = []
        for number in range(self.replies[row]):
            prefix = f"s{row}r{number}_"
            reply = {
                "words": cleaned.get(f"{prefix}words", ""),
                "leads_to": cleaned.get(f"{prefix}leads_to", ""),
                "quality": cleaned.get(f"{prefix}quality", FAIR),
                "feedback": cleaned.get(f"{prefix}feedback", ""),
            }
            if self.source is not None:
                told = self.source["steps"][row]["replies"][number]
                reply |= {"leads_to": told["leads_to"], "quality": told["quality"]}
            if self.is_translation or reply["words"] or reply["feedback"]:
                found.append(reply)
        return found

    def steps(self, form: Any) -> list[dict[str, Any]]:
        """The bound fields, step by step, for the template."""

        def bound(*names: str) -> list[Any]:
            return [form[name] for name in names if name in form.fields]

        parts = ("words", "leads_to", "quality", "feedback")
        return [
            {
                "row": row,
                "number": row + 1,
                "hidden": bound(f"s{row}_key"),
                "says": form[f"s{row}_says"],
                "replies": [bound(*(f"s{row}r{reply}_{part}" for part in parts)) for reply in range(replies)],
                "ending": bound(f"s{row}_ending"),
                "may_grow": not self.is_translation and replies < MOST_REPLIES,
            }
            for row, replies in enumerate(self.replies)
        ]


def _text(label: Any, most: int) -> CleanTextField:
    return CleanTextField(label=label, max_length=most, required=False, widget=area())
