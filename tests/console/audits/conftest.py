"""Who looks at the pages of audits: an administrator, and a reader of one workspace."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import Workspace
from tests.console.pages import browser
from tests.factories import administrator, make_workspace, member


@pytest.fixture
def prod(db: None) -> Workspace:
    return make_workspace("prod", stage="production")


@pytest.fixture
def admin(prod: Workspace) -> Client:
    return browser(administrator())


@pytest.fixture
def reader(prod: Workspace) -> Client:
    return browser(member(prod, "reader"))
