"""What the page tells of nodes beyond the graph: their pages, and the state of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from console.pages.posture import ORDER
from policies.models import Decision
from registry import access
from registry.models import AssetVersion, Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.actors import Actor
    from lineage.graph import Node

# Worst first: what a version is comes before what policies say of it, unless they object.
STATES = (
    "deleted",
    "withdrawn",
    "fail",
    "error",
    "deprecated",
    "unknown",
    "exempt",
    "archived",
    "pass",
)
LOOKED_AT = 5_000
CHUNK = 900


@dataclass(frozen=True, slots=True)
class Facts:
    """The row of a version that the reader may see, when it was registered, and its state: the
    worst of its life and of the newest decision of each policy on it, empty where none is."""

    pk: int
    created_at: datetime
    created_by: str
    state: str = ""


def facts_of(
    actor: Actor, nodes: Iterable[Node], *, as_of: datetime | None = None
) -> dict[str, Facts]:
    """Return the facts of the versions among ``nodes`` that are not hidden, by their id; a
    constant number of queries for each 900 nodes."""
    wanted = [node.id for node in nodes if node.visible and node.ref]
    found: dict[str, Facts] = {}
    for start in range(0, len(wanted), CHUNK):
        found |= _facts(actor, wanted[start : start + CHUNK], as_of)
    return found


def _facts(actor: Actor, uuids: list[str], as_of: datetime | None) -> dict[str, Facts]:
    reach = access.in_reach(actor, path="asset__workspace")
    lives = Lifecycle.objects.as_of(as_of).filter(version=OuterRef("pk")).values("state")[:1]
    rows = AssetVersion.objects.filter(reach, uuid__in=uuids).annotate(life=Subquery(lives))
    columns = ("pk", "uuid", "created_at", "created_by__username", "life", "tombstone__deleted_at")
    known = {row[0]: row for row in rows.values_list(*columns)}
    decided = _decided(actor, list(known), as_of)
    found = {}
    for pk, uuid, created_at, created_by, life, deleted_at in known.values():
        is_gone = deleted_at is not None and (as_of is None or deleted_at <= as_of)
        states = {life, decided.get(pk), "deleted" if is_gone else None}
        worst = next((state for state in STATES if state in states), "")
        found[str(uuid)] = Facts(pk, created_at, created_by or "", worst)
    return found


def _decided(actor: Actor, ids: list[int], as_of: datetime | None) -> dict[int, str]:
    """Return the worst of the newest decisions on each version."""
    rows = Decision.objects.filter(
        access.in_reach(actor, path="evaluation__workspace"), evaluation__version__in=ids
    )
    if as_of is not None:
        rows = rows.filter(evaluation__evaluated_at__lte=as_of)
    columns = (
        "evaluation__version_id",
        "policy_version__policy_id",
        "evaluation__subject",
        "state",
    )
    newest: dict[tuple[int, int, str], str] = {}
    for version, policy, subject, state in rows.order_by("-id").values_list(*columns)[:LOOKED_AT]:
        newest.setdefault((version, policy, subject), state)
    worst: dict[int, str] = {}
    for (version, _, _), state in newest.items():
        worst[version] = min(worst.get(version, state), state, key=ORDER.index)
    return worst
