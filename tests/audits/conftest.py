"""An organisation of two workspaces."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from rest_framework.test import APIClient

from core.actors import Actor
from core.tasks import claim_and_run
from registry.models import Workspace
from tests.factories import administrator, grant, make_actor, make_workspace, token_client
from tests.registry.deployments.conftest import Site, make_site


@dataclass(frozen=True)
class House:
    """The accounts and places of a test."""

    admin: Actor
    dev: Workspace
    prod: Workspace

    def member(self, username: str, **roles: str) -> Actor:
        """A new account with a role per workspace: ``dev="author"``."""
        actor = make_actor(username)
        for place, role in roles.items():
            grant(actor, getattr(self, place), role)
        return actor

    def client(self, actor: Actor) -> APIClient:
        """A client that holds a token of the account."""
        return token_client(actor)


@pytest.fixture
def house(db: None) -> House:
    places = [
        make_workspace(f"audit-{name}", stage=stage)
        for name, stage in (("dev", "development"), ("prod", "production"))
    ]
    return House(administrator(), *places)


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


def finish_tasks() -> None:
    """Do all background work that is there, as a worker would."""
    while claim_and_run():
        pass
