"""Fixtures of the policies' tests."""

from __future__ import annotations

import pytest


@pytest.fixture
def without_opa(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide OPA's command line: a machine without it, and tests that do not wait for it."""
    monkeypatch.setenv("MUNIMENT_OPA", "/nonexistent/opa")
