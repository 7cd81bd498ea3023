"""A workspace with somebody who records in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from core.actors import Actor
from registry.models import Workspace
from tests.factories import make_workspace, member, token_client

if TYPE_CHECKING:
    from rest_framework.test import APIClient


@dataclass
class Lab:
    """Where experiments are recorded: the workspace, its author, and the author's client."""

    workspace: Workspace
    author: Actor
    client: APIClient

    def post(self, path: str, body: Any, *, expect: int = 201) -> Any:
        """Send JSON to an address below /api/registry/ and return what came back."""
        answer = self.client.post(f"/api/registry/{path}", body, format="json")
        assert answer.status_code == expect, answer.content
        return answer.json()

    def get(self, path: str, *, expect: int = 200) -> Any:
        """Read an address below /api/registry/."""
        answer = self.client.get(f"/api/registry/{path}")
        assert answer.status_code == expect, answer.content
        return answer.json()


@pytest.fixture
def lab(db: None) -> Lab:
    workspace = make_workspace()
    author = member(workspace, "author")
    return Lab(workspace, author, token_client(author))
