"""In public no hidden figure may be found by subtraction from shown ones."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from charter.models import Goal, Measure
from common.period import Period
from common.sources import Counts
from organisation.models import Unit
from scoreboard.figures import make_figure, suppressed

MEASURE = Measure(method=Measure.Method.TOP_BOX, scale_low=0, scale_high=1, minimum_n=10)
PERIOD = Period(date(2026, 9, 1), date(2026, 12, 1))


def figure(n, high, public=True):
    by_series = {1: Counts(n=n, total=high, squares=high, high=high)}
    return make_figure(MEASURE, Unit(), PERIOD, by_series, Goal(target=Decimal(90)), public=public)


def cells(counts, own=0):
    return suppressed({key: figure(n, high) for key, (n, high) in enumerate(counts)}, own=own)


def found_by_subtraction(parent, shown):
    """What a reader reckons: the parent's answers less all that the shown children say."""
    return (
        parent.n - sum(each.n for each in shown),
        parent.high_count - sum(each.high_count for each in shown),
    )


counts = st.integers(0, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@settings(deadline=None)
@given(st.lists(counts, min_size=1, max_size=8), counts)
def test_no_hidden_cell_is_the_parent_less_its_other_children(children, own):
    """`own` are answers given in the parent itself, which stand in no child."""
    family = [*children, own]
    parent = figure(sum(n for n, _high in family), sum(high for _n, high in family))
    found = cells(children, own[0])
    hidden = [key for key, each in found.items() if each.value is None and each.n]
    if parent.value is None:
        return
    rest_n, _rest_high = found_by_subtraction(
        parent, [each for each in found.values() if each.value is not None]
    )
    assert rest_n == 0 or rest_n >= MEASURE.minimum_n
    if hidden:
        assert len(hidden) + bool(own[0]) > 1


@settings(deadline=None)
@given(st.lists(counts, min_size=1, max_size=8))
def test_a_hidden_figure_carries_nothing_to_reckon_with(children):
    for each in cells(children).values():
        if each.hidden_reason:
            assert (each.value, each.low, each.high, each.high_count) == (None, None, None, 0)
            assert (each.counts.high, each.counts.total, each.counts.values) == (0, 0, {})


@settings(deadline=None)
@given(st.lists(st.integers(10, 60), max_size=8))
def test_where_nothing_is_too_few_nothing_is_hidden(sizes):
    assert all(each.value is not None for each in cells([(n, n // 2) for n in sizes]).values())


def test_the_next_smallest_is_hidden_beside_a_single_one():
    found = cells([(6, 3), (40, 30), (12, 9), (90, 80)])
    assert [each.value is None for each in found.values()] == [True, False, True, False]
    assert "6 answers so far" in found[0].hidden_reason
    assert "reckoned out" in found[2].hidden_reason


def test_units_without_answers_hide_nothing():
    found = cells([(0, 0), (40, 30)])
    assert found[1].value is not None


def test_full_counts_are_never_hidden():
    measure = Measure(method=Measure.Method.SHARE_MET, source=Measure.Source.RESULTS)
    few = make_figure(measure, Unit(), PERIOD, {1: Counts(n=2, high=1)}, None, public=True)
    assert suppressed({1: few})[1].value == 50.0


def test_a_few_answers_of_the_parent_itself_are_hidden_behind_the_smallest_child():
    found = cells([(40, 30), (12, 9), (90, 80)], own=3)
    assert [each.value is None for each in found.values()] == [False, True, False]
