"""A version as a document that can be kept in a repository, and registered from again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry import access
from registry.queries.cards import card_of
from registry.queries.versions import reference_of, version_at, version_detail
from registry.storage import is_stored

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion, VersionArtifact

FORMAT: Final = "muniment.version/1"


def export(actor: Actor, where: str | UUID) -> dict[str, Any]:
    """Return the document of the version with that public id or reference.

    A link into a workspace that the actor may not see has neither target nor digest. Bytes are
    named, not contained: those that are stored here by the version that has them. Raises
    NotFound, Gone or InvalidInput.
    """
    version = version_detail(actor, version_at(actor, where).uuid)
    asset = version.asset
    details = getattr(version, "details", None)
    document = {
        "format": FORMAT,
        "workspace": asset.workspace.slug,
        "kind": asset.kind,
        "name": asset.name,
        "number": version.number,
        "digest": version.digest,
        "schema_version": version.schema_version,
        "asset": {
            "description": asset.description,
            "tags": dict(asset.tags.order_by("key").values_list("key", "value")),
        },
        "description": details.description if details else "",
        "tags": dict(version.tags.order_by("key").values_list("key", "value")),
        "aliases": sorted(alias.name for alias in version.aliases.all()),
        "spec": version.spec.body,
        "links": _links(version, actor=actor),
        "metrics": [
            {"name": metric.name, "value": metric.value, "evaluator": metric.evaluator}
            for metric in version.metrics.all()
        ],
        "artifacts": [_artifact(artifact, version) for artifact in version.artifacts.all()],
    }
    card = card_of(version)
    if card is not None and not card.is_in_spec:
        document["card"] = {"status": card.status, "fields": dict(card.fields)}
    return document


def _links(version: AssetVersion, *, actor: Actor) -> list[dict[str, str | None]]:
    links = list(version.links.all())
    readable = access.readable(actor, {link.target.asset.workspace_id for link in links})
    return [
        {
            "role": link.role,
            "to": str(reference_of(link.target)) if is_seen else None,
            "digest": link.target.digest if is_seen else None,
        }
        for link in links
        for is_seen in [link.target.asset.workspace_id in readable]
    ]


def _artifact(artifact: VersionArtifact, version: AssetVersion) -> dict[str, Any]:
    if is_stored(artifact.uri):
        told = {"path": artifact.path, "from": str(reference_of(version))}
        return told | {"media_type": artifact.media_type}
    return {
        "path": artifact.path,
        "uri": artifact.uri,
        "digest": artifact.digest,
        "size": artifact.size,
        "media_type": artifact.media_type,
    }
