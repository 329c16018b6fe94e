"""The part of the benchmark that runs inside the product: boards and lists.

Called as `python -m benchmarks.inside STEP …` with the product's environment; prints one JSON line.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: E402

from benchmarks import prepare  # noqa: E402
from benchmarks.load import post_envelope  # noqa: E402
from charter.models import Measure  # noqa: E402
from common import listing  # noqa: E402
from common.period import Period  # noqa: E402
from feedback.models import Collector  # noqa: E402
from organisation.models import Installation, Unit, User  # noqa: E402
from scoreboard.actions.rebuild import rebuild_tallies  # noqa: E402
from scoreboard.figures import figures_for, trend  # noqa: E402
from scoreboard.models import MonthlyTally  # noqa: E402

YEAR = Period(date(2025, 11, 1), date(2026, 11, 1))


def timed(task: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    task()
    return clock() - started


def step_organisation() -> dict[str, Any]:
    """Units, measures, and two cards alike but for the measures that one of them feeds."""
    root = prepare.organisation()
    measures = prepare.measures(root)
    branch = Unit.objects.get(slug="branch-0")
    prepare.card("with-measures", branch, [measures[0], measures[1]])
    prepare.card("without-measures", branch, [None, None])
    prepare.survey(root, measures)
    return {}


def step_answers(count: str) -> dict[str, Any]:
    """Fill up to `count` answers and rebuild every tally; answers per second of the rebuild."""
    collector = Collector.objects.select_related("questionnaire").get(slug="survey")
    with connection.cursor() as cursor:
        cursor.execute("truncate feedback_answer, feedback_response cascade")
    prepare.answers(collector, int(count))
    seconds = timed(rebuild_tallies)
    return {"rebuild_per_second": int(count) / seconds}


def step_fresh(port: str, posts: str) -> dict[str, Any]:
    """Milliseconds from each accepted card until the month's tally counts it."""
    tally = MonthlyTally.objects.filter(measure__key="measure-0", unit__slug="branch-0")

    def shown() -> int:
        return sum(tally.values_list("n", flat=True))

    def until_shown(wanted: int) -> float:
        accepted = time.perf_counter()
        while shown() < wanted:
            if time.perf_counter() - accepted > 30:
                raise TimeoutError("a card never showed")
            time.sleep(0.001)
        return 1000 * (time.perf_counter() - accepted)

    rebuild_tallies()
    standing = shown()
    found = []
    for number in range(int(posts) + 10):
        post_envelope(int(port), "with-measures")
        found.append(until_shown(standing + number + 1))
        time.sleep(0.02)
    return {"milliseconds": found[10:]}


def step_board() -> dict[str, Any]:
    """Seconds for the figures and twelve months of every measure, pooled over all units."""
    root = Installation.objects.get().root
    measures = list(Measure.objects.select_related("standard").prefetch_related("goals"))

    def board() -> None:
        figures_for(measures, root, YEAR, today=date(2026, 11, 1))
        trend(measures, root, date(2026, 10, 1))

    board()
    return {"seconds": timed(board)}


def step_raw() -> dict[str, Any]:
    """Seconds for the same months and measures counted from the answers."""

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                select answer.measure_id, answer.series, date_trunc('month', answer.day), count(*),
                  sum(answer.value), sum(answer.value * answer.value)
                from feedback_answer answer
                join feedback_response response on response.id = answer.response_id
                where answer.measure_id is not null and answer.value is not null and not response.is_spam
                  and not response.is_test and response.deleted_at is null
                  and response.duplicate_of_id is null and response.batch_id is null
                  and answer.day >= %s and answer.day < %s
                group by 1, 2, 3
                """,
                [YEAR.start, YEAR.end],
            )
            cursor.fetchall()

    raw()
    return {"seconds": timed(raw)}


def step_list() -> dict[str, Any]:
    """CPU seconds of the inbox with 100 rows, and of its template alone with the rows at hand."""
    listing.PAGE_SIZE = 100
    listing.page_of.__defaults__ = (100,)
    client = Client()
    client.force_login(User.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    setup_test_environment()
    answer = client.get("/feedback/")
    teardown_test_environment()
    assert answer.status_code == 200, answer.status_code
    assert len(answer.context["page"].object_list) == 100
    context = answer.context[0].flatten() | {
        name: answer.context[name] for name in ("search", "page", "is_filtered", "may_collect")
    }
    request = answer.wsgi_request

    def page() -> None:
        client.get("/feedback/")

    def template() -> None:
        render_to_string("feedback/response_list.html", context, request)

    page(), template()
    rounds = 5
    with_query = timed(lambda: [page() for _ in range(rounds)], time.process_time) / rounds
    without = timed(lambda: [template() for _ in range(rounds)], time.process_time) / rounds
    return {"with_query": with_query, "without": without}


STEPS = {name.removeprefix("step_"): step for name, step in globals().items() if name.startswith("step_")}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
