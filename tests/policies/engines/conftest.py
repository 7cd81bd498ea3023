"""The engines that tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from policies.engines.embedded import EmbeddedEngine


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    """An embedded engine with two workers."""
    engine = EmbeddedEngine(workers=2)
    yield engine
    engine.close()
