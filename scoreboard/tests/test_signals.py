"""What is noticed, once, and what people decide about it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from charter.models import Measure
from charter.tests.factories import CharterFactory, MeasureFactory, RecordedResultFactory, StandardFactory
from common.period import add_months
from feedback.tests.factories import CollectorFactory, ResponseFactory, VersionFactory
from organisation.models import OutgoingMail, UnitPlacement
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.actions.signal_letters import choose_rhythm, write_signal_letters
from scoreboard.actions.signals import (
    AlreadyDecided,
    dismiss_signal,
    mark_seen,
    reopen_signal,
    scan_signals,
    scan_signals_nightly,
)
from scoreboard.models import DatedChange, Signal
from scoreboard.signal_words import sentence_of
from scoreboard.tests.factories import tally

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # a Wednesday
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
USUAL = [(1, 75), (2, 72), (3, 78), (4, 74), (5, 76), (6, 73), (7, 77), (8, 75), (9, 74)]


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def measure(root):
    standard = StandardFactory(charter=CharterFactory(unit=root), key="next-step")
    return MeasureFactory(standard=standard, key="next-step-yes", name="Knows what happens next")


def months(measure, unit, shares, n=100):
    for month, share in shares:
        tally(measure, unit, date(2026, month, 10), share, n)


def noticed(kind=None):
    found = Signal.objects.with_words().order_by("kind", "pk")
    return [(each.kind, each.unit.slug) for each in (found.filter(kind=kind) if kind else found)]


def cards(place, *moments):
    version = VersionFactory(questionnaire=place.questionnaire)
    for moment in moments:
        ResponseFactory(collector=place, version=version, received_at=moment)


def one(kind):
    return Signal.objects.with_words().get(kind=kind)


def signal_of(measure, unit, **kwargs):
    facts = {"n": 2, "n_before": 20, "minimum": 10, "source": "answers"}
    values = {"kind": "too_few", "period": date(2026, 10, 1), "found_at": AT, "facts": facts, **kwargs}
    return Signal.objects.create(measure=measure, unit=unit, **values)


# ------------------------------------------------------------------ finding


def test_a_month_outside_its_usual_range_is_noticed_once(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    assert [scan_signals(at=AT), scan_signals(at=AT)] == [1, 0]
    assert noticed() == [("point", "harbour-branch")]
    assert sentence_of(one("point")) == (
        "October 2026: 40 %, below its usual range (54 to 89 %), from 100 answers."
    )


def test_eight_months_on_one_side_are_noticed_as_one_run(measure, branch):
    months(measure, branch, [(1, 60), (2, 60), *((month, 80) for month in range(3, 11))])
    scan_signals(at=AT)
    assert one("run").period == date(2026, 3, 1)
    tally(measure, branch, date(2026, 11, 10), 80, 100)
    scan_signals(at=AT + timedelta(days=20))
    assert noticed("run") == [("run", "harbour-branch")]


def test_under_six_months_nothing_is_unusual(measure, branch):
    months(measure, branch, [*USUAL[-4:], (10, 20)])
    scan_signals(at=AT)
    assert noticed() == []


def test_a_month_is_looked_at_from_the_third_day_of_the_next(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    assert scan_signals(at=datetime(2026, 11, 2, 12, tzinfo=UTC)) == 0
    assert scan_signals(at=datetime(2026, 11, 3, 12, tzinfo=UTC)) == 1


def test_a_unit_with_the_months_of_one_unit_below_is_not_told_twice(measure, branch, root):
    months(measure, branch, [*USUAL, (10, 40)])
    scan_signals(at=AT)
    assert noticed() == [("point", "harbour-branch")]
    tally(measure, root, date(2026, 10, 11), 1, 1)
    scan_signals(at=AT)
    assert noticed() == [("point", "harbour-branch"), ("point", "harbour-city")]


def test_an_archived_unit_is_not_looked_at(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    branch.archived_at = AT
    branch.save()
    scan_signals(at=AT)
    assert noticed() == [("point", "harbour-city")]


def test_after_a_move_each_unit_keeps_the_months_it_held(measure, branch, root):
    region = UnitFactory(name="North", slug="north", parent=root)
    UnitPlacement.objects.create(unit=branch, parent=region, starts_on=date(2026, 10, 1))
    months(measure, branch, [*USUAL, (10, 40)])
    scan_signals(at=AT)
    assert noticed() == [("point", "harbour-branch")]


def test_after_a_marked_change_the_usual_range_is_reckoned_anew(measure, branch):
    DatedChange.objects.create(measure=measure, unit=branch, on=date(2026, 10, 1), words="A second counter")
    months(measure, branch, [*USUAL, (10, 40)])
    scan_signals(at=AT)
    assert noticed() == []


def test_an_unusual_count_says_what_was_counted(branch, root):
    standard = StandardFactory(charter=CharterFactory(unit=root))
    measure = MeasureFactory(
        standard=standard,
        method=Measure.Method.RATE,
        source=Measure.Source.RESULTS,
        counted="complaints",
        exposure="visitors",
    )
    for month, met in enumerate((5, 6, 5, 6, 5, 6, 5, 6, 5, 60), start=1):
        RecordedResultFactory(
            measure=measure,
            unit=branch,
            start=date(2026, month, 1),
            end=add_months(date(2026, month, 1), 1),
            met=met,
            total=1000,
        )
    scan_signals(at=AT)
    assert "60, above its usual range" in sentence_of(one("point"))
    assert "from 1,000 visitors" in sentence_of(one("point"))


def test_a_missed_goal_is_told_when_it_begins_and_not_every_month(branch, root):
    standard = StandardFactory(charter=CharterFactory(unit=root))
    measure = MeasureFactory(standard=standard, goal=90)
    months(measure, branch, [(8, 72), (9, 72), (10, 72), (11, 72)])
    scan_signals(at=AT)
    assert sentence_of(one("missed")) == (
        "The goal is missed: 72 %, between 67 and 77, from 300 answers; the goal is 90"
        " (August 2026 to October 2026)."
    )
    scan_signals(at=datetime(2026, 12, 5, tzinfo=UTC))
    assert noticed("missed") == [("missed", "harbour-branch")]


def test_a_changed_verdict_is_told(branch, root):
    standard = StandardFactory(charter=CharterFactory(unit=root))
    measure = MeasureFactory(standard=standard, goal=70)
    months(measure, branch, [(7, 62), (8, 72), (9, 72), (10, 95)])
    scan_signals(at=AT)
    assert sentence_of(one("verdict")).startswith("From “too close to call” to “met”: 80 %, between 75")


def test_too_few_answers_are_told_where_there_were_enough_before(measure, branch):
    months(measure, branch, [(9, 15)], n=20)
    months(measure, branch, [(10, 2)], n=3)
    scan_signals(at=AT)
    assert sentence_of(one("too_few")) == (
        "3 answers in October 2026, after 20 the month before; a figure needs 10."
    )


def test_a_result_that_nobody_recorded_is_told(measure, branch):
    RecordedResultFactory(
        measure__standard=measure.standard,
        measure__source=Measure.Source.RESULTS,
        unit=branch,
        start=date(2026, 9, 1),
        end=date(2026, 10, 1),
    )
    scan_signals(at=AT)
    assert sentence_of(one("too_few")).startswith("No result is recorded for October 2026")


def test_a_place_that_has_gone_silent_is_told_once_for_each_silence(branch):
    place = CollectorFactory(unit=branch, name="At the door")
    cards(place, *(datetime(2026, 10, day, 12, tzinfo=UTC) for day in (1, 3, 5, 8, 10, 15)))
    assert scan_signals(at=datetime(2026, 10, 28, tzinfo=UTC)) == 0
    assert scan_signals(at=datetime(2026, 10, 30, tzinfo=UTC)) == 1
    assert scan_signals(at=datetime(2026, 11, 18, tzinfo=UTC)) == 0
    assert sentence_of(one("silent")) == (
        "No answer since 15 October 2026: 15 days when it was noticed. Before, the longest pause was 5 days."
    )


def test_a_place_that_never_brought_many_answers_has_no_silence(branch):
    place = CollectorFactory(unit=branch)
    cards(place, *(datetime(2026, 9, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4)))
    assert scan_signals(at=AT) == 0


def test_a_bad_unit_never_stops_the_rest(measure, branch, root, monkeypatch):
    from scoreboard import watch

    other = UnitFactory(name="Broken", slug="broken", parent=root)
    months(measure, branch, [*USUAL, (10, 40)])
    real = watch.measures_of

    def breaking(unit, on):
        if unit == other:
            raise RuntimeError("no")
        return real(unit, on)

    monkeypatch.setattr(watch, "measures_of", breaking)
    assert scan_signals(at=AT) == 1


def test_twenty_measures_cost_no_more_queries_than_two(root, branch, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    standard = StandardFactory(charter=CharterFactory(unit=root))

    def add(count):
        for _number in range(count):
            months(MeasureFactory(standard=standard, goal=90), branch, [*USUAL, (10, 40)])

    def cost():
        Signal.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            scan_signals(at=AT)
        return len(captured)

    add(2)
    few = cost()
    add(18)
    assert cost() == few


def test_two_schedulers_look_once_a_night(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    assert [scan_signals_nightly(at=AT), scan_signals_nightly(at=AT + timedelta(hours=5))] == [1, None]
    assert scan_signals_nightly(at=AT + timedelta(days=1)) == 0


# ----------------------------------------------------------------- deciding


def test_dismissed_it_stays_dismissed_whatever_is_scanned(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    scan_signals(at=AT)
    dismiss_signal(one("point"), reason="The counter was closed.", by=person_in(branch, "manager"))
    scan_signals(at=AT)
    assert [each.state for each in Signal.objects.all()] == ["dismissed"]


def test_the_second_of_two_dismissals_is_refused_and_leaves_no_trace(measure, branch):
    signal, by = signal_of(measure, branch), person_in(branch, "manager")
    dismiss_signal(signal, reason="Closed", by=by)
    with pytest.raises(AlreadyDecided):
        dismiss_signal(signal, reason="Closed too", by=by)
    assert [event.note for event in signal.events.all()] == ["Closed"]


def test_a_reason_that_no_database_can_keep_is_refused(measure, branch):
    with pytest.raises(ValidationError):
        dismiss_signal(signal_of(measure, branch), reason="a\x00b", by=person_in(branch, "manager"))


def test_a_dismissal_can_be_taken_back(measure, branch):
    signal, by = signal_of(measure, branch), person_in(branch, "manager")
    mark_seen(signal, by=by)
    dismiss_signal(signal, reason="Closed", by=by)
    reopen_signal(signal, by=by)
    assert Signal.objects.get().state == "open"
    assert [event.what for event in signal.events.all()] == ["seen", "dismissed", "reopened"]


# ------------------------------------------------------------------ letters


def letters():
    return [(mail.to, mail.body) for mail in OutgoingMail.objects.order_by("pk")]


def test_the_letter_goes_to_who_owns_the_standard(measure, branch):
    owner = person_in(branch, "staff", email="owner@example.org")
    person_in(branch, "manager", email="manager@example.org")
    measure.standard.owner = owner
    measure.standard.save()
    signal = signal_of(measure, branch)
    write_signal_letters(at=AT)
    [(to, body)] = letters()
    assert to == "owner@example.org"
    assert "2 answers in October 2026" in body
    assert signal.get_absolute_url() in body


def test_without_an_owner_the_letter_goes_to_the_nearest_managers(measure, branch, root):
    person_in(root, "manager", email="top@example.org")
    signal_of(measure, branch)
    write_signal_letters(at=AT)
    assert [to for to, _body in letters()] == ["top@example.org"]


def test_each_signal_stands_in_one_letter_only(measure, branch):
    person_in(branch, "manager")
    signal_of(measure, branch)
    assert [write_signal_letters(at=AT), write_signal_letters(at=AT)] == [1, 0]
    assert write_signal_letters(at=MONDAY) == 0
    signal_of(measure, branch, period=date(2026, 9, 1), found_at=MONDAY)
    assert write_signal_letters(at=MONDAY + timedelta(days=7)) == 1
    assert "1 thing to look at" in OutgoingMail.objects.latest("pk").subject


def test_who_wants_it_daily_gets_it_daily_and_who_wants_none_gets_none(measure, branch):
    daily, never = (person_in(branch, "manager", email=f"{name}@example.org") for name in ("daily", "never"))
    choose_rhythm(person=daily, rhythm="daily")
    choose_rhythm(person=never, rhythm="never")
    write_signal_letters(at=AT)
    signal_of(measure, branch)
    write_signal_letters(at=AT + timedelta(days=1))
    assert [to for to, _body in letters()] == ["daily@example.org"]


def test_a_weekly_letter_waits_for_monday(measure, branch):
    person_in(branch, "manager")
    write_signal_letters(at=AT)
    signal_of(measure, branch)
    assert write_signal_letters(at=AT + timedelta(days=1)) == 0
    assert write_signal_letters(at=MONDAY) == 1


def test_what_has_been_decided_is_not_told_any_more(measure, branch):
    manager = person_in(branch, "manager")
    mark_seen(signal_of(measure, branch), by=manager)
    assert write_signal_letters(at=AT) == 0


# -------------------------------------------------------------------- pages


@pytest.fixture
def manager(branch, client):
    person = person_in(branch, "manager", email="manager@example.org")
    client.force_login(person)
    return client


def page(client, address, **query):
    return client.get(address, query).content.decode()


def test_the_list_says_what_was_noticed_and_why_some_of_it_is_chance(measure, branch, manager):
    signal_of(measure, branch)
    html = page(manager, "/signals/")
    for words in ("2 answers in October 2026", "Harbour branch", "seven or eight a month"):
        assert words in html


def test_the_list_is_searched_and_filtered_and_units_below_are_included(measure, branch, root, manager):
    from common.text import search_form

    signal_of(measure, branch, search=search_form("STRASSE Harbour branch"))
    assert "October 2026" in page(manager, "/signals/", q="straße")
    assert "October 2026" in page(manager, "/signals/", unit=root.slug)
    assert "Nothing matches" in page(manager, "/signals/", kind="point")
    assert "Nothing matches" in page(manager, "/signals/", whose="mine")
    assert "These filters were left out" in page(manager, "/signals/", unit="nowhere")
    assert "These filters were left out" in page(manager, "/signals/", q="a\x00b")


def test_an_empty_list_says_when_the_next_look_is(root, manager):
    assert "Every night the figures are looked at" in page(manager, "/signals/")


def test_the_export_holds_what_the_filters_show(measure, branch, manager):
    signal_of(measure, branch)
    response = manager.get("/signals/", {"export": "csv"})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "2 answers in October 2026" in lines[1]
    assert manager.get("/signals/", {"export": "xlsx"})["Content-Type"].endswith("sheet")


def test_a_dismissal_without_a_reason_is_refused_and_the_page_says_so(measure, branch, manager):
    signal = signal_of(measure, branch)
    response = manager.post(f"{signal.get_absolute_url()}dismiss/", {"reason": "  "})
    assert response.status_code == 422
    assert "This field is required" in response.content.decode()


def test_a_person_chooses_how_often_the_letter_comes(branch, manager):
    assert "checked" in page(manager, "/signals/letters/")
    manager.post("/signals/letters/", {"rhythm": "never"})
    assert manager.post("/signals/letters/", {"rhythm": "hourly"}).status_code == 422
    html = page(manager, "/signals/letters/")
    assert html.index("checked") > html.index('value="never"')


def test_the_board_says_how_many_signals_wait(measure, branch, manager):
    signal_of(measure, branch)
    assert '<span class="chip on">1</span>' in page(manager, "/scoreboard/harbour-branch/")


def test_looking_again_is_background_work_asked_for_once(branch, manager):
    first, second = (manager.post("/signals/scan/")["Location"] for _turn in range(2))
    assert first == second
    assert "/work/" in first


def test_my_work_names_the_signals_of_the_standards_that_one_owns(measure, branch):
    from common.navigation import slot_contents

    owner = person_in(branch, "staff")
    [due] = [each for each in slot_contents("my.due") if each.template.startswith("scoreboard/")]
    signal_of(measure, branch)
    assert due.context(owner, AT) is None
    measure.standard.owner = owner
    measure.standard.save()
    assert len(due.context(owner, AT)["signals"]) == 1
