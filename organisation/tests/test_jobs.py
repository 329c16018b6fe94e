"""Long work: asked for once, claimed by a lease, tried five times, parked, tried again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

from common.claim import claim
from organisation import jobs
from organisation.actions.jobs import (
    LEASE,
    AlreadyUnderWay,
    LeaseLost,
    enqueue_job,
    retry_job,
    run_due_jobs,
)
from organisation.models import Job
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(monkeypatch: Any) -> Any:
    """Registers kinds of work for one test."""
    monkeypatch.setattr(jobs, "_kinds", {})
    return jobs.register_job


def owed(now: Any, kind: str = "count", subject: str = "one") -> Job:
    return enqueue_job(kind=kind, subject=subject, by=None, at=now)


def break_down(job: Job, report: Any) -> None:
    raise ValueError("The file is gone.")


def nothing_to_do(job: Job, report: Any) -> None:
    pass


def test_the_same_work_asked_for_twice_is_one_job(now: Any) -> None:
    assert owed(now) == owed(now)
    assert Job.objects.count() == 1


def test_work_that_is_done_can_be_asked_for_again(now: Any, register: Any) -> None:
    register("count", nothing_to_do, "Count")
    first = owed(now)
    run_due_jobs(at=now)
    assert owed(now) != first


def test_a_due_job_is_run_once_and_done(now: Any, register: Any) -> None:
    ran = []
    register("count", lambda job, report: ran.append(job.subject), "Count")
    job = owed(now)
    assert run_due_jobs(at=now) == 1
    assert run_due_jobs(at=now + timedelta(days=1)) == 0
    job.refresh_from_db()
    assert (ran, job.state, job.finished_at) == (["one"], Job.State.DONE, now)


def test_a_job_of_tomorrow_waits(now: Any, register: Any) -> None:
    register("count", nothing_to_do, "Count")
    owed(now + timedelta(days=1))
    assert run_due_jobs(at=now) == 0


def test_progress_is_saved_while_the_work_goes_on_and_keeps_the_lease(now: Any, register: Any) -> None:
    seen = []

    def work(job: Job, report: Any) -> None:
        report(30, 120)
        seen.append(Job.objects.get(pk=job.pk))

    register("count", work, "Count")
    owed(now)
    run_due_jobs(at=now)
    assert [(job.percent, job.state, job.leased_until) for job in seen] == [
        (25, Job.State.RUNNING, now + LEASE)
    ]


def test_a_bad_job_does_not_stop_the_next_one(now: Any, register: Any) -> None:
    register("bad", break_down, "Bad")
    register("count", nothing_to_do, "Count")
    bad, good = owed(now, "bad"), owed(now, "count")
    assert run_due_jobs(at=now) == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (Job.State.WAITING, Job.State.DONE)
    assert bad.error == "ValueError: The file is gone."


def test_the_pauses_between_attempts_grow_until_the_job_is_parked(now: Any, register: Any) -> None:
    register("bad", break_down, "Bad")
    job = owed(now, "bad")
    pauses, at = [], now
    while job.state == Job.State.WAITING:
        run_due_jobs(at=at)
        job.refresh_from_db()
        pauses.append((job.due_at - at) // timedelta(minutes=1))
        at = job.due_at
    assert pauses == [1, 5, 25, 125, 0]
    assert (job.state, job.attempts) == (Job.State.PARKED, Job.MOST_ATTEMPTS)


def test_a_failed_job_is_not_tried_before_its_pause_is_over(now: Any, register: Any) -> None:
    register("bad", break_down, "Bad")
    owed(now, "bad")
    run_due_jobs(at=now)
    assert run_due_jobs(at=now + timedelta(seconds=59)) == 0


def test_an_endless_error_is_cut(now: Any, register: Any) -> None:
    def work(job: Job, report: Any) -> None:
        raise ValueError("x" * 9000 + "\x00")

    register("bad", work, "Bad")
    job = owed(now, "bad")
    run_due_jobs(at=now)
    job.refresh_from_db()
    assert len(job.error) == 500


def test_a_kind_that_nobody_registered_fails_like_any_other_job(now: Any, register: Any) -> None:
    job = owed(now, "unheard of")
    run_due_jobs(at=now)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.WAITING, "UnknownKind: unheard of")


def test_a_job_under_way_is_left_alone_until_its_lease_is_over(now: Any, register: Any) -> None:
    ran = []
    register("count", lambda job, report: ran.append(job.pk), "Count")
    Job.objects.filter(pk=owed(now).pk).update(state=Job.State.RUNNING, leased_until=now + LEASE, attempts=1)
    assert run_due_jobs(at=now + LEASE - timedelta(seconds=1)) == 0
    assert run_due_jobs(at=now + LEASE) == 1
    assert len(ran) == 1


def test_a_job_that_another_worker_takes_between_look_and_claim_is_left_to_it(
    now: Any, monkeypatch: Any
) -> None:
    owed(now)
    look = QuerySet.values_list

    def look_too_long(rows: Any, *args: Any, **kwargs: Any) -> list[int]:
        found = list(look(rows, *args, **kwargs))
        Job.objects.update(state=Job.State.RUNNING, leased_until=now + LEASE)
        return found

    monkeypatch.setattr(connection.features, "has_select_for_update_skip_locked", False)
    monkeypatch.setattr(QuerySet, "values_list", look_too_long)
    assert claim(Job.objects.due(now), limit=10, leased_until=now + 2 * LEASE) == []
    assert Job.objects.get().leased_until == now + LEASE


def test_a_claim_takes_the_oldest_first_and_no_more_than_asked(now: Any) -> None:
    ages = [5, 9, 7]
    jobs_by_age = {age: owed(now - timedelta(minutes=age), subject=str(age)) for age in ages}
    claimed = claim(Job.objects.due(now), limit=2, state=Job.State.RUNNING, leased_until=now + LEASE)
    assert claimed == [jobs_by_age[9], jobs_by_age[7]]


def test_a_job_that_kills_its_worker_every_time_is_parked(now: Any, register: Any) -> None:
    ran = []
    register("count", lambda job, report: ran.append(job.pk), "Count")
    job = owed(now)
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, leased_until=now, attempts=Job.MOST_ATTEMPTS
    )
    run_due_jobs(at=now)
    job.refresh_from_db()
    assert (job.state, ran) == (Job.State.PARKED, [])


def test_a_worker_whose_lease_was_taken_over_stops_and_writes_nothing(now: Any, register: Any) -> None:
    stopped = []

    def work(job: Job, report: Any) -> None:
        if stopped:
            return
        stopped.append("the first one")
        run_due_jobs(at=now + LEASE)
        with pytest.raises(LeaseLost):
            report(1, 2)
        raise LeaseLost

    register("count", work, "Count")
    job = owed(now)
    run_due_jobs(at=now)
    job.refresh_from_db()
    assert (job.state, job.done, job.attempts, job.error) == (Job.State.DONE, 0, 2, "")


def test_a_worker_that_lost_its_lease_does_not_finish_the_job_of_the_one_that_has_it(
    now: Any, register: Any
) -> None:
    def work(job: Job, report: Any) -> None:
        Job.objects.update(leased_until=now + 2 * LEASE)

    register("count", work, "Count")
    job = owed(now)
    run_due_jobs(at=now)
    job.refresh_from_db()
    assert (job.state, job.leased_until) == (Job.State.RUNNING, now + 2 * LEASE)


def test_a_parked_job_gets_five_new_attempts(now: Any, register: Any) -> None:
    job = owed(now)
    Job.objects.filter(pk=job.pk).update(state=Job.State.PARKED, attempts=5, error="It broke.")
    retry_job(job, by=UserFactory(), at=now)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.due_at, job.error) == (Job.State.WAITING, 0, now, "")


def test_a_finished_job_is_not_tried_again(now: Any, register: Any) -> None:
    register("count", nothing_to_do, "Count")
    job = owed(now)
    run_due_jobs(at=now)
    retry_job(job, by=UserFactory(), at=now)
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_a_parked_job_is_not_tried_beside_the_same_work_under_way(now: Any) -> None:
    parked = owed(now)
    Job.objects.filter(pk=parked.pk).update(state=Job.State.PARKED)
    owed(now)
    with pytest.raises(AlreadyUnderWay):
        retry_job(parked, by=UserFactory(), at=now)


# The pages


def shown(client: Any, user: Any, name: str, *args: Any, **query: Any) -> Any:
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def test_everybody_sees_the_own_work_and_administrators_all(client: Any, now: Any) -> None:
    unit = InstallationFactory().root
    asker, other = person_in(unit, "manager"), person_in(unit, "manager")
    administrator = person_in(unit, "administrator")
    job = enqueue_job(kind="count", subject="one", by=asker, at=now)
    for person, sees in ((asker, True), (other, False), (administrator, True)):
        assert (job.reference in shown(client, person, "organisation:job_list").content.decode()) is sees
        page = shown(client, person, "organisation:job_detail", job.reference)
        assert page.status_code == (200 if sees else 404)


def test_the_page_of_a_job_shows_its_progress_and_asks_again(client: Any, now: Any) -> None:
    person = person_in(InstallationFactory().root, "manager")
    job = enqueue_job(kind="count", subject="one", by=person, at=now)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, done=1200, total=4000)
    page = shown(client, person, "organisation:job_detail", job.reference).content.decode()
    assert '<progress id="bar" max="4000" value="1200">30 %</progress>' in page
    assert "every 2s" in page


def test_a_finished_job_is_not_asked_about_again(client: Any, now: Any) -> None:
    person = person_in(InstallationFactory().root, "manager")
    job = enqueue_job(kind="count", subject="one", by=person, at=now)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, finished_at=now)
    page = shown(client, person, "organisation:job_detail", job.reference).content.decode()
    assert "every 2s" not in page
    assert "Finished" in page


def test_a_job_that_failed_says_how_often_and_when_it_is_tried_again(
    client: Any, now: Any, register: Any
) -> None:
    register("bad", break_down, "Bad")
    person = person_in(InstallationFactory().root, "manager")
    job = enqueue_job(kind="bad", subject="one", by=person, at=now)
    run_due_jobs(at=now)
    page = shown(client, person, "organisation:job_detail", job.reference).content.decode()
    assert "It has failed 1 time so far. Next attempt: 18 November 2026, 14:01" in page
    assert "ValueError: The file is gone." in page


def test_htmx_gets_only_the_part_that_changes(client: Any, now: Any) -> None:
    person = person_in(InstallationFactory().root, "manager")
    job = enqueue_job(kind="count", subject="one", by=person, at=now)
    client.force_login(person)
    answer = client.get(
        reverse("organisation:job_detail", args=[job.reference]), headers={"HX-Request": "true"}
    )
    assert answer.content.decode().lstrip().startswith('<div id="progress"')
    assert "HX-Request" in answer["Vary"]


def test_an_administrator_retries_a_parked_job_in_the_browser(client: Any, now: Any) -> None:
    administrator = person_in(InstallationFactory().root, "administrator")
    job = owed(now)
    Job.objects.filter(pk=job.pk).update(state=Job.State.PARKED, error="It broke.")
    page = shown(client, administrator, "organisation:job_detail", job.reference).content.decode()
    address = reverse("organisation:job_retry", args=[job.reference])
    assert address in page
    client.post(address)
    job.refresh_from_db()
    assert job.state == Job.State.WAITING


def test_the_asker_may_not_retry_a_parked_job(client: Any, now: Any) -> None:
    person = person_in(InstallationFactory().root, "manager")
    job = enqueue_job(kind="count", subject="one", by=person, at=now)
    Job.objects.filter(pk=job.pk).update(state=Job.State.PARKED)
    client.force_login(person)
    assert client.post(reverse("organisation:job_retry", args=[job.reference])).status_code == 403


def test_the_filters_of_the_list_hold_for_its_csv(client: Any, now: Any) -> None:
    administrator = person_in(InstallationFactory().root, "administrator")
    wanted, other = owed(now, subject="AAA"), owed(now, subject="BBB")
    answer = shown(client, administrator, "organisation:job_list", q="aaa", export="csv")
    text = b"".join(answer.streaming_content).decode()
    assert wanted.reference in text
    assert other.reference not in text


def test_a_page_of_many_jobs_asks_no_more_than_a_page_of_two(
    client: Any, now: Any, django_assert_max_num_queries: Any
) -> None:
    administrator = person_in(InstallationFactory().root, "administrator")
    unit = UnitFactory()

    def queries_with(rows: int) -> int:
        for number in range(rows):
            by = person_in(unit)
            enqueue_job(kind="count", subject=f"{rows} {number}", by=by, at=now)
        with django_assert_max_num_queries(1000) as captured:
            shown(client, administrator, "organisation:job_list")
        return len(captured)

    queries_with(1)
    assert queries_with(2) == queries_with(20)
