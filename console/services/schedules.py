"""Schedules: what the worker does by itself, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django_celery_beat.models import PeriodicTask

from console.events import ScheduleSwitched
from core.errors import Conflict, NotFound
from core.journal import publish
from registry import access

if TYPE_CHECKING:
    from core.actors import Actor


def switch(*, actor: Actor, schedule: int, enabled: bool) -> PeriodicTask:
    """Switch a schedule on or off; needs an administrator of the organisation."""
    access.require_organisation_admin(actor, subject="schedules")
    with transaction.atomic():
        found = PeriodicTask.objects.select_for_update().filter(pk=schedule).first()
        if found is None:
            raise NotFound
        if found.enabled is enabled:
            raise Conflict(f"The schedule is {'on' if enabled else 'off'} already.")
        found.enabled = enabled
        # The model's own save() also tells a running Celery beat.
        found.save(update_fields=["enabled"])
        publish(
            ScheduleSwitched(
                subject=f"schedule/{found.name}",
                schedule=found.name,
                enabled=enabled,
                before={"enabled": not enabled},
                after={"enabled": enabled},
            ),
            actor=actor,
        )
    return found
