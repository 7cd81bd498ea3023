"""May these versions serve in that workspace, as things stand now?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.actors import system
from registry.models import Lifecycle, PromotionMember, Tombstone, Workspace
from registry.queries.closure import closure_of
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registry.models import AssetVersion

# Data and results are used and read, they do not serve.
SERVING_KINDS = frozenset({"model", "prompt", "flow", "index", "tool", "agent", "application"})
# Where a version serves only if a promotion brought it there.
PROMOTED_STAGES = frozenset({Workspace.Stage.STAGING, Workspace.Stage.PRODUCTION})


@dataclass(frozen=True)
class Objection:
    """Why a version may not serve: ``code`` for programs, ``message`` for people."""

    code: str
    message: str
    subject: str


def objections(versions: Sequence[AssetVersion], *, workspace: Workspace) -> list[Objection]:
    """Return what stands against each of ``versions`` serving in ``workspace``; empty for nothing.

    Of each version its whole closure is looked at: a flow with a withdrawn prompt must not serve.
    Asked of the state as it is now, whatever was allowed when it was deployed.
    """
    return [
        *_misplaced(versions, workspace),
        *_unpromoted(versions, workspace),
        *_taken_back(versions),
    ]


def _misplaced(versions: Sequence[AssetVersion], workspace: Workspace) -> list[Objection]:
    return [
        Objection(
            "member_elsewhere",
            f"{reference_of(version)} lies in another workspace: promote it into"
            f" {workspace.slug} first.",
            str(reference_of(version)),
        )
        for version in versions
        if version.asset.workspace_id != workspace.pk
    ]


def _unpromoted(versions: Sequence[AssetVersion], workspace: Workspace) -> list[Objection]:
    here = [version for version in versions if version.asset.workspace_id == workspace.pk]
    if workspace.stage not in PROMOTED_STAGES or not here:
        return []
    brought: dict[int | None, bool] = {}
    for version_id, rolled_back_at in PromotionMember.objects.filter(
        target_version__in=here, promotion__target=workspace, promotion__status="completed"
    ).values_list("target_version_id", "promotion__rolled_back_at"):
        brought[version_id] = brought.get(version_id, False) or rolled_back_at is None
    return [
        _not_brought(version, workspace, was_brought=version.pk in brought)
        for version in here
        if not brought.get(version.pk)
    ]


def _not_brought(version: AssetVersion, workspace: Workspace, *, was_brought: bool) -> Objection:
    """One promotion that stands is enough: what several brought falls with the last of them."""
    reference = str(reference_of(version))
    if was_brought:
        code, how = "promotion_rolled_back", "by a promotion that was rolled back"
    else:
        code, how = "member_not_promoted", "by no completed promotion"
    return Objection(code, f"{reference} came into {workspace.slug} {how}.", reference)


def _taken_back(versions: Iterable[AssetVersion]) -> list[Objection]:
    members = {
        member.pk: (member, version)
        for version in versions
        for member in closure_of(version, actor=system()).members
    }
    withdrawn = Lifecycle.objects.filter(
        version__in=members, state=Lifecycle.State.WITHDRAWN, valid_to__isnull=True
    )
    found = []
    for version_id, reason in withdrawn.order_by("id").values_list("version_id", "reason"):
        member, root = members[version_id]
        needed = "" if member.pk == root.pk else f", which {reference_of(root)} needs,"
        message = f"{reference_of(member)}{needed} is withdrawn: {reason}".rstrip(".: ") + "."
        found.append(Objection("member_withdrawn", message, str(reference_of(root))))
    return found + _deleted(members)


def _deleted(members: dict[int, tuple[AssetVersion, AssetVersion]]) -> list[Objection]:
    gone = Tombstone.objects.filter(version__in=members).values_list("version_id", flat=True)
    return [
        Objection(
            "member_deleted",
            f"{reference_of(members[pk][0])} was deleted.",
            str(reference_of(members[pk][1])),
        )
        for pk in gone
    ]
