"""Decisions of OPAs as lines of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.canonical import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from policies.models import FleetDecision

CHUNK = 200


def ndjson(rows: QuerySet[FleetDecision]) -> Iterator[bytes]:
    """Yield each decision on a line of its own, oldest first, with its stored event and digest.

    ``rows`` are what the caller may see.
    """
    for row in rows.order_by("id").iterator(chunk_size=CHUNK):
        line = {
            "uuid": str(row.uuid),
            "opa": row.opa.name,
            "workspace": row.opa.workspace.slug,
            "received_at": row.received_at.isoformat(),
            "digest": row.digest,
            "redacted": row.redacted,
            "event": row.event,
        }
        yield canonical_json(line) + b"\n"
