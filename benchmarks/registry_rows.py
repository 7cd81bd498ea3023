"""Fill a registry with many assets and versions, straight into the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from benchmarks.bulk import insert, next_id, settle, stored
from core.actors import Actor, Via
from core.canonical import canonical_bytes, sha256
from core.ids import new_uuid
from core.models import User
from registry.models import (
    Alias,
    Asset,
    AssetTag,
    AssetVersion,
    Metric,
    Spec,
    VersionOrigin,
    VersionTag,
    Workspace,
)
from registry.services import members, tokens, workspaces
from registry.services.catalogue import projection

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKSPACES = 200
MEMBER_OF = 20
SPECS = 500
HOT = "hot"
BIG = "team-000"
SMALL = "small"
START = datetime(2026, 1, 1, tzinfo=UTC)
TASKS = ("text-generation", "embedding", "classification", "translation", "reranking")
LICENCES = ("Apache-2.0", "MIT", "BSD-3-Clause", "CC-BY-4.0", "LicenseRef-internal")
PURPOSES = ("summaries", "invoices", "support tickets", "search", "contracts", "translations")


@dataclass(frozen=True)
class Sizes:
    """How much to load: a fifth of the versions lie on one hot asset, half of the assets in one
    big workspace."""

    assets: int
    versions: int

    @property
    def hot(self) -> int:
        """Return how many versions the hot asset has."""
        return -(-self.versions // 5)


@dataclass(frozen=True)
class Loaded:
    """Who may ask, as token texts: an administrator, a member of 20 workspaces of which one is
    big, a member of a single empty one."""

    administrator: str
    member: str
    newcomer: str


def load(sizes: Sizes) -> Loaded:
    """Load the rows and return the credentials of three readers."""
    administrator = User.objects.create_superuser("administrator")
    actor = Actor(user=administrator, via=Via.COMMAND)
    places = [
        workspaces.create(
            actor=actor, slug=f"team-{index:03}", title=f"Team {index}", stage="development"
        )
        for index in range(WORKSPACES)
    ]
    workspaces.create(actor=actor, slug=SMALL, title="Small", stage="development")
    _Loader(sizes, places, administrator).load()
    projection.rebuild()
    settle([Asset, AssetVersion, Metric, AssetTag, VersionTag, Alias])
    member = _account(actor, "member", [place.slug for place in places[:MEMBER_OF]])
    newcomer = _account(actor, "newcomer", [SMALL])
    return Loaded(tokens.issue(actor=actor, user=administrator).text, member, newcomer)


def _account(actor: Actor, username: str, slugs: list[str]) -> str:
    user = User.objects.create_user(username)
    for slug in slugs:
        members.grant(actor=actor, workspace=slug, role="author", username=username)
    return tokens.issue(actor=actor, user=user).text


def specs() -> list[str]:
    """Store 500 specs and return their digests."""
    bodies = [
        {
            "source": {"type": "hosted", "uri": f"https://models.example/{n}", "provider": "own"},
            "task": TASKS[n % len(TASKS)],
            "license": LICENCES[n // 7 % len(LICENCES)],
            "parameters": n * 1_000_000,
        }
        for n in range(SPECS)
    ]
    rows = Spec.objects.bulk_create(
        Spec(digest=sha256(canonical_bytes(body)), body=body, size=len(canonical_bytes(body)))
        for body in bodies
    )
    return [row.digest for row in rows]


class _Loader:
    """Gives every row its id beforehand, so that no insert must be read back."""

    def __init__(self, sizes: Sizes, places: list[Workspace], owner: User) -> None:
        self.sizes, self.places, self.owner = sizes, places, owner
        self.specs = specs()
        self.first_asset, self.first_version = next_id(Asset), next_id(AssetVersion)
        # A SQLite time sorts as a text, and needs no conversion per row either.
        self.is_sqlite = connection.vendor == "sqlite"

    def load(self) -> None:
        """Insert assets, versions and what hangs on them."""
        owned = {"created_by_id": self.owner.pk}
        columns = ("id", "uuid", "workspace_id", "kind", "name", "description", "last_number")
        moments = ("created_at", "updated_at")
        insert(Asset, (*columns, *moments), self._assets(), constant=owned)
        columns = ("id", "uuid", "asset_id", "workspace_id", "number", "digest", "spec_id")
        insert(
            AssetVersion,
            (*columns, "created_at"),
            self._versions(),
            constant=owned | {"schema_version": 1},
        )
        told = {"updated_at": START}
        tag = ("key", "value", "value_head")
        insert(AssetTag, ("asset_id", *tag), self._asset_tags(), constant=told)
        insert(VersionTag, ("version_id", *tag), self._version_tags(), constant=told)
        insert(Metric, ("version_id", "name", "value", "evaluator"), self._metrics())
        origin = ("version_id", "source", "download_uri", "run_id", "run_link", "model_id")
        insert(VersionOrigin, origin, self._origins())
        aliased = ("asset_id", "name", "version_id")
        insert(Alias, aliased, self._aliases(), constant={"moved_at": START})

    def place(self, index: int) -> int:
        """Return the workspace of an asset: half of them lie in the first."""
        return self.places[index // 2 % WORKSPACES if index % 2 else 0].pk

    def _uuid(self) -> Any:
        return new_uuid().hex if self.is_sqlite else new_uuid()

    def _moment(self, seconds: int) -> Any:
        moment = START + timedelta(seconds=seconds)
        return stored(Asset, "created_at", moment) if self.is_sqlite else moment

    def _assets(self) -> Iterator[tuple[Any, ...]]:
        last = self._last_numbers()
        for index in range(self.sizes.assets):
            name = f"model-{index:06}" if index else HOT
            prose = f"Model {index} for {PURPOSES[index % len(PURPOSES)]} of team {index % 97}"
            times = self._moment(index), self._moment(index * 7919 % self.sizes.assets)
            row = (self.first_asset + index, self._uuid(), self.place(index), "model", name, prose)
            yield (*row, last[index], *times)

    def owner_of(self, index: int) -> tuple[int, int]:
        """Return asset and number of a version: every fifth is the hot asset's."""
        if index % 5 == 0:
            return 0, index // 5 + 1
        others = max(self.sizes.assets - 1, 1)
        place = index - index // 5 - 1
        return 1 + place % others, place // others + 1

    def _last_numbers(self) -> list[int]:
        last = [0] * self.sizes.assets
        for index in range(self.sizes.versions):
            asset, number = self.owner_of(index)
            last[asset] = number
        return last

    def _versions(self) -> Iterator[tuple[Any, ...]]:
        for index in range(self.sizes.versions):
            asset, number = self.owner_of(index)
            digest = sha256(f"{asset}/{number}".encode())
            row = (self.first_version + index, self._uuid(), self.first_asset + asset)
            spec = self.specs[(asset + number) % SPECS]
            yield (*row, self.place(asset), number, digest, spec, self._moment(index))

    def _asset_tags(self) -> Iterator[tuple[Any, ...]]:
        for index in range(self.sizes.assets):
            tier, team = "std" if index % 10 else "gold", f"team{index % 50}"
            yield self.first_asset + index, "team", team, team
            yield self.first_asset + index, "tier", tier, tier

    def _version_tags(self) -> Iterator[tuple[Any, ...]]:
        for index in range(self.sizes.versions):
            stage = f"stage{index % 50}"
            yield self.first_version + index, "stage", stage, stage

    def _metrics(self) -> Iterator[tuple[Any, ...]]:
        """Measure every tenth version, and every one of the last round."""
        for index in range(self.sizes.versions):
            if index % 10 == 0 or index >= self.sizes.versions - self.sizes.assets:
                yield self.first_version + index, "accuracy", index * 7919 % 1000 / 1000, ""

    def _origins(self) -> Iterator[tuple[Any, ...]]:
        for index in range(0, self.sizes.versions, 10):
            source = f"models:/m-{index}"
            yield self.first_version + index, source, source, f"run{index % 5000:06}", "", ""

    def _aliases(self) -> Iterator[tuple[Any, ...]]:
        """Let an alias point at the first version of every hundredth asset, and of the hot one."""
        for index in range(self.sizes.versions):
            asset, number = self.owner_of(index)
            if number == 1 and asset % 100 == 0:
                yield self.first_asset + asset, "champion", self.first_version + index
