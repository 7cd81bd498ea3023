"""What happens to configured resources. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class SnapshotSubmitted(Event):
    """A configuration was submitted; ``digest`` is that of its canonical JSON, ``source_digest``
    that of the document it stood in, empty where it was submitted by itself."""

    action = "policies.snapshot.submitted"

    snapshot: str
    resource: str
    source: str
    type: str
    external_id: str
    provenance: str
    format: str
    source_digest: str
    observed_at: str
    is_new_resource: bool


@dataclass(frozen=True, kw_only=True)
class ResourceRetired(Event):
    """A resource is gone; its last configuration does not count any more."""

    action = "policies.resource.retired"

    resource: str
    source: str
    type: str
    external_id: str
