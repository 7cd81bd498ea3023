"""Fixtures of the tests of collaboration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from registry.models import Workspace
from registry.services.webhooks import managing
from registry.services.webhooks.managing import Keyed
from tests.factories import administrator, make_workspace
from tests.registry.collaboration.receiver import Receiver, receiving


@pytest.fixture
def dev(db: None) -> Workspace:
    return make_workspace()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A running server that webhooks may reach."""
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    settings.WEBHOOK_PLAIN_HTTP = True
    with receiving() as running:
        yield running


@pytest.fixture
def hook(dev: Workspace, receiver: Receiver) -> Keyed:
    """A webhook of the workspace that asks for versions and aliases."""
    return managing.create(
        actor=administrator(),
        workspace=dev.slug,
        url=receiver.url,
        events=["registry.version.*", "registry.alias.moved"],
    )
