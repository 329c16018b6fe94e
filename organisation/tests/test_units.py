"""The tree of units."""

import contextlib
import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from organisation.actions import units as actions
from organisation.models import Tree, Unit
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

NEXT_MONTH = date(2026, 12, 1)


@pytest.fixture
def tree(db: None) -> Any:
    class Made:
        root = InstallationFactory().root
        north = UnitFactory(name="North", slug="north", parent=root)
        quay = UnitFactory(name="Quay", slug="quay", parent=north)
        south = UnitFactory(name="South", slug="south", parent=root)
        administrator = person_in(root, "administrator")

    return Made


@pytest.fixture
def admin_client(tree: Any, client: Any) -> Any:
    client.force_login(tree.administrator)
    return client


def move(unit: Unit, parent: Unit, starts_on: date, at: datetime) -> None:
    actions.place_unit(unit, parent=parent, starts_on=starts_on, at=at)


def test_a_move_holds_from_its_month_on_and_leaves_earlier_months_alone(tree: Any, now: Any) -> None:
    move(tree.quay, tree.south, NEXT_MONTH, now)
    assert tree.quay.pk in Tree.on(date(2026, 11, 30)).subtree(tree.north.pk)
    assert tree.quay.pk in Tree.on(NEXT_MONTH).subtree(tree.south.pk)
    assert tree.quay.pk not in Tree.on(NEXT_MONTH).subtree(tree.north.pk)


def test_some_of_the_units_stand_below_the_nearest_above_them_that_is_among_them(tree: Any) -> None:
    some = Unit.objects.filter(pk__in=[tree.root.pk, tree.quay.pk])
    assert [(unit, unit.depth, unit.parent) for unit in some.in_tree_order(NEXT_MONTH)] == [
        (tree.root, 0, None),
        (tree.quay, 1, tree.root),
    ]
    alone = Unit.objects.filter(pk=tree.quay.pk)
    assert [(unit, unit.depth, unit.parent) for unit in alone.in_tree_order(NEXT_MONTH)] == [
        (tree.quay, 0, None)
    ]


def test_a_second_move_from_the_same_month_replaces_the_first(tree: Any, now: Any) -> None:
    move(tree.quay, tree.south, NEXT_MONTH, now)
    move(tree.quay, tree.root, NEXT_MONTH, now)
    assert [each.parent for each in tree.quay.placements.order_by("starts_on")] == [tree.north, tree.root]


def test_a_unit_cannot_move_below_itself(tree: Any, now: Any) -> None:
    with pytest.raises(actions.TreeRefused, match="2026-12-01"):
        move(tree.north, tree.quay, NEXT_MONTH, now)
    assert tree.north.placements.count() == 1


def test_a_cycle_that_would_only_arise_in_a_later_month_is_refused(tree: Any, now: Any) -> None:
    move(tree.south, tree.quay, date(2027, 3, 1), now)
    with pytest.raises(actions.TreeRefused, match="2027-03-01"):
        move(tree.north, tree.south, NEXT_MONTH, now)
    assert Tree.on(date(2027, 6, 1)).path(tree.south.pk)[0] == tree.root.pk


def test_the_same_move_is_allowed_where_the_later_one_has_left_the_way(tree: Any, now: Any) -> None:
    move(tree.quay, tree.root, NEXT_MONTH, now)
    move(tree.north, tree.quay, NEXT_MONTH, now)
    assert Tree.on(NEXT_MONTH).path(tree.north.pk) == [tree.root.pk, tree.quay.pk, tree.north.pk]


def test_a_month_that_is_over_is_not_rewritten(tree: Any, now: Any) -> None:
    with pytest.raises(actions.TreeRefused, match="month is over"):
        move(tree.quay, tree.south, date(2026, 10, 1), now)


def test_the_current_month_is_the_one_of_the_units_own_zone(tree: Any) -> None:
    Unit.objects.filter(pk=tree.quay.pk).update(timezone="Pacific/Auckland")
    tree.quay.refresh_from_db()
    just_december_there = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    with pytest.raises(actions.TreeRefused, match="month is over"):
        move(tree.quay, tree.south, date(2026, 11, 1), just_december_there)


def test_a_move_in_the_middle_of_a_month_is_refused(tree: Any, now: Any) -> None:
    with pytest.raises(actions.TreeRefused, match="first day"):
        move(tree.quay, tree.south, date(2026, 12, 15), now)


