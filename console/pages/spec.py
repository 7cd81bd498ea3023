"""A spec as a page shows it: each value in the form that reads best. Free of Django."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.canonical import is_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PROSE = 120
SHOWN_ROWS = 50
# Texts whose line breaks and spaces are part of them.
VERBATIM = frozenset({"template", "content"})


@dataclass(frozen=True)
class Entry:
    """One field: ``form`` is text, prose, code, fields or table.

    ``entries`` are those of an object; ``columns`` and ``rows`` those of a list of objects.
    """

    name: str
    form: str
    value: str = ""
    entries: tuple[Entry, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def is_short(self) -> bool:
        """Tell whether it fits on a line."""
        return self.form == "text"


@dataclass(frozen=True)
class Shown:
    """The fields that fit on a line, and those that need room."""

    short: list[Entry] = field(default_factory=list)
    roomy: list[Entry] = field(default_factory=list)


def shown(spec: Mapping[str, Any]) -> Shown:
    """Return the fields of a spec."""
    found = list(entries(spec))
    return Shown(
        [each for each in found if each.is_short], [each for each in found if not each.is_short]
    )


def entries(value: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield each field of an object."""
    for name, member in value.items():
        yield _entry(name, member)


def _entry(name: str, value: object) -> Entry:
    label = name.replace("_", " ")
    if isinstance(value, str) and (name in VERBATIM or "\n" in value):
        return Entry(label, "code", value)
    if isinstance(value, str) and len(value) > PROSE:
        return Entry(label, "prose", value)
    if (text := plain(value)) is not None:
        return Entry(label, "text", text)
    if isinstance(value, dict) and all(plain(member) is not None for member in value.values()):
        return Entry(label, "fields", entries=tuple(entries(value)))
    if isinstance(value, list) and (table := _table(value)):
        return Entry(label, "table", columns=table[0], rows=tuple(table[1:]))
    return Entry(label, "code", json.dumps(value, indent=2, ensure_ascii=False))


def plain(value: object) -> str | None:
    """Return a scalar, or a list of texts, as text; None for anything with more structure."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return repr(value)
        case str():
            return f"{value[:19]}…" if is_digest(value) else value
        case list() if all(isinstance(item, str) for item in value):
            return ", ".join(value) or "none"
    return None


def _table(items: Sequence[object]) -> list[tuple[str, ...]]:
    """Return the head and the rows of a list of flat objects, nothing for any other list."""
    rows: list[tuple[str, ...]] = []
    columns = list(dict.fromkeys(name for item in items if isinstance(item, dict) for name in item))
    for item in items:
        if not isinstance(item, dict):
            return []
        cells = [plain(item[name]) if name in item else "" for name in columns]
        if any(cell is None or "\n" in cell for cell in cells):
            return []
        rows.append(tuple(cell or "" for cell in cells))
    if not rows or len(rows) > SHOWN_ROWS:
        return []
    return [tuple(name.replace("_", " ") for name in columns), *rows]
