from __future__ import annotations

import pytest

from core.actors import Actor
from registry.models import Workspace
from tests import factories


@pytest.fixture
def dev(db: None) -> Workspace:
    return factories.make_workspace("dev")


@pytest.fixture
def prod(db: None) -> Workspace:
    return factories.make_workspace("prod", stage="production", required_approvals=1)


@pytest.fixture
def reader(dev: Workspace) -> Actor:
    return factories.member(dev, "reader")
