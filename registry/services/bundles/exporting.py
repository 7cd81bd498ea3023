"""Write a version with its closure into a signed bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.db import transaction

from core.canonical import canonical_bytes, canonical_digest
from core.errors import Refused
from core.journal import publish
from registry import access
from registry.bundles.manifest import write
from registry.events import BundleExported
from registry.models import AssetVersion, BlobClaim, Promotion
from registry.queries.blobs import store_at_hand
from registry.queries.cards import cards_of
from registry.queries.closure import Closure, closure_of
from registry.queries.upstream import readable_upstream
from registry.queries.versions import full_reference, resolve
from registry.services.bundles.keys import signing_key
from registry.storage import is_stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.actors import Actor

MEMBERS = "content/members.json"
ORIGIN = "origin/origin.json"


def export_bundle(*, actor: Actor, version: str, file: BinaryIO) -> str:
    """Write the bundle of ``version`` (a reference) into a new, seekable file.

    Returns its content digest: equal for equal content, wherever it lies. Needs view on every
    member; raises InvalidInput, NotFound, Unavailable, or Refused for a member out of sight.
    """
    root = resolve(actor, version)
    closure = closure_of(root, actor=actor)
    if closure.hidden:
        message = f"{closure.hidden} member(s) lie in workspaces that you may not read."
        raise Refused(message)
    with store_at_hand():
        content = write(file, _parts(closure, actor), key=signing_key())
    with transaction.atomic():
        publish(
            BundleExported(
                subject=full_reference(root),
                workspace=root.asset.workspace.uuid,
                digest=root.digest,
                content_digest=content,
                members=len(closure.members),
            ),
            actor=actor,
            roles=access.roles(actor, root.asset.workspace_id),
        )
    return content


def _parts(closure: Closure, actor: Actor) -> Iterator[tuple[str, Iterable[bytes]]]:
    ordered = _ordered(closure)
    yield MEMBERS, [canonical_bytes(_members(ordered, closure))]
    for digest, body in sorted({each.spec_id: each.spec.body for each in ordered}.items()):
        yield f"content/specs/{_hex(digest)}.json", [canonical_bytes(body)]
    claims = BlobClaim.objects.filter(artifact__version__in=ordered).select_related("blob")
    keys = {claim.blob.digest: claim.blob.key for claim in claims}
    for digest, key in sorted(keys.items()):
        with store_at_hand() as store:
            yield f"blobs/{_hex(digest)}", store.read(key)
    yield ORIGIN, [canonical_bytes(_origin(ordered, closure, actor=actor))]


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")


def _ordered(closure: Closure) -> list[AssetVersion]:
    """Return the members, what is needed first, in an order that only their content decides."""
    keys: dict[int, str] = {}
    heights: dict[int, int] = {}
    for member in closure.members:
        links = closure.needs[member.pk]
        below = sorted([link.role, keys[link.target_id]] for link in links)
        keys[member.pk] = canonical_digest(
            [member.asset.kind, member.asset.name, member.digest, below]
        )
        heights[member.pk] = max((heights[link.target_id] + 1 for link in links), default=0)
    return sorted(closure.members, key=lambda each: (heights[each.pk], keys[each.pk]))


def _members(ordered: list[AssetVersion], closure: Closure) -> list[dict[str, Any]]:
    place = {member.pk: index for index, member in enumerate(ordered)}
    cards = cards_of(ordered)
    return [
        {
            "kind": member.asset.kind,
            "name": member.asset.name,
            "schema_version": member.schema_version,
            "digest": member.digest,
            "spec": member.spec_id,
            "links": sorted(
                [link.role, place[link.target_id]] for link in closure.needs[member.pk]
            ),
            "metrics": [
                {"name": metric.name, "value": metric.value, "evaluator": metric.evaluator}
                for metric in member.metrics.order_by("name", "evaluator")
            ],
            "artifacts": [
                {
                    "path": artifact.path,
                    "uri": "" if is_stored(artifact.uri) else artifact.uri,
                    "digest": artifact.digest,
                    "size": artifact.size,
                    "media_type": artifact.media_type,
                }
                for artifact in member.artifacts.order_by("path")
            ],
            "card": dict(card.fields) if (card := cards.get(member.pk)) and card.revision else None,
        }
        for member in ordered
    ]


def _origin(ordered: list[AssetVersion], closure: Closure, *, actor: Actor) -> dict[str, Any]:
    """Where the members lay, and what was decided about them there."""
    brought = (
        Promotion.objects.filter(target_version__in=ordered, status=Promotion.Status.COMPLETED)
        .select_related("target_version__asset__workspace", "requested_by")
        .prefetch_related("approvals__decided_by")
        .order_by("id")
    )
    provenance = getattr(closure.root, "provenance", None)
    return {
        "instance": settings.INSTANCE,
        "root": full_reference(closure.root),
        "members": [
            {
                "ref": full_reference(each),
                "uuid": str(each.uuid),
                "digest": each.digest,
                "created_at": each.created_at.isoformat(),
            }
            for each in ordered
        ],
        "aliases": sorted(closure.root.aliases.values_list("name", flat=True)),
        "provenance": provenance.body if provenance else None,
        "promotions": [_decided(promotion) for promotion in brought],
        "upstream": readable_upstream(closure.root, actor=actor),
    }


def _decided(promotion: Promotion) -> dict[str, Any]:
    return {
        "uuid": str(promotion.uuid),
        "target": str(promotion.target_version),
        "binding": promotion.binding,
        "verdicts": promotion.verdicts,
        "requested_by": str(promotion.requested_by.uuid),
        "approvals": [
            {
                "uuid": str(each.uuid),
                "decision": each.decision,
                "binding": each.binding,
                "decided_by": str(each.decided_by.uuid),
                "decided_at": each.decided_at.isoformat(),
            }
            for each in sorted(promotion.approvals.all(), key=lambda each: each.pk)
        ],
    }
