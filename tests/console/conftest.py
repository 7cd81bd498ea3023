from __future__ import annotations

import pytest

from tests.console.pages import Scene, make_scene


@pytest.fixture
def scene(db: None) -> Scene:
    """Two workspaces, a promotion that waits between them, and one person per role."""
    return make_scene()
