"""An edition's frozen content in the words of one reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from charter.models import Edition, Measure, Standard, ValueText
from charter.models.standard import time_limit_words

PARTS = [
    ("vision", _("Vision")),
    ("why", _("Why it matters")),
    ("reach_us", _("How to reach a person")),
    ("when_missed", _("When we miss a promise")),
    ("we_ask", _("What we ask of you")),
    ("how_to_complain", _("How to complain, and who looks at it next")),
]
STANDARD_PARTS = [
    ("need", _("The need it meets")),
    ("feeling", _("How the customer should feel")),
    ("guidance", _("Guidance for staff")),
    ("examples", _("Examples of good judgement")),
]
POLICY_PARTS = [
    ("gives", _("What the customer gets")),
    ("staff_may", _("What staff may decide alone")),
    ("remedies", _("How it is put right")),
    ("replaces", _("The rule that it replaces")),
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
        "values": [words | {"behaviours": behaviours_of(words)} for words in values.values()],
        "standards": [_standard(each, values, language) for each in content.get("standards", [])],
        "policies": [_policy(each, language) for each in content.get("policies", [])],
    }


def behaviours_of(words: dict[str, str]) -> list[tuple[Any, list[str], list[str]]]:
    """A value's behaviours as `ValueText.behaviours`; editions before them said how the value shows."""
    names = ("we_do_customers", "we_dont_customers", "we_do_colleagues", "we_dont_colleagues")
    told = {name: words.get(name, "") for name in names}
    told["we_do_customers"] = told["we_do_customers"] or words.get("towards_customers", "")
    told["we_do_colleagues"] = told["we_do_colleagues"] or words.get("towards_colleagues", "")
    return ValueText(**told).behaviours


def _policy(policy: dict[str, Any], language: str) -> dict[str, Any]:
    words = Edition.words(policy["texts"], language)
    return {
        "words": words,
        "parts": [(label, words[name]) for name, label in POLICY_PARTS if words.get(name)],
        "amount": f"{policy['currency']} {policy['amount']}" if policy["amount"] else "",
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
    words = Edition.words(standard["texts"], language)
    limit = standard.get("limit_amount")
    return {
        "key": standard["key"],
        "words": words,
        "parts": [(label, words[name]) for name, label in STANDARD_PARTS if words.get(name)],
        "is_internal": standard.get("audience") == Standard.Audience.COLLEAGUES,
        "limit": time_limit_words(limit, standard["limit_unit"]) if limit else "",
        "relies_on": [_cited(each, language) for each in standard.get("depends_on", [])],
        "refines": _cited(standard["refines"], language) if standard.get("refines") else "",
        "value": values.get(standard["value"], {}).get("name", ""),
        "discretion": dict(Standard.Discretion.choices).get(standard["discretion"], ""),
        "measures": measures,
    }


def _cited(citation: dict[str, Any], language: str) -> str:
    return f"{citation['unit']}: {Edition.words(citation['texts'], language).get('promise', '')}"
