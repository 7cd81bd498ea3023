"""Take decision logs in: each decision once, what looks like a secret never."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.bulk_rows import insert_rows
from core.canonical import canonical_digest, canonical_json, sha256
from core.errors import InvalidInput
from core.journal import publish
from policies.engines.base import State
from policies.events import FleetDecisionsReceived
from policies.models import FleetDecision, OpaInstance
from policies.models.fleet import MAX_DECISION_ID, MAX_INSTANCE, MAX_PATH
from policies.queries.fleet import own_opa
from policies.services.fleet import instances
from registry.kinds.redaction import without_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor
    from policies.models import Opa

MAX_EVENTS = 10_000
MAX_REVISION = 200
FRACTION = re.compile(r"(\.\d{6})\d+")
STATES = frozenset(state.value for state in State)


def take(*, actor: Actor, events: object) -> int:
    """Store the decisions that the calling OPA tells; return how many are new.

    A decision is known by its id: telling it again changes nothing, whoever died in between. One
    journal entry covers what is new. Raises InvalidInput for what is no decision log, and
    AccessDenied for anybody but a registered OPA.
    """
    opa = own_opa(actor)
    told = _checked(events)
    rows = {each.decision_id: each for each in (_row(opa, event) for event in told)}
    with transaction.atomic():
        instances.lock(opa)
        known = set(
            FleetDecision.objects.filter(opa=opa, decision_id__in=list(rows)).values_list(
                "decision_id", flat=True
            )
        )
        new = insert_rows(row for key, row in rows.items() if key not in known)
        _see(opa, told)
        if new:
            publish(_event(opa, new, repeated=len(told) - len(new)), actor=actor)
    return len(new)


def _checked(events: object) -> list[dict[str, Any]]:
    if not isinstance(events, list) or not all(isinstance(each, dict) for each in events):
        raise InvalidInput("The body must be an array of decisions.")
    if len(events) > MAX_EVENTS:
        raise InvalidInput(f"{len(events)} decisions, at most {MAX_EVENTS} are taken at a time.")
    for index, event in enumerate(events):
        identity = event.get("decision_id")
        if not isinstance(identity, str) or not 1 <= len(identity) <= MAX_DECISION_ID:
            rule = f"must be text of 1 to {MAX_DECISION_ID} characters"
            raise InvalidInput.of(f"[{index}].decision_id", rule)
        if not isinstance(event.get("labels", {}), dict):
            raise InvalidInput.of(f"[{index}].labels", "must be an object")
        _moment(event, index)
    return events


def _row(opa: Opa, event: dict[str, Any]) -> FleetDecision:
    kept, redacted = without_secrets(instances.storable(event))
    return FleetDecision(
        opa=opa,
        decision_id=event["decision_id"],
        instance_id=instances.plain(event.get("labels", {}).get("id"), MAX_INSTANCE),
        path=instances.plain(event.get("path"), MAX_PATH).strip("/"),
        revision=_revision(event),
        state=_state(event.get("result")),
        event=kept,
        redacted=redacted,
        digest=sha256(canonical_json(kept)),
        decided_at=_moment(event, 0),
    )


def _revision(event: dict[str, Any]) -> str:
    """Return the revision of the bundle that decided, or of each where there were several."""
    bundles = event.get("bundles")
    if not isinstance(bundles, dict):
        return ""
    found = [each.get("revision", "") for each in bundles.values() if isinstance(each, dict)]
    return instances.plain(", ".join(str(each) for each in found), MAX_REVISION)


def _state(result: object) -> str:
    state = result.get("state") if isinstance(result, dict) else None
    return state if isinstance(state, str) and state in STATES else ""


def _moment(event: dict[str, Any], index: int) -> datetime:
    """Return when it was decided; OPA tells nanoseconds, of which microseconds are kept."""
    told = event.get("timestamp")
    try:
        moment = datetime.fromisoformat(FRACTION.sub(r"\1", str(told)))
    except ValueError:
        rule = "must be a time as RFC 3339 has it"
        raise InvalidInput.of(f"[{index}].timestamp", rule) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _see(opa: Opa, told: Sequence[dict[str, Any]]) -> None:
    """Note which processes told something."""
    newest = {event.get("labels", {}).get("id"): event.get("labels", {}) for event in told}
    now = timezone.now()
    for labels in newest.values():
        instance = instances.ensure(opa, labels)
        OpaInstance.objects.filter(pk=instance.pk).update(
            last_logs_at=now, labels=instance.labels, version=instance.version
        )


def _event(opa: Opa, new: Sequence[FleetDecision], *, repeated: int) -> FleetDecisionsReceived:
    return FleetDecisionsReceived(
        subject=f"opa/{opa.name}",
        workspace=opa.workspace.uuid,
        digest=canonical_digest(sorted([each.decision_id, each.digest] for each in new)),
        opa=str(opa.uuid),
        count=len(new),
        repeated=repeated,
        redacted=sum(bool(each.redacted) for each in new),
        states=dict(sorted(Counter(each.state or "other" for each in new).items())),
    )
