"""The addressable parts of frozen content: what is reviewed, compared and explained one by one.

A part is one text of the charter itself (`words:purpose`), or one entry of a list under its stable key
(`value:respect`, `standard:next-step`). The database does not keep the order of names inside frozen
content, so fields come in the order of their models.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.models import (
    CharterText,
    Edition,
    Measure,
    Policy,
    PolicyText,
    Standard,
    StandardText,
    ValueText,
)

WORDS = "words"
SECTIONS = {"values": "value", "standards": "standard", "policies": "policy"}
KINDS = {
    WORDS: gettext_lazy("Words of the charter"),
    "value": gettext_lazy("Value"),
    "standard": gettext_lazy("Standard"),
    "policy": gettext_lazy("Policy"),
}
TEXT_MODELS: dict[str, type[models.Model]] = {
    WORDS: CharterText,
    "value": ValueText,
    "standard": StandardText,
    "policy": PolicyText,
}
FACT_MODELS: dict[str, type[models.Model]] = {"standard": Standard, "policy": Policy}
HEADLINES = ("promise", "name", "title")
RENAMED = {"towards_customers": "we_do_customers", "towards_colleagues": "we_do_colleagues"}
"""Names in older editions, and what has become of them."""
LATER = {"standard": {"channel": Standard.Channel.ANY, "audience": Standard.Audience.CUSTOMERS}}
"""What older editions do not say of an entry, and what held then."""
TOGETHER = {"limit_amount": "limit_unit", "amount": "currency"}
"""Two columns that are read as one: “2 working days”."""
NOT_FACTS = ("key", "texts", "measures", *TOGETHER.values())

Texts = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Part:
    """`texts`: language → field → words, what is written only. `facts`: label → what holds in every
    language, what is set only; `usual` are the labels of facts that go without saying."""

    key: str
    kind: str
    title: str
    texts: Texts
    facts: dict[str, str] = field(default_factory=dict)
    usual: frozenset[str] = frozenset()

    @property
    def kind_label(self) -> Any:
        return KINDS[self.kind]

    @property
    def anchor(self) -> str:
        """Its id on a page."""
        return self.key.replace(":", "-")

    def lines(self, language: str) -> dict[str, str]:
        """Label → words of everything that is written, in one language or in one that there is."""
        words = Edition.words(self.texts, language)
        named = {label_of(self.kind, name): words[name] for name in _ordered(TEXT_MODELS[self.kind], words)}
        return named | self.facts

    def reading(self, language: str) -> list[tuple[str, str]]:
        """The lines without the headline, and without what goes without saying."""
        lines = self.lines(language)
        if self.kind == WORDS:
            return [("", text) for text in lines.values()]
        return [
            (label, text) for label, text in lines.items() if text != self.title and label not in self.usual
        ]


def parts_of(content: dict[str, Any], language: str, later: dict[str, Any] | None = None) -> list[Part]:
    """Every part in reading order; titles in the language asked for, else in one that there is.

    What an entry names by its key is called as `later` content calls it, so that neither a new name nor a
    translation that came later reads as if the entry named something else.
    """
    return [*_words(_written(content.get("texts", {}))), *_entries(content, language, later or {})]


def _written(texts: Texts) -> Texts:
    return {
        language: {RENAMED.get(name, name): text for name, text in words.items() if text}
        for language, words in texts.items()
    }


def _words(texts: Texts) -> Iterator[Part]:
    names = {name for words in texts.values() for name in words}
    for name in _ordered(CharterText, names):
        own = {code: {name: words[name]} for code, words in texts.items() if name in words}
        yield Part(f"{WORDS}:{name}", WORDS, label_of(WORDS, name), own)


def _titles(content: dict[str, Any], language: str) -> dict[tuple[str, str], str]:
    return {
        (section, row["key"]): _title(row, language)
        for section in SECTIONS
        for row in content.get(section, [])
    }


def _entries(content: dict[str, Any], language: str, later: dict[str, Any]) -> Iterator[Part]:
    titles = _titles(content, language)
    named = titles | _titles(later, language)
    for section, kind in SECTIONS.items():
        for row in content.get(section, []):
            unsaid = LATER.get(kind, {})
            full = unsaid | row
            usual = frozenset(label_of(kind, name) for name in unsaid if full[name] == unsaid[name])
            facts = _facts(kind, full, named, language)
            title = titles[section, row["key"]]
            yield Part(f"{kind}:{row['key']}", kind, title, _written(row["texts"]), facts, usual)


def _title(row: dict[str, Any], language: str) -> str:
    words = Edition.words(row["texts"], language)
    return next((words[name] for name in HEADLINES if words.get(name)), row["key"])


def _facts(kind: str, row: dict[str, Any], titles: dict[Any, str], language: str) -> dict[str, str]:
    """What the entry says beside its words: codes by their labels, keys by titles, measures by names."""
    model = FACT_MODELS.get(kind)
    found = {}
    for name in _ordered(model, set(row).difference(NOT_FACTS)) if model else []:
        if name == "value":
            shown = titles.get(("values", row[name]), "")
        elif name == "standards":
            shown = ", ".join(titles["standards", key] for key in row[name] if ("standards", key) in titles)
        elif name in TOGETHER and row[name]:
            shown = f"{row[name]} {_label(model, TOGETHER[name], row.get(TOGETHER[name]))}"
        else:
            shown = _label(model, name, row[name], language)
        if shown:
            found[label_of(kind, name)] = shown
    for measure in row.get("measures", []):
        found[measure["name"]] = _measure(measure)
    return found


def _label(model: Any, name: str, stored: Any, language: str = "") -> str:
    """A stored code, citation or list in words."""
    if isinstance(stored, list):
        return ", ".join(_label(model, name, each, language) for each in stored)
    if isinstance(stored, dict):
        return f"{_title(stored, language)} ({stored['unit']})"
    choices: dict[Any, Any] = dict(model._meta.get_field(name).flatchoices)
    return str(choices.get(stored, stored) or "")


def _measure(measure: dict[str, Any]) -> str:
    how = Measure(
        method=measure["method"], scale_low=measure["scale_low"], scale_high=measure["scale_high"]
    ).method_words
    if not measure["goal"]:
        return _("%(how)s, no goal") % {"how": how}
    return _("%(how)s, goal %(goal)s") % {"how": how, "goal": measure["goal"]}


def _columns(model: Any) -> list[Any]:
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def _ordered(model: Any, names: Iterable[str]) -> list[str]:
    """The names that the model has columns for, in its order."""
    wanted = set(names)
    return [column.name for column in _columns(model) if column.name in wanted]


def label_of(kind: str, name: str) -> str:
    """The name of a column in the words of its form."""
    models_of = [TEXT_MODELS[kind], *([FACT_MODELS[kind]] if kind in FACT_MODELS else [])]
    for column in (column for model in models_of for column in _columns(model)):
        if column.name == name:
            label = str(column.verbose_name)
            return label[:1].upper() + label[1:]
    return name
