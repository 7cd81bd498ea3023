"""Background work: declare functions, put work in the table, claim it under a lease, run it."""

from __future__ import annotations

import logging
import traceback
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.actors import Actor, Via
from core.denials import record_denial
from core.errors import DomainError
from core.models import Task

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

    from core.models import User

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)


class LeaseLost(RuntimeError):
    """Another worker holds this task now; whatever this run still does must not count."""


@dataclass
class TaskRun:
    """One attempt at a task, handed to its function."""

    task: Task
    is_finished: bool = field(default=False, init=False)

    @property
    def payload(self) -> dict[str, Any]:
        """Return what the task was enqueued with."""
        payload: dict[str, Any] = self.task.payload
        return payload

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Show how far the work is and renew the lease; raises LeaseLost when it is gone.

        Call it at least every 20 seconds. Inside a transaction it also fences that
        transaction: a run without the lease rolls back.
        """
        lease = timezone.now() + LEASE
        self._write(done=done, total=total, message=message[:200], lease_until=lease)

    def succeed(self, result: dict[str, Any] | None = None) -> None:
        """Mark the task done. Call it in the transaction of the last effect, so that they
        commit together; a function that only returns is marked done after it."""
        self._write(
            state=Task.State.SUCCEEDED,
            result=result,
            lease_token=None,
            lease_until=None,
            finished_at=timezone.now(),
            error="",
        )
        self.is_finished = True

    def postpone(self, delay: timedelta, message: str = "") -> None:
        """Put the task back until ``delay`` is over: something that it needs is still to come.
        This attempt does not count; a task must not wait forever, so bound it by its age."""
        self._write(
            state=Task.State.QUEUED,
            run_after=timezone.now() + delay,
            attempts=F("attempts") - 1,
            message=message[:200],
            lease_token=None,
            lease_until=None,
        )
        self.is_finished = True

    def fail(self, error: str, *, final: bool) -> None:
        """Mark the attempt failed; queue the next one unless ``final`` or none is left."""
        again = not final and self.task.attempts < self.task.max_attempts
        delay = timedelta(seconds=2**self.task.attempts)
        self._write(
            state=Task.State.QUEUED if again else Task.State.FAILED,
            run_after=timezone.now() + delay,
            error=error,
            lease_token=None,
            lease_until=None,
            finished_at=None if again else timezone.now(),
        )
        self.is_finished = True

    def _write(self, **values: Any) -> None:
        mine = Task.objects.filter(pk=self.task.pk, lease_token=self.task.lease_token)
        if not mine.update(**values):
            raise LeaseLost(f"task {self.task.uuid} is held by another worker")


TaskFunction: TypeAlias = "Callable[[TaskRun], dict[str, Any] | None]"
FUNCTIONS: dict[str, TaskFunction] = {}


def task(name: str) -> Callable[[TaskFunction], TaskFunction]:
    """Declare the function that does tasks called ``name``.

    The function may run more than once, after a crash from the start: it must be idempotent or
    pick up where the previous attempt stopped.
    """

    def declare(function: TaskFunction) -> TaskFunction:
        if FUNCTIONS.get(name, function) is not function:
            raise TypeError(f"two functions do the task {name}")
        FUNCTIONS[name] = function
        return function

    return declare


def enqueue(
    name: str,
    payload: dict[str, Any] | None = None,
    *,
    requested_by: User | None = None,
    workspace: uuid.UUID | None = None,
    dedupe_key: str = "",
    max_attempts: int = 3,
    run_after: datetime | None = None,
) -> Task:
    """Put a task in the table, in the current transaction where there is one, and return it.

    While a task of the same name and non-empty ``dedupe_key`` is open, that one is returned.
    It is not run before ``run_after``.
    """
    open_twin = Task.objects.filter(
        name=name, dedupe_key=dedupe_key, state__in=[Task.State.QUEUED, Task.State.RUNNING]
    )
    if dedupe_key and (twin := open_twin.first()):
        return twin
    try:
        with transaction.atomic():
            created = Task.objects.create(
                name=name,
                payload=payload or {},
                requested_by=requested_by,
                workspace=workspace,
                dedupe_key=dedupe_key,
                max_attempts=max_attempts,
                run_after=run_after or timezone.now(),
            )
    except IntegrityError:
        if twin := open_twin.first():
            return twin
        raise
    transaction.on_commit(lambda: _wake_up(created.uuid))
    return created


def _wake_up(task_uuid: uuid.UUID) -> None:
    """Tell the broker, where there is one. Losing this message costs time, never the task."""
    if not settings.CELERY_BROKER_URL:
        return
    from core.celery_tasks import run_task  # the embedded profile never loads Celery

    try:
        run_task.apply_async(args=[str(task_uuid)], retry=False)
    except run_task.OperationalError:
        logger.warning("the broker is away; the sweep will run task %s", task_uuid)


def claimable(now: datetime) -> QuerySet[Task]:
    """Return tasks that are due, or whose worker let the lease run out, oldest first."""
    queued = Q(state=Task.State.QUEUED, run_after__lte=now)
    abandoned = Q(state=Task.State.RUNNING, lease_until__lte=now)
    return Task.objects.filter(queued | abandoned).order_by("run_after", "id")


def claim(*, task_uuid: uuid.UUID | None = None) -> TaskRun | None:
    """Claim one task, or that very one, under a new lease; None when there is none to claim.

    Tasks whose workers vanished in every attempt are given up on the way.
    """
    now = timezone.now()
    candidates = claimable(now)
    if task_uuid is not None:
        candidates = candidates.filter(uuid=task_uuid)
    # An idle worker asks several times a second and must not take SQLite's write lock to do so.
    while candidates.exists():
        with transaction.atomic():
            found = _locked(candidates).first()
            if found is None:
                return None
            if found.attempts < found.max_attempts:
                return _lease(found, now)
            _give_up(found, now)
    return None


def _locked(tasks: QuerySet[Task]) -> QuerySet[Task]:
    if connection.features.has_select_for_update_skip_locked:
        return tasks.select_for_update(skip_locked=True)
    return tasks


def _lease(found: Task, now: datetime) -> TaskRun:
    Task.objects.filter(pk=found.pk).update(
        state=Task.State.RUNNING,
        attempts=F("attempts") + 1,
        lease_token=uuid.uuid4(),
        lease_until=now + LEASE,
        started_at=now,
    )
    found.refresh_from_db()
    return TaskRun(found)


def _give_up(abandoned: Task, now: datetime) -> None:
    Task.objects.filter(pk=abandoned.pk).update(
        state=Task.State.FAILED,
        lease_token=None,
        lease_until=None,
        finished_at=now,
        error=f"its worker vanished in each of {abandoned.attempts} attempts",
    )


def run(attempt: TaskRun) -> None:
    """Do a claimed task and record how it ended; never raises for the task's own failure."""
    try:
        _attempt(attempt)
    except LeaseLost:
        logger.warning("task %s was taken over by another worker", attempt.task.uuid)


def _attempt(attempt: TaskRun) -> None:
    function = FUNCTIONS.get(attempt.task.name)
    if function is None:
        attempt.fail(f"no function does tasks called {attempt.task.name}", final=True)
        return
    try:
        result = function(attempt)
        if not attempt.is_finished:
            attempt.succeed(result)
    except LeaseLost:
        raise
    except DomainError as error:
        with transaction.atomic():
            attempt.fail(error.detail, final=True)
            requester = Actor(user=attempt.task.requested_by, via=Via.TASK)
            record_denial(error, actor=requester)
    except Exception:  # the table must show why, whatever it was
        logger.exception("task %s failed", attempt.task.uuid)
        attempt.fail(traceback.format_exc(limit=-5), final=False)


def claim_and_run(*, task_uuid: uuid.UUID | None = None) -> bool:
    """Claim one task and do it; tell whether there was one."""
    attempt = claim(task_uuid=task_uuid)
    if attempt is None:
        return False
    run(attempt)
    return True
