"""Background work of the kernel itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core import idempotency
from core.tasks import task

if TYPE_CHECKING:
    from core.tasks import TaskRun


@task("core.forget_requests")
def forget_requests(run: TaskRun) -> dict[str, Any]:
    """Delete idempotency keys whose time is over."""
    return {"forgotten": idempotency.forget()}
