"""Was a version permitted in production at a time, by whom, and on what evidence?

The answer about a time does not change: what it rests on is append-only, and what came later is
left out, also what ended a thing afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from core.errors import InvalidInput
from core.journal import columns_of, decode
from core.models import JournalEntry
from registry import access
from registry.models import AliasMove, Approval, AssetVersion, PromotionMember, Workspace
from registry.models.life import ACTIVE, Lifecycle
from registry.permissions import Permission
from registry.queries.deployments import serving
from registry.queries.versions import full_reference, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.actors import Actor
    from registry.models import Promotion

PRODUCTION = Workspace.Stage.PRODUCTION
STANDING = frozenset({ACTIVE, Lifecycle.State.DEPRECATED.value})
ACTIONS = (
    "registry.promotion.requested",
    "registry.promotion.reviewed",
    "registry.promotion.decided",
    "registry.promotion.completed",
    "registry.promotion.rolled_back",
    "registry.lifecycle.changed",
)
MAX_PLACES = 200


@dataclass(frozen=True)
class Entry:
    """A journal entry that the answer rests on; ``roles`` are those that the actor held then."""

    seq: int | None
    uuid: str
    action: str
    occurred_at: datetime
    actor: str | None
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A production workspace in which the version, or what it was promoted to, was by then.

    ``reasons`` say why it was not permitted there at that time; empty where it was. ``promotion``
    is what brought it, None where it was registered there.
    """

    workspace: Workspace
    version: AssetVersion
    state: str
    aliases: tuple[str, ...]
    deployments: tuple[str, ...]
    promotion: Promotion | None
    approvals: tuple[Approval, ...]
    entries: tuple[Entry, ...]
    reasons: tuple[str, ...]

    @property
    def is_permitted(self) -> bool:
        """Tell whether it was permitted there."""
        return not self.reasons


@dataclass(frozen=True)
class Permit:
    """The answer about ``version`` at a time: permitted where one of the places says so."""

    version: AssetVersion
    at: datetime
    places: tuple[Place, ...]

    @property
    def is_permitted(self) -> bool:
        """Tell whether it was permitted in production anywhere."""
        return any(place.is_permitted for place in self.places)


def permitted(actor: Actor, ref: str, at: datetime) -> Permit:
    """Return where in production the version was at that time, and whether it was permitted there.

    ``ref`` is a version in production, or one that was promoted there. Only workspaces whose
    trail ``actor`` may read are looked at. A constant number of queries. Raises as ``resolve``
    does, and InvalidInput for more than two hundred places.
    """
    version = resolve(actor, ref)
    # A flow's promotion takes its members along: each has come by it as the flow itself has.
    arrived = PromotionMember.objects.filter(
        target_version=OuterRef("pk"), source_version=version, promotion__closed_at__lte=at
    )
    found = list(
        AssetVersion.objects.filter(
            access.in_reach(actor, path="asset__workspace", permission=Permission.VIEW_TRAIL),
            Q(pk=version.pk) | Q(Exists(arrived)),
            asset__workspace__stage=PRODUCTION,
            created_at__lte=at,
        )
        .select_related("asset__workspace")
        .order_by("id")[: MAX_PLACES + 1]
    )
    if len(found) > MAX_PLACES:
        raise InvalidInput.of("ref", f"it was promoted to more than {MAX_PLACES} places")
    return Permit(version, at, tuple(_places(actor, found, at)))


