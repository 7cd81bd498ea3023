"""Models and prompts, and their versions, as flat rows: one compiled statement each.

For doors that answer the same small question thousands of times a second. The statements are
constant, tags and aliases come as ready JSON, and no model instance is built. They check no
access: the caller has, on the workspace that it names.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from core.statements import Parameter, Statement
from registry.models import Alias, Asset, AssetFormerName, AssetVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import QuerySet

# Aliases that stand for a stage of the older protocol.
STAGE_ALIASES = ("production", "staging")
# What one name space holds.
SHARED_KINDS = ("model", "prompt")
# SQLite takes 32,766 parameters in one statement; a part is padded to a power of two.
CHUNK = 10_000

JSON_LIST = {
    "sqlite": "json_group_array({item})",
    "postgresql": "CAST(coalesce(json_agg({item}), '[]') AS text)",
}
JSON_OBJECT = {"sqlite": "json_object({pairs})", "postgresql": "json_build_object({pairs})"}

VERSION_SQL = """
SELECT v.id, v.asset_id, a.name, a.kind, v.number, v.created_at, u.username, d.description,
       d.updated_at, o.source, o.download_uri, o.run_id, o.run_link, o.model_id,
       CASE WHEN o.version_id IS NULL OR a.kind = 'prompt' THEN s.body END,
       l.state, l.reason, v.uuid,
       (SELECT {tags} FROM registry_versiontag t WHERE t.version_id = v.id),
       (SELECT {aliases} FROM registry_alias n WHERE n.version_id = v.id)
  FROM registry_assetversion v
  JOIN registry_asset a ON a.id = v.asset_id
  JOIN registry_spec s ON s.digest = v.spec_id
  JOIN core_user u ON u.id = v.created_by_id
  LEFT JOIN registry_versiondetails d ON d.version_id = v.id
  LEFT JOIN registry_versionorigin o ON o.version_id = v.id
  LEFT JOIN registry_lifecycle l ON l.version_id = v.id AND l.valid_to IS NULL
 WHERE {where} AND a.deleted_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM registry_tombstone x WHERE x.version_id = v.id)
"""
MODEL_SQL = """
SELECT a.id, a.name, a.kind, a.description, a.created_at, a.updated_at, u.username,
       (SELECT {tags} FROM registry_assettag t WHERE t.asset_id = a.id),
       (SELECT {aliases} FROM registry_alias n
          JOIN registry_assetversion v ON v.id = n.version_id WHERE n.asset_id = a.id),
       (SELECT {staged} FROM registry_alias n
         WHERE n.asset_id = a.id AND n.name IN ('production', 'staging')),
       (SELECT v.id FROM registry_assetversion v WHERE v.asset_id = a.id AND NOT EXISTS
          (SELECT 1 FROM registry_tombstone x WHERE x.version_id = v.id)
         ORDER BY v.number DESC LIMIT 1)
  FROM registry_asset a
  JOIN core_user u ON u.id = a.created_by_id
 WHERE {where} AND a.deleted_at IS NULL
