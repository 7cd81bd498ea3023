"""Which records that the registry keeps by itself are evidence of which controls."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = Path(__file__).with_name("records.json")


@dataclass(frozen=True)
class RecordTable:
    """``reasons`` says of each kind of record what it shows; ``controls`` maps references of
    controls to the kinds that are evidence of a part of them."""

    reasons: Mapping[str, str]
    controls: Mapping[str, tuple[str, ...]]


@functools.cache
def record_table() -> RecordTable:
    """Return the table that ships."""
    read = json.loads(TABLE.read_text(encoding="utf-8"))
    return RecordTable(
        reasons=read["records"],
        controls={reference: tuple(kinds) for reference, kinds in read["controls"].items()},
    )
