"""A workspace and its author, who imports."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from registry.models import Workspace
from tests.factories import make_workspace, member, token_client


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace("lists")


@pytest.fixture
def client(workspace: Workspace) -> APIClient:
    return token_client(member(workspace, "author", username="list-author"))
