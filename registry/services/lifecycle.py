"""Deprecate, archive and withdraw versions, and make them active again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.facts import end
from core.journal import publish
from registry import access
from registry.events import LifecycleChanged
from registry.gates.lifecycle import LifecycleGate
from registry.models import Asset, AssetVersion, Lifecycle
from registry.models.life import ACTIVE
from registry.permissions import Permission
from registry.queries.dependents import MAX_DEPENDENTS, Dependents, dependents_of
from registry.queries.life import STATES, WITHDRAWN, state_of
from registry.queries.versions import full_reference, resolve, version_at
from registry.services.locking import still_stands
from registry.services.promotions.changes import show_change
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor


@dataclass(frozen=True)
class Change:
    """A change of state: ``standing`` is the open fact, None for an active version."""

    version: AssetVersion
    before: str
    after: str
    standing: Lifecycle | None
    dependents: Dependents


def change(
    *, actor: Actor, version: str | UUID, state: str, reason: str, replacement: str = ""
) -> Change:
    """Bring a version (id or reference) into ``state``; ``replacement`` refers to its successor.

    A withdrawn version cannot be promoted, deployed, newly linked or pointed at; open promotions
    that take it along are reviewed at once. Needs change_lifecycle and always a reason. Raises
    InvalidInput, NotFound, Gone, AccessDenied, or Conflict where nothing would change.
    """
    found = version_at(actor, version)
    place = found.asset.workspace
    access.require(actor, Permission.CHANGE_LIFECYCLE, place, subject=full_reference(found))
    check_reason(place, reason, always=True)
    if state not in STATES:
        raise InvalidInput.of("state", f"must be one of {', '.join(STATES)}")
    successor = _replacement(actor, found, state, replacement)
    with transaction.atomic():
        # The lock that moving an alias takes, and the one that linking to the version takes.
        Asset.objects.select_for_update(no_key=True).get(pk=found.asset_id)
        AssetVersion.objects.select_for_update().get(pk=found.pk)
        still_stands(found)
        before = found.lifecycle.as_of(None).select_related("replacement").first()
        _require_change(before, state, successor)
        now = timezone.now()
        end(found.lifecycle.all(), at=now)
        standing = None
        if state != ACTIVE:
            standing = Lifecycle.objects.create(
                version=found,
                state=state,
                reason=reason,
                replacement=successor,
                set_by=actor.user,
                valid_from=max(now, before.valid_from) if before else now,
            )
        dependents = dependents_of(found, limit=MAX_DEPENDENTS)
        changed = Change(found, before.state if before else ACTIVE, state, standing, dependents)
        publish(
            _event(changed, before=before, reason=reason),
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
        show_change(found, gate=LifecycleGate.name, actor=actor)
    return changed


def _replacement(
    actor: Actor, version: AssetVersion, state: str, reference: str
) -> AssetVersion | None:
    if not reference:
        return None
    if state == ACTIVE:
        raise InvalidInput.of("replacement", "an active version needs none")
    successor = resolve(actor, reference, field="replacement")
    if successor.pk == version.pk:
        raise InvalidInput.of("replacement", "is the version itself")
    if successor.asset.workspace_id != version.asset.workspace_id:
        # Whoever sees the version then sees what replaces it.
        raise InvalidInput.of("replacement", "must be in the workspace of the version")
    if successor.asset.kind != version.asset.kind:
        raise InvalidInput.of("replacement", f"must be a {version.asset.kind}")
    if state_of(successor) == WITHDRAWN:
        raise InvalidInput.of("replacement", f"{reference!r} is withdrawn")
    return successor


def _require_change(before: Lifecycle | None, state: str, successor: AssetVersion | None) -> None:
    same_state = (before.state if before else ACTIVE) == state
    same_successor = (before.replacement if before else None) == successor
    if same_state and same_successor:
        raise Conflict(f"The version is {state} already.")


def _event(changed: Change, *, before: Lifecycle | None, reason: str) -> LifecycleChanged:
    def told(state: str, fact: Lifecycle | None) -> dict[str, Any]:
        successor = fact.replacement if fact else None
        return {"state": state, "replacement": str(successor.uuid) if successor else None}

    version = changed.version
    uuids = dict(
        AssetVersion.objects.filter(pk__in=changed.dependents.version_ids).values_list("pk", "uuid")
    )
    return LifecycleChanged(
        subject=full_reference(version),
        workspace=version.asset.workspace.uuid,
        digest=version.digest,
        reason=reason,
        before=told(changed.before, before),
        after=told(changed.after, changed.standing),
        version=str(version.uuid),
        state=changed.after,
        dependents=[str(uuids[pk]) for pk in changed.dependents.version_ids],
        is_truncated=changed.dependents.is_truncated,
    )
