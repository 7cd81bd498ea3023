"""The closure of a version: the members without which it is not whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.canonical import canonical_digest
from core.errors import InvalidInput
from registry import access
from registry.kinds import KINDS
from registry.models import AssetVersion, VersionLink
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.actors import Actor

MAX_MEMBERS = 1_000


@dataclass(frozen=True)
class Closure:
    """A version and its members: ``members`` in an order where each stands after what it needs,
    the root last; ``needs`` maps a version id to its member links."""

    root: AssetVersion
    members: tuple[AssetVersion, ...]
    needs: dict[int, tuple[VersionLink, ...]]
    hidden: int = 0
    digest: str = field(default="")


def closure_of(version: AssetVersion, *, actor: Actor) -> Closure:
    """Return the closure of ``version`` as far as ``actor`` may read.

    Members in workspaces that the actor may not see are counted in ``hidden`` and left out. One
    query per level of nesting. Raises InvalidInput for more than 1,000 members.
    """
    found: dict[int, AssetVersion] = {version.pk: version}
    needs: dict[int, tuple[VersionLink, ...]] = {}
    hidden: set[int] = set()
    level: list[AssetVersion] = [version]
    while level:
        links = _member_links(level)
        for member in level:
            needs[member.pk] = tuple(link for link in links if link.version_id == member.pk)
        readable = access.readable(actor, {link.target.asset.workspace_id for link in links})
        level = []
        for target in [link.target for link in links]:
            if target.pk in found or target.pk in hidden:
                continue
            if target.asset.workspace_id in readable:
                found[target.pk] = target
                level.append(target)
            else:
                hidden.add(target.pk)
        if len(found) > MAX_MEMBERS:
            raise InvalidInput(f"The closure has more than {MAX_MEMBERS} members.")
    members = _needed_first(version, found=found, needs=needs)
    return Closure(version, members, needs, hidden=len(hidden), digest=closure_digest(members))


def closure_digest(members: Iterable[AssetVersion]) -> str:
    """Return the digest over the references and digests of all members."""
    return canonical_digest(sorted([str(reference_of(m)), m.digest] for m in members))


def _member_links(level: list[AssetVersion]) -> list[VersionLink]:
    links = (
        VersionLink.objects.filter(version__in=[version.pk for version in level])
        .select_related("target__asset__workspace", "target__spec")
        .order_by("id")
    )
    kind_of = {version.pk: KINDS[version.asset.kind] for version in level}
    return [link for link in links if link.role in kind_of[link.version_id].member_roles]


def _needed_first(
    root: AssetVersion,
    *,
    found: dict[int, AssetVersion],
    needs: dict[int, tuple[VersionLink, ...]],
) -> tuple[AssetVersion, ...]:
    """Order depth-first, iteratively: links only ever point at older versions, so no cycles."""
    ordered: dict[int, AssetVersion] = {}
    stack: list[tuple[AssetVersion, bool]] = [(root, False)]
    while stack:
        version, is_expanded = stack.pop()
        if version.pk in ordered:
            continue
        if is_expanded:
            ordered[version.pk] = version
            continue
        stack.append((version, True))
        stack.extend(
            (found[link.target_id], False)
            for link in needs.get(version.pk, ())
            if link.target_id in found
        )
    return tuple(ordered.values())
