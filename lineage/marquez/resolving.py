"""Pick, of the readings of an address or a node id, the one that exists for the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import NotFound
from lineage.marquez.readings import DATASETS, FIELD, JOBS, Address, NodeId, addresses
from lineage.queries import datasets, jobs
from lineage.queries.addresses import existing
from lineage.received.names import name_key

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.actors import Actor


def address(actor: Actor, path: str) -> Address:
    """Return what a path below ``/namespaces/`` names.

    The likeliest reading where none exists, so that whoever looks for it is told so; raises
    NotFound where that is a namespace or a list.
    """
    found = addresses(path)
    there = existing(
        actor,
        datasets=[item.key for item in found if item.name and item.collection == DATASETS],
        jobs=[item.key for item in found if item.name and item.collection == JOBS],
        names=[item.namespace for item in found if not item.name],
    )
    for item in found:
        keys = there.datasets if item.collection == DATASETS else there.jobs
        if (item.key in keys) if item.name else (item.namespace in there.namespaces):
            return item
    if not found[0].name:
        raise NotFound
    return found[0]


def dataset_key(actor: Actor, node: NodeId) -> str:
    """Return the key of the dataset that a node id names, or of the likeliest reading."""
    keys = [name_key(*pair) for pair in node.names()]
    return _first(keys, existing(actor, datasets=keys).datasets)


def dataset_id(actor: Actor, node: NodeId) -> int:
    """Return the id of the dataset that a node id names; raises NotFound for a missing or foreign
    one."""
    keys = [name_key(*pair) for pair in node.names()]
    there = existing(actor, datasets=keys).datasets
    key = _first(keys, there)
    return there[key] if key in there else datasets.one(actor, key).pk


def job_key(actor: Actor, node: NodeId) -> str:
    """Return the key of the job that a node id names; raises NotFound for a missing or foreign
    one."""
    keys = [name_key(*pair) for pair in node.names()]
    there = existing(actor, jobs=keys).jobs
    key = _first(keys, there)
    return key if key in there else jobs.one(actor, key).row.key


def field_names(actor: Actor, node: NodeId) -> tuple[str, str]:
    """Return the dataset's key and the name of the field that a node id names."""
    assert node.type == FIELD
    found = [(name_key(*parts[:2]), parts[2]) for parts in node.fields()]
    keys = [key for key, _ in found]
    key = _first(keys, existing(actor, datasets=keys).datasets)
    return next(item for item in found if item[0] == key)


def _first(keys: list[str], there: Collection[str]) -> str:
    if not keys:
        raise NotFound
    return next((key for key in keys if key in there), keys[0])
