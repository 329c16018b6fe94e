"""The plan as list, board and timeline, and the steps of an action."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from strategy.actions import plan
from strategy.models import Action, Milestone
from strategy.tests.factories import Branch, a_gap, an_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(client):
    found = Branch()
    client.force_login(found.manager)
    return found


def typed(branch, **changes):
    given = {
        "title": "Write the next step down",
        "words": "",
        "unit": branch.unit.slug,
        "owner": branch.colleague.reference,
        "kind": "process",
        "starts_on": "2098-01-01",
        "ends_on": "2098-03-01",
        "weight": "10",
        "baseline": "0",
        "target": "100",
        "rhythm": "30",
    }
    return given | changes


def test_an_action_is_planned_in_answer_to_a_gap(branch, client):
    gap = a_gap(branch.unit, branch.measure, owner=branch.colleague)
    page = client.get(f"/plan/add/?gap={gap.reference}").content.decode()
    assert gap.title in page
    answer = client.post(
        f"/plan/add/?gap={gap.reference}", typed(branch, measure=branch.measure.key, effect="15")
    )
    assert answer.status_code == 302
    action = Action.objects.get()
    assert gap.answers.get().action == action


@pytest.mark.parametrize("field", ["starts_on", "ends_on"])
def test_an_action_of_centuries_comes_back_with_the_field(branch, client, field):
    page = client.post(
        "/plan/add/", typed(branch, **{field: "0001-01-01" if field == "starts_on" else "9999-12-31"})
    )
    assert page.status_code == 422
    assert field in page.context["form"].errors


def test_an_action_that_ends_before_it_begins_comes_back_with_the_words(branch, client):
    page = client.post("/plan/add/", typed(branch, ends_on="2097-01-01"))
    assert page.status_code == 422
    assert "ends before it begins" in page.content.decode()
    assert "Write the next step down" in page.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"weight": "0"}, {"weight": "1e9"}, {"title": "\x00"}, {"effort": "NaN"}, {"owner": "nobody"}]
)
def test_nonsense_is_refused_beside_its_field(branch, client, wrong):
    assert client.post("/plan/add/", typed(branch, **wrong)).status_code == 422
    assert not Action.objects.exists()


def test_two_who_save_one_action_are_told_and_nothing_is_lost(branch, client):
    action = an_action(branch.unit, branch.colleague)
    address = f"/plan/{action.reference}/edit/"
    client.post(address, typed(branch, title="Second", version="0"))
    page = client.post(address, typed(branch, title="Third", version="0"))
    assert page.status_code == 409
    assert "Second" in page.content.decode()
    assert 'value="Third"' in page.content.decode()
    client.post(address, typed(branch, title="Third", version="1"))
    action.refresh_from_db()
    assert action.title == "Third"


def test_a_part_of_itself_is_refused_in_words(branch, client):
    top = an_action(branch.unit, branch.colleague, title="Top")
    low = an_action(branch.unit, branch.colleague, parent=top)
    page = client.post(f"/plan/{top.reference}/edit/", typed(branch, parent=low.reference, version="0"))
    assert page.status_code == 422
    assert "is a part of this action already" in page.content.decode()


def test_a_card_is_moved_on_the_board_without_script(branch, client):
    action = an_action(branch.unit, branch.colleague)
    address = f"/plan/{action.reference}/move/"
    page = client.post(address, {"move": "start", "next": "/plan/board/?q="}, follow=True)
    assert page.redirect_chain[-1][0] == "/plan/board/?q="
    action.refresh_from_db()
    assert action.state == "started"
    page = client.post(address, {"move": "start"}, follow=True)
    assert "A colleague has changed this action" in page.content.decode()


def test_a_move_leads_to_no_other_website(branch, client):
    action = an_action(branch.unit, branch.colleague)
    answer = client.post(f"/plan/{action.reference}/move/", {"move": "start", "next": "//evil.example/"})
    assert answer.url == action.get_absolute_url()


def test_the_owner_reports_and_a_stranger_does_not(branch, client):
    action = an_action(branch.unit, branch.colleague)
    plan.start_action(action, by=branch.manager)
    client.force_login(branch.colleague)
    client.post(f"/plan/{action.reference}/check-in/", {"value": "40", "note": "Two of five counters"})
    action.refresh_from_db()
    assert action.current == 40
    from organisation.tests.factories import person_in

    client.force_login(person_in(branch.unit, "staff"))
    assert client.post(f"/plan/{action.reference}/check-in/", {"value": "50"}).status_code == 403


def test_milestones_are_typed_in_one_table(branch, client):
    action = an_action(branch.unit, branch.colleague)
    day = action.starts_on.isoformat()
    table = {"m-TOTAL_FORMS": "3", "m-INITIAL_FORMS": "0"}
    table |= {"m-0-title": "Draft", "m-0-due_on": day, "m-0-weight": "30"}
    table |= {"m-1-title": "Tried out", "m-1-due_on": day, "m-1-weight": "60"}
    page = client.post(f"/plan/{action.reference}/milestones/", table)
    assert page.status_code == 422
    assert "come to 90, not to 100" in page.content.decode()
    client.post(f"/plan/{action.reference}/milestones/", table | {"m-1-weight": "70"})
    assert list(action.milestones.values_list("title", "weight")) == [("Draft", 30), ("Tried out", 70)]


VIEWS = ["", "board/", "timeline/"]


def fill_plan(branch, count):
    """So many actions, all but two of them parts of the first, each with a milestone."""
    start = date(2026, 1, 1)
    base = {"unit": branch.unit, "owner": branch.colleague, "starts_on": start, "state": "started"}
    made = Action.objects.bulk_create(
        Action(title=f"Action {number}", ends_on=start + timedelta(days=number % 300), current=5, **base)
        for number in range(Action.objects.count(), count)
    )
    first, second = Action.objects.order_by("pk")[:2]
    Action.objects.filter(pk__gt=second.pk).update(parent=first)
    Milestone.objects.bulk_create(
        Milestone(action=each, title="Half", due_on=start, weight=100) for each in made
    )


def test_twenty_actions_take_no_more_queries_than_two(branch, client):
    def queries():
        found = []
        for view in VIEWS:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(f"/plan/{view}").status_code == 200
            found.append(len(seen))
        return found

    fill_plan(branch, 2)
    few = queries()
    fill_plan(branch, 20)
    assert queries() == few


def test_the_timeline_has_the_same_rows_as_a_table(branch, client):
    action = an_action(branch.unit, branch.colleague, title="Rewrite the forms")
    page = client.get("/plan/timeline/").content.decode()
    assert page.count("Rewrite the forms") == 3  # drawn for a desk and for a hand, and in the table
    assert action.get_absolute_url() in page


@pytest.mark.parametrize("query", ["q=%00", "status=odd", "state=never", "kind=%00"])
def test_nonsense_in_a_filter_breaks_no_view_of_the_plan(branch, client, query):
    for view in ("", "board/", "timeline/"):
        assert client.get(f"/plan/{view}?{query}").status_code == 422


def test_the_list_is_filtered_by_status_and_exported_with_the_same_filter(branch, client):
    late = an_action(branch.unit, branch.colleague, title="Late one")
    plan.start_action(late, on=late.starts_on, by=branch.manager)
    an_action(branch.unit, branch.colleague, title="Later one", starts_on=date(2098, 1, 1))
    page = client.get("/plan/?status=not_started").content.decode()
    assert ("Later one" in page, "Late one" in page) == (True, False)
    lines = b"".join(client.get("/plan/?status=not_started&export=csv")).decode().splitlines()
    assert len(lines) == 2


def test_an_archived_measure_under_an_action_is_said_on_its_page(branch, client):
    action = an_action(branch.unit, branch.colleague, measure=branch.measure)
    branch.measure.archived_at = "2026-11-01T00:00Z"
    branch.measure.save()
    page = client.get(action.get_absolute_url()).content.decode()
    assert "This measure is in the archive" in page


def test_an_export_says_the_status_in_words(branch, client):
    an_action(branch.unit, branch.colleague, starts_on=date(2098, 1, 1))
    text = b"".join(client.get("/plan/?export=csv")).decode()
    assert "Not started" in text
    assert "not_started" not in text


def test_what_stays_after_the_start_cannot_be_typed_over(branch, client):
    action = an_action(branch.unit, branch.colleague)
    plan.start_action(action, by=branch.manager)
    address = f"/plan/{action.reference}/edit/"
    fields = client.get(address).context["form"].fields
    stays = {name for name, field in fields.items() if field.disabled}
    assert stays == {"unit", "measure", "baseline", "target", "counted"}
    action.refresh_from_db()
    client.post(address, typed(branch, title="Other words", baseline="50", version=str(action.version)))
    action.refresh_from_db()
    assert (action.title, action.baseline) == ("Other words", 0)


def test_a_card_has_one_menu_of_moves_that_says_of_which_card(branch, client):
    an_action(branch.unit, branch.colleague, title="To come")
    begun = an_action(branch.unit, branch.colleague, title="Begun")
    plan.start_action(begun, by=branch.manager)
    page = client.get("/plan/board/").content.decode()
    assert page.count('<details class="menu" name="moves">') == 2
    menu = page.split(f'action="{begun.get_absolute_url()}move/"')[1].split("</form>")[0]
    assert 'Move<span class="unseen">: Begun</span>' in menu.split("</summary>")[0]
    choices = menu.split("</summary>")[1]
    assert [f'data-to="{state}"' in choices for state in ("done", "planned", "cancelled")] == [True] * 3


def test_what_is_over_is_held_against_no_expectation(branch, client):
    action = an_action(branch.unit, branch.colleague, starts_on=date(2026, 1, 1), ends_on=date(2098, 1, 1))
    assert "by now" in client.get("/plan/board/").content.decode()
    plan.start_action(action, by=branch.manager)
    plan.finish_action(action, by=branch.manager)
    page = client.get("/plan/board/").content.decode()
    assert '<b class="num">100 %</b>' in page
    assert "by now" not in page


def test_a_cancelled_action_takes_no_changes_and_says_so_with_the_words_kept(branch, client):
    action = an_action(branch.unit, branch.colleague, state="cancelled")
    late = typed(branch, title="Typed too late", version="0")
    page = client.post(f"{action.get_absolute_url()}edit/", late)
    text = page.content.decode()
    assert page.status_code == 409
    assert "A colleague has saved this meanwhile" not in text
    assert ("This action is cancelled" in text, "Typed too late" in text) == (True, True)


def test_a_report_that_comes_too_late_stays_on_the_page(branch, client, monkeypatch):
    action = an_action(branch.unit, branch.colleague, state="started", started_on=date(2026, 10, 1))

    def finished_meanwhile(*_args, **_words):
        raise plan.ActionMovedOn(action.reference)

    monkeypatch.setattr(plan, "check_in", finished_meanwhile)
    page = client.post(f"{action.get_absolute_url()}check-in/", {"value": "40", "note": "A long report"})
    assert page.status_code == 409
    assert "A long report" in page.content.decode()


def test_days_do_not_move_away_from_their_milestones(branch, client):
    action = an_action(branch.unit, branch.colleague)
    action.milestones.create(title="Tried out", due_on=date(2026, 12, 20), weight=100)
    with pytest.raises(plan.ActionRefused) as refused:
        plan.change_action(action, fields=kept(action) | {"ends_on": date(2026, 12, 1)}, by=branch.manager)
    assert "Tried out" in str(refused.value.message_dict["ends_on"])


def test_a_milestone_sent_twice_is_two(branch):
    action = an_action(branch.unit, branch.colleague)
    row = {"title": "Drafted", "due_on": action.starts_on, "weight": 100, "key": ""}
    plan.set_milestones(action, rows=[row], by=branch.manager)
    key = action.milestones.get().key
    halves = [row | {"key": key, "weight": 50}, row | {"key": key, "weight": 50, "title": "Printed"}]
    plan.set_milestones(action, rows=halves, by=branch.manager)
    assert sorted(action.milestones.values_list("title", "weight")) == [("Drafted", 50), ("Printed", 50)]


def test_an_action_whose_measure_was_changed_meanwhile_does_not_start_with_the_wrong_figure(branch):
    action = an_action(branch.unit, branch.colleague, measure=branch.measure)
    seen_before = Action.objects.get(pk=action.pk)
    plan.change_action(action, fields=kept(action) | {"measure": None, "effect": None}, by=branch.manager)
    with pytest.raises(plan.ActionMovedOn):
        plan.start_action(seen_before, by=branch.manager)


def kept(action):
    names = ("starts_on", "ends_on", "unit", "measure", "effect", "baseline", "target", "check_on")
    return {name: getattr(action, name) for name in names}


def test_the_board_keeps_the_filters_of_the_list_but_for_the_state(branch, client):
    an_action(branch.unit, branch.colleague, title="Teach it", kind="training", starts_on=date(2098, 1, 1))
    an_action(branch.unit, branch.colleague, title="Move the desk", kind="place")
    page = client.get("/plan/board/?kind=training&state=done").content.decode()
    assert ("Teach it" in page, "Move the desk" in page) == (True, False)
    page = client.get("/plan/board/?status=not_started").content.decode()
    assert ("Teach it" in page, "Move the desk" in page) == (True, False)


def test_a_full_column_of_the_board_leads_to_the_list_with_the_same_filters(branch, client, monkeypatch):
    monkeypatch.setattr("strategy.views.plan.CARDS", 1)
    for title in ("First", "Second"):
        an_action(branch.unit, branch.colleague, title=title, kind="training")
    page = client.get("/plan/board/?kind=training&sort=title").content.decode()
    address = page.split(">All of them")[0].rsplit('href="', 1)[1].rstrip('"').replace("&amp;", "&")
    assert client.get(address).context["page"].paginator.count == 2
    assert client.get(address).context["search"].cleaned_data["kind"] == "training"


def test_a_long_title_stands_whole_on_the_timeline(branch, client):
    title = "Say at the entrance how long it will take, and say it again when it takes longer"
    an_action(branch.unit, branch.colleague, title=title)
    page = client.get("/plan/timeline/").content.decode()
    drawn = page.split('class="timeline"')[1].split('class="in-hand"')[0]
    assert " ".join(re.findall(r"<tspan[^>]*>([^<]*)</tspan>", drawn)) == title


def test_the_line_of_today_is_drawn_behind_the_titles(branch, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 18, 14, tzinfo=UTC))
    an_action(branch.unit, branch.colleague, starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 31))
    page = client.get("/plan/timeline/").content.decode()
    for drawn in page.split('<svg class="timeline"')[1:]:
        drawn = drawn.split("</svg>\n  </div>")[0]
        assert drawn.index('class="done') < drawn.index('class="today"') < drawn.index('class="name"')


def test_what_has_not_begun_is_held_against_nothing_yet(branch, client):
    action = an_action(branch.unit, branch.colleague, starts_on=date(2098, 1, 1), ends_on=date(2098, 3, 1))
    board, page = (client.get(url).content.decode() for url in ("/plan/board/", action.get_absolute_url()))
    assert ("by now" in board, "by now" in page) == (False, False)
    assert "from 1 Jan 2098" in board


def started(client, action):
    page = client.post(f"/plan/{action.reference}/move/", {"move": "start"}, follow=True)
    return page.content.decode()


def test_a_start_says_that_the_figure_before_is_kept_only_where_one_is(branch, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 18, 14, tzinfo=UTC))
    kept = "What the measure was before is kept."
    without = started(client, an_action(branch.unit, branch.manager))
    assert ("It is under way." in without, kept in without) == (True, False)
    assert kept not in started(client, an_action(branch.unit, branch.manager, measure=branch.measure))
    branch.months((70, 100), (70, 100), (70, 100))
    assert kept in started(client, an_action(branch.unit, branch.manager, measure=branch.measure))


def test_how_far_it_is_stands_in_the_form_as_a_person_writes_it(branch, client):
    action = an_action(branch.unit, branch.manager, state="started", current=Decimal("40.00"))
    page = client.get(f"/plan/{action.reference}/check-in/").content.decode()
    assert ('value="40"' in page, "40.00" in page) == (True, False)


def test_how_many_stand_behind_the_figure_before_is_written_like_every_number(branch, client):
    branch.months((3000, 4000), (3000, 4000), (3000, 4000))
    action = an_action(branch.unit, branch.manager, measure=branch.measure)
    plan.start_action(action, by=branch.manager, at=datetime(2026, 11, 18, 14, tzinfo=UTC))
    assert "n 12,000," in client.get(action.get_absolute_url()).content.decode()
