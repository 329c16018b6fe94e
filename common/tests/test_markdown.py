"""What authors write becomes quiet HTML, whatever they write."""

import re

import pytest

from common.markdown import prose


def test_paragraphs_lists_and_emphasis_are_kept() -> None:
    made = prose("Greet **first**.\n\n- look up\n- smile")
    assert "<strong>first</strong>" in made
    assert made.count("<li>") == 2


def test_a_heading_never_outranks_those_of_the_page() -> None:
    assert prose("# One\n\n###### Six").split() == ["<h3>One</h3>", "<h5>Six</h5>"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/spy.png)",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<div style='position:fixed'>over all</div>",
    ],
)
def test_nothing_hostile_gets_through(hostile: str) -> None:
    tags = re.findall(r"</?(\w+)", prose(hostile))
    links = re.findall(r'href="(\w+)', prose(hostile))
    assert set(tags) <= {"p", "a"}
    assert set(links) <= {"https"}


def test_links_lead_to_the_web_mail_and_telephone() -> None:
    made = prose("[call](tel:0800) [write](mailto:a@b.example) [read](https://c.example)")
    assert made.count("<a href") == 3
