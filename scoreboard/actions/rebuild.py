"""All tallies from the answers: after a restore, after a change of method, or out of doubt."""

from typing import Any

from django.db import connection, transaction

from charter.models import Measure
from common.sources import AnswerSource, Bucket, answer_sources
from scoreboard.actions.locks import lock_everything
from scoreboard.actions.recompute import BATCH, recompute_buckets
from scoreboard.counting import DETRACTORS_UP_TO
from scoreboard.models import DailyTally, MonthlyTally


def rebuild_tallies() -> int:
    """Count every measure's tallies again; how many days hold answers afterwards.

    Safe while answers arrive: no recompute runs on what is being counted, and what changes afterwards
    has its stale row. PostgreSQL counts the answers of each source by itself in one transaction;
    elsewhere they are counted bucket by bucket.
    """
    counted: set[int] = set()
    for kind, source in _counted_in_database().items():
        measures = list(Measure.objects.filter(source=kind))
        if measures:
            _count_in_database(source, measures)
        counted |= {measure.pk for measure in measures}
    buckets = sorted(_buckets(without=counted))
    for start in range(0, len(buckets), BATCH):
        with transaction.atomic():
            recompute_buckets(buckets[start : start + BATCH])
    return DailyTally.objects.order_by().values("measure", "unit", "day").distinct().count()


def _counted_in_database() -> dict[str, AnswerSource]:
    """The sources whose rows the database can count without us, by kind."""
    return answer_sources() if connection.vendor == "postgresql" else {}


def _buckets(*, without: set[int]) -> set[Bucket]:
    """What holds a tally, and what holds an answer of a source that is read by us."""
    read = [each for kind, each in answer_sources().items() if kind not in _counted_in_database()]
    found = {bucket for source in read for bucket in source.buckets()}
    for model, on in ((DailyTally, "day"), (MonthlyTally, "month")):
        others = model._default_manager.exclude(measure__in=without)
        found |= set(others.values_list("measure_id", "unit_id", on))
    return found


# From cells (measure, unit, series, day, answer or null, how many) to tallies: the sums of
# `count_answers`. The months' rows are grouped from the same cells. Rows are written in the order of
# the table's unique index, so that each of its pages is filled once; sums of 32-bit numbers are taken
# in 64 bits, sums of 64-bit ones in slow decimals.
_FILL = """
INSERT INTO {table} (measure_id, unit_id, series, "{column}", n, total, squares, high, low, na, "values")
SELECT measure_id, unit_id, series, on_day,
    COALESCE(SUM(many::int) FILTER (WHERE answer IS NOT NULL), 0),
    COALESCE(SUM(many * answer), 0),
    COALESCE(SUM(many * answer * answer), 0),
    COALESCE(SUM(many::int) FILTER (WHERE answer >= top), 0),
    COALESCE(SUM(many::int) FILTER (WHERE answer <= detractors), 0),
    COALESCE(SUM(many::int) FILTER (WHERE answer IS NULL), 0),
    COALESCE(JSONB_OBJECT_AGG(answer::text, many) FILTER (WHERE answer IS NOT NULL), '{{}}')
FROM {cells} AS cells
JOIN UNNEST(%s::bigint[], %s::int[], %s::int[]) AS rule (id, top, detractors) ON rule.id = measure_id
GROUP BY measure_id, unit_id, series, on_day
ORDER BY {order}
"""
_MONTHS = """(
    SELECT measure_id, unit_id, series, DATE_TRUNC('month', on_day)::date AS on_day, answer,
        SUM(many)::bigint AS many
    FROM tally_cells GROUP BY 1, 2, 3, 4, 5
)"""


@transaction.atomic
def _count_in_database(source: AnswerSource, measures: list[Measure]) -> None:
    lock_everything()
    keys = [measure.pk for measure in measures]
    for model in (DailyTally, MonthlyTally):
        model._default_manager.filter(measure__in=keys).delete()
    cells = source.cells().filter(measure__in=keys)
    query, parameters = cells.query.sql_with_params()
    rule: list[Any] = [
        keys,
        [measure.top_from for measure in measures],
        [DETRACTORS_UP_TO if measure.method == Measure.Method.NPS else None for measure in measures],
    ]
    columns = "(measure_id, unit_id, series, on_day, answer, many)"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(f"CREATE TEMPORARY TABLE tally_cells {columns} AS {query}", parameters)
        cursor.execute("ANALYZE tally_cells")
        for model, column, counted, order in (
            (DailyTally, "day", "tally_cells", "measure_id, unit_id, on_day, series"),
            (MonthlyTally, "month", _MONTHS, "measure_id, on_day, unit_id, series"),
        ):
            table = model._meta.db_table
            statement = _FILL.format(table=table, column=column, cells=counted, order=order)
            cursor.execute(statement, rule)
            cursor.execute(f"ANALYZE {table}")  # else the planner goes by the table as it was
        cursor.execute("DROP TABLE tally_cells")
