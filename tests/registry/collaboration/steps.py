"""What the worker does for people and webhooks, done in a test's own transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core import tasks
from core.consumers import drain
from core.models import ConsumerFailure, Task
from core.sequencer import sequence_pending
from registry.consumer.notifications import NotificationConsumer
from registry.consumer.webhooks import WebhookConsumer
from registry.models import Notification, Webhook

if TYPE_CHECKING:
    from core.actors import Actor

OURS = ("registry.notify", "registry.deliver_webhook")


def tell() -> None:
    """Sequence the journal and tell our consumers all of it; a failure fails the test."""
    sequence_pending()
    for consumer in (NotificationConsumer(), WebhookConsumer()):
        while drain(consumer):
            pass
    if failures := list(ConsumerFailure.objects.values_list("error", flat=True)):
        raise AssertionError(failures)


def work() -> None:
    """Do our tasks that are due now."""
    while due := tasks.claimable(timezone.now()).filter(name__in=OURS).first():
        attempt = tasks.claim(task_uuid=due.uuid)
        assert attempt is not None
        tasks.run(attempt)


def deliver() -> None:
    """Tell, and send what is due."""
    tell()
    work()


def pass_time() -> None:
    """Let every pause of a webhook be over."""
    past = timezone.now() - timedelta(seconds=1)
    Webhook.objects.filter(next_try_at__isnull=False).update(next_try_at=past)
    Task.objects.filter(state="queued").update(run_after=past)


def told(actor: Actor) -> list[tuple[str, str]]:
    """(action, reason) of what an account was told, oldest first, whether it may see it or not."""
    mine = Notification.objects.filter(user=actor.user).order_by("entry__sequence__seq", "pk")
    return list(mine.values_list("action", "reason"))
