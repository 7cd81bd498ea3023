"""What is touched by this dataset version, base model or prompt, and whom does one call?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from lineage.graph import explore
from lineage.graph.exploration import MAX_DEPTH
from lineage.graph.shapes import NodeType
from lineage.queries.questions.table import Table, Ways, left_out, name_of, names_in
from registry import access
from registry.models import Asset, AssetOwner, DeploymentMember
from registry.queries.deployments import serving

if TYPE_CHECKING:
    from core.actors import Actor
    from lineage.graph import Node

QUESTION = "impact"
COLUMNS = (
    "affected",
    "kind",
    "workspace",
    "stage",
    "aliases",
    "serving_in",
    "deployed_in",
    "contacts",
    "owners",
    "distance",
    "path",
)


def impact(actor: Actor, node: str) -> Table:
    """Return everything downstream of ``node``, itself included: where it serves now, where it was
    ever deployed, and who owns it, what serves first.

    Raises as ``explore`` does.
    """
    graph = explore(actor, node, direction="downstream", depth=MAX_DEPTH)
    touched = [found for found in graph.nodes if found.name is not None]
    uuids = [found.id for found in touched if found.type is NodeType.VERSION]
    places, owners = _deployments(actor, uuids), _owners(uuids)
    ways, names = Ways.downstream(graph), names_in(graph)
    rows = [
        _described(found)
        | places[found.id]
        | {
            "owners": owners.get(found.id, []) if found.visible else [],
            "distance": ways.distance(found.id),
            "path": ways.told(found.id, names),
        }
        for found in touched
    ]
    rows.sort(key=lambda row: (not row["serving_in"], row["distance"], row["affected"]))
    return Table(QUESTION, COLUMNS, rows, left_out(graph))


def _described(node: Node) -> dict[str, Any]:
    return {
        "affected": name_of(node),
        "kind": node.kind,
        "workspace": node.workspace,
        "stage": node.stage,
        "aliases": list(node.aliases),
    }


def _deployments(actor: Actor, uuids: list[str]) -> dict[str, dict[str, list[str]]]:
    """Return per version the deployments that it serves in, or was ever in, and their contacts."""
    found: dict[str, dict[str, list[str]]] = defaultdict(
        lambda: {"serving_in": [], "deployed_in": [], "contacts": []}
    )
    now = set(serving(actor).filter(version__uuid__in=uuids).values_list("pk", flat=True))
    members = (
        DeploymentMember.objects.filter(
            access.in_reach(actor, path="revision__deployment__workspace"),
            version__uuid__in=uuids,
        )
        .select_related("revision__deployment__workspace", "version")
        .order_by("revision__deployment__workspace__slug", "revision__deployment__name", "pk")
    )
    for member in members:
        row = found[str(member.version.uuid)]
        place = member.revision.deployment.reference
        for column, belongs in (("deployed_in", True), ("serving_in", member.pk in now)):
            if belongs and place not in row[column]:
                row[column].append(place)
        contact = member.revision.owner_contact
        if contact and contact not in row["contacts"]:
            row["contacts"].append(contact)
    return found


def _owners(uuids: list[str]) -> dict[str, list[str]]:
    """Return the names of the owners of each version's asset: of whoever made it, unless others
    were named."""
    assets = Asset.objects.filter(versions__uuid__in=uuids)
    versions = assets.values_list("versions__uuid", "pk", "created_by__username").filter(
        Q(versions__uuid__in=uuids)
    )
    rows = list(versions)
    named: dict[int, list[str]] = defaultdict(list)
    held = AssetOwner.objects.filter(asset__in={pk for _, pk, _ in rows}, valid_to__isnull=True)
    for asset, user, group in held.order_by("id").values_list(
        "asset_id", "user__username", "group__name"
    ):
        named[asset].append(user or f"group {group}")
    return {str(uuid): named.get(pk) or [creator] for uuid, pk, creator in rows}
