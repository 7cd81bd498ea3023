"""What rests on a version: whoever is linked to it, and whatever keeps it from being deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.db.models import Exists, F, OuterRef, Q

from registry.kinds import KINDS
from registry.models import (
    Alias,
    AssetVersion,
    DeploymentMember,
    DeploymentRevision,
    DeploymentState,
    Promotion,
    VersionLink,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

MAX_DEPENDENTS = 1_000
SHOWN = 20


@dataclass(frozen=True)
class Dependents:
    """Ids of the versions that rest on another, nearest first; truncated where there are more."""

    version_ids: tuple[int, ...]
    is_truncated: bool


def dependents_of(version: AssetVersion, *, limit: int = MAX_DEPENDENTS) -> Dependents:
    """Return the standing versions that rest on ``version``: linked to it, or promoted copies of
    it, directly or through others.

    Two queries per level of nesting.
    """
    found: dict[int, None] = {}
    level: Collection[int] = [version.pk]
    while level:
        standing = AssetVersion.objects.filter(tombstone__isnull=True).order_by("pk")
        linked = standing.filter(links__target__in=level).distinct()
        copies = standing.filter(promoted_from__in=level)
        most = limit + len(found) + 1
        near = {
            pk: None for rows in (copies, linked) for pk in rows.values_list("pk", flat=True)[:most]
        }
        level = [pk for pk in near if pk not in found]
        found.update(dict.fromkeys(level))
        if len(found) > limit:
            return Dependents(tuple(found)[:limit], is_truncated=True)
    return Dependents(tuple(found), is_truncated=False)


def takers_of(version: AssetVersion) -> set[int]:
    """Return the ids of the versions whose closure contains ``version``, itself among them.

    One query per level of nesting.
    """
    found = {version.pk}
    level: Collection[int] = found
    while level:
        links = VersionLink.objects.filter(target__in=level).values_list(
            "version_id", "role", "version__asset__kind"
        )
        level = {pk for pk, role, kind in links if role in KINDS[kind].member_roles} - found
        found |= level
    return found


@dataclass(frozen=True)
class Hold:
    """Something that points at a version and keeps it: what it is, and in which workspace."""

    kind: str
    subject: str
    workspace_id: int


Holder: TypeAlias = "Callable[[QuerySet[AssetVersion]], Iterator[Hold]]"


def held_by_aliases(versions: QuerySet[AssetVersion]) -> Iterator[Hold]:
    """Aliases that point at one of the versions."""
    rows = Alias.objects.filter(version__in=versions).select_related("asset__workspace")
    for alias in rows.order_by("id")[:SHOWN]:
        asset = alias.asset
        subject = f"{asset.workspace.slug}/{asset.kind}/{asset.name}@{alias.name}"
        yield Hold("alias", subject, asset.workspace_id)


def held_by_links(versions: QuerySet[AssetVersion]) -> Iterator[Hold]:
    """Other standing versions that are linked to one of them."""
    rows = (
        VersionLink.objects.filter(target__in=versions, version__tombstone__isnull=True)
        .exclude(version__in=versions)
        .select_related("version__asset__workspace")
    )
    for link in rows.order_by("id")[:SHOWN]:
        asset = link.version.asset
        subject = f"{asset.workspace.slug}/{asset.kind}/{asset.name}/{link.version.number}"
        yield Hold("version", subject, asset.workspace_id)


def held_by_promotions(versions: QuerySet[AssetVersion]) -> Iterator[Hold]:
    """Open promotions of one of the versions."""
    rows = Promotion.objects.filter(source_version__in=versions, status__in=Promotion.OPEN)
    for promotion in rows.order_by("id")[:SHOWN]:
        yield Hold("promotion", f"promotion/{promotion.uuid}", promotion.target_id)


def held_by_deployments(versions: QuerySet[AssetVersion]) -> Iterator[Hold]:
    """Deployments that shall serve one of the versions, or do, or are part of it."""
    of_revision = DeploymentState.objects.filter(revision=OuterRef("pk"), valid_to__isnull=True)
    wanted = of_revision.filter(
        aspect=DeploymentState.Aspect.DESIRED, state=DeploymentState.State.RUNNING
    )
    actual = of_revision.filter(
        aspect=DeploymentState.Aspect.ACTUAL,
        state__in=[DeploymentState.State.DEPLOYING, *DeploymentState.SERVING],
    )
    newest = Q(number=F("deployment__last_number"))
    served = Exists(DeploymentMember.objects.filter(revision=OuterRef("pk"), version__in=versions))
    rows = DeploymentRevision.objects.filter(
        Q(Exists(actual)) | (newest & Q(Exists(wanted))), Q(served) | Q(application__in=versions)
    ).select_related("deployment__workspace")
    for revision in rows.order_by("id")[:SHOWN]:
        deployment = revision.deployment
        yield Hold("deployment", deployment.reference, deployment.workspace_id)


# Whoever adds a table that points at versions in use adds its question here.
HOLDERS: list[Holder] = [
    held_by_aliases,
    held_by_promotions,
    held_by_links,
    held_by_deployments,
]


def holds_on(versions: QuerySet[AssetVersion]) -> list[Hold]:
    """Return what keeps ``versions`` from being deleted, up to 20 of each sort."""
    return [hold for holder in HOLDERS for hold in holder(versions)]
