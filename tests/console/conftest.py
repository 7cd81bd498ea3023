from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from core.actors import Actor
from registry.models import Workspace
from tests import factories
from tests.console.pages import Scene, make_scene
from tests.support.sharing import shared_rows


@pytest.fixture(scope="module")
def scene_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with shared_rows(make_scene, django_db_blocker) as made:
        yield made


@pytest.fixture
def scene(scene_of_module: Scene, db: None) -> Scene:
    """Two workspaces, a promotion that waits between them, and one person per role.

    Made once for the tests of a module; what a test changes in it is undone after the test.
    """
    return copy.deepcopy(scene_of_module)


@pytest.fixture
def place(db: None) -> Workspace:
    return factories.make_workspace("atelier")


@pytest.fixture
def author(place: Workspace) -> Actor:
    return factories.member(place, "author")
