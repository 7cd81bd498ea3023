"""Which of the names that events use are names of our own assets.

A name leads to an asset only where the sender may see the asset's workspace: else it is just a
name, so that nobody learns by sending events what exists elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.conf import settings
from django.db.models import F

from lineage.mapping.naming import dataset_namespace
from lineage.received.edges import key_of
from lineage.services.receiving.writing import among
from registry import access
from registry.models import Asset, AssetFormerName, AssetVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from django.db.models import QuerySet

    from core.actors import Actor
    from lineage.received.edges import Name
    from lineage.services.receiving.names import Names

NUMBERED = re.compile(r"(?P<name>.+)@v?(?P<number>[1-9][0-9]{0,8})\Z", re.DOTALL)
NUMBER = re.compile(r"v?(?P<number>[1-9][0-9]{0,8})\Z")
Place = tuple[str, str, str]  # workspace, kind and name of an asset


@dataclass(slots=True)
class Ours:
    """``assets``: key of a dataset -> our asset, as (id, id of its workspace)."""

    assets: dict[str, tuple[int, int]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    versions: dict[tuple[int, int], int] = field(default_factory=dict)

    def version_of(self, key: str, text: str) -> int | None:
        """Return the id of our version that an end of an edge is: by the number at the end of the
        dataset's name, else by its ``version`` facet."""
        asset = self.assets.get(key)
        number = self.numbers.get(key) or _number(text)
        return self.versions.get((asset[0], number)) if asset and number else None


def find_ours(actor: Actor, names: Names) -> Ours:
    """Return which of ``names`` are ours, as far as ``actor`` may see."""
    found = Ours()
    namespace = dataset_namespace(settings.INSTANCE)
    places: dict[str, Place] = {}
    for key, name in names.all.items():
        if name[0] == namespace and (place := _place(name[1], key, found.numbers)):
            places[key] = place
    if not places:
        return found
    by_place = _assets(actor, places.values())
    found.assets = {key: by_place[place] for key, place in places.items() if place in by_place}
    found.versions = _versions(found, names.versions)
    return found


def _place(text: str, key: str, numbers: dict[str, int]) -> Place | None:
    if match := NUMBERED.match(text):
        text, numbers[key] = match["name"], int(match["number"])
    workspace, _, rest = text.partition("/")
    kind, _, name = rest.partition("/")
    return (workspace, kind, unquote(name)) if workspace and kind and name else None


def _number(text: str) -> int | None:
    match = NUMBER.match(text)
    return int(match["number"]) if match else None


def _assets(actor: Actor, places: Iterable[Place]) -> Mapping[Place, tuple[int, int]]:
    """Return the assets that bear those names, or bore them: an asset keeps its former names."""
    wanted = set(places)
    bearing = Asset.objects.filter(access.in_reach(actor))
    found = _called(bearing.annotate(owner=F("pk")), wanted)
    if missing := wanted - found.keys():
        once = AssetFormerName.objects.filter(access.in_reach(actor))
        found |= _called(once.annotate(owner=F("asset_id")), missing)
    return found


def _called(rows: QuerySet[Any], wanted: AbstractSet[Place]) -> dict[Place, tuple[int, int]]:
    named = rows.filter(
        workspace__slug__in={slug for slug, _, _ in wanted},
        kind__in={kind for _, kind, _ in wanted},
    ).values_list("workspace__slug", "kind", "name", "owner", "workspace_id")
    found = among(named, "name", {name for _, _, name in wanted})
    return {(slug, kind, name): (pk, place) for slug, kind, name, pk, place in found}


def _versions(found: Ours, told: Iterable[tuple[Name, str]]) -> dict[tuple[int, int], int]:
    wanted = {(found.assets[key][0], n) for key, n in found.numbers.items() if key in found.assets}
    for name, text in told:
        asset, number = found.assets.get(key_of(name)), _number(text)
        if asset and number:
            wanted.add((asset[0], number))
    if not wanted:
        return {}
    rows = AssetVersion.objects.filter(
        number__in={number for _, number in wanted}, tombstone__isnull=True
    ).values_list("asset_id", "number", "pk")
    known = among(rows, "asset_id", {asset for asset, _ in wanted})
    return {(asset, number): pk for asset, number, pk in known if (asset, number) in wanted}
