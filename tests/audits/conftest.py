"""An organisation of two workspaces, each with its own auditor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from rest_framework.test import APIClient

from core.actors import Actor, Via
from core.models import User
from registry.services import members, tokens, workspaces

if TYPE_CHECKING:
    from registry.models import Workspace


@dataclass(frozen=True)
class House:
    """The accounts and places of a test."""

    admin: Actor
    dev: Workspace
    prod: Workspace

    def member(self, username: str, **roles: str) -> Actor:
        """A new account with a role per workspace: ``dev="author"``."""
        user = User.objects.create_user(username)
        for place, role in roles.items():
            slug = getattr(self, place).slug
            members.grant(actor=self.admin, workspace=slug, role=role, username=username)
        return Actor(user=user, via=Via.COMMAND)

    def client(self, actor: Actor) -> APIClient:
        """A client that holds a token of the account."""
        assert actor.user is not None
        client = APIClient()
        token = tokens.issue(actor=actor, user=actor.user).text
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client


@pytest.fixture
def house(db: None) -> House:
    admin = Actor(user=User.objects.create_superuser("the-admin"), via=Via.COMMAND)
    places = [
        workspaces.create(actor=admin, slug=f"audit-{name}", title=name, stage=stage)
        for name, stage in (("dev", "development"), ("prod", "production"))
    ]
    return House(admin, *places)
