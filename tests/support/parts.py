"""Real parts that a test needs and a machine may lack."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


class PartMissing(Exception):
    """This machine lacks a server or binary; the message says what would give it."""


def missing(reason: str) -> NoReturn:
    """Skip the test for `reason`, or fail it where every part is required."""
    if os.environ.get("MUNIMENT_REQUIRE_ALL") == "1":
        pytest.fail(f"MUNIMENT_REQUIRE_ALL=1, but {reason}", pytrace=False)
    pytest.skip(reason)
