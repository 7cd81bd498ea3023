"""Find versions by reference, or by id, as far as the caller may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Prefetch

from core.errors import Denial, InvalidInput, NotFound
from core.references import Reference, parse
from registry import access
from registry.models import Asset, AssetVersion, VersionLink
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor


def reference_of(version: AssetVersion) -> Reference:
    """Return the reference of a version whose asset and workspace are loaded."""
    asset = version.asset
    return Reference(asset.workspace.slug, asset.kind, asset.name, version.number)


def full_reference(version: AssetVersion) -> str:
    """Return the reference that is unique between installations."""
    return reference_of(version).full(settings.INSTANCE)


def asset_reference(asset: Asset) -> Reference:
    """Return the reference of an asset whose workspace is loaded."""
    return Reference(asset.workspace.slug, asset.kind, asset.name)


def visible_versions(
    actor: Actor, *, permission: Permission = Permission.VIEW
) -> QuerySet[AssetVersion]:
    """Return the versions in workspaces where ``actor`` has ``permission``, with their assets."""
    reach = access.in_reach(actor, path="asset__workspace", permission=permission)
    return AssetVersion.objects.filter(reach).select_related("asset__workspace", "created_by")


def visible_assets(actor: Actor) -> QuerySet[Asset]:
    """Return the assets that ``actor`` may see, with their workspaces."""
    return Asset.objects.filter(access.in_reach(actor)).select_related("workspace", "created_by")


def resolve(actor: Actor, text: str, *, field: str = "") -> AssetVersion:
    """Return the version that ``text`` refers to, by number or alias.

    Raises InvalidInput for a malformed reference or one of an asset without version, and NotFound
    for a missing or foreign one; where ``field`` names the input that held the reference, NotFound
    becomes InvalidInput of that field.
    """
    reference = parse(text, instance=settings.INSTANCE, field=field or "ref")
    if reference.number is None and not reference.alias:
        raise InvalidInput.of(field or "ref", "must name a version by /number or @alias")
    return _checked(actor, _find_version(reference), reference, field=field)


def _find_version(reference: Reference) -> AssetVersion | None:
    versions = AssetVersion.objects.select_related("asset__workspace", "spec", "created_by").filter(
        asset__workspace__slug=reference.workspace,
        asset__kind=reference.kind,
        asset__name=reference.name,
    )
    if reference.number is not None:
        return versions.filter(number=reference.number).first()
    return versions.filter(aliases__name=reference.alias).first()


def _checked(
    actor: Actor, version: AssetVersion | None, reference: Reference, *, field: str
) -> AssetVersion:
    denial = None
    if version is not None:
        workspace = version.asset.workspace
        if access.allows(actor, Permission.VIEW, workspace.pk):
            return version
        denial = Denial(Permission.VIEW.value, str(reference), workspace.uuid)
    if field:
        raise InvalidInput.of(field, f"there is no version {str(reference)!r}", denial=denial)
    raise NotFound(denial=denial)


def asset_by_reference(actor: Actor, text: str, *, field: str = "") -> Asset:
    """Return the asset that ``text`` names, with or without a version.

    Raises InvalidInput for a malformed reference, and NotFound for a missing or foreign asset;
    where ``field`` names the input that held the reference, NotFound becomes InvalidInput of it.
    """
    reference = parse(text, instance=settings.INSTANCE, field=field or "ref")
    asset = (
        Asset.objects.select_related("workspace")
        .filter(workspace__slug=reference.workspace, kind=reference.kind, name=reference.name)
        .first()
    )
    denial = None
    if asset is not None:
        if access.allows(actor, Permission.VIEW, asset.workspace_id):
            return asset
        denial = Denial(Permission.VIEW.value, str(reference), asset.workspace.uuid)
    if field:
        raise InvalidInput.of(field, f"there is no asset {str(reference)!r}", denial=denial)
    raise NotFound(denial=denial)


def version_detail(actor: Actor, uuid: UUID) -> AssetVersion:
    """Return the version with that public id and everything that hangs on it, in five queries.

    Raises NotFound for a missing or foreign one.
    """
    links = VersionLink.objects.select_related("target__asset__workspace").order_by("id")
    version = (
        AssetVersion.objects.select_related(
            "asset__workspace",
            "created_by",
            "spec",
            "provenance",
            "promoted_from__asset__workspace",
        )
        .prefetch_related("aliases", "metrics", "artifacts", Prefetch("links", queryset=links))
        .filter(uuid=uuid)
        .first()
    )
    return _seen(version, actor=actor)


def version_by_uuid(actor: Actor, uuid: UUID) -> AssetVersion:
    """Return the version with that public id; raises NotFound for a missing or foreign one."""
    version = (
        AssetVersion.objects.select_related("asset__workspace", "spec", "created_by")
        .filter(uuid=uuid)
        .first()
    )
    return _seen(version, actor=actor)


def _seen(version: AssetVersion | None, *, actor: Actor) -> AssetVersion:
    if version is None:
        raise NotFound
    access.require(
        actor, Permission.VIEW, version.asset.workspace, subject=str(reference_of(version))
    )
    return version
