"""Indexes: what retrieval searches, made from datasets by an embedding model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.kinds.base import Kind, LinkedVersion, Problem
from registry.kinds.links import LinkRole
from registry.kinds.pins import Pin, check_pins

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PINNED = frozenset({LinkRole.INDEXES, LinkRole.EMBEDS_WITH, LinkRole.USES_CONNECTION})


def check_index(spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]) -> Iterator[Problem]:
    """Yield a problem for a pin or link without its other half, or an overlap that is no part."""
    pins = [
        Pin(f"spec.sources[{index}].digest", "dataset", source["digest"])
        for index, source in enumerate(spec["sources"])
    ]
    pins.append(Pin("spec.embedding.digest", "model", spec["embedding"]["digest"]))
    if connection := spec.get("store", {}).get("connection"):
        pins.append(Pin("spec.store.connection", "connection", connection))
    yield from check_pins(pins, links, roles=PINNED)
    chunking = spec["chunking"]
    if "size" in chunking and chunking.get("overlap", 0) >= chunking["size"]:
        yield Problem("spec.chunking.overlap", "must be less than size")


INDEX = Kind(
    slug="index",
    label="Index",
    plural="indexes",
    schema_version=1,
    summary="A search index over datasets: chunking, embedding model and refresh.",
    link_roles=PINNED | {LinkRole.DERIVED_FROM},
    # Questions must be embedded by the very model that embedded the chunks. The datasets are
    # where it comes from, like a model's training data: told by lineage, not taken along.
    member_roles=frozenset({LinkRole.EMBEDS_WITH, LinkRole.USES_CONNECTION}),
    extra_check=check_index,
)
