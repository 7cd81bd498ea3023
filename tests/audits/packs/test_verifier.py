"""A stranger verifies a pack: with the verifier, one public key, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audits.services.transparency import keys
from audits.verifier import muniment_verify as verifier
from tests.audits.estate import lived_in
from tests.audits.packs.making import bytes_of, pack_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.audits.conftest import House


class Stranger:
    """Somebody who has a pack and the log's key."""

    def __init__(self, content: bytes, folder: Path) -> None:
        self.content, self.folder = content, folder
        self.vkey = keys.log_signer().verifier.encoded()
        self.anchor = folder / "anchors" / "checkpoints.ndjson"

    def verify(self, content: bytes | None = None, *more: str) -> int:
        path = self.folder / "pack.zip"
        path.write_bytes(self.content if content is None else content)
        return verifier.main([str(path), "--key", self.vkey, *more])


@pytest.fixture
def stranger(house: House, tmp_path: Path) -> Stranger:
    return Stranger(bytes_of(pack_of(house, scan=lived_in(house).uuid)), tmp_path)


def test_an_untouched_pack_verifies(stranger: Stranger, capsys: pytest.CaptureFixture[str]) -> None:
    assert stranger.verify() == verifier.OK
    assert "files and" in capsys.readouterr().out
    assert stranger.verify(None, "--anchor", str(stranger.anchor)) == verifier.OK
    assert "note:" not in capsys.readouterr().out
