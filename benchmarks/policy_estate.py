"""An estate for policies: workspaces of a platform, and the rules that judge them."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

from benchmarks import bulk

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.models import Workspace

KIND = "Microsoft.MachineLearningServices/workspaces"
# What ships and judges such a workspace; each is stored as often as the wanted number needs.
RULES = (
    "customer_managed_key",
    "managed_network_isolation",
    "private_endpoint",
    "public_network_access",
    "user_assigned_identity",
    "v1_legacy_mode",
)
CONNECTIONS, OUTBOUND, TAGS = 5, 8, 12
# How likely each setting is to be as the rules want it.
COMPLIANT = 0.9


def configuration(number: int) -> dict[str, Any]:
    """Return what a platform answers about one workspace, about 6 kB; the same in every run."""
    dice = random.Random(number)  # noqa: S311 - the same configurations in every run
    group = f"/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/team-{number % 40}"
    own = f"{group}/providers/{KIND}/mlw-{number:05}"
    is_closed = dice.random() < COMPLIANT
    isolation = "AllowOnlyApprovedOutbound" if is_closed else "AllowInternetOutbound"
    return {
        "id": own,
        "name": f"mlw-{number:05}",
        "type": KIND,
        "location": dice.choice(["westeurope", "northeurope", "swedencentral"]),
        "kind": "Default",
        "sku": {"name": "Basic", "tier": "Basic"},
        "identity": {
            "type": "UserAssigned",
            "userAssignedIdentities": {f"{group}/identities/ml": {}},
        },
        "tags": {f"tag-{each}": f"value {dice.getrandbits(48):012x}" for each in range(TAGS)},
        "properties": {
            "friendlyName": f"Workspace {number}",
            "storageAccount": f"{group}/providers/Microsoft.Storage/storageAccounts/st{number:05}",
            "keyVault": f"{group}/providers/Microsoft.KeyVault/vaults/kv-{number:05}",
            "publicNetworkAccess": "Disabled" if is_closed else "Enabled",
            "v1LegacyMode": dice.random() < COMPLIANT,
            "encryption": {"status": "Enabled" if dice.random() < COMPLIANT else "Disabled"},
            "managedNetwork": {
                "isolationMode": isolation,
                "outboundRules": {f"rule-{each}": _outbound(group) for each in range(OUTBOUND)},
            },
            "privateEndpointConnections": [
                _connection(own, each, dice) for each in range(CONNECTIONS)
            ],
        },
    }


def _outbound(group: str) -> dict[str, Any]:
    return {
        "type": "PrivateEndpoint",
        "category": "UserDefined",
        "status": "Active",
        "destination": {"serviceResourceId": group, "subresourceTarget": "blob"},
    }


def _connection(own: str, number: int, dice: random.Random) -> dict[str, Any]:
    status = dice.choice(["Approved", "Pending", "Rejected"])
    return {
        "id": f"{own}/privateEndpointConnections/pe-{number}",
        "name": f"pe-{number}",
        "properties": {
            "provisioningState": "Succeeded",
            "privateEndpoint": {"id": f"{own}/endpoints/pe-{number}"},
            "privateLinkServiceConnectionState": {"status": status, "description": "by the owner"},
        },
    }


def assign_rules(actor: Actor, count: int) -> None:
    """Store ``count`` policies, the shipped rules under other names, and assign all of them as
    one set over the whole organisation."""
    from policies.packs.catalog import FOLDER
    from policies.services import assignments, policies, sets
    from policies.services.checks import checked_policy
    from policies.services.terms import Terms

    members = []
    for number in range(count):
        rule = RULES[number % len(RULES)]
        name = f"{rule}_{number:03}"
        text = (FOLDER / "azure_ml" / f"{rule}.rego").read_text()
        text = re.sub(r"^package \S+$", f"package bench.{name}", text, flags=re.MULTILINE)
        found = checked_policy(f"bench.{name}", source=text, tests="")
        policies.store_version(
            actor=actor, name=f"bench.{name}", found=found, tests="", fixtures=[]
        )
        members.append({"policy": f"bench.{name}"})
    sets.create_version(actor=actor, name="bench", title="Of the benchmark", members=members)
    assignments.assign(
        actor=actor,
        scope="organisation",
        policy_set="bench/1",
        terms=Terms(effect="audit"),
    )


def submit(actor: Actor, workspaces: int, configurations: int) -> list[Workspace]:
    """Make workspaces and spread observed configurations over them, straight into the tables."""
    from django.utils import timezone

    from core.canonical import canonical_bytes, sha256
    from core.ids import new_uuid
    from policies.models import Provenance, Resource, Snapshot
    from policies.models.resource import NATIVE
    from registry.services import workspaces as places

    found = [
        places.create(actor=actor, slug=f"place-{each:03}", title="Place", stage="production")
        for each in range(workspaces)
    ]
    now, first, rows, told = timezone.now(), bulk.next_id(Resource), [], []
    for number in range(configurations):
        document = configuration(number)
        body = canonical_bytes(document)
        place = found[number % workspaces].pk
        own = bulk.stored(Resource, "uuid", new_uuid())
        rows.append((first + number, own, place, document["id"]))
        own = bulk.stored(Snapshot, "uuid", new_uuid())
        told.append((own, first + number, body.decode(), sha256(body)))
    constant = {"source": "azure", "type": KIND, "created_at": now}
    bulk.insert(Resource, ("id", "uuid", "workspace_id", "external_id"), rows, constant=constant)
    constant = {
        "provenance": Provenance.OBSERVED,
        "format": NATIVE,
        "observed_at": now,
        "submitted_at": now,
    }
    bulk.insert(Snapshot, ("uuid", "resource_id", "document", "digest"), told, constant=constant)
    return found
