"""A deployment of a promoted flow, and who deploys it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from core.actors import Actor
from core.models import JournalEntry
from registry.gates import deployments as gates
from registry.gates.members import MembersGate
from registry.gates.thresholds import ThresholdGate
from registry.models import AssetVersion, Deployment, DeploymentRevision
from registry.services.deployments import revisions
from tests.factories import make_prompt, reference
from tests.registry.conftest import Team, make_team
from tests.support.sharing import shared_rows


@dataclass(frozen=True)
class Site:
    """A team with a deployment in its production workspace."""

    team: Team
    deployer: Actor
    version: AssetVersion
    deployment: Deployment

    def promoted(self) -> AssetVersion:
        """One more prompt that came into production by a promotion."""
        return promoted(self.team)

    def revise(self, **draft: Any) -> DeploymentRevision:
        """The next revision, by the deployer."""
        options: dict[str, Any] = {
            "actor": self.deployer,
            "deployment": self.deployment.uuid,
        } | draft
        return revisions.revise(**options)


def promoted(team: Team) -> AssetVersion:
    """A prompt that came into production by a promotion."""
    result = team.promote(make_prompt(team.dev)).target_version
    assert result is not None
    return result


def shares(*versions: AssetVersion) -> list[dict[str, Any]]:
    """Members that share the traffic as evenly as whole percents do; the first has the rest."""
    each = 100 // len(versions)
    first = 100 - each * (len(versions) - 1)
    return [
        {"version": reference(version), "traffic": first if index == 0 else each}
        for index, version in enumerate(versions)
    ]


def make_site(**draft: Any) -> Site:
    """A production where one promoted prompt shall serve."""
    team = make_team()
    version = promoted(team)
    options = {"name": "assist", "members": shares(version)} | draft
    revision = revisions.create(actor=team.deployer, workspace=team.prod.slug, **options)
    return Site(team, team.deployer, version, revision.deployment)


def journalled(action: str) -> list[JournalEntry]:
    """The entries of one action, oldest first."""
    return list(JournalEntry.objects.filter(action=action).order_by("id"))


@pytest.fixture(autouse=True, scope="module")
def own_deployment_gates() -> Iterator[None]:
    """The registry's gates alone: those of the apps above have tests of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gates, "installed", lambda: (MembersGate(), ThresholdGate()))
        yield


@pytest.fixture(scope="module")
def site_of_module(
    own_gates: None,
    own_deployment_gates: None,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Site]:
    with shared_rows(make_site, django_db_blocker) as made:
        yield made


@pytest.fixture
def site(site_of_module: Site, db: None) -> Site:
    """Made once for the tests of a module; what a test changes in it is undone after the test."""
    return copy.deepcopy(site_of_module)
