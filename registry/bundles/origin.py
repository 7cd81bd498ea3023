"""Where the members of a bundle lay, and what was known of them there: its signer's word."""

from __future__ import annotations

from typing import Any

import msgspec

from registry.bundles.manifest import BadBundle

SCHEMA = "muniment.imported-provenance/v1"


class Place(msgspec.Struct):
    """Where a member lay."""

    ref: str
    uuid: str
    digest: str
    created_at: str


class Node(msgspec.Struct):
    """A version upstream of the root, or the root itself."""

    ref: str
    kind: str
    digest: str


class Edge(msgspec.Struct, rename={"start": "from", "end": "to"}):
    """A link or an earlier promotion, from a version to what it came from."""

    start: str
    role: str
    end: str


class Upstream(msgspec.Struct):
    """The graph that leads to the root, as far as whoever exported could read it."""

    nodes: list[dict[str, Any]] = []
    edges: list[Edge] = []
    evaluations: list[dict[str, Any]] = []
    is_complete: bool = False


class Origin(msgspec.Struct):
    """Everything of a bundle that its content digest does not cover."""

    instance: str
    root: str
    members: list[Place]
    aliases: list[str] = []
    provenance: dict[str, Any] | None = None
    promotions: list[dict[str, Any]] = []
    upstream: Upstream = msgspec.field(default_factory=Upstream)


def read_origin(document: Any) -> Origin:
    """Return ``document`` as an Origin; raises BadBundle: who signs may still write what is none.

    Bundles of earlier releases have no ``upstream``.
    """
    try:
        origin = msgspec.convert(document, type=Origin)
        msgspec.convert(origin.upstream.nodes, type=list[Node])
    except msgspec.ValidationError as error:
        raise BadBundle(f"its origin is of another form: {error}") from error
    return origin


def claimed_provenance(
    origin: Origin, place: Place, *, content_digest: str, signer: str
) -> dict[str, Any]:
    """Return the provenance document of the member that lay at ``place``.

    It has the form of a promotion's (nodes, edges, evaluations), cut down to what led to that
    member, and says under ``imported`` whose word it is.
    """
    reached, edges = {place.ref}, []
    by_start: dict[str, list[Edge]] = {}
    for edge in origin.upstream.edges:
        by_start.setdefault(edge.start, []).append(edge)
    waiting = [place.ref]
    while waiting:
        for edge in by_start.get(waiting.pop(), ()):
            edges.append({"from": edge.start, "role": edge.role, "to": edge.end})
            if edge.end not in reached:
                reached.add(edge.end)
                waiting.append(edge.end)
    upstream = origin.upstream
    return {
        "schema": SCHEMA,
        "root": place.ref,
        "approvals": [],
        "nodes": [node for node in upstream.nodes if node["ref"] in reached],
        "edges": edges,
        "evaluations": [each for each in upstream.evaluations if each.get("evaluates") in reached],
        "is_complete": upstream.is_complete,
        "imported": {
            "instance": origin.instance,
            "bundle": content_digest,
            "signer": signer,
            "ref": place.ref,
            "uuid": place.uuid,
            "created_at": place.created_at,
            "promotions": origin.promotions,
            "provenance": origin.provenance if place.ref == origin.root else None,
        },
    }
