"""Lists of assets: a row each, as CSV with a column per field, or as JSON objects."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from registry.importers.cells import BadCell, pairs_of, read_cell, texts_of
from registry.importers.entries import Entry, Unusable, Wrong
from registry.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_CELL = 1024 * 1024
PLAIN = ("kind", "name", "workspace", "description", "version_description")
LISTS = ("owner", "aliases")
# What stands before the dot of a column, and takes an object where it stands alone.
GROUPS = ("spec", "tags", "asset_tags", "links", "metrics", "card")
COLUMNS = ", ".join((*PLAIN, *LISTS, *GROUPS, *(f"{group}.…" for group in GROUPS)))


def from_csv(text: str) -> Iterator[Entry | Unusable]:
    """Yield each row of a CSV table with a header; an empty cell says nothing.

    Raises InvalidInput where the table as a whole cannot be read.
    """
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header)
        for cells in reader:
            place = f"line {reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                reason = (
                    f"has {len(cells)} cells, the header {len(header)}; quote cells with commas"
                )
                yield Unusable(place, (Wrong("", reason),))
                continue
            told = {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()}
            yield entry_of(told, place)
    except csv.Error as error:
        raise InvalidInput.of("content", f"line {reader.line_num} is not CSV: {error}") from error


def _check_header(header: Sequence[str]) -> None:
    if not header or not all(header):
        raise InvalidInput.of("content", "the first line must name every column")
    for name in header:
        if header.count(name) > 1:
            raise InvalidInput.of("content", f"the column {name!r} stands twice")
        if not _is_column(name):
            raise InvalidInput.of("content", f"{name[:80]!r} is no column; there are {COLUMNS}")
    for name in ("kind", "name"):
        if name not in header:
            raise InvalidInput.of("content", f"the column {name!r} is missing")


def _is_column(name: str) -> bool:
    group, dot, rest = name.partition(".")
    return name in (*PLAIN, *LISTS, *GROUPS) or (group in GROUPS and bool(dot and rest))


def from_rows(rows: Any) -> Iterator[Entry | Unusable]:
    """Yield each object of a JSON list; its members are what columns are in a table."""
    if not isinstance(rows, list):
        raise InvalidInput.of("content", "must be a JSON list of objects, one per asset")
    for number, row in enumerate(rows, 1):
        place = f"row {number}"
        if not isinstance(row, dict):
            yield Unusable(place, (Wrong("", "must be a JSON object"),))
            continue
        told = {name: value for name, value in row.items() if value is not None}
        unknown = [Wrong(name[:80], f"is no field; there are {COLUMNS}") for name in told]
        unknown = [wrong for wrong in unknown if not _is_column(wrong.field)]
        if unknown:
            yield Unusable(place, tuple(unknown), name=str(told.get("name", ""))[:200])
        else:
            yield entry_of(told, place)


def entry_of(told: Mapping[str, Any], place: str) -> Entry | Unusable:
    """Return the version that a row describes; cells that are text are read as their field is."""
    row = _Row(told)
    document: dict[str, Any] = {
        "kind": row.text("kind"),
        "name": row.text("name"),
        "asset": {"description": row.text("description"), "tags": row.texts("asset_tags")},
        "description": row.text("version_description"),
        "tags": row.texts("tags"),
        "links": row.links(),
        "metrics": row.metrics(),
    }
    document["spec"] = row.spec(document["kind"])
    if fields := row.texts("card"):
        document["card"] = {"fields": fields}
    if workspace := row.text("workspace"):
        document["workspace"] = workspace
    for name in ("kind", "name"):
        if not document[name]:
            row.wrong.append(Wrong(name, "is required"))
    if row.wrong:
        return Unusable(place, tuple(row.wrong), name=document["name"])
    lists = {name: tuple(row.list_of(name)) for name in LISTS}
    return Entry(place, document, aliases=lists["aliases"], owners=lists["owner"])


class _Row:
    """Reads the members of a row, and gathers what is wrong with them."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told
        self.wrong: list[Wrong] = []

    def text(self, name: str) -> str:
        value = self._told.get(name, "")
        if not isinstance(value, str):
            self.wrong.append(Wrong(name, "must be text"))
            return ""
        return value.strip() if name in {"kind", "name", "workspace"} else value

    def list_of(self, name: str) -> list[str]:
        try:
            return texts_of(self._told.get(name, ""))
        except BadCell as error:
            self.wrong.append(Wrong(name, str(error)))
            return []

    def group(self, name: str) -> Iterator[tuple[str, str, Any]]:
        """Yield column, member and value of a group, from its object and its own columns."""
        try:
            for key, value in pairs_of(self._told.get(name, {})):
                yield f"{name}.{key}", key, value
        except BadCell as error:
            self.wrong.append(Wrong(name, str(error)))
        for column, value in self._told.items():
            group, _, key = column.partition(".")
            if group == name and key:
                yield column, key, value

    def texts(self, group: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for column, key, value in self.group(group):
            if isinstance(value, str):
                found[key] = value
            else:
                self.wrong.append(Wrong(column, "must be text"))
        return found

    def links(self) -> list[dict[str, str]]:
        found = []
        for column, role, value in self.group("links"):
            try:
                found += [{"role": role, "to": target} for target in texts_of(value)]
            except BadCell as error:
                self.wrong.append(Wrong(column, str(error)))
        return found

    def metrics(self) -> list[dict[str, Any]]:
        found = []
        for column, key, value in self.group("metrics"):
            name, _, evaluator = key.removesuffix("]").partition("[")
            try:
                number = read_cell(value, {"type": "number"})
            except BadCell as error:
                self.wrong.append(Wrong(column, str(error)))
                continue
            found.append({"name": name, "value": number, "evaluator": evaluator})
        return found

    def spec(self, kind: str) -> dict[str, Any]:
        spec: dict[str, Any] = {}
        schema = KINDS[kind].schema if kind in KINDS else {}
        for column, path, value in self.group("spec"):
            try:
                self._put(spec, path.split("."), value, schema, is_cell=column in self._told)
            except BadCell as error:
                self.wrong.append(Wrong(column, str(error)))
        return spec

    def _put(
        self,
        spec: dict[str, Any],
        path: list[str],
        value: Any,
        schema: Mapping[str, Any],
        *,
        is_cell: bool,
    ) -> None:
        holder = spec
        for part in path[:-1]:
            schema = _member(schema, part)
            inner = holder.setdefault(part, {})
            if not isinstance(inner, dict):
                raise BadCell("stands inside what another column gives a value")
            holder = inner
        if path[-1] in holder:
            raise BadCell("stands twice in the row")
        holder[path[-1]] = read_cell(value, _member(schema, path[-1])) if is_cell else value


def _member(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    known = schema.get("properties", {})
    found = known.get(name, schema.get("additionalProperties", {}))
    return found if isinstance(found, dict) else {}
