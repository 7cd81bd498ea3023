"""A workspace and those who work there."""

from __future__ import annotations

import pytest

from registry.models import Workspace
from tests.factories import make_workspace, member
from tests.mlflow.client import Wire


@pytest.fixture
def place(db: None) -> Workspace:
    return make_workspace("protocol")


@pytest.fixture
def author(place: Workspace) -> Wire:
    return Wire(member(place, "author"), place)


@pytest.fixture
def admin(place: Workspace) -> Wire:
    return Wire(member(place, "admin"), place)
