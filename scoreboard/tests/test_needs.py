"""Importance against satisfaction on the page: quadrants from live figures, intervals, gaps, margins."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charter import actions
from charter.tests.factories import MeasureFactory
from common.period import Period
from customers.tests.factories import NeedFactory
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.models import DailyTally, MonthlyTally
from scoreboard.needs import drawing_of, in_words, needs_of

pytestmark = pytest.mark.django_db
NOVEMBER = Period.parse("2026-11")
DAY = date(2026, 11, 10)
MEAN = {"method": "mean", "scale_low": 1, "scale_high": 5}


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(slug="branch", parent=root)


def answered(measure, unit, values, month=date(2026, 11, 1)):
    """`values`: answer → how many, as the tallies of one day."""
    n = sum(values.values())
    counts = {
        "n": n,
        "total": sum(value * many for value, many in values.items()),
        "squares": sum(value * value * many for value, many in values.items()),
        "high": 0,
        "low": 0,
        "na": 0,
        "values": {str(value): many for value, many in values.items()},
    }
    where = {"measure": measure, "unit": unit, "series": 1}
    DailyTally.objects.create(day=month.replace(day=10), **where, **counts)
    MonthlyTally.objects.create(month=month, **where, **counts)


def a_need(words, unit, important, satisfied, goal=4, **more):
    """A need with both measures; `important` and `satisfied` say how many gave which answer."""
    need = NeedFactory(need=words, **more)
    importance = MeasureFactory(is_of_need=True, **MEAN)
    satisfaction = MeasureFactory(is_of_need=True, goal=goal, **MEAN)
    actions.measure_need(need=need, importance=importance, satisfaction=satisfaction, by=None)
    if important:
        answered(importance, unit, important)
    if satisfied:
        answered(satisfaction, unit, satisfied)
    return need


def body(response):
    return b"".join(response).decode() if response.streaming else response.content.decode()


def rows_of(unit):
    return {row.need.need: row for row in needs_of(unit, NOVEMBER, DAY)}


def test_every_need_lies_in_its_quadrant(root, branch):
    a_need("To wait less", branch, {5: 20}, {3: 10, 2: 10})
    a_need("To be greeted", branch, {5: 20}, {5: 20})
    a_need("Coffee", branch, {2: 20}, {5: 20})
    a_need("Carpets", branch, {2: 20}, {3: 20})
    rows = rows_of(root)
    assert {words: row.quadrant for words, row in rows.items()} == {
        "To wait less": "concentrate",
        "To be greeted": "keep_up",
        "Coffee": "overkill",
        "Carpets": "low",
    }
    worst = rows["To wait less"]
    assert worst.cut == 3.5
    assert worst.priority == pytest.approx(5 * 1.5)
    assert (worst.band, rows["Carpets"].band, rows["Coffee"].band) == ("high", "middle", "low")


def test_needs_that_matter_equally_lie_on_the_cut_and_not_below_it(root, branch):
    for name in ("To wait less", "To be greeted", "Coffee"):
        a_need(name, branch, {1: 13, 2: 7}, {3: 20})
    assert {row.quadrant for row in rows_of(branch).values()} == {"concentrate"}


@pytest.mark.parametrize(
    ("satisfied", "goal", "band"),
    [({3: 18, 4: 2}, "3.3", "middle"), ({4: 12, 5: 8}, "5", "high"), ({4: 6, 5: 4}, "4.6", "middle")],
)
def test_a_priority_on_the_edge_of_a_band_belongs_to_the_higher_one(root, branch, satisfied, goal, band):
    a_need("To wait less", branch, {5: 20}, satisfied, goal=Decimal(goal))
    assert rows_of(branch)["To wait less"].band == band


def test_a_margin_is_rounded_from_its_exact_value(root, branch):
    a_need("To wait less", branch, {5: 20}, {4: 19, 5: 1}, minimum_level=Decimal("4.0"))
    ((_words, told),) = rows_of(branch)["To wait less"].margins
    assert told.startswith("+0.1 ")


def test_the_gap_has_its_sign_and_an_interval(root, branch):
    a_need("To wait less", branch, {5: 12, 4: 8}, {3: 10, 2: 10})
    gap = rows_of(branch)["To wait less"].gap
    assert gap.difference == pytest.approx(4.6 - 2.5)
    assert gap.low < gap.difference < gap.high


def test_the_margin_is_negative_where_the_service_falls_short_of_what_is_expected(root, branch):
    levels = {"minimum_level": Decimal("3.0"), "desired_level": Decimal("4.5")}
    a_need("To wait less", branch, {5: 20}, {4: 20, 3: 20}, **levels)
    least, wished = rows_of(branch)["To wait less"].margins
    assert least[1].startswith("+0.5")
    assert wished[1].startswith("−1.0")


def test_a_need_near_a_cut_says_that_it_is_not_sure(root, branch):
    a_need("To wait less", branch, {5: 20}, {5: 5, 3: 5})
    a_need("To be greeted", branch, {1: 20}, {1: 10, 2: 10})
    rows = rows_of(branch)
    assert rows["To wait less"].is_unsure
    assert not rows["To be greeted"].is_unsure


def test_too_few_answers_place_a_need_nowhere_and_do_not_move_the_cut(client, root, branch):
    a_need("To wait less", branch, {5: 20}, {3: 20})
    a_need("Rare", branch, {1: 4}, {3: 20})
    rows = rows_of(branch)
    assert (rows["Rare"].quadrant, rows["Rare"].gap, rows["Rare"].priority) == ("", None, None)
    assert rows["To wait less"].cut == 5
    client.force_login(person_in(branch))
    assert "not enough answers" in body(client.get("/scoreboard/branch/needs/?period=2026-11"))


def test_a_need_without_a_goal_has_a_gap_and_no_quadrant(root, branch):
    a_need("To wait less", branch, {5: 20}, {3: 20}, goal=None)
    row = rows_of(branch)["To wait less"]
    assert (row.quadrant, row.band) == ("", "")
    assert row.gap is not None
    assert drawing_of([row]) is None


def test_the_change_since_the_period_before_is_told(root, branch):
    a_need("To wait less", branch, {5: 20}, {4: 20, 5: 20})
    satisfaction = rows_of(branch)["To wait less"].pair.satisfaction
    answered(satisfaction, branch, {2: 20, 3: 20}, month=date(2026, 10, 1))
    assert rows_of(branch)["To wait less"].change.direction == "better"


def test_the_chart_is_told_in_words_beside_its_table(client, root, branch):
    a_need("To wait less", branch, {5: 20}, {3: 20})
    a_need("Coffee", branch, {2: 20}, {5: 20})
    assert in_words(list(rows_of(branch).values())).startswith("Concentrate on: To wait less. Besides:")
    client.force_login(person_in(branch))
    page = body(client.get("/scoreboard/branch/needs/?period=2026-11"))
    assert 'class="quadrant"' in page
    assert "Concentrate on: To wait less" in page
    assert "style=" not in page.split('class="quadrant"')[1].split("</svg>")[0]


def test_the_table_is_searched_filtered_sorted_and_taken_along(client, root, branch):
    a_need("ÄRGER avoided", branch, {5: 20}, {3: 20})
    a_need("Coffee", branch, {2: 20}, {5: 20})
    client.force_login(person_in(branch))

    def shown(query):
        page = client.get(f"/scoreboard/branch/needs/?period=2026-11&{query}")
        return [row.need.need for row in page.context["page"]]

    assert shown("q=ärger") == ["ÄRGER avoided"]
    assert shown("quadrant=overkill") == ["Coffee"]
    assert shown("band=high") == ["ÄRGER avoided"]
    assert shown("sort=gap") == ["ÄRGER avoided", "Coffee"]
    assert client.get("/scoreboard/branch/needs/?quadrant=odd").status_code == 422
    assert "ÄRGER" in body(client.get("/scoreboard/branch/needs/?period=2026-11&export=csv"))


def test_a_measure_of_a_need_stands_on_no_board_and_in_no_edition(client, root, branch):
    need = a_need("To wait less", root, {5: 20}, {3: 20})
    measure = need.measures.get(role="satisfaction").measure
    client.force_login(person_in(root))
    unit = measure.standard.charter.unit
    assert measure.name not in body(client.get(f"/scoreboard/{unit.slug}/"))
    assert not measure.standard.provable(DAY)


def test_an_empty_page_says_how_to_begin(client, root, branch):
    client.force_login(person_in(branch))
    assert "No need has both figures yet" in body(client.get("/scoreboard/branch/needs/"))


def test_twenty_needs_take_as_many_queries_as_two(client, root, branch):
    client.force_login(person_in(branch))

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get("/scoreboard/branch/needs/?period=2026-11")
        return len(caught)

    for number in range(2):
        a_need(f"Need {number}", branch, {5: 20}, {3: 20})
    queries()
    two = queries()
    for number in range(2, 20):
        a_need(f"Need {number}", branch, {5: 20}, {3: 20})
    assert queries() == two
