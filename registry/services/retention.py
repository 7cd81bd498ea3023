"""Forget what nobody needs any more: old notifications, and the log of webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from registry.models import Notification, WebhookDelivery, WebhookSecret
from registry.queries.holds import in_hold

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.tasks import TaskRun

NOTIFICATIONS_KEPT = timedelta(days=180)
BATCH = 1_000


def prune(run: TaskRun) -> dict[str, int]:
    """Delete notifications of 180 days ago, deliveries that closed more than
    MUNIMENT_WEBHOOK_LOG_DAYS ago with their attempts, and secrets that ended; in batches. What
    lies in a workspace in hold stays, secrets apart."""
    now = timezone.now()
    log_from = now - timedelta(days=settings.WEBHOOK_LOG_DAYS)
    return {
        "notifications": _delete(
            Notification.objects.filter(occurred_at__lt=now - NOTIFICATIONS_KEPT).exclude(
                in_hold("workspace")
            ),
            run,
        ),
        "deliveries": _delete(
            WebhookDelivery.objects.filter(closed_at__lt=log_from).exclude(
                in_hold("webhook__workspace")
            ),
            run,
        ),
        "secrets": _delete(WebhookSecret.objects.filter(ends_at__lte=now), run),
    }


def _delete(rows: QuerySet[Any], run: TaskRun) -> int:
    deleted = 0
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rows.filter(pk__in=ids).delete()
            run.progress(deleted + len(ids), 0)
        deleted += len(ids)
    return deleted
