"""What authors write becomes quiet HTML, whatever they write."""

import re

import pytest

from common.markdown import plain_blocks, prose, whole_addresses, with_links


def test_paragraphs_lists_and_emphasis_are_kept() -> None:
    made = prose("Greet **first**.\n\n- look up\n- smile")
    assert "<strong>first</strong>" in made
    assert made.count("<li>") == 2


def test_a_heading_never_outranks_those_of_the_page() -> None:
    assert prose("# One\n\n###### Six").split() == ["<h3>One</h3>", "<h5>Six</h5>"]


def test_a_text_that_has_the_page_to_itself_begins_below_its_title() -> None:
    assert prose("# One\n\n## Two\n\n### Three", 1).split() == [
        "<h2>One</h2>",
        "<h2>Two</h2>",
        "<h3>Three</h3>",
    ]


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


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Write to help@harbour.example.", 'href="mailto:help@harbour.example"'),
        ("See https://harbour.example/a?b=1.", 'href="https://harbour.example/a?b=1"'),
        ("[Here](https://harbour.example)", 'href="https://harbour.example"'),
        ("<https://harbour.example>", 'href="https://harbour.example"'),
    ],
)
def test_a_bare_address_becomes_one_link_and_a_written_one_stays(text: str, link: str) -> None:
    html = prose(with_links(text))
    assert html.count("<a ") == 1
    assert link in html


def test_on_paper_the_marks_are_gone_and_items_have_bullets_or_numbers() -> None:
    hours = "# Hours\n\nMonday **to** Friday,\n8 to 18."
    text = f"{hours}\n\n- by [phone](tel:0800)\n- `in` person\n\n2. Ask\n3. Write"
    assert plain_blocks(text) == (
        *("Hours", "Monday to Friday,\n8 to 18.", "• by phone", "• in person"),
        *("2. Ask", "3. Write"),
    )


def test_telephone_numbers_and_mail_addresses_stay_whole_and_left_to_right() -> None:
    html = whole_addresses(
        prose(with_links("Call [us](tel:08005550100) on 0800 555 0100 or a@harbour.example."))
    )
    assert '<bdi class="whole" dir="ltr">0800 555 0100</bdi>' in html
    assert '<bdi dir="ltr">a@<wbr>harbour.example</bdi></a>' in html
    assert html.count("<bdi") == 2


def test_hours_years_and_amounts_are_no_telephone_numbers() -> None:
    assert "<bdi" not in whole_addresses(prose("Monday to Friday 8 to 18, since 2026, up to 50 pounds."))
