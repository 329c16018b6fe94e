"""Customer activity: files and programs bring daily totals, whole or not at all."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.volumes import customers_served
from customers.actions.activity_intake import ActivityIntake
from customers.forms.activity import WORDS
from customers.imports import ACTIVITY, ActivityMapping
from customers.models import Activity
from customers.tests.factories import total_of
from organisation.actions import imports as actions
from organisation.actions.installation import create_token
from organisation.imports import (
    ImportRefused,
    Report,
    begin_import,
    guess_columns,
    move_import,
    read_bad_rows,
)
from organisation.models import Import
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
SENT_AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
HEADER = "branch,day,way,area,service,customers,sold,returns,known,complaints\n"
MAPPING: dict[str, Any] = {
    "unit": "branch",
    "day": "day",
    "channel": "way",
    "area": "area",
    "product": "service",
    "served": "customers",
    "used": "sold",
    "returned": "returns",
    "came_back": "known",
    "complaints": "complaints",
    "blank": ["NA"],
}
RIGHT = "harbour,2026-11-02,in person,North,Passport,120,118,2,40,1\n"


@pytest.fixture(autouse=True)
def harbour():
    return UnitFactory(slug="harbour", name="Harbour branch")


def checked(content: str, by: Any = None, mapping: dict[str, Any] = MAPPING) -> Import:
    file = ContentFile(content.encode(), name="activity.csv")
    import_ = begin_import(file, kind=ACTIVITY, by=by, mapping=mapping, at=SENT_AT)
    move_import(import_, to=Import.State.CHECKING, out_of=[Import.State.UPLOADED])
    actions.check_import(import_, at=SENT_AT)
    return import_


def taken(content: str, **more: Any) -> Import:
    import_ = checked(content, **more)
    if import_.state == Import.State.CHECKED:
        move_import(import_, to=Import.State.STAGING, out_of=[Import.State.CHECKED])
        actions.take_import(import_, at=SENT_AT)
    return import_


def problem_of(import_: Import) -> str:
    assert import_.bad_rows
    return list(read_bad_rows(import_.bad_rows))[1][1]


def test_a_row_becomes_the_total_of_a_day(harbour):
    import_ = taken(HEADER + RIGHT)
    assert import_.state == Import.State.DONE
    total = Activity.objects.countable().get()
    assert (total.unit, total.day, total.channel) == (harbour, date(2026, 11, 2), "counter")
    assert (total.area, total.product, total.served, total.used) == ("North", "Passport", 120, 118)
    assert (total.returned, total.came_back, total.complaints) == (2, 40, 1)


def test_what_nobody_counted_is_nothing_and_not_nought():
    taken(HEADER + "harbour,2026-11-02,online,,,120,NA,,,\n")
    total = Activity.objects.countable().get()
    assert (total.used, total.returned, total.came_back, total.area) == (None, None, None, "")


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("harbour,2026-11-02,online,,,-5,,,,\n", "negative", "less than nothing"),
        ("harbour,2026-11-02,online,,,5,-1,,,\n", "negative", "less than nothing"),
        ("harbour,2026-11-02,online,,,many,,,,\n", "not_whole", "no whole number"),
        ("harbour,2026-11-02,online,,,99999999999,,,,\n", "not_whole", "no whole number"),
        ("harbour,2026-11-02,online,,,,,,,\n", "missing", "how many customers"),
        ("harbour,2026-11-02,online,,,5,,,6,\n", "over_served", "6 came back"),
        ("harbour,2026-12-02,online,,,5,,,,\n", "future", "not come yet"),
        ("harbour,1999-12-31,online,,,5,,,,\n", "long_ago", "too long ago"),
        ("harbour,2 Nov,online,,,5,,,,\n", "day", "no day"),
        ("harbour,2026-11-02,by pigeon,,,5,,,,\n", "channel", "no way of coming"),
        ("nowhere,2026-11-02,online,,,5,,,,\n", "unit", "no unit called"),
        (f"harbour,2026-11-02,online,{'x' * 101},,5,,,,\n", "text", "too long"),
        ("harbour,2026-11-02\n", "ragged", "header has 10"),
    ],
)
def test_a_bad_row_has_its_reason_and_nothing_of_its_file_is_taken(row, code, words):
    import_ = taken(HEADER + RIGHT + row)
    assert import_.counts[f"bad.{code}"] == 1
    assert words in problem_of(import_)
    assert not Activity.objects.exists()


def test_a_day_twice_in_one_file_is_refused_whatever_its_spelling():
    import_ = taken(HEADER + RIGHT + RIGHT.replace("North", "NORTH").replace("in person", "Counter"))
    assert "as in row 2" in problem_of(import_)
    assert not Activity.objects.exists()


WHOLE = "harbour,2026-11-02,in person,,,150,,,,\n"
BY_AREA = WHOLE.replace("in person,,,150", "in person,North,,120")
BY_SERVICE = WHOLE.replace("in person,,,150", "in person,,Passport,120")
FINER = WHOLE.replace("in person,,,150", "in person,North,Passport,110")


@pytest.mark.parametrize(
    ("first", "then"),
    [(WHOLE, BY_AREA), (BY_AREA, WHOLE), (BY_SERVICE, WHOLE), (BY_AREA, FINER), (FINER, BY_SERVICE)],
)
def test_a_total_and_a_part_of_it_are_not_added_up(first, then):
    assert "row 2" in problem_of(taken(HEADER + first + then))
    assert not Activity.objects.exists()
    assert taken(HEADER + first).state == Import.State.DONE
    second = taken(HEADER + then)
    assert second.counts["bad.twice"] == 1
    assert "counted twice" in problem_of(second)
    assert Activity.objects.countable().count() == 1


def test_parts_of_a_day_and_totals_of_other_ways_and_days_stand_side_by_side():
    others = WHOLE.replace("in person", "online") + WHOLE.replace("11-02", "11-03")
    south = BY_AREA.replace("North", "South")
    assert taken(HEADER + BY_AREA + south + others).state == Import.State.DONE
    assert Activity.objects.countable().count() == 4


def test_a_part_whose_total_another_file_brought_meanwhile_does_not_count():
    late = checked(HEADER + BY_AREA)
    move_import(late, to=Import.State.STAGING, out_of=[Import.State.CHECKED])
    intake = ActivityIntake(late)
    intake.stage(list(intake.rows(Report(intake.table.header, 1, lambda done, total: None))), SENT_AT)
    taken(HEADER + WHOLE)
    with pytest.raises(ImportRefused, match="Meanwhile another file"):
        intake.reveal(SENT_AT)
    assert Activity.objects.countable().get().served == 150


def test_a_day_that_stands_already_is_refused_until_the_first_file_is_undone(harbour):
    first = taken(HEADER + RIGHT)
    second = taken(HEADER + RIGHT.replace("120", "130"))
    assert "stands already" in problem_of(second)
    actions.undo_import(first, by=person_in(harbour, "manager"), at=SENT_AT)
    assert not Activity.objects.countable().exists()
    assert taken(HEADER + RIGHT.replace("120", "130")).state == Import.State.DONE
    assert Activity.objects.countable().get().served == 130


def test_two_files_that_bring_one_day_at_the_same_time_do_not_both_count(harbour):
    import_ = checked(HEADER + RIGHT)
    total_of(harbour, date(2026, 11, 2), area="North", product="Passport")
    move_import(import_, to=Import.State.STAGING, out_of=[Import.State.CHECKED])
    actions.take_import(import_, at=SENT_AT)
    assert import_.state == Import.State.FAILED
    assert Activity.objects.count() == 1


def test_the_database_refuses_a_second_total_of_one_kind_and_day(harbour):
    total_of(harbour, date(2026, 11, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        total_of(harbour, date(2026, 11, 2))


def test_a_manager_brings_only_days_of_the_own_units(harbour):
    import_ = checked(HEADER + RIGHT, by=person_in(UnitFactory(), "manager"))
    assert "do not manage" in problem_of(import_)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"served": ""}, "customers served"),
        ({"day": ""}, "day"),
        ({"colour": "x"}, "unknown entry"),
        ({"formats": "x"}, "list of texts"),
        ({"used": ["x"]}, "used"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(change, words):
    with pytest.raises(ImportRefused, match=words):
        ActivityMapping.parse({**MAPPING, **change})


def test_served_customers_are_told_by_unit_and_day_of_half_open_days(harbour):
    other = UnitFactory()
    total_of(harbour, date(2026, 11, 1), served=5)
    total_of(harbour, date(2026, 11, 30), served=7)
    total_of(harbour, date(2026, 12, 1), served=100)
    total_of(other, date(2026, 11, 30), served=1000)
    november = customers_served([harbour.pk], date(2026, 11, 1), date(2026, 12, 1))
    assert november == {(harbour.pk, date(2026, 11, 1)): 5, (harbour.pk, date(2026, 11, 30)): 7}
    assert customers_served([harbour.pk], date(2025, 11, 1), date(2025, 12, 1)) == {}


def test_shares_are_reckoned_of_the_rows_that_say_both(harbour):
    total_of(harbour, date(2026, 11, 1), served=100, complaints=2)
    total_of(harbour, date(2026, 11, 2), served=900)
    sums = Activity.objects.countable().sums()[0]
    assert (sums["served"], sums["complaints"], sums["served_where_complaints"]) == (1000, 2, 100)


# ------------------------------------------------------------------- pages


def body(response):
    return b"".join(response).decode() if response.streaming else response.content.decode()


@pytest.fixture
def manager(client, harbour):
    person = person_in(harbour, "manager")
    client.force_login(person)
    return person


def test_the_days_are_searched_filtered_and_sorted(client, manager, harbour):
    InstallationFactory()
    total_of(harbour, date(2026, 11, 1), area="ÖSTERMALM", served=5)
    total_of(harbour, date(2026, 11, 2), channel="online", product="Permit", served=50)

    def shown(query):
        return [total.served for total in client.get(f"/customers/activity/?{query}").context["page"]]

    assert shown("") == [50, 5]
    assert shown("last=9999-12-31") == [50, 5]
    assert shown("q=östermalm") == [5]
    assert shown("channel=online") == [50]
    assert shown("first=2026-11-02") == [50]
    assert shown("last=2026-11-01") == [5]
    assert shown("unit=harbour&sort=oldest") == [5, 50]
    assert client.get("/customers/activity/?first=soon").status_code == 422


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_days_leave_as_a_table(client, manager, harbour, kind):
    total_of(harbour, date(2026, 11, 1), area="=cmd()")
    answer = client.get(f"/customers/activity/?export={kind}")
    assert answer.status_code == 200
    if kind == "csv":
        assert "'=cmd()" in body(answer)


def test_an_empty_list_leads_to_the_import(client, manager):
    assert "?kind=activity" in body(client.get("/customers/activity/"))


def test_twenty_days_take_as_many_queries_as_two(client, manager, harbour):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get("/customers/activity/")
        return len(caught)

    for day in (1, 2):
        total_of(harbour, date(2026, 11, day))
    queries()
    two = queries()
    for day in range(3, 21):
        total_of(UnitFactory(), date(2026, 11, day))
    assert queries() == two


def test_a_file_goes_through_the_pages_from_upload_to_dry_run(client, manager):
    file = ContentFile((HEADER + RIGHT).encode(), name="activity.csv")
    answer = client.post("/results/imports/add/", {"kind": "activity", "file": file})
    page = client.get(answer["Location"])
    fields = page.context["form"].initial
    assert (fields["unit"], fields["served"]) == ("branch", "customers")
    sent = {**fields, "channel": "way", "came_back": "known", "date_format": "%Y-%m-%d", "blank": "NA"}
    answer = client.post(page.request["PATH_INFO"], {**sent, "save_as": "Till"})
    assert answer.status_code == 302
    import_ = Import.objects.get()
    again = client.get(page.request["PATH_INFO"]).context["form"].initial
    assert (again["channel"], again["came_back"], again["one_unit"]) == ("way", "known", "")
    actions.check_import(import_)
    assert "Daily totals" in body(client.get(answer["Location"]))
    again = client.get(page.request["PATH_INFO"]).context["form"].initial
    assert {name: again[name] for name in ("unit", "channel", "came_back", "blank")} == {
        "unit": "branch",
        "channel": "way",
        "came_back": "known",
        "blank": "NA",
    }


# --------------------------------------------------------------------- API


@pytest.fixture
def send(client, harbour):
    by = person_in(InstallationFactory().root, "administrator")
    _token, secret = create_token(name="Till", scopes=["activity.write"], by=by)

    def post(*rows):
        return client.post(
            "/api/v1/activity",
            json.dumps({"rows": rows}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )

    return post


def sent(**changes):
    return {"unit": "harbour", "day": "2026-11-02", "channel": "counter", "served": 12, **changes}


def test_a_program_brings_days_and_the_same_again_changes_nothing(send):
    first, again = send(sent(), sent(day="2026-11-03")), send(sent(), sent(day="2026-11-03"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Activity.objects.countable().count() == 2


def test_a_program_is_told_of_each_row_that_cannot_be_taken(send):
    answer = send(sent(), sent(served=-1), sent())
    assert answer.status_code == 422
    assert [each["row"] for each in answer.json()["rows"]] == [2, 3]
    assert not Activity.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"served": "12"}, {"area": "\x00"}, {"product": "\ud800"}, {"day": None}, {"served": 10**30}]
)
def test_hostile_values_are_refused_and_break_nothing(send, wrong):
    assert send(sent(**wrong)).status_code == 422
    assert not Activity.objects.exists()


def test_a_key_without_the_right_is_refused(client):
    by = person_in(InstallationFactory().root, "administrator")
    _token, secret = create_token(name="Reader", scopes=["scores.read"], by=by)
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.post("/api/v1/activity", "{}", content_type="application/json", headers=headers)
    assert answer.status_code == 401


def test_a_column_of_numbers_is_proposed_as_the_customers_served():
    assert guess_columns(["Branch", "Day", "Number"], WORDS)["served"] == "Number"
    assert guess_columns(["Visitors", "Number"], WORDS)["served"] == "Visitors"