def test_the_whole_organisation_cannot_move(tree: Any, now: Any) -> None:
    with pytest.raises(actions.TreeRefused, match="top"):
        move(tree.root, tree.north, NEXT_MONTH, now)


def test_nothing_moves_below_an_archived_unit(tree: Any, now: Any) -> None:
    actions.archive_unit(tree.south, by=tree.administrator, at=now)
    with pytest.raises(actions.TreeRefused, match="archived"):
        move(tree.quay, tree.south, NEXT_MONTH, now)


def patiently(change: Any) -> str:
    """SQLite in memory has no waiting: it refuses the second writer at once, who then asks again."""
    for _attempt in range(100_000):
        try:
            change()
        except actions.TreeRefused:
            return "refused"
        except OperationalError:
            continue
        return "moved"
    return "gave up"


@pytest.mark.django_db(transaction=True)
def test_two_opposite_moves_at_the_same_time_make_no_cycle(now: Any, monkeypatch: Any) -> None:
    """Each reads the tree before the other commits, unless the second is made to wait."""
    root = InstallationFactory().root
    north, south = UnitFactory(parent=root), UnitFactory(parent=root)
    both_have_read = threading.Barrier(2)
    check = actions._refuse_cycles

    def check_what_both_have_read(unit: Unit, placements: Any) -> None:
        known = list(placements)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_read.wait(timeout=1)
        check(unit, known)

    monkeypatch.setattr(actions, "_refuse_cycles", check_what_both_have_read)
    outcomes: list[str] = []

    def try_move(unit: Unit, parent: Unit) -> None:
        try:
            outcomes.append(patiently(lambda: move(unit, parent, NEXT_MONTH, now)))
        finally:
            connection.close()

    pair = [threading.Thread(target=try_move, args=each) for each in ((north, south), (south, north))]
    for each in pair:
        each.start()
    for each in pair:
        each.join(30)
    assert sorted(outcomes) == ["moved", "refused"]
    assert {Tree.on(NEXT_MONTH).path(unit.pk)[0] for unit in (north, south)} == {root.pk}


