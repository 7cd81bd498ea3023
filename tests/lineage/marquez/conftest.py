"""The pipelines, and a reader of the workspace that told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories
from tests.lineage.marquez import estate

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from registry.models import Workspace


@pytest.fixture
def reader(dev: Workspace) -> APIClient:
    estate.send(dev, *estate.pipelines())
    return factories.token_client(factories.member(dev, "reader"))
