"""The keywords of a theme: what they find, and what they leave."""

import pytest
from django.core.exceptions import ValidationError

from common.text import search_form
from feedback.theming import MOST_LINES, Rules, themes_in


@pytest.mark.parametrize(
    ("lines", "text", "fits"),
    [
        ("wait", "I had to WAIT.", True),
        ("wait", "The waiter was kind", False),
        ("wait*", "Waited for an hour", True),
        ("*zeit", "Die Wartezeit war lang", True),
        ("long queue", "a long, long queue", True),
        ("long queue", "the queue was long", False),
        ("phone + nobody", "Nobody answers the phone", True),
        ("phone + nobody", "The phone was answered", False),
        ("wait*\n-waiting list", "on the waiting list since May", False),
        ("-waiting list", "anything else", False),
        ("été", "UN ÉTÉ AGRÉABLE", True),
        ("待つ", "一時間待つのは長い", True),
        ("انتظار*", "كان وقت انتظاركم طويلا", True),
        ("c++ (old)", "c++ (old)", True),
    ],
)
def test_a_rule_finds_what_it_says_and_nothing_else(lines: str, text: str, fits: bool) -> None:
    assert Rules.parse(lines).fit(search_form(text)) is fits


@pytest.mark.parametrize("lines", ["*", "wait + ", "-", "x" * 101, "wait\n" * (MOST_LINES + 1)])
def test_a_rule_without_a_word_is_refused(lines: str) -> None:
    with pytest.raises(ValidationError):
        Rules.parse(lines)


def test_a_comment_is_read_by_the_rules_of_its_language() -> None:
    rules = {1: {"de": Rules.parse("gift")}, 2: {"en": Rules.parse("gift")}}
    assert themes_in("gift", "de-AT", rules) == {1}
    assert themes_in("gift", "en", rules) == {2}
    assert themes_in("gift", "fr", rules) == set()
