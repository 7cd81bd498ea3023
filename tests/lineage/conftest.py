"""Fixtures of lineage's tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from registry.models import Workspace
from tests import factories
from tests.lineage.receiver import Receiver, receiving


@pytest.fixture
def dev(db: None) -> Workspace:
    return factories.make_workspace("dev")


@pytest.fixture
def prod(db: None) -> Workspace:
    return factories.make_workspace("prod", stage="production", required_approvals=1)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A running server that is the only sink."""
    with receiving() as running:
        settings.OPENLINEAGE_TRANSPORT = json.dumps(running.transport())
        yield running
