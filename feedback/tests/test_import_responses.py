"""Files of responses: all of it or nothing, countable by one last change of state."""

from datetime import date
from itertools import islice
from typing import Any

import pytest

from charter.models import Edition, StaleBucket
from common.sources import answer_sources
from feedback.actions import imports as actions
from feedback.imports.mapping import DateRule
from feedback.models import Answer, Collector, Questionnaire, Response
from feedback.tests.factories import QuestionFactory
from feedback.tests.imports import EXCERPTS, HEADER, MAPPINGS, PATIENTS, SIMPLE, begin, checked, define, taken
from organisation.imports import ImportRefused, WrongState, load_mapping, read_bad_rows
from organisation.models import Import, Unit
from organisation.tests.factories import InstallationFactory

pytestmark = pytest.mark.django_db
State = Import.State


@pytest.fixture
def card() -> Questionnaire:
    InstallationFactory()
    return define("patient_card")


def cards(count: int, **bad: str) -> str:
    """A file of `count` cards on the days of 2022; `r3="x"` puts the rating of row 3 wrong."""
    lines = []
    for number in range(count):
        rating = bad.get(f"r{number + 2}", "1")
        lines.append(f"c{number},neas,2022-{number // 28 % 12 + 1:02}-{number % 28 + 1:02},{rating},Thanks\n")
    return HEADER + "".join(lines)


def line_of(card: Questionnaire, line: str, mapping: dict[str, Any] = SIMPLE) -> Import:
    return taken(card, HEADER + line + "\n", mapping)


def test_a_card_comes_in_with_its_day_its_reversed_rating_and_its_words(card: Questionnaire) -> None:
    import_ = line_of(card, "c1,neas,2022-03-31,1,“Très bien” CAFÉ")
    response = Response.objects.countable().get()
    assert (response.batch, response.service_date, response.rating) == (import_, date(2022, 3, 31), 100)
    assert (response.has_comment, response.search) == (True, "“très bien” café")
    assert response.collector.kind == Collector.Kind.IMPORT
    assert response.unit.slug == "neas"
    answers = {
        answer.question.key: answer for answer in response.answers.select_related("question", "measure")
    }
    overall, comment = answers["overall"], answers["comment"]
    assert (overall.value, overall.measure.key, overall.day) == (5, "patient-overall", date(2022, 3, 31))
    assert (comment.text, comment.measure) == ("“Très bien” CAFÉ", None)


def test_dont_know_is_no_value_and_counted_apart(card: Questionnaire) -> None:
    import_ = line_of(card, "c1,neas,2022-03-31,6,")
    answer = Answer.objects.get()
    assert (answer.is_na, answer.value, import_.counts["note.na"]) == (True, None, 1)


def test_every_bucket_of_the_file_is_stale_once_it_counts(card: Questionnaire) -> None:
    taken(
        card,
        HEADER + "a,neas,2022-01-01,1,\nb,neas,2022-01-01,5,\nc,nhft,2022-01-01,1,\nd,neas,2022-01-02,,x\n",
    )
    found = StaleBucket.objects.values_list("measure__key", "unit__slug", "day")
    day = date(2022, 1, 1)
    assert sorted(found) == [("patient-overall", "neas", day), ("patient-overall", "nhft", day)]


def test_the_source_of_answers_sees_the_file_only_when_it_is_done(card: Questionnaire) -> None:
    import_ = line_of(card, "c1,neas,2022-03-31,1,")
    measure, unit = Answer.objects.get().measure_id, Unit.objects.get(slug="neas").pk
    source = answer_sources()["answers"]
    assert source.values_of(measure, unit, date(2022, 3, 31)) == {1: {5: 1}}
    Import.objects.update(state=State.STAGING)
    assert source.values_of(measure, unit, date(2022, 3, 31)) == {}
    assert import_.state == State.DONE


def test_a_dry_run_writes_no_response(card: Questionnaire) -> None:
    import_ = checked(card, cards(3, r3="7"))
    assert import_.state == State.CHECKED
    assert import_.counts == {"rows": 3, "taken": 2, "bad": 1, "bad.answer": 1, "note.comment": 2}
    for model in (Response, Collector, StaleBucket):
        assert not model.objects.exists(), model


