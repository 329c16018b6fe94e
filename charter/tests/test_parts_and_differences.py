"""The parts of frozen content, and what differs between two states of a charter."""

import pytest

from charter import actions
from charter.actions.publish import frozen
from charter.differences import ADDED, CHANGED, MOVED, RETIRED, compared, differences
from charter.parts import parts_of
from charter.tests.factories import MeasureFactory
from organisation.tests.factories import UserFactory


def entry(key: str, promise: str = "A promise", **more: object) -> dict:
    return {
        "key": key,
        "discretion": "flexible",
        "value": None,
        "starts_on": None,
        "measures": [],
        "texts": {"en": {"promise": promise, "why": "", "guidance": ""}},
    } | more


def measure(goal: str | None) -> dict:
    fields = {"key": "m", "name": "Letters in time", "method": "share_met", "scale_low": 0, "scale_high": 1}
    return fields | {"goal": goal}


def content(*standards: dict, **words: str) -> dict:
    return {"texts": {"en": words}, "values": [], "standards": list(standards)}


def states(before: dict, after: dict) -> list[tuple[str, str]]:
    return [(change.part.key, change.state) for change in differences(before, after, "en")]


def test_the_same_content_differs_in_nothing() -> None:
    assert states(content(entry("a"), title="T"), content(entry("a"), title="T")) == []


def test_standards_are_matched_by_their_key_and_named_added_changed_or_retired() -> None:
    before = content(entry("kept", "Old words"), entry("gone"))
    after = content(entry("new"), entry("kept", "New words"))
    assert states(before, after) == [
        ("standard:new", ADDED),
        ("standard:kept", CHANGED),
        ("standard:gone", RETIRED),
    ]


def test_a_standard_that_changed_its_place_alone_is_moved_and_its_neighbours_are_not() -> None:
    before = content(entry("a"), entry("b"), entry("c"))
    after = content(entry("c"), entry("a"), entry("b"))
    assert states(before, after) == [("standard:c", MOVED)]


def test_another_goal_is_a_change_that_shows_the_old_and_the_new_number() -> None:
    before = content(entry("a", measures=[measure("85")]))
    after = content(entry("a", measures=[measure("90")]))
    [line] = differences(before, after, "en")[0].lines
    assert line.label == "Letters in time"
    assert [piece.text for piece in line.before if piece.is_changed] == ["85"]
    assert [piece.text for piece in line.after if piece.is_changed] == ["90"]


def test_words_are_compared_one_by_one() -> None:
    before, after = compared("We answer in two days.", "We answer in one working day.")
    assert [piece.text for piece in before if piece.is_changed] == ["two days"]
    assert [piece.text for piece in after if piece.is_changed] == ["one working day"]
    assert "".join(piece.text for piece in after) == "We answer in one working day."


def test_a_change_in_another_language_alone_is_named_by_that_language() -> None:
    both = {"en": {"promise": "One"}, "de": {"promise": "Eins"}}
    other = {"en": {"promise": "One"}, "de": {"promise": "Zwei"}}
    [change] = differences(content(entry("a", texts=both)), content(entry("a", texts=other)), "en")
    assert (change.lines, change.languages) == ([], ["Deutsch"])


def test_the_charters_own_words_are_parts_one_by_one_in_the_order_of_the_form() -> None:
    parts = parts_of(content(we_ask="Papers", title="T", vision=""), "en")
    assert [part.key for part in parts] == ["words:title", "words:we_ask"]


def test_an_older_edition_without_later_fields_does_not_differ_in_them() -> None:
    assert states(content(entry("a")), content(entry("a", channel="any", audience="customers"))) == []
    [change] = differences(content(entry("a")), content(entry("a", channel="post")), "en")
    assert [line.label for line in change.lines] == ["Where it holds"]


def test_a_time_limit_reads_with_its_unit() -> None:
    [part] = parts_of(content(entry("a", limit_amount=2, limit_unit="working_days")), "en")
    assert part.facts["Time limit"] == "2 working days"


def test_empty_content_is_read_as_nothing() -> None:
    assert parts_of({}, "en") == []


@pytest.mark.django_db
def test_a_published_edition_does_not_differ_from_the_draft_that_it_was_made_of(now) -> None:
    charter = MeasureFactory(goal=90).standard.charter
    edition = actions.publish_edition(charter=charter, note="Why", by=UserFactory(), at=now)
    assert differences(edition.content, frozen(charter, now.date()), "en") == []
