"""The editor in the browser: every type of question, options, rules, order, languages, putting away."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from charter.tests.factories import MeasureFactory
from feedback.actions.questionnaires import open_draft
from feedback.models import Question, Questionnaire
from feedback.tests.cards import WAYS, a_survey, rule
from feedback.tests.factories import ResponseFactory
from organisation.tests.factories import person_in

pytestmark = pytest.mark.django_db

VISIT = ("visit", "faces", {"wording": "How was your visit?"})
WHY = ("why", "short", {"wording": "What went wrong?", **rule(("visit", "most", 2))})
WAY = ("way", "choice", {"options": WAYS, "wording": "How did you come?"})
STAFF = ("staff", "matrix", {"rows": ("friendly", "clear"), "wording": "Our staff"})


class Editor:
    """A manager who writes the draft of a questionnaire."""

    def __init__(self, client: Client, *questions: Any) -> None:
        self.client = client
        self.place = a_survey(*questions)
        self.questionnaire = self.place.version.questionnaire
        client.force_login(person_in(self.place.collector.unit, "manager"))
        self.draft = open_draft(self.questionnaire)
        self.base = f"/feedback/questionnaires/{self.questionnaire.key}/"

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        self.draft.refresh_from_db()
        sent = {"edit_mark": self.draft.edit_mark, "language": "en", **(data or {})}
        return self.client.post(self.base + path, sent, **more)

    def page(self, path: str = "") -> str:
        return self.client.get(self.base + path).content.decode()

    def keys(self) -> list[str]:
        return [question.key for question in self.draft.questions.all()]


def lines(*labels: str, keys: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    padded = [*keys, *[""] * (len(labels) - len(keys))]
    return {"part-label": list(labels), "part-key": padded, "part-measure": [""] * len(labels), **more}


def test_a_choice_is_written_with_its_options_and_other(client: Client) -> None:
    editor = Editor(client, VISIT)
    said = {"kind": "choices", "wording": "What did you need?", "offers_other": "on", "is_shuffled": "on"}
    answer = editor.post("questions/add/", {**said, **lines("A form", "", "Advice")})
    assert answer.status_code == 302
    question = editor.draft.questions.get(key="what-did-you-need")
    assert [(each.key, str(each)) for each in question.options.all()] == [
        ("a-form", "A form"),
        ("advice", "Advice"),
        ("other", "Something else"),
    ]
    assert question.is_shuffled


def test_a_matrix_is_written_with_rows_that_feed_measures(client: Client) -> None:
    editor = Editor(client, VISIT)
    measure: Any = MeasureFactory(scale_low=1, scale_high=5)
    said = {"kind": "matrix", "wording": "How good was", "scale_low": 1, "scale_high": 5, "allows_na": "on"}
    rows = {"part-label": ["the wait", "the answer"], "part-key": ["", ""], "part-measure": ["", measure.key]}
    assert editor.post("questions/add/", {**said, **rows}).status_code == 302
    answer = editor.draft.questions.get(key="the-answer")
    assert (answer.measure, answer.scale_high, answer.allows_na) == (measure, 5, True)


def test_a_row_whose_measure_has_another_scale_is_refused_beside_its_line(client: Client) -> None:
    editor = Editor(client, VISIT)
    said = {"kind": "matrix", "wording": "How good was", "scale_low": 1, "scale_high": 7}
    rows = {"part-label": ["the wait"], "part-key": [""], "part-measure": [MeasureFactory().key]}
    answer = editor.post("questions/add/", {**said, **rows})
    assert answer.status_code == 422
    assert "the wait: This measure has the scale 0 to 1" in answer.content.decode()


def test_a_line_is_taken_out_by_its_tick_and_left_empty_it_is_only_untranslated(client: Client) -> None:
    editor = Editor(client, WAY)
    keys = ("counter", "phone")
    said = {"kind": "choice", "wording": "Wie kamen Sie?", "language": "de", "offers_other": "on"}
    editor.post("questions/way/edit/", {**said, **lines("Am Schalter", "", keys=keys)})
    options = {each.key: each for each in editor.draft.questions.get().options.all()}
    assert options["counter"].text("de").label == "Am Schalter"
    assert str(options["phone"].text("de")) == "By telephone"
    taken = lines("At the counter", "By telephone", keys=keys, **{"part-out": ["phone"]})
    editor.post("questions/way/edit/", {"kind": "choice", "wording": "How did you come?", **taken})
    assert [each.key for each in editor.draft.questions.get().options.all()] == ["counter"]


def test_a_forged_key_of_a_line_is_a_new_line(client: Client) -> None:
    editor = Editor(client, WAY)
    said = {"kind": "choice", "wording": "How did you come?", **lines("By car", keys=("visit\x00",))}
    editor.post("questions/way/edit/", said)
    assert [each.key for each in editor.draft.questions.get().options.all()] == ["by-car"]


@pytest.mark.parametrize(
    ("act", "order"), [("up-1", ["phone", "counter"]), ("down-9", ["counter", "phone"]), ("up-x", None)]
)
def test_lines_are_moved_before_anything_is_saved(client: Client, act: str, order: list[str] | None) -> None:
    editor = Editor(client, WAY)
    said = {"kind": "choice", "wording": "New words", "act": act, "offers_other": "on"}
    answer = editor.post("questions/way/edit/", {**said, **lines("A", "B", keys=("counter", "phone"))})
    assert answer.status_code == 200
    assert [line.key for line in answer.context["form"].lines] == (order or ["counter", "phone"])
    assert 'value="New words"' in answer.content.decode()
    assert str(editor.draft.questions.get()) == "How did you come?"


def test_another_type_shows_the_fields_it_needs(client: Client) -> None:
    editor = Editor(client, VISIT)
    said = {"kind": "matrix", "wording": "Typed", "act": "kind"}
    page = editor.post("questions/visit/edit/", said).content.decode()
    assert 'name="part-label"' in page
    assert 'name="scale_low"' in page
    assert 'name="part-label"' not in editor.page("questions/visit/edit/")


@pytest.mark.parametrize("kind", [*Question.SCALES, "choice", "text"])
def test_a_new_question_is_turned_into_any_type_before_a_word_is_written(client: Client, kind: str) -> None:
    editor = Editor(client, VISIT)
    answer = editor.post("questions/add/", {"kind": kind, "act": "kind"})
    assert answer.status_code == 200
    assert answer.context["form"].chosen_kind == kind


def test_the_preview_follows_what_is_typed_and_saves_nothing(client: Client) -> None:
    editor = Editor(client, VISIT)
    said = {"kind": "choices", "wording": "What <b>else</b>?", **lines("Tea", "Coffee"), "offers_other": "on"}
    answer = editor.post("questions/add/", said, headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert part.lstrip().startswith('<div id="live">')
    assert "What &lt;b&gt;else&lt;/b&gt;?" in part
    assert part.count('type="checkbox"') == 3
    assert editor.keys() == ["visit"]


def test_the_preview_of_something_half_typed_breaks_nothing(client: Client) -> None:
    editor = Editor(client, VISIT)
    for said in ({"kind": "rating", "scale_low": "x"}, {"kind": "nonsense"}, {"kind": "matrix"}, {}):
        assert editor.post("questions/add/", said, headers={"HX-Request": "true"}).status_code == 200


def test_a_rule_is_written_and_told_in_words(client: Client) -> None:
    editor = Editor(client, VISIT, WAY, ("why", "short", {"wording": "What went wrong?"}))
    said = {
        "match": "any",
        "question-0": "visit",
        "test-0": "most",
        "answer-0": "visit=2",
        "question-1": "way",
        "test-1": "equals",
        "answer-1": "way=phone",
    }
    assert editor.post("questions/why/rule/", said).status_code == 302
    assert editor.draft.questions.get(key="why").show_if == {
        "match": "any",
        "conditions": [
            {"question": "visit", "is": "most", "value": 2},
            {"question": "way", "is": "equals", "value": "phone"},
        ],
    }
    page = editor.page()
    assert "“How was your visit?” is at most “Poor”" in page
    assert "“How did you come?” is “By telephone”" in page
    assert editor.post("questions/why/rule/", {"match": "all"}).status_code == 302
    assert editor.draft.questions.get(key="why").show_if == {}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("visit", "most", "way=phone"), "choose one of the answers to this question"),
        (("visit", "most", ""), "choose one of the answers to this question"),
        (("way", "most", "way=phone"), "can only ask whether"),
        (("why", "answered", ""), "Select a valid choice"),
        (("late", "answered", ""), "Select a valid choice"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_words(client: Client, line: Any, told: str) -> None:
    late = ("late", "short", {"wording": "Later"})
    editor = Editor(client, VISIT, WAY, ("why", "short", {"wording": "What went wrong?"}), late)
    said = {"match": "all", "question-0": line[0], "test-0": line[1], "answer-0": line[2]}
    answer = editor.post("questions/why/rule/", said)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_a_question_by_which_another_is_shown_is_not_taken_out_and_the_page_says_why(client: Client) -> None:
    editor = Editor(client, VISIT, WHY)
    answer = editor.post("questions/visit/remove/", follow=True)
    assert "not here any more (visit)" in answer.content.decode()
    assert editor.keys() == ["visit", "why"]


def test_questions_are_dragged_into_order_unless_a_rule_would_look_ahead(client: Client) -> None:
    editor = Editor(client, VISIT, WHY, WAY)
    assert editor.post("questions/order/", {"key": ["way", "visit", "why"]}).status_code == 204
    assert editor.keys() == ["way", "visit", "why"]
    assert editor.post("questions/order/", {"key": ["why", "visit", "way"]}).status_code == 422
    assert editor.keys() == ["way", "visit", "why"]


def test_a_row_is_not_edited_without_its_matrix(client: Client) -> None:
    editor = Editor(client, STAFF)
    assert client.get(editor.base + "questions/clear/edit/").status_code == 404


def test_a_language_that_is_half_written_is_marked_with_what_it_lacks(client: Client) -> None:
    editor = Editor(client, VISIT, WAY)
    editor.post("words/", {"language": "de", "title": "Ihr Besuch"})
    page = editor.page()
    assert "2 questions missing" in page
    assert page.count("Not written in Deutsch yet") == 2


def test_the_random_order_is_switched_on_with_the_words(client: Client) -> None:
    editor = Editor(client, VISIT)
    editor.post("words/", {"title": "How was it?", "is_shuffled": "on"})
    editor.draft.refresh_from_db()
    assert editor.draft.is_shuffled


def test_a_draft_is_thrown_away_and_the_published_version_stays(client: Client) -> None:
    editor = Editor(client, VISIT)
    editor.post("discard/")
    assert editor.questionnaire.draft() is None
    assert editor.questionnaire.current_version() == editor.place.version


def test_what_is_asked_somewhere_is_not_archived(client: Client) -> None:
    editor = Editor(client, VISIT)
    answer = editor.post("archive/", follow=True)
    assert "still asked at 1 place" in answer.content.decode()


def test_an_archived_questionnaire_leaves_the_list_and_comes_back(client: Client, now: datetime) -> None:
    editor = Editor(client, VISIT)
    editor.place.collector.archived_at = now
    editor.place.collector.save()
    editor.post("archive/")
    name = editor.questionnaire.name
    assert name not in client.get("/feedback/questionnaires/").content.decode()
    assert name in client.get("/feedback/questionnaires/?state=archived").content.decode()
    editor.post("restore/")
    assert name in client.get("/feedback/questionnaires/").content.decode()


def test_what_colleagues_answered_is_never_made_customers_cards(client: Client) -> None:
    editor = Editor(client, VISIT)
    editor.post("rename/", {"name": "The branch", "kind": "employees"})
    version = editor.questionnaire.current_version()
    ResponseFactory(collector=editor.place.collector, version=version)
    answer = editor.post("rename/", {"name": "The branch", "kind": "card"})
    assert answer.status_code == 422
    assert Questionnaire.objects.get(pk=editor.questionnaire.pk).kind == "employees"


def test_the_list_is_searched_filtered_and_exported(client: Client) -> None:
    editor = Editor(client, VISIT)
    editor.post("rename/", {"name": "Été au port", "kind": "survey"})
    for query, found in (("q=ÉTÉ", True), ("kind=survey", True), ("kind=card", False), ("state=draft", True)):
        page = client.get(f"/feedback/questionnaires/?{query}&sort=newest").content.decode()
        assert ("Été au port" in page) is found
        lines_out = b"".join(client.get(f"/feedback/questionnaires/export/?{query}"))  # type: ignore[arg-type]
        assert ("Été au port" in lines_out.decode()) is found


def test_the_editors_page_costs_as_many_queries_for_few_questions_as_for_many(client: Client) -> None:
    counts = []
    for many in (2, 20):
        options = {"options": WAYS, "wording": "?"}
        editor = Editor(client, *((f"way-{number}", "choice", options) for number in range(many)))
        editor.page()
        with CaptureQueriesContext(connection) as queries:
            editor.page()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_form_knows_every_type_but_the_row(client: Client) -> None:
    page = Editor(client, VISIT).page("questions/add/")
    for kind in Question.Kind:
        assert (f'<option value="{kind}"' in page) is (kind != Question.Kind.ROW)


def test_a_choice_with_too_few_options_says_so_as_soon_as_it_is_saved(client: Client) -> None:
    editor = Editor(client, VISIT)
    said = {"kind": "choice", "wording": "How did you come?"}
    assert editor.post("questions/add/", {**said, **lines("On foot")}).status_code == 302
    assert "needs at least two options" in editor.page()
    assert editor.post("publish/").status_code == 422


def test_a_draft_without_a_question_is_not_offered_for_publishing(client: Client) -> None:
    editor = Editor(client, VISIT)
    assert "Publish this version" in editor.page()
    editor.draft.questions.all().delete()
    page = editor.page()
    assert "Publish this version" not in page
    assert "Add a question first; then this version can be published." in page