class RandomMoves(TestCase):
    """Whatever is moved where and when: no day of the calendar has a cycle."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)
    )
    def test_no_list_of_moves_makes_a_cycle_on_any_day(self, moves: list[tuple[int, int, int]]) -> None:
        now = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
        root = InstallationFactory().root
        units = [UnitFactory(parent=root) for _number in range(5)]
        for unit, parent, month in moves:
            if unit != parent:
                with contextlib.suppress(actions.TreeRefused):
                    move(units[unit], units[parent], date(2027, 1 + month, 1), now)
        for month in range(12):
            tree = Tree.on(date(2027, 1 + month, 15))
            assert all(tree.path(unit.pk)[0] == root.pk for unit in units)


def test_archiving_can_be_undone(tree: Any, now: Any) -> None:
    assert actions.archive_unit(tree.south, by=tree.administrator, at=now)
    assert not actions.archive_unit(tree.south, by=tree.administrator, at=now)
    tree.south.refresh_from_db()
    assert tree.south.archived_at == now
    assert actions.restore_unit(tree.south, by=tree.administrator, at=now)
    tree.south.refresh_from_db()
    assert tree.south.archived_at is None


def test_the_whole_organisation_cannot_be_archived(tree: Any, now: Any) -> None:
    with pytest.raises(actions.TreeRefused, match="whole organisation"):
        actions.archive_unit(tree.root, by=tree.administrator, at=now)


def test_a_unit_with_units_in_use_below_it_cannot_be_archived(tree: Any, now: Any) -> None:
    with pytest.raises(actions.TreeRefused, match="North"):
        actions.archive_unit(tree.north, by=tree.administrator, at=now)
    actions.archive_unit(tree.quay, by=tree.administrator, at=now)
    assert actions.archive_unit(tree.north, by=tree.administrator, at=now)


def test_a_unit_below_an_archived_one_cannot_be_restored(tree: Any, now: Any) -> None:
    actions.archive_unit(tree.quay, by=tree.administrator, at=now)
    actions.archive_unit(tree.north, by=tree.administrator, at=now)
    with pytest.raises(actions.TreeRefused, match="North"):
        actions.restore_unit(tree.quay, by=tree.administrator, at=now)


def test_the_list_shows_each_unit_after_the_one_it_stands_below(admin_client: Any, tree: Any) -> None:
    page = admin_client.get(reverse("organisation:unit_list")).context["page"]
    assert [(unit.name, unit.depth) for unit in page] == [
        ("Harbour City", 0),
        ("North", 1),
        ("Quay", 2),
        ("South", 1),
    ]


def test_a_unit_without_a_placement_is_listed_all_the_same(admin_client: Any, tree: Any) -> None:
    Unit.objects.create(slug="stray", name="Stray")
    page = admin_client.get(reverse("organisation:unit_list")).context["page"]
    assert [unit.name for unit in page][-1] == "Stray"


def test_the_search_ignores_case_and_accents_forms_on_every_database(admin_client: Any, tree: Any) -> None:
    UnitFactory(name="Unité Été", parent=tree.root)
    page = admin_client.get(reverse("organisation:unit_list"), {"q": "ÉTÉ"}).context["page"]
    assert [unit.name for unit in page] == ["Unité Été"]


def test_archived_units_are_listed_when_asked_for(admin_client: Any, tree: Any, now: Any) -> None:
    actions.archive_unit(tree.south, by=tree.administrator, at=now)
    shown = admin_client.get(reverse("organisation:unit_list"), {"state": "archived"}).context["page"]
    assert [unit.name for unit in shown] == ["South"]


def test_the_export_has_the_lists_filters(admin_client: Any, tree: Any) -> None:
    response = admin_client.get(reverse("organisation:unit_list"), {"q": "quay", "export": "csv"})
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["Quay,quay,North,Europe/London,0,"]


def test_an_empty_list_says_what_to_do_next(admin_client: Any) -> None:
    response = admin_client.get(reverse("organisation:unit_list"), {"q": "nowhere"})
    assert b"Search for fewer words" in response.content


def test_the_list_takes_as_many_queries_for_twenty_units_as_for_two(
    admin_client: Any, tree: Any, django_assert_num_queries: Any
) -> None:
    address = reverse("organisation:unit_list")
    admin_client.get(address)
    with django_assert_num_queries(10, exact=False) as few:
        admin_client.get(address)
    for _number in range(18):
        UnitFactory(parent=tree.root)
    with django_assert_num_queries(len(few)):
        admin_client.get(address)


def test_an_administrator_adds_a_unit(admin_client: Any, tree: Any) -> None:
    data = {"name": "Pier", "slug": "Pier", "timezone": "Europe/Paris", "parent": "north"}
    admin_client.post(reverse("organisation:unit_add"), data)
    pier = Unit.objects.get(slug="pier")
    assert pier.timezone == "Europe/Paris"
    assert pier.placements.get().parent == tree.north


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Pier\x00"),
        ("name", "x" * 201),
        ("name", ""),
        ("slug", "north"),
        ("slug", "quay/../admin"),
        ("slug", "x" * 61),
        ("timezone", "Mars/Phobos"),
        ("parent", "nowhere"),
        ("external_reference", "x\x00"),
    ],
)
def test_bad_input_is_refused_in_words_and_nothing_is_made(
    admin_client: Any, tree: Any, field: str, value: str
) -> None:
    data = {"name": "Pier", "slug": "pier", "timezone": "Europe/Paris", "parent": "north", field: value}
    response = admin_client.post(reverse("organisation:unit_add"), data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Unit.objects.count() == 4


def test_text_that_turns_the_writing_direction_round_is_made_harmless(admin_client: Any, tree: Any) -> None:
    data = {"name": "Pier \u202egnp.exe", "slug": "pier", "timezone": "UTC", "parent": "north"}
    admin_client.post(reverse("organisation:unit_add"), data)
    assert Unit.objects.get(slug="pier").name == "Pier gnp.exe"


def test_a_refused_move_is_explained_on_the_page(admin_client: Any, tree: Any) -> None:
    address = reverse("organisation:unit_move", args=["north"])
    month = admin_client.get(address).context["form"].fields["starts_on"].choices[1][0]
    response = admin_client.post(address, {"parent": "quay", "starts_on": month})
    assert response.status_code == 422
    assert tree.north.placements.count() == 1


def test_a_move_by_the_page_is_noted(admin_client: Any, tree: Any) -> None:
    address = reverse("organisation:unit_move", args=["quay"])
    month = admin_client.get(address).context["form"].fields["starts_on"].choices[1][0]
    admin_client.post(address, {"parent": "south", "starts_on": month})
    assert tree.quay.placements.get(starts_on=month).parent == tree.south
