"""Where the bytes of new versions lie outside, so that the events of others join our graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lineage.models import Dataset, VersionLocation
from lineage.received.names import name_key
from lineage.received.places import place_of
from registry import access
from registry.models import AssetVersion, VersionArtifact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from core.actors import Actor
    from lineage.received.places import PlaceName


def locate(versions: Collection[int]) -> None:
    """Record the places that the versions with those ids declare: those of artifacts elsewhere,
    and of a source with an address. Doing it twice adds nothing."""
    if not versions:
        return
    found = {(pk, place): moment for pk, place, moment in _declared(versions)}
    if not found:
        return
    ids = datasets({place for _, place in found})
    VersionLocation.objects.bulk_create(
        (
            VersionLocation(version_id=pk, dataset_id=ids[place], created_at=moment)
            for (pk, place), moment in found.items()
        ),
        ignore_conflicts=True,
    )


def registered(actor: Actor, datasets: Collection[int]) -> dict[int, list[tuple[datetime, int]]]:
    """Return when which versions were registered as lying at each of those datasets, newest first,
    as far as ``actor`` may see them."""
    rows = VersionLocation.objects.filter(
        access.in_reach(actor, path="version__workspace"),
        dataset__in=datasets,
        version__tombstone__isnull=True,
    )
    found: dict[int, list[tuple[datetime, int]]] = {}
    ordered = rows.order_by("-created_at", "-version").values_list(
        "dataset_id", "created_at", "version_id"
    )
    for dataset, moment, version in ordered:
        found.setdefault(dataset, []).append((moment, version))
    return found


def datasets(places: Collection[PlaceName]) -> dict[PlaceName, int]:
    """Return the id of the dataset at each place, and make those that are not there yet."""
    keys = {name_key(*place): place for place in places}
    known = Dataset.objects.filter(key__in=keys)
    if missing := keys.keys() - set(known.values_list("key", flat=True)):
        Dataset.objects.bulk_create(
            (Dataset.called(*keys[key]) for key in sorted(missing)),
            ignore_conflicts=True,
        )
    return {keys[key]: pk for key, pk in known.all().values_list("key", "pk")}


def _declared(versions: Collection[int]) -> Iterator[tuple[int, PlaceName, datetime]]:
    artifacts = VersionArtifact.objects.filter(version__in=versions).exclude(uri="")
    addresses: Iterable[tuple[int, str, datetime]] = artifacts.order_by("id").values_list(
        "version_id", "uri", "version__created_at"
    )
    for pk, address, moment in addresses:
        if place := place_of(address):
            yield pk, place, moment
    rows = AssetVersion.objects.filter(pk__in=versions).order_by("pk")
    for pk, spec, moment in rows.values_list("pk", "spec__body", "created_at"):
        if place := _source(spec):
            yield pk, place, moment


def _source(spec: dict[str, Any]) -> PlaceName | None:
    """Return where the source of a spec lies; a hosted API is no place of bytes."""
    source = spec.get("source")
    if not isinstance(source, dict) or source.get("type") == "hosted":
        return None
    address = source.get("uri")
    return place_of(address) if isinstance(address, str) else None
