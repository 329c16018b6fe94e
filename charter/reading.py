"""An edition's frozen content in the words of one reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from charter.models import Edition, Measure, Standard

PARTS = [
    ("vision", _("Vision")),
    ("why", _("Why it matters")),
    ("reach_us", _("How to reach a person")),
    ("when_missed", _("When we miss a promise")),
    ("we_ask", _("What we ask of you")),
]


def read_edition(content: dict[str, Any], language: str) -> dict[str, Any]:
    """The content with each part's `words` in the language asked for, else in one that there is.

    Codes are given their labels. An empty content is read as nothing.
    """
    words = Edition.words(content.get("texts", {}), language)
    values = {each["key"]: Edition.words(each["texts"], language) for each in content.get("values", [])}
    return {
        "words": words,
        "parts": [(label, words[name]) for name, label in PARTS if words.get(name)],
        "values": list(values.values()),
        "standards": [_standard(each, values, language) for each in content.get("standards", [])],
    }


def _standard(standard: dict[str, Any], values: dict[str, Any], language: str) -> dict[str, Any]:
    measures = [
        each
        | {
            "method_words": Measure(
                method=each["method"], scale_low=each["scale_low"], scale_high=each["scale_high"]
            ).method_words
        }
        for each in standard["measures"]
    ]
    return {
        "key": standard["key"],
        "words": Edition.words(standard["texts"], language),
        "value": values.get(standard["value"], {}).get("name", ""),
        "discretion": dict(Standard.Discretion.choices).get(standard["discretion"], ""),
        "measures": measures,
    }