def test_an_undocumented_code_is_reported_with_its_row(card: Questionnaire) -> None:
    lines = list(read_bad_rows(checked(card, cards(3, r3="7")).bad_rows))
    assert lines[1][:3] == ["3", "“7” in the column “rating” is no answer that the mapping knows.", "c1"]


def test_one_bad_row_in_the_middle_keeps_the_whole_file_out(card: Questionnaire) -> None:
    import_ = taken(card, cards(1100, r700="7"))
    assert (import_.state, Response.objects.count(), Collector.objects.count()) == (State.FAILED, 0, 0)
    assert not StaleBucket.objects.exists()


def test_bad_rows_are_left_out_where_somebody_says_so(card: Questionnaire) -> None:
    import_ = taken(card, cards(1100, r700="7"), skip_bad=True)
    assert (import_.state, Response.objects.countable().count()) == (State.DONE, 1099)


def test_what_breaks_in_the_middle_of_staging_leaves_nothing_behind(
    card: Questionnaire, monkeypatch: Any
) -> None:
    stage, calls = actions.stage_rows, []

    def breaks_in_the_second_chunk(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            assert Response.objects.count() == 500
            assert not Response.objects.countable().exists()
            raise RuntimeError("disk full")
        stage(*args)

    monkeypatch.setattr(actions, "stage_rows", breaks_in_the_second_chunk)
    with pytest.raises(RuntimeError):
        taken(card, cards(1100))
    import_ = Import.objects.get()
    assert (import_.state, Response.objects.count(), Answer.objects.count()) == (State.FAILED, 0, 0)
    assert not Collector.objects.exists()


def test_what_breaks_in_the_last_step_leaves_nothing_behind(card: Questionnaire, monkeypatch: Any) -> None:
    def breaks(*args: Any) -> None:
        raise RuntimeError("in the last step")

    monkeypatch.setattr(actions, "mark_import_stale", breaks)
    with pytest.raises(RuntimeError):
        taken(card, cards(3))
    assert (Import.objects.get().state, Response.objects.count()) == (State.FAILED, 0)


def test_a_killed_worker_leaves_rows_that_count_for_nothing_and_go_at_the_next_try(
    card: Questionnaire, monkeypatch: Any
) -> None:
    import_ = checked(card, cards(1100))
    stage = actions.stage_rows

    class Killed(BaseException):
        pass

    def killed(*args: Any) -> None:
        stage(*args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(actions, "stage_rows", killed)
        with pytest.raises(Killed):
            actions.take_import(import_, card)
    assert Response.objects.count() == 500
    assert not Response.objects.countable().exists()
    actions.take_import(Import.objects.get(), card)
    assert Response.objects.countable().count() == 1100


def test_the_same_file_twice_is_refused(card: Questionnaire) -> None:
    first = taken(card, cards(3))
    second = checked(card, cards(3))
    assert (second.state, Response.objects.count()) == (State.FAILED, 3)
    assert first.reference in second.message


def test_what_is_taken_in_is_not_taken_again(card: Questionnaire) -> None:
    import_ = taken(card, cards(3))
    with pytest.raises(WrongState):
        actions.take_import(import_, card)
    assert Response.objects.count() == 3


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("a,neas,2022-03-31,7,", "answer"),
        ("a,neas,2022-03-31,5.0,", "answer"),
        ("a,nowhere,2022-03-31,1,", "unit"),
        ("a,,2022-03-31,1,", "unit"),
        ("a,neas,2022-02-30,1,", "date"),
        ("a,neas,31/03/2022,1,", "date"),
        ("a,neas,,1,", "date"),
        ("a,neas,2022-03-31,1", "ragged"),
        ("good,neas,2022-03-31,1,", "same_row"),
        (f"a,neas,2022-03-31,1,{'x' * 5001}", "text"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(card: Questionnaire, line: str, code: str) -> None:
    import_ = checked(card, HEADER + "good,neas,2022-03-31,1,\n" + line + "\n")
    assert (import_.counts["bad"], import_.counts.get(f"bad.{code}"), import_.counts["taken"]) == (1, 1, 1)


def test_a_card_without_any_answer_is_left_out_and_counted(card: Questionnaire) -> None:
    import_ = line_of(card, "a,neas,2022-03-31,,")
    assert import_.counts == {"rows": 1, "no_answer": 1}
    assert (import_.state, Response.objects.count()) == (State.DONE, 0)


MIXED = {
    **SIMPLE,
    "date": {
        "column": "day",
        "formats": ["%d/%m/%Y", "%m/%d/%Y"],
        "first": "2021-04-01",
        "last": "2022-10-01",
    },
}


@pytest.mark.parametrize(
    ("text", "day", "note"),
    [
        ("30/09/2021", date(2021, 9, 30), None),
        ("1/14/2022", date(2022, 1, 14), "date_other_format"),
        ("10/14/2021", date(2021, 10, 14), "date_other_format"),
        ("05/06/2022", date(2022, 6, 5), "date_two_readings"),
        ("06/06/2022", date(2022, 6, 6), None),
        ("04/12/2022", date(2022, 4, 12), "date_other_format"),
        ("01/02/2021", None, None),
        ("14/14/2021", None, None),
    ],
)
def test_mixed_dates_are_read_by_rule_and_every_doubt_is_counted(
    card: Questionnaire, text: str, day: date | None, note: str | None
) -> None:
    import_ = taken(card, HEADER + f"a,neas,{text},1,\n", MIXED)
    assert [response.service_date for response in Response.objects.countable()] == ([day] if day else [])
    assert {code for code in import_.counts if code.startswith("note.date")} == (
        {f"note.{note}"} if note else set()
    )


@pytest.mark.parametrize(
    ("rule", "text", "day"),
    [
        ({"day_column": "day", "year": 2014, "month": 5}, "4", date(2014, 5, 4)),
        ({"day_column": "day", "year": 2014, "month": 2}, "30", None),
        ({"day_column": "day", "year": 2014, "month": 5}, "x", None),
        ({"day_column": "day"}, "4", None),
    ],
)
def test_a_day_number_needs_its_month_from_the_mapping_or_the_row_is_reported(
    card: Questionnaire, rule: Any, text: str, day: date | None
) -> None:
    import_ = taken(card, HEADER + f"a,neas,{text},1,\n", {**SIMPLE, "date": rule})
    assert [response.service_date for response in Response.objects.countable()] == ([day] if day else [])
    assert import_.state == (State.DONE if day else State.FAILED)
    if not rule.get("month"):
        assert "gives no month" in next(islice(read_bad_rows(import_.bad_rows), 1, 2))[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"questions": {}}, "names no question"),
        ({"questions": {"nothing": "rating"}}, "no question with the key “nothing”"),
        ({"questions": {"overall": {"column": "rating", "values": {"1": 9}}}}, "“9” is no answer"),
        ({"questions": {"overall": {"column": "rating", "values": ["1"]}}}, "“overall”"),
        ({"questions": {"overall": 3}}, "“overall”"),
        ({"date": "day"}, "date"),
        ({"date": {"column": "day", "first": "soon"}}, "date"),
        ({"unit": None}, "unit"),
        ({"colour": "red"}, "colour"),
        ({"questions": {"overall": "stars"}}, "no column called “stars”"),
    ],
)
def test_a_mapping_that_cannot_be_refuses_the_file(card: Questionnaire, change: Any, words: str) -> None:
    import_ = checked(card, cards(1), {**SIMPLE, **change})
    assert (import_.state, words in import_.message) == (State.FAILED, True)


