"""An organisation with one of everything that an address can name, and somebody of each role."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from rest_framework.test import APIClient

from audits.models import Finding, LogCheckpoint, Report
from audits.services import reports
from audits.services.report_bases import Asked
from audits.services.transparency import integration
from core import consumers, sequencer
from core.models import JournalEntry
from core.tasks import claim_and_run
from lineage.models import Dataset, Edge, LineageEvent, ReceivedEvent, WorkspaceDataset
from lineage.services.receiving import receive
from policies.models import Decision
from policies.services import attestations, exemptions, sets, what_ifs
from policies.services.evidence import Evidence
from policies.services.terms import Terms
from registry.models import Grant, Promotion, Workspace
from registry.permissions import Role
from registry.services import rules, tokens
from registry.services.promotions import request
from tests.api import (
    artifact_rows,
    card_rows,
    catalogue_rows,
    collaboration_rows,
    deployment_rows,
    evaluation_rows,
    finding_rows,
    framework_rows,
    import_rows,
    life_rows,
    pack_rows,
    request_rows,
    retention_rows,
    rule_rows,
)
from tests.api.fleet_rows import fleet
from tests.api.stream_rows import streams
from tests.factories import (
    administrator,
    grant,
    make_actor,
    make_dataset,
    make_model,
    make_upload,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.lineage.received.events import run_event
from tests.policies import estate

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor

CALLERS = ("anonymous", "outsider", *(role.value for role in Role), "administrator")


@dataclass
class World:
    """``at`` maps the names that the matrix uses to the parts of addresses."""

    dev: Workspace
    prod: Workspace
    actors: dict[str, Actor] = field(default_factory=dict)
    clients: dict[str, APIClient] = field(default_factory=dict)
    at: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> World:
        """The same rows for another test: what it does to objects and clients stays with it."""
        clients = {name: copy.copy(client) for name, client in self.clients.items()}
        for client in clients.values():
            client.cookies = SimpleCookie()
        rows = copy.deepcopy((self.dev, self.prod, self.actors, self.at))
        dev, prod, actors, at = rows
        return World(dev, prod, actors, clients, at)


def make_small_world() -> World:
    """Make the people and what the registry holds, in the current transaction."""
    world = World(make_workspace("matrix-dev"), make_workspace("matrix-prod", stage="production"))
    _people(world)
    _registry(world)
    return world


FURNISHERS = (
    life_rows.furnish,
    artifact_rows.furnish,
    card_rows.furnish,
    rule_rows.furnish,
    evaluation_rows.furnish,
    deployment_rows.furnish,
    collaboration_rows.furnish,
    request_rows.furnish,
    catalogue_rows.furnish,
    import_rows.furnish,
    framework_rows.furnish,
    retention_rows.furnish,
)


def make_world() -> World:
    """Make the whole organisation, in the current transaction."""
    world = make_small_world()
    for furnish in FURNISHERS:
        furnish(world)
    _policies(world)
    fleet(world)
    streams(world)
    _terms(world)
    _evidence(world)
    pack_rows.furnish(world)
    finding_rows.furnish(world)
    return world


def _people(world: World) -> None:
    world.actors["outsider"] = member(make_workspace("elsewhere"), "admin", username="the-outsider")
    for role in Role:
        world.actors[role.value] = member(world.dev, role, username=f"the-{role.value}")
        grant(world.actors[role.value], world.prod, role)
    world.actors["administrator"] = administrator()
    world.clients = {name: token_client(actor) for name, actor in world.actors.items()}
    world.clients["anonymous"] = APIClient()
    make_actor("the-newcomer")
    leaver = member(world.dev, "reader", username="the-leaver")
    world.at["member"] = Grant.objects.get(user=leaver.user).uuid
    reader = world.actors["reader"]
    assert reader.user is not None
    world.at["token"] = tokens.issue(actor=reader, user=reader.user).token.uuid


def _registry(world: World) -> None:
    data = make_dataset(world.dev, name="tickets")
    version = make_model(world.dev, name="base", trained_on=[data], aliases=["candidate"])
    rules.set_required_approvals(
        actor=administrator(), workspace=world.prod.slug, required_approvals=1
    )
    requester = member(world.prod, "deployer", username="the-requester")
    grant(requester, world.dev, "reader")
    waiting = request.promote(
        actor=requester,
        source=reference(version),
        target=world.prod.slug,
        alias="waiting",
        reason="T-1",
    )
    assert waiting.status == Promotion.Status.AWAITING_APPROVAL
    world.at |= {
        "workspace": world.dev.slug,
        "production": world.prod.slug,
        "asset": version.asset.uuid,
        "version": version.uuid,
        "ref": reference(version),
        "promotion": waiting.uuid,
        "binding": waiting.binding,
        "kind": "model",
        "sink": "default",
        "datahub": "datahub",
        "facet": "MunimentPromotionRunFacet",
        "facet_version": "1-0-0",
        "framework": "eu-ai-act",
    }


def _policies(world: World) -> None:
    admin = administrator()
    version = estate.make_policy()
    chosen = sets.create_version(
        actor=admin,
        name="the-set",
        title="The set",
        members=[{"policy": version.reference}],
    )
    assignment = estate.assign(version, world.dev, "audit")
    snapshot = estate.submit(world.dev, estate.OPEN)
    uploaded = estate.upload(world.dev, estate.CLOSED, external_id="acme-9")
    scope = exemptions.Scope(assignment=assignment.uuid, workspace=world.dev.slug)
    requester = world.actors["author"]
    asked = exemptions.ask(
        actor=requester,
        scope=scope,
        category="waiver",
        reason="until the network is closed",
        expires_at=timezone.now() + timedelta(days=30),
    )
    world.at |= {
        "policy": version.policy.uuid,
        "policy_version": version.uuid,
        "policy_reference": version.reference,
        "set": chosen.policy_set.uuid,
        "assignment": assignment.uuid,
        "exemption": asked.uuid,
        "resource": snapshot.resource.uuid,
        "snapshot": snapshot.uuid,
        "uploaded": uploaded.uuid,
    }


def _terms(world: World) -> None:
    admin = administrator()
    version = estate.make_policy()
    manual = estate.assign(version, world.dev, "manual")
    attestation = attestations.attest(
        actor=admin,
        about=attestations.About(assignment=manual.uuid, workspace=world.dev.slug),
        statement=attestations.Statement(
            state="compliant", expires_at=timezone.now() + timedelta(days=30)
        ),
        evidence=[
            Evidence(title="minutes", upload=make_upload(world.dev, b"the minutes").uuid),
        ],
    )
    asked_about = what_ifs.ask(
        actor=admin,
        scope="organisation",
        policy=version.reference,
        terms=Terms(effect="audit"),
    )
    world.at |= {
        "manual": manual.uuid,
        "attestation": attestation.uuid,
        "evidence": attestation.evidence.get().uuid,
        "what_if": asked_about.uuid,
    }


def _receive(world: World) -> UUID:
    receive(world.actors["author"], world.dev.slug, [run_event()])
    return ReceivedEvent.objects.get().uuid


def _evidence(world: World) -> None:
    report = reports.request(actor=administrator(), asked=Asked(workspaces=[world.dev.slug]))
    while claim_and_run():
        pass
    while sequencer.sequence_pending() or consumers.drain_all():
        pass
    integration.integrate(at_once=True)
    outside = Dataset.objects.create(key="0" * 64, namespace="s3://outside", name="raw")
    WorkspaceDataset.objects.create(workspace=world.dev, dataset=outside, event_time=timezone.now())
    done = Report.objects.select_related("scan").get(pk=report.pk)
    assert done.scan is not None
    mine = JournalEntry.objects.filter(workspace=world.dev.uuid)
    decided = Decision.objects.filter(evaluation__workspace=world.dev).exclude(
        evaluation__engine=""
    )
    world.at |= {
        "scan": done.scan.uuid,
        "report": done.uuid,
        "finding": Finding.objects.get().uuid,
        "decision": decided.latest("id").uuid,
        "entry": mine.latest("id").uuid,
        "event": LineageEvent.objects.earliest("id").uuid,
        "lineage_run": Edge.objects.earliest("id").run,
        "received": _receive(world),
        "checkpoint": LogCheckpoint.objects.latest("size").size,
    }