"""
NAMED = "a.workspace_id = %s AND a.name = %s AND a.kind IN ('model', 'prompt')"
BY_NUMBER = f"{NAMED} AND v.number = %s"
POINTED_AT = "SELECT p.version_id FROM registry_alias p WHERE p.asset_id = a.id AND p.name = %s"
BY_ALIAS = f"{NAMED} AND v.id = ({POINTED_AT})"


def _standing() -> QuerySet[Asset]:
    return Asset.objects.filter(
        workspace=Parameter("workspace"), kind__in=SHARED_KINDS, deleted_at__isnull=True
    )


SHOWN_AS = Statement(lambda: _standing().filter(name=Parameter("name")).values_list("uuid", "kind"))
ONCE_SHOWN_AS = Statement(
    lambda: (
        _standing()
        .filter(former_names__name=Parameter("name"))
        .order_by("pk")
        .values_list("uuid", "kind")
    )
)


class VersionRow(NamedTuple):
    """A version; ``tags`` and ``aliases`` are JSON texts, ``spec`` too where it is needed: for a
    prompt, and for what no protocol gave a source."""

    pk: int
    asset: int
    name: str
    kind: str
    number: int
    created_at: datetime
    created_by: str
    description: str | None
    updated_at: datetime | None
    source: str | None
    download_uri: str | None
    run_id: str | None
    run_link: str | None
    model_id: str | None
    spec: str | None
    state: str | None
    state_reason: str | None
    stored_uuid: UUID | str
    tags: str
    aliases: str

    @property
    def uuid(self) -> UUID:
        """Return the public id, which SQLite keeps as a text."""
        stored = self.stored_uuid
        return stored if isinstance(stored, UUID) else UUID(stored)


class ModelRow(NamedTuple):
    """A model or prompt; ``staged`` is the JSON list of the versions that a stage alias names."""

    pk: int
    name: str
    kind: str
    description: str
    created_at: datetime
    updated_at: datetime
    created_by: str
    tags: str
    aliases: str
    staged: str
    newest: int | None


@cache
def _statement(template: str, where: str, vendor: str) -> str:
    """Return the statement for the database."""
    pair = JSON_OBJECT[vendor].format(pairs="'key', t.key, 'value', t.value")
    alias = JSON_OBJECT[vendor].format(pairs="'alias', n.name, 'version', CAST(v.number AS text)")
    return template.format(
        where=where,
        tags=JSON_LIST[vendor].format(item=pair),
        aliases=JSON_LIST[vendor].format(item="n.name" if template is VERSION_SQL else alias),
        staged=JSON_LIST[vendor].format(item="n.version_id"),
    )


def _rows(template: str, where: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(template, where, connection.vendor), parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _among(template: str, column: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        # A power of two of places keeps the number of distinct statements small.
        places = 1 << (len(part) - 1).bit_length()
        padded = [*part, *[part[-1]] * (places - len(part))]
        found += _rows(template, f"{column} IN ({', '.join(['%s'] * places)})", padded)
    return found


def version_by_number(workspace: int, name: str, number: int) -> VersionRow | None:
    """Return a version of a model or prompt that is not deleted."""
    found = _rows(VERSION_SQL, BY_NUMBER, (workspace, name, number))
    return VersionRow(*found[0]) if found else None


def version_by_alias(workspace: int, name: str, alias: str) -> VersionRow | None:
    """Return the version that an alias of a model or prompt points at."""
    found = _rows(VERSION_SQL, BY_ALIAS, (workspace, name, alias))
    return VersionRow(*found[0]) if found else None


def versions_by_id(ids: Sequence[int]) -> dict[int, VersionRow]:
    """Return the versions with these ids that are not deleted."""
    return {row[0]: VersionRow(*row) for row in _among(VERSION_SQL, "v.id", ids)}


def model_by_name(workspace: int, name: str) -> ModelRow | None:
    """Return a model or prompt that is not deleted."""
    found = _rows(MODEL_SQL, NAMED, (workspace, name))
    return ModelRow(*found[0]) if found else None


def models_by_id(ids: Sequence[int]) -> dict[int, ModelRow]:
    """Return the models and prompts with these ids that are not deleted."""
    return {row[0]: ModelRow(*row) for row in _among(MODEL_SQL, "a.id", ids)}


def find_model(workspace: int, name: str) -> tuple[UUID, str] | None:
    """Return id and kind of the model or prompt that bears that name, or once bore it."""
    named = SHOWN_AS.first(workspace=workspace, name=name)
    return named or ONCE_SHOWN_AS.first(workspace=workspace, name=name)


def current_name(workspace: int, name: str) -> str:
    """Return what a model or prompt is called that was once called ``name``, else ``name``."""
    former = AssetFormerName.objects.filter(
        workspace_id=workspace, kind__in=SHARED_KINDS, name=name
    )
    return former.values_list("asset__name", flat=True).first() or name


def find_version(workspace: int, name: str, number: int) -> UUID | None:
    """Return the id of a version of a model or prompt that is not deleted."""
    found = find_model(workspace, name)
    if found is None:
        return None
    versions = AssetVersion.objects.filter(
        asset__uuid=found[0], number=number, tombstone__isnull=True
    )
    return versions.values_list("uuid", flat=True).first()


def newest_by_stage(asset: int, stages: Collection[str]) -> list[int]:
    """Return the newest version of an asset in each of some stages.

    Archived is what the lifecycle says; production and staging what the alias of that name points
    at; none the rest.
    """
    standing = AssetVersion.objects.filter(asset_id=asset, tombstone__isnull=True)
    archived = Q(lifecycle__state="archived", lifecycle__valid_to__isnull=True)
    aliased = {
        name: Exists(Alias.objects.filter(version=OuterRef("pk"), name=name))
        for name in STAGE_ALIASES
    }
    kept = standing.exclude(pk__in=standing.filter(archived).values("pk"))
    production, staging = aliased["production"], aliased["staging"]
    rows = {
        "archived": standing.filter(archived),
        "production": kept.filter(production),
        "staging": kept.filter(staging & ~production),
        "none": kept.filter(~production & ~staging),
    }
    newest = [rows[stage].order_by("-number").values_list("pk", flat=True) for stage in stages]
    return [pk for query in newest if (pk := query.first()) is not None]


def milliseconds(moment: datetime) -> int:
    """Return the milliseconds since 1970; SQLite's rows come without a zone, and are UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(aware.timestamp() * 1000)
