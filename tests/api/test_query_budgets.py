"""A list or a detail costs the same number of queries at ten rows and at ten thousand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission as DjangoPermission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.canonical import sha256
from core.models import JournalEntry, JournalSequence, User
from lineage.models import ReceivedEvent
from lineage.received.names import name_key
from policies.models import (
    Assignment,
    AssignmentEnforcement,
    Attestation,
    AttestationEvidence,
    Decision,
    Exemption,
    Resource,
    Snapshot,
)
from registry.models import (
    Alias,
    AliasMove,
    Approval,
    Asset,
    AssetVersion,
    Grant,
    Metric,
    Promotion,
    Token,
    VersionLink,
    Workspace,
    WorkspaceUserObjectPermission,
)
from registry.services import tokens
from tests.api.bulk import copies, repeat
from tests.api.matrix import AREAS
from tests.api.rows import Row
from tests.api.test_matrix import ask
from tests.api.world import World

pytestmark = pytest.mark.django_db
FEW = 10
# Queries of a reader's request; in production two of them, which derive access, are cached.
BUDGET = 12
DEARER = {
    # Each of the versions that are compared is looked up by itself: two here, five at most.
    "api/registry/catalogue/compare/": 16,
    # A walk asks for edges and for access once per level, whatever its width; then for names.
    "api/lineage/paths/": 18,
    "api/lineage/questions/training-data/": 18,
    "api/lineage/questions/impact/": 20,
    "api/lineage/questions/changes/": 28,  # two walks
}


def fill(world: World, count: int) -> None:
    """Let every list have ``count`` more rows that the reader may see."""
    reader = world.actors["reader"].user
    assert reader is not None
    _workspaces(reader, count)
    version = AssetVersion.objects.select_related("asset").get(uuid=world.at["version"])
    found = _versions(version, count)
    _promotions(world, found)
    _people(world, reader, count)
    _configurations(world, count)
    _terms(world, count)
    _journal(world, count)
    _received(world, count)


def _terms(world: World, count: int) -> None:
    held = copies(Assignment.objects.get(uuid=world.at["assignment"]), count)
    repeat(
        AssignmentEnforcement,
        count,
        lambda index: {"assignment_id": held[index].pk, "is_enforced": True},
    )
    copies(Exemption.objects.get(uuid=world.at["exemption"]), count)
    attested = copies(Attestation.objects.get(uuid=world.at["attestation"]), count)
    repeat(
        AttestationEvidence,
        count,
        lambda index: {"attestation_id": attested[index].pk, "title": "x", "uri": "https://x"},
    )


def _workspaces(reader: User, count: int) -> None:
    made = repeat(
        Workspace,
        count,
        lambda index: {"slug": f"bulk-{count}-{index}", "title": "x", "stage": "staging"},
    )
    view = DjangoPermission.objects.get(codename="view_workspace")
    WorkspaceUserObjectPermission.objects.bulk_create(
        WorkspaceUserObjectPermission(user=reader, permission=view, content_object=workspace)
        for workspace in made
    )


def _versions(version: AssetVersion, count: int) -> Sequence[AssetVersion]:
    """Assets with a version and an alias each; links and metrics of the version given."""
    assets = copies(version.asset, count, name=lambda index: f"bulk-{count}-{index}")
    found = copies(version, count, asset_id=lambda index: assets[index].pk)
    copies(version, count, number=lambda index: count + index)
    _aliases(assets, found)
    repeat(
        VersionLink,
        min(count, 1_000),
        lambda index: {
            "version_id": version.pk,
            "target_id": found[index].pk,
            "role": "derived_from",
        },
    )
    repeat(
        Metric,
        min(count, 1_000),
        lambda index: {"version_id": version.pk, "name": f"m-{count}-{index}", "value": 1.0},
    )
    return found


def _aliases(assets: Sequence[Asset], found: Sequence[AssetVersion]) -> None:
    now = timezone.now()
    repeat(
        Alias,
        len(assets),
        lambda index: {
            "name": "candidate",
            "asset_id": assets[index].pk,
            "version_id": found[index].pk,
        },
    )
    repeat(
        AliasMove,
        len(assets),
        lambda index: {
            "name": "candidate",
            "asset_id": assets[index].pk,
            "to_version_id": found[index].pk,
            "moved_at": now,
            "moved_by_id": found[index].created_by_id,
        },
    )


def _promotions(world: World, found: Sequence[AssetVersion]) -> None:
    waiting = Promotion.objects.get(uuid=world.at["promotion"])
    made = copies(waiting, len(found), source_version_id=lambda index: found[index].pk)
    approver = world.actors["approver"].user
    assert approver is not None
    repeat(
        Approval,
        len(found),
        lambda index: {
            "promotion_id": made[index].pk,
            "decision": "approved",
            "binding": waiting.binding,
            "decided_by_id": approver.pk,
        },
    )


def _people(world: World, reader: User, count: int) -> None:
    users = repeat(User, count, lambda index: {"username": f"bulk-{count}-{index}"})
    repeat(
        Grant,
        count,
        lambda index: {
            "workspace_id": world.dev.pk,
            "user_id": users[index].pk,
            "role": "reader",
        },
    )
    repeat(
        Token,
        count,
        lambda index: {
            "user_id": reader.pk,
            "prefix": f"{count:06d}{index:06d}",
            "secret_digest": sha256(b""),
        },
    )


def _configurations(world: World, count: int) -> None:
    resource = Resource.objects.get(uuid=world.at["resource"])
    resources = copies(resource, count, external_id=lambda index: f"bulk-{count}-{index}")
    snapshot = Snapshot.objects.get(uuid=world.at["snapshot"])
    copies(snapshot, count, resource_id=lambda index: resources[index].pk)
    copies(Decision.objects.get(uuid=world.at["decision"]), count)


def _journal(world: World, count: int) -> None:
    entry = JournalEntry.objects.get(uuid=world.at["entry"])
    entries = copies(entry, count)
    last = JournalSequence.objects.order_by("-seq").values_list("seq", flat=True)[0]
    repeat(
        JournalSequence,
        count,
        lambda index: {"seq": last + 1 + index, "entry_id": entries[index].pk},
    )


def _received(world: World, count: int) -> None:
    event = ReceivedEvent.objects.get(uuid=world.at["received"])
    assert event.job is not None
    jobs = copies(event.job, count, key=lambda index: name_key("bulk", f"{count}-{index}"))
    copies(
        event,
        count,
        digest=lambda index: sha256(f"bulk-{count}-{index}".encode()),
        job_id=lambda index: jobs[index].pk,
    )


READERS = ("reader", "auditor", "administrator")
READS = [
    row
    for area, rows in AREAS.items()
    for row in rows
    # Exports and downloads are streams of everything, by design; the graph has a test of its own.
    if row.method == "GET"
    and area != "description"
    and not row.route.endswith(("export/", "exports/<str:target>/", "download/", "graph/"))
]


# Lists as they are narrowed: a filter may ask its own index before the list, no more.
FILTERED = (
    "versions/?workspace=dev",
    "versions/?kind=model",
    "versions/?name=bulk-10-1&kind=model",
    "versions/?alias=candidate",
    "versions/?tag=team:x",
    "versions/?state=archived",
    "assets/?kind=model",
    "assets/?name=bulk-10-1",
    "assets/?search=bulk",
    "assets/?tag=team:x&tag=tier:gold",
    "catalogue/?license=MIT&kind=model",
    "catalogue/?tag=team:x&metric=accuracy>0.5",
    "catalogue/?q=model",
    "catalogue/facets/?license=MIT",
)


def filtered_costs(world: World) -> dict[str, int]:
    """The queries of every filtered list by three callers."""
    found = {}
    for address in FILTERED:
        for caller in READERS:
            with CaptureQueriesContext(connection) as captured:
                answer = world.clients[caller].get(f"/api/registry/{address}")
            assert answer.status_code == 200, address
            found[f"{address} {caller}"] = len(captured)
    return found


def queries(world: World, row: Row, caller: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = ask(world.clients[caller], row, world)
    assert answer.status_code in {200, 403, 404}, row
    return len(captured)


def costs(world: World) -> dict[str, int]:
    """The queries of every read by three callers."""
    return {
        f"{row.route} {caller}": queries(world, row, caller) for row in READS for caller in READERS
    }


@pytest.mark.parametrize("many", [500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_no_read_costs_more_queries_with_more_rows(
    many: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first use of a token in a minute is written down, whatever is read.
    monkeypatch.setattr(tokens, "USE_IS_RECORDED_EVERY", timedelta(days=1))
    for caller in READERS:
        world.clients[caller].get("/api/registry/kinds/")
    fill(world, FEW)
    before = costs(world) | filtered_costs(world)
    fill(world, many)
    after = costs(world) | filtered_costs(world)

    assert {key: (before[key], after[key]) for key in before if after[key] != before[key]} == {}
    over = {
        key: count
        for key, count in after.items()
        if count > DEARER.get(key.partition(" ")[0], BUDGET)
    }
    assert over == {}
