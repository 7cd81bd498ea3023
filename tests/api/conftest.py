"""The organisation that addresses are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.api.world import World, make_small_world, make_world
from tests.support.sharing import shared_rows


@pytest.fixture(scope="module")
def world_of_module(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[], World]]:
    # What OPA adds has tests of its own, and takes seconds.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MUNIMENT_OPA", "/nonexistent/opa")
        with shared_rows(make_world, django_db_blocker) as world:
            yield world.copy


@pytest.fixture
def world(world_of_module: Callable[[], World], db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Made once for the tests of a module; what a test changes in it is undone after the test."""
    monkeypatch.setenv("MUNIMENT_OPA", "/nonexistent/opa")
    return world_of_module()


@pytest.fixture
def small_world(db: None) -> World:
    return make_small_world()
