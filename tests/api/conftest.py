"""The organisation that addresses are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.api.world import World, make_world
from tests.support.sharing import shared_rows


@pytest.fixture(scope="package")
def world_of_package(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[], World]]:
    # What OPA adds has tests of its own, and takes seconds.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MUNIMENT_OPA", "/nonexistent/opa")
        with shared_rows(make_world, django_db_blocker) as world:
            yield world.copy


@pytest.fixture
def world(
    world_of_package: Callable[[], World], db: None, monkeypatch: pytest.MonkeyPatch
) -> World:
    """Made once for the tests of this folder; what one changes in it is undone after it."""
    monkeypatch.setenv("MUNIMENT_OPA", "/nonexistent/opa")
    return world_of_package()
