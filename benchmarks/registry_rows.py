"""Fill a registry with many assets and versions, straight into the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.actors import Actor, Via
from core.canonical import canonical_bytes, sha256
from core.models import User
from registry.models import Alias, Asset, AssetVersion, Metric, Spec, Workspace
from registry.services import members, tokens, workspaces

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKSPACES = 200
BATCH = 5_000
SPECS = 500
HOT = "hot"
SMALL = "small"


@dataclass(frozen=True)
class Sizes:
    """How much to load; a fifth of the versions lie on one hot asset."""

    assets: int
    versions: int

    @property
    def hot(self) -> int:
        """Return how many versions the hot asset has."""
        return self.versions // 5


@dataclass(frozen=True)
class Loaded:
    """Who may ask: a member of 20 workspaces, and one of a single small one; as token texts."""

    member: str
    newcomer: str
    last_version: str


def load(sizes: Sizes) -> Loaded:
    """Load the rows and return the credentials of two readers."""
    administrator = User.objects.create_superuser("administrator")
    actor = Actor(user=administrator, via=Via.COMMAND)
    places = [
        workspaces.create(
            actor=actor, slug=f"team-{index:03}", title=f"Team {index}", stage="development"
        )
        for index in range(WORKSPACES)
    ]
    workspaces.create(actor=actor, slug=SMALL, title="Small", stage="development")
    specs = _specs()
    assets = list(_assets(places, sizes, administrator))
    _versions(assets, sizes, specs, administrator)
    member = _account(actor, "member", [place.slug for place in places[:20]])
    newcomer = _account(actor, "newcomer", [SMALL])
    last = AssetVersion.objects.filter(asset__name=HOT).latest("number")
    return Loaded(member, newcomer, str(last.uuid))


def _account(actor: Actor, username: str, slugs: list[str]) -> str:
    user = User.objects.create_user(username)
    for slug in slugs:
        members.grant(actor=actor, workspace=slug, role="author", username=username)
    return tokens.issue(actor=actor, user=user).text


def _specs() -> list[Spec]:
    bodies = [
        {
            "source": {"type": "hosted", "uri": f"https://models.example/{n}", "provider": "own"},
            "task": "text-generation",
            "license": "Apache-2.0",
            "parameters": n * 1_000_000,
        }
        for n in range(SPECS)
    ]
    return Spec.objects.bulk_create(
        Spec(digest=sha256(canonical_bytes(body)), body=body, size=len(canonical_bytes(body)))
        for body in bodies
    )


def _assets(places: list[Workspace], sizes: Sizes, owner: User) -> Iterator[Asset]:
    made: list[Asset] = [Asset(workspace=places[0], kind="model", name=HOT, created_by=owner)]
    for index in range(1, sizes.assets):
        place = places[index % WORKSPACES]
        name = f"model-{index:06}"
        made.append(Asset(workspace=place, kind="model", name=name, created_by=owner))
    for start in range(0, len(made), BATCH):
        yield from Asset.objects.bulk_create(made[start : start + BATCH])


def _versions(assets: list[Asset], sizes: Sizes, specs: list[Spec], owner: User) -> None:
    """Give the hot asset its share and the others the rest in turn, oldest number first."""
    hot, others = assets[0], assets[1:]
    rounds = -(-(sizes.versions - sizes.hot) // max(len(others), 1))
    batch: list[AssetVersion] = []
    for number in range(1, sizes.hot + 1):
        batch.append(_version(hot, number, specs, owner))
        batch = _flush(batch)
    for number in range(1, rounds + 1):
        for asset in others:
            batch.append(_version(asset, number, specs, owner))
            batch = _flush(batch)
    _flush(batch, at=1)
    _count(hot, sizes.hot, others, rounds)


def _version(asset: Asset, number: int, specs: list[Spec], owner: User) -> AssetVersion:
    return AssetVersion(
        asset=asset,
        workspace_id=asset.workspace_id,
        number=number,
        digest=sha256(f"{asset.pk}/{number}".encode()),
        spec=specs[(asset.pk + number) % SPECS],
        schema_version=1,
        created_by=owner,
    )


def _flush(batch: list[AssetVersion], *, at: int = BATCH) -> list[AssetVersion]:
    if len(batch) < at:
        return batch
    with transaction.atomic():
        made = AssetVersion.objects.bulk_create(batch)
        Metric.objects.bulk_create(
            Metric(version=version, name="accuracy", value=version.pk % 1000 / 1000)
            for version in made[::10]
        )
    return []


def _count(hot: Asset, hot_versions: int, others: list[Asset], rounds: int) -> None:
    Asset.objects.filter(pk=hot.pk).update(last_number=hot_versions)
    Asset.objects.exclude(pk=hot.pk).update(last_number=rounds)
    newest: dict[str, Any] = {"number": rounds, "asset__in": others[: BATCH // 5]}
    aliased = [
        AssetVersion.objects.get(asset=hot, number=hot_versions),
        *AssetVersion.objects.filter(**newest),
    ]
    Alias.objects.bulk_create(
        Alias(asset_id=version.asset_id, name="newest", version=version) for version in aliased
    )
