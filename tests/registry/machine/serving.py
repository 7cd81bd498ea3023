"""Steps that deploy versions, and stop and start what was deployed."""

from __future__ import annotations

from hypothesis.stateful import invariant, precondition, rule

from core.errors import Conflict, InvalidInput
from registry.models import DeploymentMember
from registry.permissions import Permission
from registry.services.deployments import revisions, states
from tests.registry.machine.base import STAGES, Base, mostly, pick
from tests.registry.machine.model import WITHDRAWN, Deployment, Version
from tests.registry.machine.registering import numbers


class Serving(Base):
    """Deployments of one version each."""

    @precondition(lambda self: self.model.assets)
    @rule(who=mostly("deployer", "chief"), chosen=numbers)
    def deploy(self, who: str, chosen: int) -> None:
        version = pick(self.model.versions, chosen)
        asset = version.asset
        refusals = self.lacking(who, Permission.DEPLOY, asset.place, hidden=InvalidInput)
        if version.is_deleted or asset.kind == "dataset":
            refusals.append(InvalidInput)
        if not self.may_serve(version):
            refusals.append(Conflict)
        share = {"version": f"{asset.reference}/{version.number}", "traffic": 100}
        revision = self.attempt(
            who,
            lambda: revisions.create(
                actor=self.actors[who],
                workspace=asset.place,
                name=f"serving-{len(self.model.deployments)}",
                members=[share],
            ),
            refusals=refusals,
            effects=["registry.deployment.revised"],
        )
        if revision is not None:
            self.model.deployments.append(Deployment(revision.deployment.uuid, version))

    def may_serve(self, version: Version) -> bool:
        """Whether a version may serve where it is."""
        came_here = any(each.result is version for each in self.model.promotions)
        is_placed = came_here or STAGES[version.asset.place] == "development"
        return is_placed and version.state != WITHDRAWN and not version.is_deleted

    @precondition(lambda self: self.model.deployments)
    @rule(who=mostly("deployer", "chief"), chosen=numbers)
    def stop(self, who: str, chosen: int) -> None:
        deployment = pick(self.model.deployments, chosen)
        refusals = self.lacking(who, Permission.DEPLOY, deployment.version.asset.place)
        if not deployment.is_running:
            refusals.append(Conflict)
        done = self.attempt(
            who,
            lambda: states.stop(actor=self.actors[who], deployment=deployment.uuid),
            refusals=refusals,
            effects=["registry.deployment.stopped"],
        )
        if done is not None:
            deployment.is_running = False

    @precondition(lambda self: self.model.deployments)
    @rule(who=mostly("deployer", "chief"), chosen=numbers)
    def start(self, who: str, chosen: int) -> None:
        deployment = pick(self.model.deployments, chosen)
        refusals = self.lacking(who, Permission.DEPLOY, deployment.version.asset.place)
        if deployment.is_running or not self.may_serve(deployment.version):
            refusals.append(Conflict)
        done = self.attempt(
            who,
            lambda: states.start(actor=self.actors[who], deployment=deployment.uuid),
            refusals=refusals,
            effects=["registry.deployment.started"],
        )
        if done is not None:
            deployment.is_running = True

    @invariant()
    def no_deployment_shall_serve_what_was_deleted(self) -> None:
        of_deleted = DeploymentMember.objects.filter(version__tombstone__isnull=False)
        assert not of_deleted.filter(
            revision__states__aspect="desired",
            revision__states__state="running",
            revision__states__valid_to__isnull=True,
        ).exists()
