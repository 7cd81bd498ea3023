"""Frameworks of controls: those that ship, and those that were imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, QuerySet, Subquery

from audits.frameworks.model import Control, Framework, Group, Link, restored
from audits.models import OwnFrameworkVersion
from core.errors import NotFound
from policies.packs import controls as shipped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SHIPPED = tuple(shipped.frameworks())
WITHOUT_DOCUMENT = OwnFrameworkVersion.objects.select_related("framework").defer("document")


def frameworks(*, at: datetime | None = None) -> dict[str, Framework]:
    """Return every framework by name, those that ship first, imported ones by the version that
    was the newest at ``at``, or is now. One query."""
    imported = [own_framework(version) for version in _newest(at).order_by("framework__name")]
    return {**_all_shipped(), **{each.name: each for each in imported}}


def framework(name: str, *, at: datetime | None = None, version: int | None = None) -> Framework:
    """Return one framework with its controls, as of ``at`` or in one ``version`` (of imported
    ones); raises NotFound where there is none."""
    if name in SHIPPED:
        if version is not None:
            raise NotFound
        return _all_shipped()[name]
    rows = _newest(at) if version is None else WITHOUT_DOCUMENT.filter(number=version)
    found = rows.filter(framework__name=name).first()
    if found is None:
        raise NotFound
    return own_framework(found)


def versions_of(name: str) -> QuerySet[OwnFrameworkVersion]:
    """Return the versions of an imported framework, newest first; raises NotFound for a name that
    nobody knows. What ships has none."""
    found = (
        WITHOUT_DOCUMENT.filter(framework__name=name)
        .select_related("framework", "imported_by")
        .order_by("-number")
    )
    if name not in SHIPPED and not found.exists():
        raise NotFound
    return found


def control(reference: str) -> Control | None:
    """Return the control of a reference ``framework/name``, in the newest version; None where
    there is none."""
    name, _, wanted = reference.partition("/")
    try:
        return framework(name).by_name.get(wanted)
    except NotFound:
        return None


def own_framework(version: OwnFrameworkVersion) -> Framework:
    """Return what an imported version holds; its framework must be loaded."""
    name = version.framework.name
    groups, found = restored(name, version.contents)
    return Framework(
        name=name,
        title=version.title,
        source=version.source,
        source_uri=version.source_uri,
        is_complete=True,
        extent="part",
        note="",
        caution="",
        edited=version.imported_at.isoformat(),
        version=version.number,
        groups=groups,
        controls=found,
    )


def _newest(at: datetime | None) -> QuerySet[OwnFrameworkVersion]:
    known = OwnFrameworkVersion.objects.filter(framework=OuterRef("framework"))
    if at is not None:
        known = known.filter(imported_at__lte=at)
    newest = Subquery(known.order_by("-number").values("number")[:1])
    return WITHOUT_DOCUMENT.filter(number=newest)


def _all_shipped() -> Mapping[str, Framework]:
    return {name: _of_product(each) for name, each in shipped.frameworks().items()}


def _of_product(each: shipped.Framework) -> Framework:
    return Framework(
        name=each.name,
        title=each.title,
        source=each.source,
        source_uri=each.source_uri,
        is_complete=each.is_complete,
        extent=each.extent,
        note=each.note,
        caution=each.caution,
        edited=each.edited,
        groups=tuple(Group(group.name, group.title) for group in each.groups),
        controls=tuple(
            Control(
                framework=each.name,
                name=found.name,
                title=found.title,
                is_verified=found.is_verified,
                group=found.group,
                links=tuple(Link(source.uri, source.title) for source in found.sources),
            )
            for found in each.controls
        ),
    )
