"""A life to tell of."""

from __future__ import annotations

import pytest

from tests.audits.conftest import House
from tests.audits.dossiers.story import Story, tell


@pytest.fixture
def story(house: House) -> Story:
    return tell(house)
