"""Write the rows of assets and versions; for services that have checked the rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, F, PositiveIntegerField
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.references import Reference
from core.statements import Parameter, Update, insert, insert_all, insert_missing
from registry.models import (
    Asset,
    AssetVersion,
    Metric,
    Spec,
    VersionArtifact,
    VersionLink,
)
from registry.queries.life import require_linkable
from registry.queries.names import name_was_borne
from registry.queries.versions import find_asset
from registry.services.artifacts import keep
from registry.services.beside import write_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor
    from registry.models import Workspace
    from registry.services.contents import Content

# Counts up and locks at once.
TAKE_NUMBERS = Update(
    lambda: Asset.objects.filter(pk=Parameter("asset")),
    last_number=F("last_number") + Parameter("count", PositiveIntegerField()),
    updated_at=Parameter("now", DateTimeField()),
    deleted_at=None,
    returning="last_number",
)


def ensure_asset(
    workspace: Workspace, kind: str, name: str, *, actor: Actor, description: str = ""
) -> tuple[Asset, bool]:
    """Return the asset of that name, made in the current transaction where it is new.

    A former name of an asset still means that asset; a deleted one is made again, and continues
    its numbers. Raises Conflict when a model's name is taken by a prompt or the reverse,
    InvalidInput when the system, which owns nothing, would have to create it.
    """
    if asset := find_asset(Reference(workspace.slug, kind, name)):
        return asset, _made_again(asset, description=description)
    if actor.user is None:
        raise InvalidInput.of("name", "only a user can create an asset")
    try:
        with transaction.atomic():
            asset = insert(
                Asset(
                    workspace=workspace,
                    kind=kind,
                    name=name,
                    description=description,
                    created_by=actor.user,
                )
            )
    except IntegrityError:
        if other := find_asset(Reference(workspace.slug, kind, name)):
            return other, False
        raise _taken(name, workspace) from None
    # Looked for after the row was written: a renaming that commits just now is not missed.
    if name_was_borne(workspace.pk, kind, name):
        raise _taken(name, workspace)
    return asset, True


def _taken(name: str, workspace: Workspace) -> Conflict:
    return Conflict(
        f"{name!r} is taken in {workspace.slug}: models and prompts share one name space, "
        "and former names stay reserved."
    )


def _made_again(asset: Asset, *, description: str) -> bool:
    """Let a deleted asset stand again; tell whether it was deleted."""
    if asset.deleted_at is None:
        return False
    asset.deleted_at, asset.description = None, description
    asset.save(update_fields=["deleted_at", "description"])
    return True


def write_version(
    asset: Asset, content: Content, *, actor: Actor, promoted_from: AssetVersion | None = None
) -> AssetVersion:
    """Write the next version of ``asset`` as ``write_versions`` writes several."""
    return write_versions(asset, [content], actor=actor, promoted_from=promoted_from)[0]


def write_versions(
    asset: Asset,
    contents: Sequence[Content],
    *,
    actor: Actor,
    promoted_from: AssetVersion | None = None,
) -> list[AssetVersion]:
    """Write the next versions of ``asset`` and what hangs on them, in the current transaction.

    The numbers come from the asset's counter row, whose update is also the lock: concurrent
    writers queue and the numbers have no gaps. As many queries for a thousand as for one.
    """
    if actor.user is None:
        raise InvalidInput("Only a user can register a version.")
    (last,) = TAKE_NUMBERS.run(asset=asset.pk, count=len(contents), now=timezone.now())
    specs = {
        content.spec_digest: Spec(
            digest=content.spec_digest, body=content.spec, size=content.spec_size
        )
        for content in contents
    }
    if len(specs) == 1:
        insert_missing(next(iter(specs.values())))
    else:
        Spec.objects.bulk_create(specs.values(), ignore_conflicts=True)
    versions = insert_all(
        AssetVersion(
            asset=asset,
            workspace_id=asset.workspace_id,
            number=number,
            digest=content.digest,
            spec=specs[content.spec_digest],
            schema_version=content.schema_version,
            created_by=actor.user,
            promoted_from=promoted_from,
        )
        for number, content in enumerate(contents, start=last - len(contents) + 1)
    )
    _hang(list(zip(versions, contents, strict=True)), actor=actor)
    return versions


def _hang(written: Sequence[tuple[AssetVersion, Content]], *, actor: Actor) -> None:
    """Write what hangs on new versions: links, metrics and artifacts."""
    insert_all(
        VersionLink(version=version, role=role, target=target)
        for version, content in written
        for role, target in content.links
    )
    require_linkable([link for _, content in written for link in content.links])
    insert_all(
        Metric(version=version, **metric)
        for version, content in written
        for metric in content.metrics
    )
    write_beside([(version, content.beside) for version, content in written])
    artifacts = insert_all(
        VersionArtifact(version=version, **artifact)
        for version, content in written
        for artifact in content.artifacts
    )
    by_version: dict[int, list[VersionArtifact]] = {}
    for artifact in artifacts:
        by_version.setdefault(artifact.version_id, []).append(artifact)
    for version, _ in written:
        if version.pk in by_version:
            keep(by_version[version.pk], version=version, actor=actor)
