"""Live results: counts, figures and changes, and what is kept back of employees' answers."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.period import Period
from feedback import results as counting
from feedback.actions.inbox import mark_as_spam
from feedback.actions.receive import receive_response
from feedback.crossing import cross_of
from feedback.models import Questionnaire, Response
from feedback.results import Scope, results_of
from feedback.spoken import comments_of_employees
from feedback.tests.cards import WAYS, a_place, a_survey, envelope
from feedback.tests.factories import CollectorFactory, ResponseFactory, answer
from feedback.tests.test_inbox import page_for
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
TODAY = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def cards(
    place: Any, count: int, *, day: date = TODAY, collector: Any = None, text: str = "", **said: int
) -> Any:
    """So many cards with the same answers (`visit`, `next`), stored as the actions would."""
    where = collector or place.collector
    for _number in range(count):
        response = ResponseFactory(
            collector=where, version=place.version, service_date=day, has_comment=bool(text)
        )
        for key, value in said.items():
            answer(response, getattr(place, key), value)
        if text:
            answer(response, place.comment, None, text=text)
    return response


def scope_of(place: Any, period: Period = NOVEMBER, *units: Any, before: bool = False) -> Scope:
    ids = frozenset(unit.pk for unit in units or [place.collector.unit])
    return Scope(place.collector.questionnaire, ids, None, period, period.before() if before else None)


def results(place: Any, user: Any, **more: Any) -> dict[str, Any]:
    found = results_of(scope_of(place, **more), user=user, today=TODAY)
    return {result.question.key: result for result in found}


def test_a_question_is_counted_with_its_interval_and_those_whom_it_did_not_concern() -> None:
    place = a_place()
    manager = person_in(place.collector.unit, "manager")
    cards(place, 8, next=1, visit=5)
    cards(place, 2, next=0, visit=1)
    answer(ResponseFactory(collector=place.collector, version=place.version), place.next, None, is_na=True)
    next_step = results(place, manager)["next"]
    assert (next_step.n, next_step.na) == (10, 1)
    assert [(bar.label, bar.count) for bar in next_step.bars] == [("Yes", 8), ("No", 2)]
    figure = next_step.figure
    assert (round(figure.value, 2), round(figure.low, 2), round(figure.high, 2)) == (80, 49.02, 94.33)


def test_spam_counts_nowhere(now: datetime) -> None:
    place = a_place()
    manager = person_in(place.collector.unit, "manager")
    cards(place, 6, next=1)
    mark_as_spam(Response.objects.first(), by=manager, at=now)
    assert results(place, manager)["next"].n == 5


def test_two_periods_are_compared_with_the_interval_of_the_change() -> None:
    place = a_place()
    manager = person_in(place.collector.unit, "manager")
    for day, yes, no in ((TODAY, 91, 9), (date(2026, 10, 5), 46, 18)):
        cards(place, yes, day=day, next=1)
        cards(place, no, day=day, next=0)
    change = results(place, manager, before=True)["next"].change
    assert (round(change.difference, 2), round(change.low, 2), round(change.high, 2)) == (19.12, 7.16, 31.84)
    assert change.sentence == "better: +19 points, +7 to +32"


def test_too_few_answers_show_no_figure() -> None:
    place = a_place()
    cards(place, 4, next=1)
    found = results(place, person_in(place.collector.unit, "manager"))["next"]
    assert (found.n, found.figure, found.bars) == (4, None, [])


def test_units_and_places_stand_apart() -> None:
    region: Any = UnitFactory()
    place = a_place(unit=UnitFactory(parent=region, name="Harbour"))
    hill: Any = CollectorFactory(
        unit=UnitFactory(parent=region, name="Hill"), questionnaire=place.collector.questionnaire
    )
    cards(place, 6, next=1)
    cards(place, 3, next=0, collector=hill)
    found = results_of(
        scope_of(place, NOVEMBER, region, place.collector.unit, hill.unit),
        user=person_in(region, "manager"),
        today=TODAY,
    )
    units = next(result for result in found if result.question.key == "next").units
    assert [(part.name, part.n, part.figure is None) for part in units] == [
        ("Harbour", 6, False),
        ("Hill", 3, True),
    ]


def test_the_file_says_what_the_page_says_and_hides_what_it_hides() -> None:
    place = a_place()
    manager = person_in(place.collector.unit, "manager")
    cards(place, 5, next=1)
    cards(place, 4, visit=2)
    path = f"/feedback/results/{place.collector.questionnaire.key}/"
    page = page_for(manager, "?period=2026-11&export=csv", path)
    rows = list(csv.reader(io.StringIO(page.lstrip("\ufeff"))))
    assert any(row[3] == "Yes" and row[4] == "5" for row in rows)
    assert not any(row[0] == "How was your visit?" and row[4] == "4" for row in rows)


def test_crossed_questions_hide_a_small_row_and_the_next_smallest_with_it() -> None:
    place = a_place()
    manager = person_in(place.collector.unit, "manager")
    for visit, count in ((5, 20), (4, 7), (1, 2)):
        cards(place, count, visit=visit, next=1)
    cross = cross_of(scope_of(place), place.visit, place.next, user=manager, today=TODAY)
    assert [(row.label, row.n) for row in cross.rows] == [
        ("Very good", 20),
        ("Good", None),
        ("Very poor", None),
    ]
    assert cross.total.n == 29


@pytest.fixture
def survey() -> SimpleNamespace:
    """An employee survey in a region with two branches."""
    region: Any = UnitFactory()
    place: Any = a_place(unit=UnitFactory(parent=region))
    Questionnaire.objects.filter(pk=place.collector.questionnaire_id).update(kind="employees")
    place.collector.refresh_from_db()
    place.region = region
    place.other = CollectorFactory(
        unit=UnitFactory(parent=region), questionnaire=place.collector.questionnaire
    )
    return place


def test_employees_answers_stand_in_no_inbox(survey: Any) -> None:
    card = cards(survey, 9, next=1, text="The lift is broken")
    for user in (person_in(survey.region, "administrator"), person_in(survey.region, "manager")):
        assert "lift" not in page_for(user)
        assert "lift" not in page_for(user, path="/feedback/export/")
        client = Client()
        client.force_login(user)
        assert client.get(f"/feedback/responses/{card.reference}/").status_code == 404


def test_of_a_small_branch_beside_a_large_one_nothing_is_found_out(survey: Any) -> None:
    cards(survey, 12, next=1)
    cards(survey, 2, next=0, collector=survey.other)
    manager = person_in(survey.region, "manager")
    shown = {}
    for name, units in {
        "region": [survey.region, survey.collector.unit, survey.other.unit],
        "large": [survey.collector.unit],
        "small": [survey.other.unit],
    }.items():
        found = results_of(scope_of(survey, NOVEMBER, *units), user=manager, today=TODAY)
        shown[name] = next(each for each in found if each.question.key == "next").n
    assert shown == {"region": 12, "large": 12, "small": 0}


def test_a_period_that_is_a_day_longer_shows_no_single_answer_more(survey: Any) -> None:
    for number in range(8):
        cards(survey, 1, next=1, day=date(2026, 11, 1 + number))
    seen = set()
    for days in range(1, 20):
        period = Period(date(2026, 11, 1), date(2026, 11, 1) + timedelta(days=days))
        seen.add(results(survey, UserFactory(), period=period)["next"].n)
    assert seen == {0, 5}


def test_the_last_day_of_the_year_counts_as_every_other(survey: Any) -> None:
    cards(survey, 6, next=1, day=date(2026, 12, 31))
    december = Period(date(2026, 12, 1), date(2027, 1, 1))
    assert results(survey, UserFactory(), period=december)["next"].n == 6


def test_comments_of_employees_are_shown_from_eight_answers_on_in_no_telling_order(survey: Any) -> None:
    cards(survey, 1, next=1, text="Zebra crossings. Ann, ann@example.org")
    cards(survey, 6, next=1, text="A broken lift")
    assert comments_of_employees(scope_of(survey), TODAY) == []
    cards(survey, 1, next=1)
    found = comments_of_employees(scope_of(survey), TODAY)
    assert found[0] == "A broken lift"
    assert found[-1] == "Zebra crossings. Ann, […]"


def test_everybody_in_the_unit_reads_the_results_of_the_survey(survey: Any) -> None:
    cards(survey, 9, next=1)
    path = f"/feedback/results/{survey.collector.questionnaire.key}/"
    page = page_for(person_in(survey.collector.unit, "staff"), "?period=2026-11", path)
    assert "100 %" in page
    assert "nobody is to be found out" in page


def test_more_questions_and_answers_cost_no_more_queries() -> None:
    place = a_place()
    client = Client()
    client.force_login(person_in(place.collector.unit, "manager"))
    path = f"/feedback/results/{place.collector.questionnaire.key}/?period=2026-11"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    cards(place, 2, next=1, visit=4)
    few = queries()
    cards(place, 20, next=1, visit=4)
    assert queries() == few


def test_options_are_counted_of_those_who_chose() -> None:
    place = a_survey(
        ("ways", "choices", {"options": WAYS, "allows_na": True}), ("way", "choice", {"options": WAYS})
    )
    manager = person_in(place.collector.unit, "manager")
    for number in range(6):
        said = {"ways": ["counter", "phone"] if number < 4 else ["counter"], "way": "phone"}
        receive_response(collector=place.collector, envelope=envelope(place, said), at=NOON)
    found = {each.question.key: each for each in results_of(scope_of(place), user=manager, today=TODAY)}
    assert [(bar.label, bar.count) for bar in found["ways"].bars] == [
        ("At the counter", 6),
        ("By telephone", 4),
        ("Another way", 0),
    ]
    assert found["ways"].n == 6


def test_answers_are_crossed_by_the_option_that_was_chosen() -> None:
    place = a_survey(("way", "choice", {"options": WAYS}), ("visit", "faces", {}))
    manager = person_in(place.collector.unit, "manager")
    for number in range(10):
        said = {"way": "phone" if number < 5 else "counter", "visit": 5 if number < 5 else 1}
        receive_response(collector=place.collector, envelope=envelope(place, said), at=NOON)
    way, visit = place.questions["way"], place.questions["visit"]
    rows = {row.label: row for row in cross_of(scope_of(place), way, visit, user=manager, today=TODAY).rows}
    assert [cell.count for cell in rows["By telephone"].cells] == [5, 0, 0, 0, 0]
    assert [cell.count for cell in rows["At the counter"].cells] == [0, 0, 0, 0, 5]


def test_the_files_of_a11_hold_each_question_on_five_points_and_one_line_about_the_collection() -> None:
    InstallationFactory()
    place = a_place()
    manager = person_in(place.collector.unit, "manager")
    cards(place, 6, visit=5, next=1)
    cards(place, 2, visit=2, next=0)
    path = f"/feedback/results/{place.collector.questionnaire.key}/"
    found = {}
    for kind in ("a11-header", "a11-responses"):
        page = page_for(manager, f"?period=2026-11&export={kind}", path)
        found[kind] = list(csv.DictReader(io.StringIO(page.lstrip("\ufeff"))))
    (line,) = found["a11-responses"]
    assert line["standardized_question_identifier"] == "visit"
    assert [line[f"likert_scale_{point}"] for point in range(1, 6)] == ["0", "2", "0", "0", "6"]
    assert (line["response_volume"], line["start_date"], line["end_date"]) == (
        "8",
        "2026-11-01",
        "2026-11-30",
    )
    (header,) = found["a11-header"]
    assert (header["department"], header["response_count"]) == ("Harbour City Services", "8")


def test_the_places_below_a_unit_are_looked_up_once_for_all_questions(monkeypatch: Any) -> None:
    place = a_place()
    place.collector.questionnaire.kind = "employees"
    place.collector.questionnaire.save()
    cards(place, 6, next=1, visit=4)
    looked_up = []
    below = counting._below
    monkeypatch.setattr(counting, "_below", lambda *told: looked_up.append(told) or below(*told))
    assert len(results(place, person_in(place.collector.unit, "manager"))) == 2
    assert len(looked_up) == 1
