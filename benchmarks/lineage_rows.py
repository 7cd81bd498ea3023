"""Fill the graph with many versions and edges, straight into the tables.

The shape is that of facts that teams have: projects of a thousand versions that mostly come from
one another; two versions of a thousand also come from another project.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from benchmarks.bulk import insert, next_id, settle, stored
from benchmarks.registry_rows import SPECS, START, specs
from core.actors import Actor, Via
from core.canonical import sha256
from core.ids import new_uuid
from core.models import User
from lineage.models import Edge
from registry.models import Asset, AssetVersion, Workspace
from registry.services import members, workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKSPACES = 200
MEMBER_OF = 20
PROJECT = 1_000
VERSIONS_OF_AN_ASSET = 10
EDGES = 5
CROSSING = 0.002


@dataclass(frozen=True)
class LoadedGraph:
    """Who may ask, and the ids of the versions: they follow one another."""

    administrator: Actor
    member: Actor
    first: int
    versions: int


def load(versions: int) -> LoadedGraph:
    """Load that many versions with five edges each; return who may walk it."""
    owner = User.objects.create_superuser("administrator")
    actor = Actor(user=owner, via=Via.COMMAND)
    places = [
        workspaces.create(
            actor=actor, slug=f"team-{index:03}", title=f"Team {index}", stage="development"
        )
        for index in range(WORKSPACES)
    ]
    user = User.objects.create_user("member")
    for place in places[:MEMBER_OF]:
        members.grant(actor=actor, workspace=place.slug, role="author", username="member")
    loader = _Loader(versions, places, owner)
    loader.load()
    settle([Asset, AssetVersion, Edge])
    return LoadedGraph(actor, Actor(user=user, via=Via.COMMAND), loader.first_version, versions)


class _Loader:
    """Gives every row its id beforehand, so that no insert must be read back."""

    def __init__(self, versions: int, places: list[Workspace], owner: User) -> None:
        self.versions, self.places, self.owner = versions, places, owner
        self.specs = specs()
        self.first_asset, self.first_version = next_id(Asset), next_id(AssetVersion)
        self.is_sqlite = connection.vendor == "sqlite"
        self.moment = stored(Asset, "created_at", START) if self.is_sqlite else START

    def load(self) -> None:
        """Insert assets, versions and edges."""
        owned = {"created_by_id": self.owner.pk, "created_at": START}
        columns = ("id", "uuid", "workspace_id", "kind", "name", "description", "last_number")
        insert(Asset, columns, self._assets(), constant=owned | {"updated_at": START})
        columns = ("id", "uuid", "asset_id", "workspace_id", "number", "digest", "spec_id")
        insert(AssetVersion, columns, self._versions(), constant=owned | {"schema_version": 1})
        ends = ("source_id", "target_id", "relation", "run", "seq")
        later = {"created_at": START + timedelta(days=1)}
        insert(Edge, ends, self._edges(), constant=later)

    def place(self, version: int) -> int:
        """Return the workspace of a version: that of its project."""
        return self.places[version // PROJECT % WORKSPACES].pk

    def _uuid(self) -> Any:
        return new_uuid().hex if self.is_sqlite else new_uuid()

    def _assets(self) -> Iterator[tuple[Any, ...]]:
        for index in range(self.versions // VERSIONS_OF_AN_ASSET):
            place = self.place(index * VERSIONS_OF_AN_ASSET)
            row = (self.first_asset + index, self._uuid(), place, "model", f"model-{index:06}")
            yield (*row, "", VERSIONS_OF_AN_ASSET)

    def _versions(self) -> Iterator[tuple[Any, ...]]:
        for index in range(self.versions):
            asset, number = divmod(index, VERSIONS_OF_AN_ASSET)
            digest = sha256(str(index).encode())
            row = (self.first_version + index, self._uuid(), self.first_asset + asset)
            yield (*row, self.place(index), number + 1, digest, self.specs[index % SPECS])

    def _edges(self) -> Iterator[tuple[Any, ...]]:
        chance, run = random.Random(7), self._uuid()  # noqa: S311 - a shape, no secret
        for index in range(self.versions):
            start = index - index % PROJECT
            sources = set()
            if index and chance.random() < CROSSING:
                sources.add(chance.randrange(index))
            while index > start and len(sources) < min(EDGES, index - start):
                sources.add(chance.randrange(start, index))
            for source in sources:
                ends = self.first_version + source, self.first_version + index
                yield (*ends, "derived_from", run, index)
