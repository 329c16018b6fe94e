"""The house graphics and the words of figures."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from common import charts
from common.figure_words import VERDICTS, duration, rounded

SVG = "{http://www.w3.org/2000/svg}"


def measure(**kwargs: Any) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            "method": "top_box",
            "direction": "higher",
            "source": "answers",
            "scale_low": 0,
            "scale_high": 1,
            **kwargs,
        }
    )


@dataclass
class FakeFigure:
    """What the tags ask of a figure of the scoreboard."""

    measure: Any = field(default_factory=measure)
    n: int = 300
    value: float | None = 94.0
    low: float | None = 90.71
    high: float | None = 96.16
    goal: Decimal | None = Decimal("90.0000")
    verdict: str = "met"
    high_count: int = 282
    is_share: bool = True
    is_full_count: bool = False
    is_indicative: bool = False
    scale_low: float = 0
    scale_high: float = 100
    bound_decimals: int = 0
    hidden_reason: str = ""
    value_text: str = "94 %"
    interval_text: str = "91 to 96"


TOO_FEW = {
    "n": 6,
    "value": None,
    "low": None,
    "high": None,
    "verdict": "too_few",
    "hidden_reason": "6 answers so far, we publish from 10.",
}


def render(source: str, **context: Any) -> str:
    return Template("{% load charterwell %}" + source).render(Context(context))


def words(html: str) -> str:
    return " ".join(html.split())


def drawn(source: str, **context: Any) -> ElementTree.Element:
    """The graphic, read as XML: a broken attribute fails here."""
    html = render(source, **context).strip()
    return ElementTree.fromstring(html.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))


def lines(svg: ElementTree.Element, css_class: str) -> list[ElementTree.Element]:
    return [line for line in svg.iter(f"{SVG}line") if line.get("class", "").split()[:1] == [css_class]]


# ---------------------------------------------------------------- the strip


def test_the_strip_puts_figure_goal_and_interval_where_they_belong() -> None:
    svg = drawn("{% strip figure %}", figure=FakeFigure())
    (band,), (goal,) = lines(svg, "band"), lines(svg, "goal")
    dot = svg.find(f"{SVG}svg")
    assert dot is not None
    assert (band.get("x1"), band.get("x2")) == ("90.71%", "96.16%")
    assert goal.get("x1") == "90%"
    assert dot.get("x") == "94%"


def test_the_strip_says_in_words_what_it_draws() -> None:
    svg = drawn("{% strip figure %}", figure=FakeFigure())
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "94 %, between 91 to 96, goal 90, met"


@pytest.mark.parametrize("german", ["de", "fr", "ar"])
def test_the_strip_keeps_decimal_points_in_languages_with_a_comma(german: str) -> None:
    with translation.override(german):
        svg = drawn("{% strip figure %}", figure=FakeFigure(value=84.6))
        dot = svg.find(f"{SVG}svg")
    assert dot is not None
    assert dot.get("x") == "84.6%"


def test_every_verdict_has_a_shape_of_its_own() -> None:
    shapes = {(mark.filled, mark.ring, mark.dashes) for mark in charts.MARKS.values()}
    assert len(shapes) == len(VERDICTS) == 6


def test_the_dot_on_the_strip_has_the_verdicts_shape() -> None:
    for verdict in ("met", "not_met", "unsure", "no_goal"):
        html = render("{% strip figure %}", figure=FakeFigure(verdict=verdict))
        assert charts.MARKS[verdict].filled in html


def test_a_figure_of_too_few_answers_is_not_drawn() -> None:
    svg = drawn("{% strip figure %}", figure=FakeFigure(**TOO_FEW))
    assert svg.find(f"{SVG}svg") is None
    assert lines(svg, "band") == []
    assert len(lines(svg, "goal")) == 1
    assert "open" in lines(svg, "track")[0].get("class", "")


def test_a_hidden_figure_is_not_drawn_even_if_its_value_came_along() -> None:
    html = render("{% strip figure %}", figure=FakeFigure(value=33.0, hidden_reason="Not shown here."))
    assert "33" not in html


def test_a_full_count_has_no_band() -> None:
    svg = drawn("{% strip figure %}", figure=FakeFigure(is_full_count=True, low=None, high=None))
    assert lines(svg, "band") == []


def test_a_score_from_minus_100_to_100_is_drawn_on_its_own_range() -> None:
    figure = FakeFigure(
        value=30, low=-19.05, high=65.2, goal=Decimal(0), scale_low=-100, scale_high=100, is_share=False
    )
    svg = drawn("{% strip figure tall=True %}", figure=figure)
    assert lines(svg, "goal")[0].get("x1") == "50%"
    assert svg.find(f"{SVG}svg").get("x") == "65%"  # type: ignore[union-attr]
    assert [text.text for text in svg.iter(f"{SVG}text")] == ["goal 0", "-100", "100"]


def test_a_figure_beyond_its_range_stays_on_the_track() -> None:
    assert charts.share_of(120, 0, 100) == 100
    assert charts.share_of(-5, 0, 100) == 0


def test_the_goals_label_stays_inside_at_the_ends() -> None:
    ends = {
        target: charts.strip(FakeFigure(goal=Decimal(target))).goal_anchor for target in ("2", "50", "100")
    }
    assert ends == {"2": "start", "50": "middle", "100": "end"}


# ------------------------------------------------------- words and numbers


def test_the_verdict_is_a_shape_and_a_word() -> None:
    html = render("{% verdict figure %}", figure=FakeFigure(verdict="unsure"))
    assert "too close to call" in html
    assert charts.HALF in html


def test_numbers_are_rounded_half_up() -> None:
    assert [str(rounded(value, 0)) for value in (0.5, 1.5, 2.5, 84.5)] == ["1", "2", "3", "85"]
    assert str(rounded(2.675, 2)) == "2.68"


def test_a_bare_number_is_grouped_in_the_readers_language() -> None:
    with translation.override("de"):
        assert render("{{ value|figure }}", value=1305) == "1.305"
    assert render("{{ value|figure }}", value=1305) == "1,305"


def test_a_missing_figure_is_a_dash() -> None:
    assert render("{{ figure|figure }}", figure=FakeFigure(**TOO_FEW)) == "–"
    assert render("{{ value|figure }}", value=None) == "–"


def test_the_goal_has_no_empty_decimals() -> None:
    assert render("{{ figure|goal }}", figure=FakeFigure(goal=Decimal("90.0000"))) == "90"
    assert render("{{ figure|goal }}", figure=FakeFigure(goal=Decimal("4.5000"))) == "4.5"


def test_one_answer_and_many_cases_are_named() -> None:
    assert render("{{ figure|answers }}", figure=FakeFigure(n=1)) == "1 answer"
    cases = FakeFigure(n=1305, measure=measure(source="results"))
    assert render("{{ figure|answers }}", figure=cases) == "1,305 cases"


@pytest.mark.parametrize(
    ("kwargs", "sentence"),
    [
        ({}, "<b>282 of 300</b> said yes; our goal is 90 in 100."),
        ({"n": 100, "high_count": 91}, "<b>91 of 100</b> said yes; our goal is 90."),
        ({"goal": None}, "<b>282 of 300</b> said yes."),
        (
            {"measure": measure(scale_low=1, scale_high=5)},
            "<b>282 of 300</b> said good or very good; our goal is 90 in 100.",
        ),
        (
            {"measure": measure(method="share_met", source="results")},
            "<b>282 of 300</b> times we kept it; our goal is 90 in 100.",
        ),
        (
            {"measure": measure(direction="lower"), "goal": Decimal(5)},
            "<b>282 of 300</b> said yes; our goal is at most 5 in 100.",
        ),
        (
            {"measure": measure(method="nps"), "is_share": False, "value_text": "30", "scale_low": -100},
            "<b>30</b> on a scale from -100 to 100: those who would recommend us, less those who would not,"
            " from 300 answers; our goal is 90.",
        ),
        (TOO_FEW, "6 answers so far, we publish from 10."),
    ],
)
def test_the_public_reads_plain_words_first(kwargs: dict[str, Any], sentence: str) -> None:
    html = render("{% plain_figure figure %}", figure=FakeFigure(**kwargs))
    assert words(html) == f'<p class="plain-figure">{sentence}</p>'


def test_how_sure_says_the_interval_and_that_respondents_chose_themselves() -> None:
    html = words(render("{% how_sure figure %}", figure=FakeFigure()))
    assert "With 282 of 300, the true share lies between 91 and 96 in 100" in html
    assert "Those who answered chose to." in html


def test_how_sure_keeps_the_decimals_that_tell_a_bound_from_the_goal() -> None:
    html = words(render("{% how_sure figure %}", figure=FakeFigure(low=89.97, high=98.4, bound_decimals=2)))
    assert "between 89.97 and 98.40 in 100" in html


def test_how_sure_of_a_full_count_estimates_nothing() -> None:
    html = words(render("{% how_sure figure %}", figure=FakeFigure(is_full_count=True, low=None, high=None)))
    assert "Every case is counted, so there is nothing to estimate." in html


def test_nothing_is_said_about_a_hidden_figure() -> None:
    assert render("{% how_sure figure %}", figure=FakeFigure(**TOO_FEW)).strip() == ""


def test_a_short_hyphenated_word_is_not_torn_apart_and_nothing_else_changes() -> None:
    html = render("{{ text|unbroken }}", text="<b>Every e-mail</b> & well-known letter")
    assert html == ('&lt;b&gt;Every <span class="whole">e-mail</span>&lt;/b&gt; &amp; well-known letter')


# ----------------------------------------------------- sparkline, face, ring


def test_a_gap_in_the_sparkline_stays_a_gap() -> None:
    drawing = charts.sparkline([70, 72, None, 75, None, 71, 74, 78])
    assert [run.count("L") for run in drawing.runs] == [1, 2]
    assert len(drawing.lone) == 1


def test_a_sparkline_without_figures_says_so_where_all_can_see_it() -> None:
    html = render("{% sparkline points %}", points=[None, None])
    assert "<svg" not in html
    assert "No figures yet" in html


def test_small_noise_does_not_fill_the_height_of_a_sparkline() -> None:
    drawing = charts.sparkline([90.0, 90.4, 90.1])
    heights = [float(place.split()[1]) for place in drawing.runs[0][1:].split(" L")]
    assert max(heights) - min(heights) < 1


def test_the_sparkline_takes_points_with_a_value_and_says_them() -> None:
    points = [SimpleNamespace(value=72), SimpleNamespace(value=None), SimpleNamespace(value=94)]
    svg = drawn("{% sparkline points goal=90 %}", points=points)
    assert svg.get("aria-label") == "Oldest first: 72, none, 94; goal 90"


def test_five_faces_have_five_mouths() -> None:
    assert len({render("{% face n %}", n=number) for number in range(1, 6)}) == 5


def test_a_face_without_words_beside_it_names_itself() -> None:
    assert 'aria-label="very good"' in render("{% face 5 inline=True %}")
    assert 'aria-hidden="true"' in render("{% face 5 %}")


def test_a_ring_is_never_more_than_full() -> None:
    assert charts.ring(140) == charts.ring(100)
    assert charts.ring(60).startswith("60.32 ")


# -------------------------------------------------------------------- links


def test_a_link_keeps_the_query_and_changes_one_part() -> None:
    request = RequestFactory().get("/feedback/", {"q": "a&b", "page": "2", "face": ["1", "2"]})
    assert (
        render("{% query_with page=3 %}", request=request).replace("&amp;", "&")
        == "?q=a%26b&page=3&face=1&face=2"
    )
    assert render("{% query_with page=None q=None %}", request=request) == "?face=1&amp;face=2"


def test_many_pages_are_offered_with_dots() -> None:
    page = Paginator(range(1000), 10).get_page(50)
    html = render('{% include "common/_pagination.html" with page=page request=request only %}',
                  page=page, request=RequestFactory().get("/feedback/?q=x"))  # fmt: skip
    assert "?q=x&amp;page=51" in html
    assert "…" in html
    assert html.count("<li>") < 12


def test_the_number_of_rows_is_written_as_other_figures_are() -> None:
    page = Paginator(range(4284), 50).get_page(30)
    html = render('{% include "common/_pagination.html" with page=page request=request only %}',
                  page=page, request=RequestFactory().get("/feedback/"))  # fmt: skip
    assert "1,451 to 1,500 of 4,284" in " ".join(html.replace("\N{NARROW NO-BREAK SPACE}", ",").split())


def test_one_page_needs_no_pagination() -> None:
    page = Paginator(range(3), 10).get_page(1)
    assert render('{% include "common/_pagination.html" %}', page=page).strip() == ""


def test_hostile_text_is_escaped_in_the_graphics() -> None:
    figure = FakeFigure(**{**TOO_FEW, "hidden_reason": "<script>"})
    assert "<script>" not in render("{% plain_figure figure %}", figure=figure)


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        (None, "–"),
        (timedelta(seconds=59), "under a minute"),
        (timedelta(hours=1, minutes=5), "1 hour, 5 minutes"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=7, hours=2, minutes=59), "7 days, 2 hours"),
        (timedelta(days=20, hours=23), "20 days"),
    ],
)
def test_a_length_of_time_is_said_in_its_two_largest_units(taken, words):
    assert duration(taken) == words
