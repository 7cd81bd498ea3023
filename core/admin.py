"""The kernel's pages."""

from __future__ import annotations

from django.contrib import admin
from unfold.decorators import display

from core.backoffice import OrganisationAdmin
from core.models import ConsumerCursor, ConsumerFailure, Task, WorkerHeartbeat


@admin.register(Task)
class TaskAdmin(OrganisationAdmin):
    """Background work."""

    list_display = ("name", "state_label", "progress", "attempts", "created_at", "finished_at")
    list_filter = ("state", "name")
    search_fields = ("name", "dedupe_key", "error")
    ordering = ("-id",)

    @display(
        description="State",
        ordering="state",
        label={"queued": "info", "running": "info", "succeeded": "success", "failed": "danger"},
    )
    def state_label(self, task: Task) -> str:
        """Return the state."""
        return task.state

    @display(description="Progress")
    def progress(self, task: Task) -> str:
        """Return how far the work is."""
        return f"{task.done} of {task.total} {task.message}" if task.total else task.message


@admin.register(ConsumerCursor)
class ConsumerCursorAdmin(OrganisationAdmin):
    """How far each journal consumer has read."""

    list_display = ("consumer", "seq", "moved_at")
    ordering = ("consumer",)


@admin.register(ConsumerFailure)
class ConsumerFailureAdmin(OrganisationAdmin):
    """Journal entries that a consumer could not take."""

    list_display = ("consumer", "entry", "attempts", "failed_at", "retry_at", "resolved_at")
    list_filter = ("consumer",)
    list_select_related = ("entry",)
    search_fields = ("error",)
    ordering = ("-id",)


@admin.register(WorkerHeartbeat)
class WorkerHeartbeatAdmin(OrganisationAdmin):
    """Workers that are, or were, alive."""

    list_display = ("name", "started_at", "beat_at")
    ordering = ("-beat_at",)
