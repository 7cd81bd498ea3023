"""Background work: claims, leases, attempts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from core import tasks
from core.errors import AccessDenied, Denial, InvalidInput
from core.journal import decode
from core.models import JournalEntry, Task, User
from core.tasks import LeaseLost, TaskRun
from tests.factories import make_user

pytestmark = pytest.mark.django_db
Work = Callable[[TaskRun], dict[str, Any] | None]


@pytest.fixture
def declare() -> Iterator[Callable[[Work], None]]:
    """``declare(function)`` makes it the function that does tasks called tests.work."""

    def as_work(function: Work) -> None:
        tasks.FUNCTIONS["tests.work"] = function

    yield as_work
    tasks.FUNCTIONS.pop("tests.work", None)


def state(task: Task) -> str:
    task.refresh_from_db()
    return task.state


def make_due() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Task.objects.filter(state="queued").update(run_after=past)
    Task.objects.filter(state="running").update(lease_until=past)


def claimed() -> TaskRun:
    attempt = tasks.claim()
    assert attempt is not None
    return attempt


def test_a_task_runs_once_with_its_payload_and_keeps_its_result(
    declare: Callable[[Work], None],
) -> None:
    declare(lambda run: {"doubled": run.payload["number"] * 2})
    task = tasks.enqueue("tests.work", {"number": 21})

    assert tasks.claim_and_run()
    assert not tasks.claim_and_run()

    assert state(task) == "succeeded"
    assert task.result == {"doubled": 42}
    assert (task.attempts, task.lease_token, task.error) == (1, None, "")
    assert task.finished_at is not None


def test_tasks_are_claimed_in_the_order_in_which_they_became_due() -> None:
    first, second = tasks.enqueue("tests.work"), tasks.enqueue("tests.work")
    Task.objects.filter(pk=first.pk).update(run_after=timezone.now() + timedelta(hours=1))

    assert claimed().task == second
    assert tasks.claim() is None


def test_that_very_task_can_be_claimed_and_only_once() -> None:
    tasks.enqueue("tests.work")
    wanted = tasks.enqueue("tests.work")

    attempt = tasks.claim(task_uuid=wanted.uuid)

    assert attempt is not None
    assert attempt.task == wanted
    assert tasks.claim(task_uuid=wanted.uuid) is None


def test_an_error_is_kept_and_the_task_tried_again_later(declare: Callable[[Work], None]) -> None:
    def fail(run: TaskRun) -> None:
        raise RuntimeError("the disk is on fire")

    declare(fail)
    task = tasks.enqueue("tests.work", max_attempts=2)

    assert tasks.claim_and_run()
    assert state(task) == "queued"
    assert "the disk is on fire" in task.error
    assert task.run_after > timezone.now()
    assert not tasks.claim_and_run()  # not due yet

    make_due()
    assert tasks.claim_and_run()
    assert state(task) == "failed"
    assert task.attempts == 2


def test_an_expected_error_is_final_and_reads_well(declare: Callable[[Work], None]) -> None:
    def refuse(run: TaskRun) -> None:
        raise InvalidInput("there is nothing to scan")

    declare(refuse)
    task = tasks.enqueue("tests.work")

    tasks.claim_and_run()

    assert (state(task), task.error) == ("failed", "there is nothing to scan")


def test_what_a_task_was_refused_is_journalled_as_its_requesters(
    declare: Callable[[Work], None],
) -> None:
    requester = make_user()
    denial = Denial("run_scan", "prod", uuid4())

    def refuse(run: TaskRun) -> None:
        with transaction.atomic():
            make_user("an-effect")
            raise AccessDenied("The right was taken away meanwhile.", denial=denial)

    declare(refuse)
    task = tasks.enqueue("tests.work", requested_by=requester)

    tasks.claim_and_run()

    assert (state(task), task.error) == ("failed", "The right was taken away meanwhile.")
    assert not User.objects.filter(username="an-effect").exists()
    entry = JournalEntry.objects.get(action="core.access.denied")
    body = decode(entry)
    assert (body["actor"]["id"], body["actor"]["via"]) == (str(requester.uuid), "task")
    assert (body["subject"]["ref"], body["data"]["permission"]) == ("prod", "run_scan")
    assert entry.workspace == denial.workspace


def test_a_task_that_nothing_does_fails_at_once() -> None:
    task = tasks.enqueue("tests.nobody")

    tasks.claim_and_run()

    assert state(task) == "failed"
    assert "tests.nobody" in task.error


def test_a_task_whose_lease_ran_out_goes_to_another_worker_and_the_first_cannot_write() -> None:
    task = tasks.enqueue("tests.work")
    first = claimed()
    make_due()
    second = claimed()

    assert second.task == task
    with pytest.raises(LeaseLost):
        first.progress(1, 2)
    with pytest.raises(LeaseLost):
        first.succeed({"by": "first"})
    with pytest.raises(LeaseLost):
        first.fail("too late", final=True)
    second.succeed({"by": "second"})
    assert (state(task), task.result, task.attempts) == ("succeeded", {"by": "second"}, 2)


def test_a_run_without_the_lease_loses_its_effects(declare: Callable[[Work], None]) -> None:
    def overslept(run: TaskRun) -> None:
        make_due()
        assert tasks.claim() is not None  # another worker
        with transaction.atomic():
            make_user("an-effect")
            run.succeed()

    declare(overslept)
    tasks.enqueue("tests.work")

    assert tasks.claim_and_run()

    assert not User.objects.filter(username="an-effect").exists()


def test_an_error_after_the_lease_was_lost_harms_nobody(declare: Callable[[Work], None]) -> None:
    def overslept(run: TaskRun) -> None:
        make_due()
        assert tasks.claim() is not None  # another worker
        raise RuntimeError("too late")

    declare(overslept)
    task = tasks.enqueue("tests.work")

    assert tasks.claim_and_run()

    assert (state(task), task.error) == ("running", "")


def test_progress_renews_the_lease() -> None:
    tasks.enqueue("tests.work")
    attempt = claimed()
    make_due()

    attempt.progress(3, 10, "reading")

    attempt.task.refresh_from_db()
    assert (attempt.task.done, attempt.task.total, attempt.task.message) == (3, 10, "reading")
    assert attempt.task.lease_until is not None
    assert attempt.task.lease_until > timezone.now() + tasks.LEASE / 2
    assert tasks.claim() is None


def test_a_task_that_kills_its_worker_every_time_is_given_up_and_the_next_one_done() -> None:
    deadly, harmless = tasks.enqueue("tests.work", max_attempts=2), tasks.enqueue("tests.work")
    for _ in range(2):
        attempt = tasks.claim(task_uuid=deadly.uuid)
        assert attempt is not None
        Task.objects.filter(pk=deadly.pk).update(lease_until=timezone.now())

    assert claimed().task == harmless
    assert state(deadly) == "failed"
    assert "vanished in each of 2 attempts" in deadly.error


def test_an_open_task_of_the_same_key_is_not_queued_twice() -> None:
    first = tasks.enqueue("tests.work", dedupe_key="monday")

    assert tasks.enqueue("tests.work", dedupe_key="monday") == first
    assert tasks.enqueue("tests.work", dedupe_key="tuesday") != first
    assert tasks.enqueue("tests.other", dedupe_key="monday") != first
    assert tasks.enqueue("tests.work") != tasks.enqueue("tests.work")
    claimed().succeed()
    assert tasks.enqueue("tests.work", dedupe_key="monday") != first


def test_a_task_of_a_rolled_back_transaction_is_never_run() -> None:
    with transaction.atomic():
        tasks.enqueue("tests.work")
        transaction.set_rollback(True)

    assert tasks.claim() is None


def test_two_functions_cannot_do_one_task(declare: Callable[[Work], None]) -> None:
    declare(lambda run: None)

    with pytest.raises(TypeError, match=r"tests\.work"):
        tasks.task("tests.work")(lambda run: None)
