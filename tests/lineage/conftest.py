"""Fixtures of lineage's tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.models import Workspace
from tests import factories
from tests.lineage.life import live_all
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


@pytest.fixture
def whole_life(db: None, settings: Any, tmp_path: Path) -> None:
    """Everything that OpenLineage is told of has happened once."""
    settings.DATA_DIR = tmp_path
    live_all()
