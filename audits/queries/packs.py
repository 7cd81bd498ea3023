"""Which evidence packs an actor may see, and what they can be made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q

from audits.models import EvidencePack, PackWorkspace, Scan
from audits.queries.scope import seen, whole_scope
from core.errors import Conflict
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import Blob, Workspace


def visible_packs(actor: Actor) -> QuerySet[EvidencePack]:
    """Return the packs whose every workspace the actor may scan."""
    return (
        EvidencePack.objects.filter(
            whole_scope(actor, PackWorkspace.objects.filter(pack=OuterRef("pk")))
        )
        .select_related("task", "scan__task", "requested_by", "about__asset__workspace", "blob")
        .prefetch_related("workspaces")
    )


def pack_by_uuid(actor: Actor, uuid: UUID) -> EvidencePack:
    """Return that pack; raises NotFound where there is none, or none that the actor may see."""
    return seen(visible_packs(actor), uuid, permission=Permission.RUN_SCAN)


def pack_bytes(actor: Actor, uuid: UUID) -> tuple[EvidencePack, Blob]:
    """Return a completed pack and the row of its bytes; raises Conflict before that."""
    pack = pack_by_uuid(actor, uuid)
    if pack.blob is None:
        raise Conflict(f"The pack has no bytes yet: it is {pack.status}.")
    return pack, pack.blob


def covering_scan(places: Sequence[Workspace], *, at: datetime) -> Scan | None:
    """Return the newest scan of these workspaces, and perhaps of others, that was complete by
    then, whoever asked for it: what rests on it tells nothing but their part."""
    within = Count("units", filter=Q(units__workspace__in=places), distinct=True)
    return (
        Scan.objects.select_related("task")
        .filter(completed_at__lte=at)
        .annotate(within=within)
        .filter(within=len(places))
        .order_by("-as_of", "-pk")
        .first()
    )
