"""Template tags that only pages for the public need: their language, and how to reach a person."""

from decimal import Decimal
from typing import Any

from django import template

from common import languages, markdown
from common.figure_words import localised

register = template.Library()


@register.filter
def contact(text: str) -> str:
    """Markdown in which bare web and mail addresses can be followed, and each of them and each telephone
    number stays whole and reads from left to right, in every script."""
    return markdown.whole_addresses(markdown.prose(markdown.with_links(text or "")))


@register.filter
def money(amount: Any, currency: str) -> str:
    """An amount with its currency: “50 pounds”, “12.50 €”, and “£50” where English puts the sign first."""
    exact = Decimal(str(amount))
    number = localised(exact, 0 if exact == exact.to_integral_value() else 2)
    sign_first = len(currency) == 1 and languages.spoken_language().startswith("en")
    return f"{currency}{number}" if sign_first else f"{number}\N{NO-BREAK SPACE}{currency}"


@register.simple_tag
def language_suffix() -> str:
    """“?language=de”: what keeps a public page's language in a link; nothing in the first language."""
    return languages.language_suffix()


@register.simple_tag
def front_page() -> str:
    """The address of the organisation's charter in the language that is spoken."""
    return f"/{languages.language_suffix()}"
