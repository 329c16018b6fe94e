"""Every type of question comes in by a file, in the words of the file."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from feedback.models import Answer, Response
from feedback.tests.cards import WAYS, a_survey
from feedback.tests.imports import checked, taken
from organisation.actions.jobs import run_due_jobs
from organisation.imports import begin_import, read_bad_rows
from organisation.models import ImportMapping
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
LATER = datetime(2100, 1, 1, tzinfo=UTC)
UNKNOWN = "in the column “cell” is no answer that the mapping knows."
KINDS = (
    *("faces", "rating", "nps", "ease", "yes_no", "thumbs"),
    *("choice", "choices", "matrix", "short", "text", "date", "helper"),
)


@pytest.fixture
def place() -> SimpleNamespace:
    """A place whose card has a question of every type, with the type as its key."""
    InstallationFactory()
    more: dict[str, Any] = {
        "choice": {"options": WAYS},
        "choices": {"options": WAYS, "allows_na": True},
        "matrix": {"rows": ["quick", "kind"]},
        "date": {"allows_na": True},
    }
    return a_survey(
        *((kind, kind, dict(more.get(kind, {}))) for kind in KINDS), unit=UnitFactory(slug="harbour")
    )


def mapping_of(place: Any, **rules: Any) -> dict[str, Any]:
    """The key of a question → its column, or the rule of it."""
    return {
        "questionnaire": place.collector.questionnaire.key,
        "unit": {"constant": "harbour"},
        "date": {"column": "day"},
        "questions": rules,
    }


def said(place: Any, cell: str, **rule: Any) -> Any:
    """What becomes of one cell under the rule of one question, and what the file says of a bad row."""
    (key, told), *_rest = rule.items()
    content = f'day;cell;more\n2026-11-04;"{cell}";on foot\n'
    mapping = mapping_of(place, **{key: {"column": "cell", **told}}) | {"separator": ";"}
    import_ = checked(place.collector.questionnaire, content, mapping)
    if import_.bad_rows:
        return list(read_bad_rows(import_.bad_rows))[1][1]
    import_ = taken(place.collector.questionnaire, content + "\n", mapping)
    assert import_.state == "done", import_.message
    answer = Answer.objects.get(response__batch=import_)
    if answer.is_na or answer.date:
        return answer.date or "na"
    chosen = [chosen.option.key for chosen in answer.chosen.all()]
    return [*chosen, answer.text] if answer.text else chosen


def test_a_row_brings_an_answer_to_every_type_of_question(place: Any) -> None:
    row = {
        "faces": "5",
        "rating": "4",
        "nps": "10",
        "ease": "7",
        "yes_no": "1",
        "thumbs": "0",
        "choice": "By telephone",
        "choices": "counter; By telephone",
        "quick": "4",
        "kind": "2",
        "short": "fast",
        "text": "I waited",
        "date": "2026-10-30",
        "helper": "Maya",
    }
    content = f"day,{','.join(row)}\n2026-11-04,{','.join(row.values())}\n"
    import_ = taken(place.collector.questionnaire, content, mapping_of(place, **{key: key for key in row}))
    assert import_.state == "done", list(read_bad_rows(import_.bad_rows))
    answers = {answer.question.key: answer for answer in Answer.objects.select_related("question")}
    assert set(answers) == set(row)
    assert {key: answers[key].value for key in ("faces", "nps", "yes_no", "quick")} == {
        "faces": 5,
        "nps": 10,
        "yes_no": 1,
        "quick": 4,
    }
    assert answers["date"].date == date(2026, 10, 30)
    assert [chosen.option.key for chosen in answers["choices"].chosen.all()] == ["counter", "phone"]


@pytest.mark.parametrize(
    ("cell", "rule", "expected"),
    [
        ("phone", {}, ["phone"]),
        ("phone|At the counter|phone", {"separator": "|"}, ["counter", "phone"]),
        ("1, 2", {"separator": ",", "values": {"1": "counter", "2": "phone"}}, ["counter", "phone"]),
        ("phone; Another way: by pigeon", {}, ["phone", "other", "by pigeon"]),
        ("other", {"other": "more"}, ["other", "on foot"]),
        ("phone", {"other": "more"}, ["phone"]),
        ("9", {"values": {"9": "na"}}, "na"),
        ("phone; pigeon", {}, f"“pigeon” {UNKNOWN}"),
    ],
)
def test_several_options_stand_in_one_cell(place: Any, cell: str, rule: Any, expected: Any) -> None:
    assert said(place, cell, choices=rule) == expected


@pytest.mark.parametrize(
    ("cell", "rule", "expected"),
    [
        ("30.10.2026", {"formats": ["%d.%m.%Y"]}, date(2026, 10, 30)),
        ("2026-10-30", {"formats": ["%d.%m.%Y"]}, date(2026, 10, 30)),
        ("never", {"values": {"never": "na"}}, "na"),
        (
            "31.02.2026",
            {"formats": ["%d.%m.%Y"]},
            "“31.02.2026” in the column “cell” is no answer that the mapping knows.",
        ),
    ],
)
def test_a_date_is_read_as_the_file_writes_it(place: Any, cell: str, rule: Any, expected: Any) -> None:
    assert said(place, cell, date=rule) == expected


def test_an_option_that_does_not_apply_is_no_option(place: Any) -> None:
    place.questions["choice"].allows_na = True
    place.questions["choice"].save()
    assert said(place, "9", choice={"values": {"9": "na"}}) == "na"


@pytest.mark.parametrize(
    "rule",
    [{"date": {"column": "a", "values": {"1": 5}}}, {"choices": {"column": "a", "values": {"1": "pigeon"}}}],
)
def test_a_code_for_what_cannot_be_answered_is_refused_with_the_mapping(place: Any, rule: Any) -> None:
    import_ = checked(place.collector.questionnaire, "day,a\n2026-11-04,1\n", mapping_of(place, **rule))
    assert import_.state == "failed"
    assert "is no answer to the question" in import_.message


def test_the_page_asks_for_what_each_type_needs_and_a_saved_mapping_brings_it_back(
    client: Client, place: Any
) -> None:
    manager = person_in(place.collector.unit, "manager")
    client.force_login(manager)
    content = b"Branch,Day,Ways,Came on\nharbour,04.11.2026,counter | phone,30.10.2026\n"
    pages = []
    for name in ("first.csv", "second.csv"):
        import_ = begin_import(
            ContentFile(content + name.encode()[:0], name=name), kind="responses", by=manager
        )
        pages.append((import_, reverse("charter:import_map", args=[import_.reference])))
    (first, page), (_second, other_page) = pages
    typed = {
        "questionnaire": place.collector.questionnaire.key,
        "language": "en",
        "unit": "Branch",
        "day": "Day",
        "date_format": "%d.%m.%Y",
        "save_as": "Our old survey",
        "column-choices": "Ways",
        "between-choices": "bar",
        "column-date": "Came on",
    }
    assert client.post(page, typed).status_code == 302
    run_due_jobs(at=LATER)
    first.refresh_from_db()
    assert (first.counts["rows"], first.counts["taken"]) == (1, 1)
    saved = ImportMapping.objects.get()
    html = client.get(other_page, {"saved": saved.pk}).content.decode()
    assert "Our old survey" in html
    again = client.get(page).context["form"]
    assert (again["between-choices"].value(), again["column-date"].value()) == ("bar", "Came on")
    client.post(reverse("charter:import_take", args=[first.reference]))
    run_due_jobs(at=LATER)
    assert Response.objects.countable().count() == 1
    assert Answer.objects.get(question__key="date").date == date(2026, 10, 30)
