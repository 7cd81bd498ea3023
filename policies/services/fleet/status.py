"""Take the status of OPAs in: the last of each process, and what changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import InvalidInput
from core.journal import publish
from policies.events import OpaStatusChanged
from policies.models import OpaChange
from policies.queries.fleet import own_opa
from policies.services.fleet import instances
from registry.kinds.redaction import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.actors import Actor
    from policies.models import Opa, OpaInstance

MAX_REVISION = 200
MAX_PROBLEMS, MAX_PROBLEM = 50, 500
KEPT_METRICS = re.compile(r"decision_logs|^opa_|^plugin_|bundle")
COUNTER, DROPPED = "counter_", re.compile(r"decision_logs_(?:dropped|nd_builtin_cache_dropped)")
MOMENTS = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)")


def take(*, actor: Actor, status: object) -> None:
    """Store the status of a process of the calling OPA.

    A change of its revision, of its problems, or of the decisions that it dropped, is kept and
    journalled. Raises InvalidInput, and AccessDenied for anybody but a registered OPA.
    """
    opa = own_opa(actor)
    if not isinstance(status, dict) or not isinstance(status.get("labels", {}), dict):
        raise InvalidInput("The body must be the status of an OPA: an object with labels.")
    kept, _ = without_secrets(instances.storable(_told_of_opa(status)))
    with transaction.atomic():
        instances.lock(opa)
        instance = instances.ensure(opa, status.get("labels", {}))
        _follow(opa, instance, kept, actor=actor)


def _told_of_opa(status: dict[str, Any]) -> dict[str, Any]:
    """Return a status without what its metrics say of the Go runtime, which is most of it."""
    metrics = {
        provider: {name: each for name, each in found.items() if KEPT_METRICS.search(str(name))}
        for provider, found in _objects(status.get("metrics"))
    }
    return {**status, "metrics": metrics}


def _follow(opa: Opa, instance: OpaInstance, status: dict[str, Any], *, actor: Actor) -> None:
    revision, problems, dropped = _revision(status), _problems(status), _dropped(status)
    # A process that starts again counts from nothing.
    lost = dropped - instance.dropped if dropped >= instance.dropped else dropped
    before = instance.revision, [MOMENTS.sub("", each) for each in instance.problems]
    is_first = instance.last_status_at is None
    previous = instance.last_status_at
    instance.revision, instance.problems, instance.dropped = revision, problems, dropped
    instance.status, instance.last_status_at = status, timezone.now()
    instance.save()
    now = revision, [MOMENTS.sub("", each) for each in problems]
    if not is_first and before == now and not lost:
        return
    OpaChange.objects.create(
        instance=instance,
        revision=revision,
        problems=problems,
        lost=lost,
        previous_status_at=previous,
    )
    event = OpaStatusChanged(
        subject=f"opa/{opa.name}",
        workspace=opa.workspace.uuid,
        opa=str(opa.uuid),
        instance=instance.instance_id,
        revision=revision,
        problems=problems,
        lost=lost,
    )
    publish(event, actor=actor)


def _revision(status: dict[str, Any]) -> str:
    bundles = _objects(status.get("bundles"))
    found = [str(each.get("active_revision") or "") for _, each in bundles]
    return instances.plain(", ".join(each for each in found if each), MAX_REVISION)


def _problems(status: dict[str, Any]) -> list[str]:
    """Return what an OPA says is wrong: bundles that it could not get or activate, logs that it
    could not send, plugins that are not well."""
    parts = [(f"bundle {name}", each) for name, each in _objects(status.get("bundles"))]
    parts += [
        (name.replace("_", " "), status[name])
        for name in ("discovery", "decision_logs")
        if isinstance(status.get(name), dict)
    ]
    found = [f"{name}: {_told(each)}" for name, each in parts if _is_wrong(each)]
    found += [
        f"plugin {name}: {each.get('message') or 'is in state ERROR'}"
        for name, each in _objects(status.get("plugins"))
        if each.get("state") == "ERROR"
    ]
    return [instances.plain(each, MAX_PROBLEM) for each in found[:MAX_PROBLEMS]]


def _is_wrong(part: dict[str, Any]) -> bool:
    return bool(part.get("code") or part.get("errors"))


def _told(part: dict[str, Any]) -> str:
    errors = part.get("errors")
    details = [str(each) for each in errors] if isinstance(errors, list) else []
    words = [str(part.get("code") or ""), str(part.get("message") or ""), *details]
    return " ".join(dict.fromkeys(word for word in words if word))


def _dropped(status: dict[str, Any]) -> int:
    """Return how many decisions the process dropped since it started, over all reasons. OPA tells
    them as counters of its own and once more as families of Prometheus."""
    counters = families = 0
    for _, found in _objects(status.get("metrics")):
        for name, value in found.items():
            if not DROPPED.search(name):
                continue
            if name.startswith(COUNTER):
                counters += sum(_numbers(value))
            else:
                families += sum(_numbers(value))
    return max(counters, families)


def _numbers(value: object) -> Iterator[int]:
    """Yield a counter: a number, or a family as Prometheus has it, written as JSON."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield max(0, int(value))
    elif isinstance(value, dict) and isinstance(value.get("metric"), list):
        for metric in value["metric"]:
            counter = metric.get("counter") if isinstance(metric, dict) else None
            yield from _numbers(counter.get("value") if isinstance(counter, dict) else None)


def _objects(value: object) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        return []
    return [(str(name), each) for name, each in sorted(value.items()) if isinstance(each, dict)]
