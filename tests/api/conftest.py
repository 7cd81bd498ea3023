"""The organisation that addresses are tried on."""

from __future__ import annotations

import pytest

from tests.api.world import World, make_small_world, make_world


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    # What OPA adds has tests of its own, and takes seconds.
    monkeypatch.setenv("MUNIMENT_OPA", "/nonexistent/opa")
    return make_world()


@pytest.fixture
def small_world(db: None) -> World:
    return make_small_world()
