"""The statements that a large walk spends its time on, written out.

A closure reads thousands of edges. The database finds them in a millisecond; what Django makes of
each row (an identifier, a time with its zone) costs fifty times that, and most of the values are
equal. So rows come as the driver gives them, and a value is converted once, where it is shown.
Ids travel as one parameter, so that a statement is the same text at any number of them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Collection

REMEMBERED = 16_384
EDGES = """
SELECT source_id, target_id, relation, {run}, {moment} FROM lineage_edge
WHERE {end}_id {among}{until} ORDER BY {end}_id, {other}_id, relation LIMIT %s
"""
PLACES = """
SELECT id, workspace_id, promoted_from_id IS NOT NULL FROM registry_assetversion WHERE id {among}
"""
VERSIONS = """
SELECT v.id, v.uuid, v.number, v.digest, a.kind, a.name, w.slug, w.stage
FROM registry_assetversion v
JOIN registry_asset a ON a.id = v.asset_id JOIN registry_workspace w ON w.id = a.workspace_id
WHERE v.id {among}
"""
ALIASES = "SELECT version_id, name FROM registry_alias WHERE version_id {among}"
AMONG = {"sqlite": "IN (SELECT value FROM json_each({}))", "postgresql": "= ANY({})"}
OTHER = {"source": "target", "target": "source"}


def edges(
    ids: Collection[int], *, end: str, limit: int, as_of: datetime | None
) -> list[tuple[Any, ...]]:
    """Return the edges whose ``end`` (source or target) is among ``ids``, at most ``limit``."""
    until = " AND created_at <= %s" if as_of is not None else ""
    text = EDGES.format(end=end, other=OTHER[end], until=until, among=among(), **_raw())
    moment = [] if as_of is None else [connection.ops.adapt_datetimefield_value(as_of)]
    return rows(text, [ids_of(ids), *moment, limit])


def places(ids: Collection[int]) -> list[tuple[int, int, bool]]:
    """Return id, workspace and whether it was promoted, of the versions with those ids."""
    return [
        (pk, workspace, bool(is_promoted))
        for pk, workspace, is_promoted in rows(PLACES.format(among=among()), [ids_of(ids)])
    ]


def versions(ids: Collection[int]) -> list[tuple[Any, ...]]:
    """Return id, public id, number, digest, kind, name, workspace and its stage."""
    return rows(VERSIONS.format(among=among()), [ids_of(ids)])


def aliases(ids: Collection[int]) -> list[tuple[int, str]]:
    """Return the aliases that point at each of the versions now."""
    return [(pk, name) for pk, name in rows(ALIASES.format(among=among()), [ids_of(ids)])]


@lru_cache(REMEMBERED)
def uuid(value: Any) -> UUID:
    """Return the identifier that a row holds: a text on SQLite."""
    return value if isinstance(value, UUID) else UUID(hex=value)


@lru_cache(REMEMBERED)
def moment(value: Any) -> datetime:
    """Return the time that a row holds: a text in UTC on SQLite."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def rows(text: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, as the driver gives them."""
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _raw() -> dict[str, str]:
    """Return the columns such that no converter of the driver recognises them."""
    if connection.vendor == "sqlite":
        return {"run": "run", "moment": "CAST(created_at AS TEXT)"}
    return {"run": "run", "moment": "created_at"}


def among(place: str = "%s") -> str:
    """Return the condition that a column is among ids, which are one parameter at ``place``."""
    return AMONG[connection.vendor].format(place)


def ids_of(ids: Collection[int]) -> Any:
    """Return ids as the parameter of ``among``."""
    return json.dumps(sorted(ids)) if connection.vendor == "sqlite" else sorted(ids)
