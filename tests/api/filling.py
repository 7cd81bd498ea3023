"""Many more rows of everything, so that what grows with them shows."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import Permission as DjangoPermission
from django.utils import timezone

from audits.models import ControlMapping, ControlStatement, Risk, RiskLink
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
from tests.api.bulk import copies, repeat
from tests.api.world import World


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
    _risks(world, count)


def _risks(world: World, count: int) -> None:
    risk = Risk.objects.select_related("current").get(uuid=world.at["risk"])
    assert risk.current is not None
    risks = copies(risk, count, current_id=lambda index: None)
    revisions = copies(risk.current, count, risk_id=lambda index: risks[index].pk)
    for each, revision in zip(risks, revisions, strict=True):
        each.current = revision
    Risk.objects.bulk_update(risks, ["current"], batch_size=500)
    copies(risk.current, count, number=lambda index: count + index)
    names = {"control": lambda index: f"bulk-{count}-{index}"}
    copies(RiskLink.objects.get(uuid=world.at["risk_link"]), count, **names)
    copies(ControlMapping.objects.get(uuid=world.at["control_mapping"]), count, **names)
    copies(ControlStatement.objects.get(uuid=world.at["control_statement"]), count, **names)


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
