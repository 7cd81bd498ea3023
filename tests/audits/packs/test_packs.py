"""Evidence packs: what is in them, and that one basis gives one pack."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tests.audits.estate import lived_in
from tests.audits.packs.making import bytes_of, pack_of

if TYPE_CHECKING:
    from tests.audits.conftest import House


def test_one_basis_gives_one_pack(house: House) -> None:
    scan = lived_in(house)
    first = pack_of(house, scan=scan.uuid)
    second = pack_of(house, scan=scan.uuid)

    assert first.pk != second.pk
    assert first.digest == second.digest
    assert first.blob_id == second.blob_id
    content = bytes_of(first)
    assert first.digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
