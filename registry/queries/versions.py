"""Find versions by reference, or by id, as far as the caller may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Prefetch, UUIDField

from core.errors import Denial, Gone, InvalidInput, NotFound
from core.merging import Merged
from core.references import Reference, parse
from core.statements import Parameter, Statement
from registry import access
from registry.models import Alias, Asset, AssetFormerName, AssetVersion, VersionLink
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

RELATED = ("asset__workspace", "spec", "created_by", "tombstone")


def _assets() -> QuerySet[Asset]:
    return Asset.objects.select_related("workspace", "created_by")


ASSET_BY_NAME = Statement(
    lambda: _assets().filter(
        workspace__slug=Parameter("slug"), kind=Parameter("kind"), name=Parameter("name")
    )
)
ASSET_BY_UUID = Statement(lambda: _assets().filter(uuid=Parameter("uuid", UUIDField())))
VERSION_BY_UUID = Statement(
    lambda: AssetVersion.objects.select_related(*RELATED).filter(
        uuid=Parameter("uuid", UUIDField())
    )
)
NUMBERED = Statement(lambda: _numbered(_named()))
NUMBERED_OF = Statement(lambda: _numbered(Parameter("asset")))
ALIASED = Statement(lambda: _aliased(_named()))
ALIASED_OF = Statement(lambda: _aliased(Parameter("asset")))
ONCE_CALLED = Statement(
    lambda: AssetFormerName.objects.filter(
        workspace__slug=Parameter("slug"), kind=Parameter("kind"), name=Parameter("name")
    ).values_list("asset_id", flat=True)
)


def reference_of(version: AssetVersion) -> Reference:
    """Return the reference of a version whose asset and workspace are loaded."""
    asset = version.asset
    return Reference(asset.workspace.slug, asset.kind, asset.name, version.number)


def point_of(version: AssetVersion) -> dict[str, str]:
    """Return what the journal names a version by; its asset and workspace must be loaded."""
    return {
        "ref": str(reference_of(version)),
        "version": str(version.uuid),
        "digest": version.digest,
    }


def full_reference(version: AssetVersion) -> str:
    """Return the reference that is unique between installations."""
    return reference_of(version).full(settings.INSTANCE)


def asset_reference(asset: Asset) -> Reference:
    """Return the reference of an asset whose workspace is loaded."""
    return Reference(asset.workspace.slug, asset.kind, asset.name)


def visible_versions(
    actor: Actor, *, permission: Permission = Permission.VIEW
) -> Merged[AssetVersion]:
    """Return the versions in workspaces where ``actor`` has ``permission``, with their assets.

    Deleted ones are left out; archived ones are not (``registry.queries.life.not_archived``).
    """
    rows: Merged[AssetVersion] = Merged(AssetVersion)
    rows = access.within_reach(actor, rows, permission=permission)
    return rows.filter(tombstone__isnull=True).select_related("asset__workspace", "created_by")


def visible_assets(actor: Actor) -> Merged[Asset]:
    """Return the assets that ``actor`` may see and nobody deleted, with their workspaces."""
    rows: Merged[Asset] = Merged(Asset)
    rows = access.within_reach(actor, rows)
    return rows.filter(deleted_at__isnull=True).select_related("workspace", "created_by")


def resolve(actor: Actor, text: str, *, field: str = "") -> AssetVersion:
    """Return the version that ``text`` refers to, by number or alias.

    Raises InvalidInput for a malformed reference or one of an asset without version, NotFound for
    a missing or foreign one, and Gone for a deleted one; where ``field`` names the input that held
    the reference, the last two become InvalidInput of that field. A former name of the asset finds
    it too.
    """
    reference = parse(text, instance=settings.INSTANCE, field=field or "ref")
    if reference.number is None and not reference.alias:
        raise InvalidInput.of(field or "ref", "must name a version by /number or @alias")
    return _checked(actor, _find_version(reference), reference, field=field)


def _find_version(reference: Reference) -> AssetVersion | None:
    by_name, by_asset = (
        (ALIASED, ALIASED_OF) if reference.number is None else (NUMBERED, NUMBERED_OF)
    )
    which = {"number": reference.number, "alias": reference.alias}
    found = by_name.first(
        slug=reference.workspace, kind=reference.kind, name=reference.name, **which
    )
    if found is None and (asset := _asset_once_called(reference)):
        found = by_asset.first(asset=asset, **which)
    return found


def _named() -> QuerySet[Asset, int]:
    named = Asset.objects.filter(
        workspace__slug=Parameter("slug"), kind=Parameter("kind"), name=Parameter("name")
    )
    return named.values_list("pk", flat=True)[:1]


def _numbered(asset: Any) -> QuerySet[AssetVersion]:
    versions = AssetVersion.objects.select_related(*RELATED)
    return versions.filter(asset=asset, number=Parameter("number"))


def _aliased(asset: Any) -> QuerySet[AssetVersion]:
    # The asset is found first, then its alias, then the version: many assets have such an alias.
    alias = Alias.objects.filter(asset=asset, name=Parameter("alias"))
    versions = AssetVersion.objects.select_related(*RELATED)
    return versions.filter(pk=alias.values("version")[:1])


def _asset_once_called(reference: Reference) -> int | None:
    return ONCE_CALLED.first(slug=reference.workspace, kind=reference.kind, name=reference.name)


def _checked(
    actor: Actor, version: AssetVersion | None, reference: Reference, *, field: str
) -> AssetVersion:
    denial = None
    if version is not None:
        workspace = version.asset.workspace
        if access.allows(actor, Permission.VIEW, workspace.pk):
            return require_standing(version, field=field)
        denial = Denial(Permission.VIEW.value, str(reference), workspace.uuid)
    if field:
        raise InvalidInput.of(field, f"there is no version {str(reference)!r}", denial=denial)
    raise NotFound(denial=denial)


def asset_by_reference(actor: Actor, text: str, *, field: str = "") -> Asset:
    """Return the asset that ``text`` names, with or without a version.

    Raises InvalidInput for a malformed reference, NotFound for a missing or foreign asset, and
    Gone for a deleted one; where ``field`` names the input that held the reference, the last two
    become InvalidInput of it. A former name finds the asset too.
    """
    reference = parse(text, instance=settings.INSTANCE, field=field or "ref")
    asset = find_asset(reference)
    denial = None
    if asset is not None:
        if access.allows(actor, Permission.VIEW, asset.workspace_id):
            return require_standing_asset(asset, field=field)
        denial = Denial(Permission.VIEW.value, str(reference), asset.workspace.uuid)
    if field:
        raise InvalidInput.of(field, f"there is no asset {str(reference)!r}", denial=denial)
    raise NotFound(denial=denial)


def find_asset(reference: Reference) -> Asset | None:
    """Return the asset that bears or bore that name, whoever may see it, deleted or not."""
    found = ASSET_BY_NAME.first(slug=reference.workspace, kind=reference.kind, name=reference.name)
    if found is None and (former := _asset_once_called(reference)):
        found = _assets().get(pk=former)
    return found


def version_at(actor: Actor, where: str | UUID) -> AssetVersion:
    """Return the version with that public id or reference; raises as the two do."""
    return resolve(actor, where) if isinstance(where, str) else version_by_uuid(actor, where)


def asset_at(actor: Actor, where: str | UUID) -> Asset:
    """Return the asset with that public id or reference.

    Raises InvalidInput, NotFound for a missing or foreign one, or Gone for a deleted one.
    """
    if isinstance(where, str):
        return asset_by_reference(actor, where)
    asset = ASSET_BY_UUID.first(uuid=where)
    if asset is None:
        raise NotFound
    access.require(actor, Permission.VIEW, asset.workspace, subject=str(asset_reference(asset)))
    return require_standing_asset(asset)


def version_detail(actor: Actor, uuid: UUID) -> AssetVersion:
    """Return the version with that public id and everything that hangs on it, in seven queries.

    Raises NotFound for a missing or foreign one, Gone for a deleted one.
    """
    links = VersionLink.objects.select_related("target__asset__workspace").order_by("id")
    version = (
        AssetVersion.objects.select_related(
            *RELATED,
            "provenance",
            "details",
            "promoted_from__asset__workspace",
        )
        .prefetch_related(
            "aliases", "metrics", "artifacts", "tags", Prefetch("links", queryset=links)
        )
        .filter(uuid=uuid)
        .first()
    )
    return _seen(version, actor=actor)


def version_by_uuid(actor: Actor, uuid: UUID) -> AssetVersion:
    """Return the version with that public id.

    Raises NotFound for a missing or foreign one, Gone for a deleted one.
    """
    version = VERSION_BY_UUID.first(uuid=uuid)
    return _seen(version, actor=actor)


def _seen(version: AssetVersion | None, *, actor: Actor) -> AssetVersion:
    if version is None:
        raise NotFound
    access.require(
        actor, Permission.VIEW, version.asset.workspace, subject=str(reference_of(version))
    )
    return require_standing(version)


def require_standing(version: AssetVersion, *, field: str = "") -> AssetVersion:
    """Return ``version`` if nobody deleted it; raises Gone, or InvalidInput of ``field``."""
    tombstone = getattr(version, "tombstone", None)
    if tombstone is None:
        return version
    reference = str(reference_of(version))
    if field:
        raise InvalidInput.of(field, f"{reference!r} was deleted")
    raise Gone(
        f"{reference} was deleted.",
        extra={
            "ref": reference,
            "digest": tombstone.digest,
            "reason": tombstone.reason,
            "deleted_at": tombstone.deleted_at.isoformat(),
        },
    )


def require_standing_asset(asset: Asset, *, field: str = "") -> Asset:
    """Return ``asset`` if nobody deleted it, or somebody made it again; raises as the other."""
    if asset.deleted_at is None:
        return asset
    reference = str(asset_reference(asset))
    if field:
        raise InvalidInput.of(field, f"{reference!r} was deleted")
    raise Gone(
        f"{reference} was deleted.",
        extra={"ref": reference, "deleted_at": asset.deleted_at.isoformat()},
    )
