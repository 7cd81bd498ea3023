"""What Databricks answers about clusters, serving endpoints and workspaces.

Source: the data classes of the Databricks SDK for Python; ``as_dict()`` and the REST API give the
same names. What is not set is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.normalisers.base import (
    OBSERVED,
    Draft,
    Hints,
    NormalisationError,
    Reach,
    mapping,
    member,
    text,
)

CLUSTER = "databricks/clusters"
ENDPOINT = "databricks/serving-endpoints"
WORKSPACE = "databricks/workspaces"
_TYPES = (CLUSTER, ENDPOINT, WORKSPACE)
_LISTS = {"clusters": CLUSTER, "endpoints": ENDPOINT, "workspaces": WORKSPACE}
_IDS = {CLUSTER: "cluster_id", ENDPOINT: "name", WORKSPACE: "workspace_id"}


class Databricks:
    """A cluster, a serving endpoint, a workspace of the account, or a list of them."""

    name = "databricks"
    title = "Databricks answer"
    provenance = OBSERVED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft]:
        """The resources that were answered."""
        for index, (item, listed) in enumerate(_items(document)):
            told = mapping(item, f"[{index}]")
            kind = listed or _kind(told, hints, f"[{index}]")
            found = told.get(_IDS[kind])
            number = isinstance(found, int) and not isinstance(found, bool)
            where = text(str(found) if number else found, f"[{index}].{_IDS[kind]}")
            yield Draft(kind, where, told)

    def reach(self, resource_type: str) -> Reach | None:
        """An answer holds all that is set."""
        return Reach(told=("",)) if resource_type.casefold() in _TYPES else None


def _items(document: Any) -> Iterator[tuple[Any, str]]:
    """Each item, with its type where the list that it stands in tells it."""
    for name, kind in _LISTS.items():
        if isinstance(listed := member(document, name), list):
            yield from ((item, kind) for item in listed)
            return
    items = document if isinstance(document, list) else [document]
    yield from ((item, "") for item in items)


def _kind(told: dict[str, Any], hints: Hints, path: str) -> str:
    if hints.type:
        if hints.type.casefold() not in _TYPES:
            raise NormalisationError(f"must be one of {', '.join(_TYPES)}", path="type")
        return hints.type.casefold()
    if "cluster_id" in told:
        return CLUSTER
    if "workspace_id" in told and "workspace_name" in told:
        return WORKSPACE
    is_serving = "config" in told or "route_optimized" in told or "pending_config" in told
    if is_serving and "name" in told:
        return ENDPOINT
    raise NormalisationError("is neither cluster, serving endpoint nor workspace", path=path)
