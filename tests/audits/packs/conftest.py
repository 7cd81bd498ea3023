"""An installation whose log, keys and stored bytes are the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.audits.conftest import House, house

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["House", "house"]


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> Path:
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.PACK_KEY_FILE = tmp_path / "keys" / "packs.key"
    settings.ATTESTATION_KEY_FILE = tmp_path / "keys" / "attestations.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "anchors" / "checkpoints.ndjson"
    settings.BLOBS_URL = (tmp_path / "blobs").as_uri()
    return tmp_path
