"""A finding as the journal tells of it is written by hand: as canonical JSON all the same."""

from __future__ import annotations

import pytest

from audits.services.finding_events import Told
from core.canonical import canonical_bytes

UUID = "0190f5d2-6c2e-7a10-8000-000000000001"


@pytest.mark.parametrize("subject", ["plain", 'a "quoted" \\ one', "line\nbreak\t", "é € 😀", ""])
def test_its_text_is_canonical(subject: str) -> None:
    told = Told(UUID, subject, f"policy of {subject}", "high", "passed")

    assert told.text.encode() == canonical_bytes(told._asdict())
