from __future__ import annotations

import pytest

from core.actors import Actor
from registry.models import Workspace
from tests import factories
from tests.console.pages import Scene, make_scene


@pytest.fixture
def scene(db: None) -> Scene:
    """Two workspaces, a promotion that waits between them, and one person per role."""
    return make_scene()


@pytest.fixture
def place(db: None) -> Workspace:
    return factories.make_workspace("atelier")


@pytest.fixture
def author(place: Workspace) -> Actor:
    return factories.member(place, "author")