def test_does_not_apply_needs_a_question_that_offers_it(card: Questionnaire) -> None:
    version = card.current_version()
    assert version is not None
    QuestionFactory(version=version, key="closed")
    mapping = {**SIMPLE, "questions": {"closed": {"column": "rating", "values": {"6": "na"}}}}
    assert "“na” is no answer" in checked(card, cards(1), mapping).message


def test_the_edition_in_force_on_the_day_of_service_stays_with_the_card(card: Questionnaire) -> None:
    charter = card.current_version().questions.get(key="overall").measure.standard.charter  # type: ignore[union-attr]
    edition = Edition.objects.create(
        charter=charter, number=1, note="First", in_force_from=date(2022, 2, 1), content={}
    )
    taken(card, HEADER + "a,neas,2022-01-31,1,\nb,neas,2022-02-01,1,\n")
    found = Response.objects.order_by("service_date").values_list("edition", flat=True)
    assert list(found) == [None, edition.pk]


def test_an_excerpt_of_the_patients_cards_comes_in() -> None:
    """Source: repository The-Strategy-Unit/pxtextmining (MIT), 17 rows and 8 columns."""
    InstallationFactory()
    card = define("patient_card")
    content = (EXCERPTS / "patient_comment_cards.csv").read_bytes()
    import_ = taken(card, content, PATIENTS, skip_bad=True)
    assert import_.counts == {
        "rows": 17,
        "taken": 15,
        "bad": 2,
        "bad.answer": 2,
        "note.na": 2,
        "note.comment": 14,
        "note.date_other_format": 2,
        "note.date_two_readings": 1,
    }
    values = Answer.objects.countable().filter(question__key="overall").order_by("value")
    assert [value for value in values.values_list("value", flat=True) if value] == [
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
        4,
        4,
        5,
        5,
        5,
    ]


