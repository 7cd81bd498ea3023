"""The scale profile's doors to the same functions that the embedded worker calls."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import schedules, tasks
from core.celery_app import app


@app.task(name="core.run_task", ignore_result=True)
def run_task(task_uuid: str) -> None:
    """Claim that task and do it; nothing happens when another worker holds or did it."""
    tasks.claim_and_run(task_uuid=UUID(task_uuid))


@app.task(name="core.sweep_tasks", ignore_result=True)
def sweep_tasks() -> None:
    """Do what a lost message or a dead worker left behind."""
    while tasks.claim_and_run():
        pass


@app.task(name="core.sequence_journal", ignore_result=True)
def sequence_journal() -> None:
    """Place all pending journal entries."""
    schedules.sequence_journal()


@app.task(name="core.consume_journal", ignore_result=True)
def consume_journal() -> None:
    """Tell every consumer of what it has not been told yet."""
    schedules.consume_journal()


@app.task(name="core.enqueue_task", ignore_result=True)
def enqueue_task(name: str, payload: dict[str, Any] | None = None) -> None:
    """Put the task ``name`` in the table."""
    schedules.enqueue_task(name, payload)
