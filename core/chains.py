"""Chains of tasks that work off a queue: one task a key at a time, as long as anything is pending.

A task of a chain works for some seconds and then queues the next one, at once or for the time of
the next try. Whoever adds to the queue wakes the chain in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core import locks
from core.models import Task
from core.tasks import enqueue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from core.tasks import TaskRun


@dataclass(frozen=True)
class Next:
    """That there is more to do: not before ``after``, or at once."""

    after: datetime | None = None


@dataclass(frozen=True)
class Chain:
    """The tasks called ``task``, whose payload names the key in ``field``."""

    task: str
    field: str

    @property
    def lock(self) -> str:
        """Return what is held while one link of the chain ends and the next is queued."""
        return f"{self.task}.wake"

    def wake(self, keys: Iterable[str], *, at_once: bool = False) -> None:
        """See to it that each key has a task, in the current transaction.

        ``at_once`` also ends the pause of a task that waits for the next try.
        """
        locks.hold(self.lock)
        for key in keys:
            if at_once:
                waiting = Task.objects.filter(
                    name=self.task, dedupe_key=key, state=Task.State.QUEUED
                )
                waiting.update(run_after=timezone.now())
            self._queue(key)

    def end(self, run: TaskRun, result: dict[str, Any], more: Callable[[], Next | None]) -> None:
        """End a task and queue the next where ``more`` tells of one; the lock leaves no gap between
        the two in which something could be added without a task to take it."""
        with transaction.atomic():
            locks.hold(self.lock)
            run.succeed(result)
            if following := more():
                self._queue(str(run.payload[self.field]), after=following.after)

    def _queue(self, key: str, *, after: datetime | None = None) -> None:
        enqueue(self.task, {self.field: key}, dedupe_key=key, run_after=after)