@pytest.mark.parametrize(
    ("year", "counts"),
    [(2015, {"rows": 6, "taken": 6}), (2016, {"rows": 6, "taken": 5, "no_answer": 1})],
)
def test_an_excerpt_of_the_airport_survey_comes_in(year: int, counts: dict[str, int]) -> None:
    """Source: San Francisco airport customer survey (repository ronyarmon/SFO, MIT), 6 rows a year."""
    InstallationFactory()
    survey = define("airport_survey")
    mapping = load_mapping(MAPPINGS / f"airport_{year}.json")
    import_ = taken(survey, (EXCERPTS / f"airport_survey_{year}.csv").read_bytes(), mapping)
    assert (import_.state, import_.counts) == (State.DONE, counts)
    days = set(Response.objects.values_list("service_date", flat=True))
    assert {(day.year, day.month) for day in days} == {(year, 5)}
    assert set(Answer.objects.values_list("value", flat=True)) <= {1, 2, 3, 4, 5}


def test_a_questionnaire_is_defined_once() -> None:
    InstallationFactory()
    first = define("airport_survey")
    assert define("airport_survey") == first
    version = first.current_version()
    assert version is not None
    assert version.questions.filter(measure__isnull=False).count() == 15


def test_an_incomplete_description_of_a_questionnaire_makes_nothing() -> None:
    from feedback.actions.define import define_questionnaire

    InstallationFactory()
    data = load_mapping(MAPPINGS / "airport_survey_questionnaire.json")
    del data["questions"][14]["wording"]
    with pytest.raises(ImportRefused, match="wording"):
        define_questionnaire(data)
    assert not Questionnaire.objects.exists()
    assert Unit.objects.count() == 1


def test_a_file_without_a_published_version_is_refused(card: Questionnaire) -> None:
    card.versions.update(published_at=None)
    assert "No version" in checked(card, cards(1)).message


def test_queries_grow_with_chunks_and_not_with_rows(card: Questionnaire) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(rows: int) -> int:
        import_ = begin(cards(rows))
        with CaptureQueriesContext(connection) as captured:
            actions.check_import(import_, card)
            actions.take_import(import_, card)
        assert import_.state == State.DONE
        return len(captured)

    queries(1)
    assert queries(2) == queries(20)


@pytest.mark.parametrize("formats", [["%Y%Y"], ["%"], "%Y-%m-%d", 7, [7]])
def test_dates_written_in_no_way_are_refused_with_the_mapping(formats: Any) -> None:
    with pytest.raises(ImportRefused):
        DateRule.parse({"column": "day", "formats": formats})
