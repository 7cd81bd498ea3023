"""Send a webhook's queue, in order, at least once, in tasks that follow one another."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.actors import system
from core.chains import Next
from core.errors import InvalidInput
from core.outbound import posting
from core.outbound.addresses import endpoint, networks, system_resolver
from core.release import version
from core.sealing import CannotUnseal, unseal
from core.texts import storable
from registry.models import Webhook, WebhookAttempt, WebhookDelivery
from registry.services.webhooks import managing, signing
from registry.services.webhooks.payloads import body_of
from registry.services.webhooks.queueing import DELIVERIES

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.outbound.posting import Reply
    from core.tasks import TaskRun

RUN_SECONDS = 15.0
LIMITS = posting.Limits(connect_seconds=5, total_seconds=10, answer_bytes=1_024)
FIRST_SECONDS = 5.0
LONGEST_PAUSE = timedelta(hours=2)
MAX_ATTEMPTS = 10
DISABLED_AFTER = timedelta(days=3)
# What a receiver answers when the delivery itself is wrong, so that trying again cannot help.
REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
State = WebhookDelivery.State


def deliver(run: TaskRun) -> dict[str, Any]:
    """Send what is pending to the webhook that the task names; return what was done.

    Works for about 15 seconds; it then queues the next task, at once where more is pending, or
    for the time of the next try.
    """
    webhook = Webhook.objects.filter(uuid=run.payload["webhook"]).first()
    if webhook is None or webhook.state != Webhook.State.ACTIVE:
        return {"skipped": webhook.state if webhook else "gone"}
    sending = Sending(webhook, run)
    sending.send_pending()
    return _finish(run, webhook, sending.counts)


def _finish(run: TaskRun, webhook: Webhook, counts: dict[str, int]) -> dict[str, Any]:
    def more() -> Next | None:
        webhook.refresh_from_db()
        if webhook.state == Webhook.State.ACTIVE and _pending(webhook).exists():
            return Next(webhook.next_try_at)
        return None

    DELIVERIES.end(run, dict(counts), more)
    return dict(counts)


def _pending(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    return webhook.deliveries.filter(state=State.PENDING).order_by("pk")


@dataclass
class Sending:
    """One task's work on one webhook.

    Nothing is sent inside a transaction. A receiver that is away is tried again with growing
    pauses; a delivery that it refuses, or fails ten times, becomes a dead letter, and the rest
    goes on.
    """

    webhook: Webhook
    run: TaskRun
    counts: dict[str, int] = field(default_factory=lambda: {"sent": 0, "failed": 0})

    def send_pending(self) -> None:
        """Send the oldest delivery, again and again, until there is none or a pause is due."""
        deadline = time.monotonic() + RUN_SECONDS
        while time.monotonic() < deadline and self._is_ready():
            delivery = _pending(self.webhook).select_related("entry", "webhook").first()
            if delivery is None:
                return
            self._record(delivery, self._send(delivery))

    def _is_ready(self) -> bool:
        """Look at the webhook again: it may have been changed, or switched off, meanwhile."""
        self.webhook.refresh_from_db()
        pause = self.webhook.next_try_at
        is_due = pause is None or pause <= timezone.now()
        return is_due and self.webhook.state == Webhook.State.ACTIVE

    def _send(self, delivery: WebhookDelivery) -> Reply:
        body = body_of(delivery)
        now = timezone.now()
        keys = self.webhook.secrets.exclude(ends_at__lte=now).order_by("-pk")
        try:
            allowed = networks(settings.WEBHOOK_ALLOWED_NETWORKS, field="webhook")
            target = endpoint(
                self.webhook.url,
                field="url",
                plain_http=settings.WEBHOOK_PLAIN_HTTP,
                allowed=allowed,
            )
            secrets = [unseal(bytes(key.sealed)) for key in keys]
        except InvalidInput as error:
            return posting.Reply(None, b"", error.detail, 0)
        except CannotUnseal as error:
            return posting.Reply(None, b"", f"rotate the secret: it was {error}", 0)
        signed = signing.headers(
            body, message=delivery.message, timestamp=int(now.timestamp()), secrets=secrets
        )
        return posting.post(
            target,
            body,
            headers={
                "Content-Type": "application/json",
                "User-Agent": f"muniment/{version()}",
                **signed,
            },
            allowed=allowed,
            limits=LIMITS,
            resolver=system_resolver,
        )

    def _record(self, delivery: WebhookDelivery, reply: Reply) -> None:
        """Write down what came of a try; a run that lost its lease writes nothing."""
        is_taken = reply.status is not None and 200 <= reply.status < 300
        with transaction.atomic():
            self.run.progress(self.counts["sent"], 0, f"{delivery.action}: {reply.status}")
            WebhookAttempt.objects.create(
                delivery=delivery,
                status=reply.status,
                milliseconds=reply.milliseconds,
                answer=storable(reply.body.decode("utf-8", "replace")),
                error=storable(reply.error, limit=400),
            )
            if is_taken:
                self._taken(delivery)
            else:
                self._failed(delivery, reply)
        self.counts["sent" if is_taken else "failed"] += 1

    def _taken(self, delivery: WebhookDelivery) -> None:
        _close(delivery, State.DELIVERED)
        failing = Webhook.objects.filter(pk=self.webhook.pk, failing_since__isnull=False)
        failing.update(attempts=0, failing_since=None, next_try_at=None)

    def _failed(self, delivery: WebhookDelivery, reply: Reply) -> None:
        now = timezone.now()
        since = self.webhook.failing_since or now
        is_refused = reply.status in REFUSALS
        if is_refused or delivery.attempts + 1 >= MAX_ATTEMPTS:
            _close(delivery, State.DEAD)
        else:
            WebhookDelivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1)
        # A refusal is about the delivery: the next one may be taken at once.
        attempts = self.webhook.attempts + (0 if is_refused else 1)
        Webhook.objects.filter(pk=self.webhook.pk).update(
            attempts=attempts,
            failing_since=since,
            next_try_at=None if is_refused else now + pause(attempts),
        )
        if reply.status == HTTPStatus.GONE:
            managing.disable_failing(self.webhook, "the receiver answered 410 Gone", actor=system())
        elif now - since >= DISABLED_AFTER:
            reason = f"nothing was taken for {DISABLED_AFTER.days} days"
            managing.disable_failing(self.webhook, reason, actor=system())


def _close(delivery: WebhookDelivery, state: State) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk, state=State.PENDING).update(
        state=state, attempts=F("attempts") + 1, closed_at=timezone.now()
    )


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many failures in a row: three times longer each time, up
    to two hours, and up to a fifth more, so that receivers are not all tried in one moment."""
    seconds = FIRST_SECONDS * 3.0 ** min(attempts - 1, 12)
    longest = min(timedelta(seconds=seconds), LONGEST_PAUSE)
    return longest * (1 + random.random() / 5)  # noqa: S311 - no secret
