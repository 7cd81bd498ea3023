"""What stood in production at a time: aliases, and deployments that served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import access
from registry.models import Workspace
from registry.queries.aliases import latest_moves
from registry.queries.deployments import serving
from registry.queries.versions import asset_reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.actors import Actor

PRODUCTION = Workspace.Stage.PRODUCTION
MAX_PLACES = 1_000


@dataclass(frozen=True)
class Standing:
    """A version that production used under a name: ``place`` is an alias or a deployment."""

    place: str
    version_id: int
    version: str  # its public id


def in_production(actor: Actor, *, at: datetime, workspace: str = "") -> list[Standing]:
    """Return what stood at that time in the production workspaces that ``actor`` may see, or in
    the one of them with that slug: at most 1,001, so that more than 1,000 can be told.

    A workspace has its stage for life, so that its stage now is the one that it had then.
    """
    found = [*_deployed(actor, at, workspace), *_named(actor, at, workspace)]
    return found[: MAX_PLACES + 1]


def _deployed(actor: Actor, at: datetime, workspace: str) -> Iterator[Standing]:
    members = serving(actor, at=at).filter(revision__deployment__workspace__stage=PRODUCTION)
    if workspace:
        members = members.filter(revision__deployment__workspace__slug=workspace)
    ordered = members.order_by(
        "revision__deployment__workspace__slug", "revision__deployment__name", "pk"
    )
    for member in ordered[: MAX_PLACES + 1]:
        place = member.revision.deployment.reference
        yield Standing(place, member.version_id, str(member.version.uuid))


def _named(actor: Actor, at: datetime, workspace: str) -> Iterator[Standing]:
    moves = latest_moves(at).filter(
        access.in_reach(actor, path="asset__workspace"),
        asset__workspace__stage=PRODUCTION,
        to_version__isnull=False,
    )
    if workspace:
        moves = moves.filter(asset__workspace__slug=workspace)
    related = moves.select_related("asset__workspace", "to_version")
    for move in related.order_by("asset__workspace__slug", "asset__name", "name")[: MAX_PLACES + 1]:
        if move.to_version is not None:
            place = f"{asset_reference(move.asset)}@{move.name}"
            yield Standing(place, move.to_version.pk, str(move.to_version.uuid))
