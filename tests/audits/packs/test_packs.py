"""Evidence packs: what is in them, and that one basis gives one pack."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from tests.audits.estate import lived_in
from tests.audits.packs.making import bytes_of, members_of, pack_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.audits.conftest import House


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> None:
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.PACK_KEY_FILE = tmp_path / "keys" / "packs.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "anchors" / "checkpoints.ndjson"
    settings.BLOBS_URL = (tmp_path / "blobs").as_uri()


def test_one_basis_gives_one_pack(house: House) -> None:
    scan = lived_in(house)
    first = pack_of(house, scan=scan.uuid)
    second = pack_of(house, scan=scan.uuid)

    assert first.pk != second.pk
    assert first.digest == second.digest
    assert first.blob_id == second.blob_id
    content = bytes_of(first)
    assert first.digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    members = members_of(content)
    print({k: len(v) for k, v in members.items()}, len(content))
    print(members["manifest.json"].decode()[:3000])
    print(members["journal/entries.ndjson"].decode()[:300])
    for k in ("results.ndjson", "findings.ndjson", "journal/proofs.ndjson", "keys/pack.json"):
        print(k, members[k].decode()[:1500])
