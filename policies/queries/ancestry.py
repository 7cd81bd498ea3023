"""What versions were made from, and what was measured on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import InvalidInput
from registry.kinds.links import LinkRole
from registry.models import AssetVersion, VersionLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registry.models import Workspace

MAX_ANCESTORS = 2_000
LOADED = ("asset__workspace", "spec")


@dataclass(frozen=True)
class Family:
    """``ancestors``: other content upstream; ``evaluations``: results on the versions; each in
    order of creation, with asset, workspace and spec loaded."""

    ancestors: tuple[AssetVersion, ...]
    evaluations: tuple[AssetVersion, ...]


def family_of(members: Sequence[AssetVersion], *, target: Workspace) -> Family:
    """Return the family of a closure that is to be taken into ``target``.

    A version that is a copy stands for what it is a copy of, at any distance: the originals'
    links and evaluations are the copy's. Raises InvalidInput for more than 2,000 ancestors.
    """
    originals = originals_of(members)
    subjects = {version.pk: version for version in [*members, *originals]}
    own = {_content(version) for version in members}
    ancestors: dict[tuple[str, str, str], AssetVersion] = {}
    seen = set(subjects)
    level: list[AssetVersion] = list(subjects.values())
    while level:
        level = [version for version in _sources(level) if version.pk not in seen]
        seen |= {version.pk for version in level}
        for version in level:
            if _content(version) not in own:
                ancestors.setdefault(_content(version), version)
        if len(ancestors) > MAX_ANCESTORS:
            raise InvalidInput(f"The version has more than {MAX_ANCESTORS} ancestors.")
    return Family(
        tuple(sorted(ancestors.values(), key=lambda each: each.pk)),
        _evaluations(subjects.values(), target=target),
    )


def _content(version: AssetVersion) -> tuple[str, str, str]:
    """Return what a copy has in common with its original."""
    return version.asset.kind, version.asset.name, version.digest


def originals_of(versions: Iterable[AssetVersion]) -> list[AssetVersion]:
    """Return what the versions are copies of, at any distance, nearer ones first."""
    found: dict[int, AssetVersion] = {}
    level = list(versions)
    while level:
        wanted = {each.promoted_from_id for each in level if each.promoted_from_id} - set(found)
        level = list(AssetVersion.objects.filter(pk__in=wanted).select_related(*LOADED))
        found |= {version.pk: version for version in level}
    return list(found.values())


def _sources(level: Sequence[AssetVersion]) -> list[AssetVersion]:
    """Return what the versions link to, and what those are copies of."""
    targets = VersionLink.objects.filter(version__in=[each.pk for each in level]).values("target")
    linked = list(
        AssetVersion.objects.filter(pk__in=targets).select_related(*LOADED).order_by("id")
    )
    return [*linked, *originals_of(linked)]


def _evaluations(
    subjects: Iterable[AssetVersion], *, target: Workspace
) -> tuple[AssetVersion, ...]:
    subjects = list(subjects)
    places = {version.asset.workspace_id for version in subjects} | {target.pk}
    results = VersionLink.objects.filter(
        role=LinkRole.EVALUATES,
        target__in=[version.pk for version in subjects],
        version__asset__workspace__in=places,
    ).values("version")
    found = AssetVersion.objects.filter(pk__in=results, asset__kind="result")
    return tuple(found.select_related(*LOADED).order_by("created_at", "id"))