def _places(actor: Actor, versions: Sequence[AssetVersion], at: datetime) -> list[Place]:
    ids = [version.pk for version in versions]
    members = (
        PromotionMember.objects.filter(target_version__in=ids, promotion__closed_at__lte=at)
        .select_related("promotion__source_version__asset__workspace", "promotion__requested_by")
        .order_by("-id")  # what brought a version is the first that did
    )
    promotions = {row.target_version_id: row.promotion for row in members}
    states = dict(
        Lifecycle.objects.as_of(at).filter(version__in=ids).values_list("version_id", "state")
    )
    aliases = _aliases(ids, at)
    served: dict[int, set[str]] = {}
    for member in serving(actor, at=at).filter(version__in=ids):
        served.setdefault(member.version_id, set()).add(member.revision.deployment.reference)
    approvals = _approvals([row.pk for row in promotions.values()], at)
    entries = _entries(versions, promotions, at)
    places = []
    for version in versions:
        promotion = promotions.get(version.pk)
        state = states.get(version.pk, ACTIVE)
        places.append(
            Place(
                workspace=version.asset.workspace,
                version=version,
                state=state,
                aliases=tuple(sorted(aliases.get(version.pk, ()))),
                deployments=tuple(sorted(served.get(version.pk, ()))),
                promotion=promotion,
                approvals=tuple(approvals.get(promotion.pk, ())) if promotion else (),
                entries=tuple(entries.get(version.pk, ())),
                reasons=tuple(_objections(promotion, state, at)),
            )
        )
    return places


def _objections(promotion: Promotion | None, state: str, at: datetime) -> list[str]:
    """Return why a version was not permitted where it was."""
    objections = []
    if promotion is None:
        objections.append("no promotion brought it there: no gate was asked and nobody approved")
    elif promotion.rolled_back_at is not None and promotion.rolled_back_at <= at:
        objections.append("its promotion had been rolled back")
    if state not in STANDING:
        objections.append(f"it was {state}")
    return objections


def _aliases(versions: Sequence[int], at: datetime) -> dict[int, set[str]]:
    """Return the aliases that meant each version at that time."""
    until = AliasMove.objects.filter(moved_at__lte=at)
    later = until.filter(asset=OuterRef("asset"), name=OuterRef("name"), pk__gt=OuterRef("pk"))
    found: dict[int, set[str]] = {}
    moves = until.filter(to_version__in=versions).exclude(Exists(later))
    for version, name in moves.values_list("to_version", "name"):
        found.setdefault(version, set()).add(name)
    return found


def _approvals(promotions: Sequence[int], at: datetime) -> dict[int, list[Approval]]:
    """Return the decisions that counted, those bound to what was promoted, oldest first."""
    rows = (
        Approval.objects.filter(promotion__in=promotions, decided_at__lte=at)
        .select_related("decided_by", "promotion")
        .order_by("id")
    )
    found: dict[int, list[Approval]] = {}
    for row in rows:
        if row.binding == row.promotion.binding:
            found.setdefault(row.promotion_id, []).append(row)
    return found


def _entries(
    versions: Sequence[AssetVersion], promotions: Mapping[int, Promotion], at: datetime
) -> dict[int, list[Entry]]:
    """Return the journal's entries about each version and the promotion that brought it."""
    by_promotion: dict[str, list[int]] = {}
    for pk, promotion in promotions.items():
        by_promotion.setdefault(str(promotion.uuid), []).append(pk)
    own = {full_reference(version): version.pk for version in versions}
    subjects = {*own, *(full_reference(row.source_version) for row in promotions.values())}
    rows = (
        JournalEntry.objects.filter(subject__in=subjects, action__in=ACTIONS, occurred_at__lte=at)
        .select_related("sequence")
        .order_by("id")
    )
    found: dict[int, list[Entry]] = {}
    for row in rows:
        body = decode(row)
        told = body["data"].get("promotion")
        about = by_promotion.get(told, []) if told else [own.get(body["subject"]["ref"])]
        for version in about:
            if version is not None:
                found.setdefault(version, []).append(_entry(row, body))
    return found


def _entry(row: JournalEntry, body: Mapping[str, Any]) -> Entry:
    place, told = getattr(row, "sequence", None), columns_of(body)
    return Entry(
        seq=place.seq if place else None,
        uuid=str(row.uuid),
        action=told.action,
        occurred_at=told.occurred_at,
        actor=str(told.actor) if told.actor else None,
        roles=tuple(body["actor"]["roles"]),
    )
