"""What the worker does in an installation, done in a test's own transaction."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core import tasks
from core.consumers import drain
from core.models import ConsumerFailure, Task
from core.sequencer import sequence_pending
from lineage.consumer import LineageConsumer
from lineage.models import LineageEvent, Sink
from registry.services.promotions import decide, request
from tests import factories

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.models import AssetVersion, Promotion, Workspace


def tell() -> None:
    """Sequence the journal and tell lineage all of it; a failure fails the test."""
    sequence_pending()
    while drain(LineageConsumer()):
        pass
    if failures := list(ConsumerFailure.objects.values_list("error", flat=True)):
        raise AssertionError(failures)


def register(count: int = 1) -> None:
    """Register a dataset and ``count`` models trained on it, and tell lineage."""
    dev = factories.make_workspace()
    source = factories.make_dataset(dev)
    for _ in range(count):
        factories.make_model(dev, trained_on=[source])
    tell()


def stored() -> list[bytes]:
    """The bytes of every stored event, in the order in which they were stored."""
    return [bytes(event.body) for event in LineageEvent.objects.order_by("pk")]


def deliver() -> None:
    """Do the delivery tasks that are due now."""
    while (
        due := tasks.claimable(timezone.now()).filter(name="lineage.deliver").first()
    ) is not None:
        attempt = tasks.claim(task_uuid=due.uuid)
        assert attempt is not None
        tasks.run(attempt)


def pass_time() -> None:
    """Let every pause of a sink be over."""
    past = timezone.now() - timedelta(seconds=1)
    Sink.objects.filter(next_try_at__isnull=False).update(next_try_at=past)
    Task.objects.filter(state="queued").update(run_after=past)


def bodies() -> list[dict[str, Any]]:
    """The same as JSON."""
    return [json.loads(body) for body in stored()]


def promote(version: AssetVersion, target: Workspace, *, actor: Actor | None = None) -> Promotion:
    """Ask for a promotion, as the administrator unless said otherwise."""
    return request.promote(
        actor=actor or factories.administrator(),
        source=factories.reference(version),
        target=target.slug,
        alias="production",
        reason="the evaluation was good",
    )


def approve(promotion: Promotion, *, decision: str = "approved") -> Promotion:
    """Decide on a promotion as a new approver."""
    approver = factories.member(promotion.target, "approver")
    return decide.decide(
        actor=approver, promotion=promotion.uuid, decision=decision, binding=promotion.binding
    )


def assert_runs_in_order(taken: list[bytes]) -> int:
    """Of each run, START came first before COMPLETE did; return how many runs there are."""
    first: dict[tuple[str, str], int] = {}
    for place, body in enumerate(taken):
        event = json.loads(body)
        if "run" in event:
            first.setdefault((event["run"]["runId"], event["eventType"]), place)
    runs = {run for run, _ in first}
    for run in runs:
        assert first[run, "START"] < first[run, "COMPLETE"]
    return len(runs)
