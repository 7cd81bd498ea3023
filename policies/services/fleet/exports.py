"""Decisions of OPAs as lines of JSON; that they were taken out is itself an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Max

from core.canonical import canonical_json
from core.journal import publish
from policies.events import FleetDecisionsExported
from policies.models import FleetDecision, Opa
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import Workspace

CHUNK = 200


def export(
    *, actor: Actor, rows: QuerySet[FleetDecision], filters: Mapping[str, str]
) -> Iterator[bytes]:
    """Return each decision on a line of its own, oldest first, with its stored event and digest.

    ``rows`` are what ``actor`` may see under ``filters``, which are journalled before the first
    byte leaves. Fixed at this moment: what comes in later is not in it.
    """
    with transaction.atomic():
        bounds = rows.order_by().aggregate(last=Max("pk"), decisions=Count("pk"))
        last = bounds["last"] or 0
        last_decision = FleetDecision.objects.filter(pk=last).values_list("uuid", flat=True).first()
        place = _workspace(filters)
        publish(
            FleetDecisionsExported(
                subject=place.slug if place else "fleet-decisions",
                workspace=place.uuid if place else None,
                filters=dict(filters),
                decisions=bounds["decisions"],
                last_decision=str(last_decision) if last_decision else None,
            ),
            actor=actor,
            roles=access.roles(actor, place.pk) if place else (),
        )
    return _lines(rows.filter(pk__lte=last))


def _workspace(filters: Mapping[str, str]) -> Workspace | None:
    """Return the only workspace that was asked for: such an export lies in its trail."""
    found = Opa.objects.select_related("workspace")
    if slug := filters.get("workspace"):
        found = found.filter(workspace__slug=slug)
    elif name := filters.get("opa"):
        found = found.filter(name=name)
    else:
        return None
    opa = found.first()
    return opa.workspace if opa else None


def _lines(rows: QuerySet[FleetDecision]) -> Iterator[bytes]:
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
