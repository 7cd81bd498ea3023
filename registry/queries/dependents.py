"""What rests on a version: whoever is linked to it, and whatever keeps it from being deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from registry.models import Alias, AssetVersion, Promotion, VersionLink

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
    """Return the standing versions that are linked to ``version``, directly or through others.

    One query per level of nesting.
    """
    found: dict[int, None] = {}
    level: Collection[int] = [version.pk]
    while level:
        links = (
            VersionLink.objects.filter(target__in=level, version__tombstone__isnull=True)
            .exclude(version__in=level)
            .order_by("version_id")
            .values_list("version_id", flat=True)
            .distinct()
        )
        level = [pk for pk in links[: limit + len(found) + 1] if pk not in found]
        found.update(dict.fromkeys(level))
        if len(found) > limit:
            return Dependents(tuple(found)[:limit], is_truncated=True)
    return Dependents(tuple(found), is_truncated=False)


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


# Whoever adds a table that points at versions in use adds its question here.
HOLDERS: list[Holder] = [held_by_aliases, held_by_promotions, held_by_links]


def holds_on(versions: QuerySet[AssetVersion]) -> list[Hold]:
    """Return what keeps ``versions`` from being deleted, up to 20 of each sort."""
    return [hold for holder in HOLDERS for hold in holder(versions)]
