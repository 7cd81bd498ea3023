"""What the tests of OPAs of elsewhere share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.policies.fleet.installation import Fleet
from tests.support.service import Service


@pytest.fixture
def with_deltas(settings: Settings) -> None:
    """An administrator has deltas on."""
    settings.OPA_DELTAS = True


@pytest.fixture
def fleet(
    request: pytest.FixtureRequest, make_service: Callable[..., Service], tmp_path: Path
) -> Iterator[Fleet]:
    """A running service for real OPAs; a parameter has settings, as `make_service` takes them."""
    fleet = Fleet(make_service(**getattr(request, "param", {})), tmp_path)
    yield fleet
    for opa in fleet.opas:
        opa.stop()
