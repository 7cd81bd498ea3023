"""From a version that was found to one of one's own, and to what serves it: one call each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from registry.kinds import KINDS
from registry.kinds.links import LinkRole
from registry.queries.versions import reference_of, version_at
from registry.services import versions
from registry.services.deployments import revisions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from registry.models import DeploymentRevision
    from registry.services.versions import Registered

WAYS = (
    LinkRole.FINE_TUNED_FROM,
    LinkRole.ADAPTER_OF,
    LinkRole.DISTILLED_FROM,
    LinkRole.MERGED_FROM,
    LinkRole.DERIVED_FROM,
)
DEEPEST = 50


def merged(target: Any, patch: Any, *, depth: int = 0) -> Any:
    """Return ``target`` under a JSON merge patch (RFC 7396); null takes a member away."""
    if depth > DEEPEST:
        raise InvalidInput.of("spec", f"is nested deeper than {DEEPEST}")
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value, depth=depth + 1)
    return result


def derive(
    *,
    actor: Actor,
    version: str | UUID,
    role: str,
    workspace: str = "",
    name: str = "",
    spec: Mapping[str, Any] | None = None,
    artifacts: Sequence[Mapping[str, Any]] = (),
    aliases: Sequence[str] = (),
    reason: str = "",
) -> Registered:
    """Register a version made from ``version`` (id or reference), and link it by ``role``.

    It has the kind of its origin and, where nothing else is said, its workspace and name; its
    spec under the merge patch ``spec``. The card inside a spec stays behind: it speaks of another
    thing. Raises what ``versions.register`` raises, and InvalidInput for a role that the kind
    does not know.
    """
    origin = version_at(actor, version)
    kind = KINDS[origin.asset.kind]
    if role not in {way.value for way in WAYS if way in kind.link_roles}:
        known = ", ".join(way.value for way in WAYS if way in kind.link_roles) or "none"
        raise InvalidInput.of("role", f"a {kind.slug} can be made from another by: {known}")
    # Through its text: what is handed on must not be the row's own.
    body = json.loads(json.dumps(origin.spec.body))
    body.pop("card", None)
    return versions.register(
        actor=actor,
        workspace=workspace or origin.asset.workspace.slug,
        kind=kind.slug,
        name=name or origin.asset.name,
        spec=merged(body, dict(spec or {})),
        links=[{"role": role, "to": str(reference_of(origin))}],
        artifacts=artifacts,
        aliases=aliases,
        reason=reason,
    )


def deploy(
    *,
    actor: Actor,
    version: str | UUID,
    name: str,
    workspace: str = "",
    configuration: dict[str, Any] | None = None,
    endpoint: str = "",
    reason: str = "",
) -> DeploymentRevision:
    """Make a deployment that sends all of its traffic to ``version``, where that is unless
    ``workspace`` says otherwise; return its first revision.

    Needs deploy there. Raises what ``revisions.create`` raises.
    """
    found = version_at(actor, version)
    return revisions.create(
        actor=actor,
        workspace=workspace or found.asset.workspace.slug,
        name=name,
        members=[{"version": str(reference_of(found)), "traffic": 100}],
        configuration=configuration or {},
        endpoint=endpoint,
        reason=reason,
    )
