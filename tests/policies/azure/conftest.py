"""What the comparisons with Azure's definitions share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.engines.embedded import EmbeddedEngine


@pytest.fixture(scope="session")
def definitions(test_data: Path) -> Path:
    """The folder of the definitions, by family."""
    folder = test_data / "azure-policies" / "built-in-policies" / "policyDefinitions"
    if not folder.is_dir():
        pytest.skip("no definitions of Azure among the third-party inputs")
    return folder


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(workers=1)
    yield engine
    engine.close()
