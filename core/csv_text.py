"""Write CSV (RFC 4180) that a spreadsheet opens as text, never as formulas. Free of Django."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What makes a cell a formula, or a command, in one of the common spreadsheets (OWASP, "CSV
# Injection"); the quote in front is what they take for "this is text".
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(cell: str) -> str:
    """Return ``cell`` so that no spreadsheet evaluates it."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield one CSV line per row; None becomes an empty cell, all text is made neutral."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if cell is None else neutral(str(cell)) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
