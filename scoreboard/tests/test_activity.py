"""The dashboard of customer activity: raw figures, response rate and complaints beside the scores."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.period import Period
from customers.tests.factories import total_of
from feedback.tests.factories import CollectorFactory, ResponseFactory, VersionFactory
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard import pooling
from scoreboard.activity import activity_of
from scoreboard.response_rate import responses_in

pytestmark = pytest.mark.django_db
NOVEMBER = Period.parse("2026-11")
DAY = date(2026, 11, 10)
QUERY = "?period=2026-11"


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(slug="branch", parent=root)


def answered(unit, many, version, day=DAY):
    collector = CollectorFactory(unit=unit, questionnaire=version.questionnaire)
    for _each in range(many):
        ResponseFactory(collector=collector, version=version, unit=unit, service_date=day)


def body(response):
    return b"".join(response).decode() if response.streaming else response.content.decode()


def test_the_totals_of_the_subtree_are_added_up_and_each_share_is_of_what_says_both(root, branch):
    total_of(branch, DAY, served=400, used=100, returned=5, came_back=100, complaints=4)
    total_of(root, DAY, channel="online", served=100)
    total_of(branch, date(2026, 12, 1), served=9000)
    total_of(branch, date(2026, 10, 31), served=250)
    found = activity_of(root, NOVEMBER, DAY)
    everything = found.everything
    assert (everything.served, found.in_person_percent, found.change_percent) == (500, 80, 100)
    assert (everything.returned_percent, everything.came_back_percent) == (5, 25)
    assert everything.complaints_per_thousand == 10
    assert [(row.label, row.served) for row in found.units] == [(branch.name, 400)]


def test_what_nobody_counted_is_a_dash_and_no_nought(client, root, branch):
    total_of(branch, DAY, served=400)
    found = activity_of(branch, NOVEMBER, DAY)
    assert found.everything.complaints_per_thousand is None
    assert (found.products, found.areas) == ([], [])
    client.force_login(person_in(branch))
    page = client.get(f"/scoreboard/branch/activity/{QUERY}")
    assert page.status_code == 200
    assert "None" not in body(page)


def test_the_response_rate_is_that_of_the_units_that_counted(root, branch):
    other = UnitFactory(parent=root)
    total_of(branch, DAY, served=40)
    version = VersionFactory()
    answered(branch, 2, version)
    answered(other, 3, version)
    found = responses_in(pooling.spans_of(root.pk, NOVEMBER, pooling.Placements.read()))
    assert (found.n, found.of_counted, found.percent) == (5, 2, 5)


def test_the_response_rate_is_that_of_the_days_on_which_customers_were_counted(root, branch):
    total_of(branch, DAY, served=10)
    version = VersionFactory()
    answered(branch, 4, version)
    answered(branch, 15, version, day=date(2026, 11, 11))
    found = responses_in(pooling.spans_of(root.pk, NOVEMBER, pooling.Placements.read()))
    assert (found.n, found.of_counted, found.percent) == (19, 4, 40)


def test_what_employees_answer_is_no_part_of_the_response_rate(root, branch):
    total_of(branch, DAY, served=10)
    answered(branch, 4, VersionFactory())
    answered(branch, 5, VersionFactory(questionnaire__kind="employees"))
    found = responses_in(pooling.spans_of(root.pk, NOVEMBER, pooling.Placements.read()))
    assert (found.n, found.of_counted, found.percent) == (4, 4, 40)


def test_more_responses_than_customers_are_not_passed_over_in_silence(client, root, branch):
    total_of(branch, DAY, served=3)
    answered(branch, 4, VersionFactory())
    client.force_login(person_in(branch))
    page = body(client.get(f"/scoreboard/branch/activity/{QUERY}"))
    assert "More answered than were counted as served" in page


def test_the_page_leads_from_the_switch_back_to_itself(client, root, branch):
    total_of(branch, DAY, served=400)
    client.force_login(person_in(branch))
    answer = client.get("/scoreboard/?on=activity&unit=branch&period=2026-11")
    assert answer["Location"] == "/scoreboard/branch/activity/?period=2026-11"
    assert client.get("/scoreboard/branch/activity/?period=soon").status_code == 422
    assert "Nobody counted customers here" in body(client.get("/scoreboard/branch/activity/?period=2020"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_figures_leave_as_a_table(client, root, branch, kind):
    total_of(branch, DAY, served=400, product="=cmd()")
    client.force_login(person_in(branch))
    answer = client.get(f"/scoreboard/branch/activity/{QUERY}&export={kind}")
    assert answer.status_code == 200
    if kind == "csv":
        assert "'=cmd()" in body(answer)


def test_twenty_units_and_products_take_as_many_queries_as_two(client, root):
    client.force_login(person_in(root))

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/scoreboard/{root.slug}/activity/{QUERY}")
        return len(caught)

    def more(numbers):
        for number in numbers:
            total_of(UnitFactory(parent=root), DAY, product=f"Product {number}", area=f"Area {number}")

    more(range(2))
    queries()
    two = queries()
    more(range(2, 20))
    assert queries() == two


@pytest.mark.parametrize("page", ["needs", "activity"])
def test_the_boards_of_customers_mark_customers_in_the_navigation(client, branch, page):
    client.force_login(person_in(branch, "manager"))
    html = client.get(f"/scoreboard/{branch.slug}/{page}/{QUERY}").content.decode()
    assert '<a href="/customers/" aria-current="page">Customers</a>' in html
    assert '<a href="/scoreboard/" aria-current="page">' not in html


def test_the_months_stand_as_bars_with_their_numbers_from_the_first_that_was_counted(client, root, branch):
    total_of(branch, date(2026, 8, 5), served=1500)
    total_of(branch, date(2026, 10, 5), served=3000)
    total_of(branch, DAY, served=10)
    client.force_login(person_in(branch))
    page = body(client.get(f"/scoreboard/branch/activity/{QUERY}"))
    months = page.partition('<table class="months">')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row" class="whole">(\w+)', months)[:3] == ["Aug", "Sep", "Oct"]
    assert re.findall(r'<rect width="(\d+)%"', months) == ["50", "100"]
    assert ("1,500" in months, "–" in months) == (True, True)
