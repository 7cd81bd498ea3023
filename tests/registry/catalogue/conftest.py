from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from core.actors import Actor
from registry.models import Workspace
from tests.factories import make_workspace, member, token_client


@pytest.fixture
def place(db: None) -> Workspace:
    return make_workspace("atelier")


@pytest.fixture
def author(place: Workspace) -> Actor:
    return member(place, "author")


@pytest.fixture
def client(author: Actor) -> APIClient:
    return token_client(author)
