"""Writers and workers at once: at the end every cell equals a recount from the answers."""

import random
import threading
from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from charter.models import StaleBucket
from charter.tests.factories import MeasureFactory
from common.sources import answer_sources
from feedback.models import Answer, Response
from feedback.tests.factories import ResponseFactory, answer
from organisation.tests.factories import UnitFactory
from scoreboard.actions import recompute, recompute_stale_results
from scoreboard.models import DailyTally, MonthlyTally
from scoreboard.tests.factories import answers, collector_for, question_for

WRITERS, WORKERS, ROUNDS, REPEATS = 4, 2, 12, 20
DAYS = [date(2026, 10, 30) + timedelta(days=number) for number in range(4)]

needs_services = [
    pytest.mark.services,
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="writers at once need PostgreSQL (DATABASE_URL)"
    ),
]
pytestmark = [*needs_services, pytest.mark.django_db(transaction=True)]


class RolledBack(Exception):
    """The worker that dies in the middle."""


def recount(measure):
    """Cells as the answers say: (measure, unit, day or month, series) → (n, total, squares, high, na)."""
    days, months = defaultdict(lambda: [0] * 5), defaultdict(lambda: [0] * 5)
    for each in Answer.objects.countable().filter(measure=measure).select_related("measure"):
        for cells, on in ((days, each.day), (months, each.day.replace(day=1))):
            cell = cells[each.measure_id, each.unit_id, on, each.series]
            if each.is_na or each.value is None:
                cell[4] += 1
                continue
            cell[0] += 1
            cell[1] += each.value
            cell[2] += each.value**2
            cell[3] += each.value >= each.measure.top_from
    return as_dict(days), as_dict(months)


def as_dict(cells):
    return {key: tuple(cell) for key, cell in cells.items()}


def cells_of(model, on, measure):
    rows = model.objects.filter(measure=measure).values_list(
        "measure_id", "unit_id", on, "series", "n", "total", "squares", "high", "na"
    )
    return {row[:4]: row[4:] for row in rows}


class Writer:
    """Takes answers in, changes, hides, restores and moves them, each with its stale rows."""

    def __init__(self, seed, questions, collectors):
        self.random = random.Random(seed)
        self.questions, self.collectors = questions, collectors

    def run(self):
        for _round in range(ROUNDS):
            step = self.random.choice([self.take_in, self.take_in, self.edit, self.hide, self.move])
            try:
                with transaction.atomic():
                    step()
                    if self.random.random() < 0.1:
                        raise RolledBack
            except RolledBack:
                pass

    def stale(self, *answers):
        StaleBucket.objects.bulk_create(
            StaleBucket(measure_id=each.measure_id, unit_id=each.unit_id, day=each.day, since=timezone.now())
            for each in answers
        )

    def take_in(self):
        collector, day = self.random.choice(self.collectors), self.random.choice(DAYS)
        question = self.random.choice(self.questions)
        response = ResponseFactory(collector=collector, version=question.version, service_date=day)
        value = self.random.choice([0, 1, 1, None])
        self.stale(answer(response, question, value, is_na=value is None))

    def any_answer(self):
        mine = Answer.objects.filter(measure=self.questions[0].measure)
        keys = list(mine.values_list("pk", flat=True))
        if not keys:
            return None
        return Answer.objects.select_for_update(of=("self",)).filter(pk=self.random.choice(keys)).first()

    def edit(self):
        if found := self.any_answer():
            found.value, found.is_na = self.random.choice([0, 1]), False
            found.save()
            self.stale(found)

    def hide(self):
        if found := self.any_answer():
            change = self.random.choice(
                [{"is_spam": True}, {"is_spam": False}, {"deleted_at": timezone.now()}, {"deleted_at": None}]
            )
            Response.objects.filter(pk=found.response_id).update(**change)
            self.stale(found)

    def move(self):
        if found := self.any_answer():
            before = Answer(measure_id=found.measure_id, unit_id=found.unit_id, day=found.day)
            found.day = self.random.choice(DAYS)
            found.save()
            self.stale(before, found)


def work(done):
    """Recompute until the writers are done and nothing is owed."""
    while not done.is_set() or StaleBucket.objects.exists():
        recompute_stale_results(limit=20)


def in_threads(*runs):
    failures = []

    def guarded(run):
        try:
            run()
        except Exception as failure:
            failures.append(failure)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=guarded, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    return threads, failures


@pytest.fixture
def dying_workers(monkeypatch):
    """Every tenth batch is given up when everything is written but not yet committed."""
    chance, finish = random.Random(7), recompute.recompute_buckets

    def recompute_buckets(buckets):
        finish(buckets)
        if chance.random() < 0.1:
            raise RolledBack

    monkeypatch.setattr(recompute, "recompute_buckets", recompute_buckets)


def test_after_writers_and_workers_at_once_no_cell_is_wrong(dying_workers):
    for repeat in range(REPEATS):
        measure = MeasureFactory()
        questions = [question_for(measure), question_for(measure, series=2)]
        unit = UnitFactory()
        sites = [collector_for(questions[0], unit), collector_for(questions[0], UnitFactory(parent=unit))]
        done = threading.Event()
        writers = [Writer(100 * repeat + number, questions, sites).run for number in range(WRITERS)]
        writing, broken_writers = in_threads(*writers)
        working, broken_workers = in_threads(*[lambda done=done: work(done)] * WORKERS)
        for thread in writing:
            thread.join(60)
        done.set()
        for thread in working:
            thread.join(60)
        assert (broken_writers, broken_workers) == ([], [])
        days, months = recount(measure)
        assert cells_of(DailyTally, "day", measure) == days, f"repeat {repeat}"
        assert cells_of(MonthlyTally, "month", measure) == months, f"repeat {repeat}"
        assert not StaleBucket.objects.exists()


def test_a_second_worker_waits_for_the_first_and_then_reads_what_is_new(monkeypatch):
    """The first has read the bucket and not yet written it when another answer comes in."""
    measure, unit = MeasureFactory(), UnitFactory()
    question = question_for(measure)
    answers(question, unit, DAYS[0], {1: 1})
    has_read, may_write = threading.Event(), threading.Event()
    source = answer_sources()["answers"]
    read = source.values_in

    def slow_first_read(buckets):
        found = read(buckets)
        if not has_read.is_set():
            has_read.set()
            may_write.wait(30)
        return found

    monkeypatch.setattr(source, "values_in", slow_first_read)
    (first,), broken_first = in_threads(recompute_stale_results)
    assert has_read.wait(30)
    answers(question, unit, DAYS[0], {1: 1})
    (second,), broken_second = in_threads(recompute_stale_results)
    second.join(0.5)
    may_write.set()
    first.join(30)
    second.join(30)
    assert (broken_first, broken_second) == ([], [])
    assert DailyTally.objects.get().n == 2
    assert MonthlyTally.objects.get().n == 2
