"""Register versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.references import Reference
from registry import access
from registry.events import VersionRegistered
from registry.kinds import KINDS
from registry.models import (
    Asset,
    AssetVersion,
    Metric,
    Spec,
    VersionArtifact,
    VersionLink,
)
from registry.permissions import Permission
from registry.queries.life import require_linkable
from registry.queries.names import former_bearers
from registry.queries.versions import find_asset, full_reference, reference_of
from registry.services import aliases as alias_service
from registry.services.artifacts import keep
from registry.services.beside import told, write_beside
from registry.services.contents import Content, Draft, checked_content
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor
    from registry.models import Workspace

IF_SAME = ("new", "existing")


@dataclass(frozen=True)
class Registered:
    """The version, and whether this call made it."""

    version: AssetVersion
    is_new: bool


def register(*, actor: Actor, **draft: Unpack[Draft]) -> Registered:
    """Register a version, with its asset where that is new, in one transaction.

    With ``if_same`` "existing" the newest version of equal digest is returned instead of a new
    one, bearing the aliases that were asked for. Needs create_version, the right to move those
    aliases, and view on whatever is linked. Raises InvalidInput, AccessDenied, or Conflict for a
    name that a model or prompt has taken from the other.
    """
    place = _checked_place(draft, actor=actor)
    kind = KINDS[draft["kind"]]
    content = checked_content(draft, actor=actor, kind=kind)
    with transaction.atomic():
        asset, is_new_asset = ensure_asset(
            place,
            kind.slug,
            draft["name"],
            actor=actor,
            description=draft.get("description", ""),
        )
        twin = _newest_twin(asset, content) if draft.get("if_same") == "existing" else None
        version = twin or write_version(asset, content, actor=actor)
        if twin is None:
            publish(
                _event(version, content, is_new_asset=is_new_asset, reason=draft.get("reason", "")),
                actor=actor,
                roles=access.roles(actor, place.pk),
            )
        _point(draft.get("aliases", ()), to=version, actor=actor, reason=draft.get("reason", ""))
    return Registered(version, is_new=twin is None)


def _checked_place(draft: Draft, *, actor: Actor) -> Workspace:
    """Return the workspace of a draft whose kind and options are sound."""
    if draft["kind"] not in KINDS:
        raise InvalidInput.of("kind", f"must be one of {', '.join(KINDS)}")
    if draft.get("if_same", "new") not in IF_SAME:
        raise InvalidInput.of("if_same", f"must be one of {', '.join(IF_SAME)}")
    place = access.workspace_by_slug(
        actor, draft["workspace"], permission=Permission.CREATE_VERSION, field="workspace"
    )
    check_reason(place, draft.get("reason", ""))
    return place


def _point(aliases: Sequence[str], *, to: AssetVersion, actor: Actor, reason: str) -> None:
    standing = set(to.aliases.values_list("name", flat=True)) if aliases else set()
    for alias in dict.fromkeys(aliases):
        if alias not in standing:
            alias_service.move_within(
                actor=actor, asset=to.asset, alias=alias, to=to, reason=reason
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
            asset = Asset.objects.create(
                workspace=workspace,
                kind=kind,
                name=name,
                description=description,
                created_by=actor.user,
            )
    except IntegrityError:
        if other := find_asset(Reference(workspace.slug, kind, name)):
            return other, False
        raise _taken(name, workspace) from None
    # Looked for after the row was written: a renaming that commits just now is not missed.
    if former_bearers(workspace.pk, kind, name).exists():
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


def _newest_twin(asset: Asset, content: Content) -> AssetVersion | None:
    Asset.objects.select_for_update(no_key=True).get(pk=asset.pk)
    return (
        asset.versions.filter(digest=content.digest, tombstone__isnull=True)
        .select_related("asset__workspace", "spec", "created_by")
        .order_by("-number")
        .first()
    )


def write_version(
    asset: Asset, content: Content, *, actor: Actor, promoted_from: AssetVersion | None = None
) -> AssetVersion:
    """Write the next version of ``asset`` and what hangs on it, in the current transaction.

    The number comes from the asset's counter row, whose update is also the lock: concurrent
    writers queue and the numbers have no gaps.
    """
    if actor.user is None:
        raise InvalidInput("Only a user can register a version.")
    Asset.objects.filter(pk=asset.pk).update(
        last_number=F("last_number") + 1, updated_at=timezone.now(), deleted_at=None
    )
    number = Asset.objects.values_list("last_number", flat=True).get(pk=asset.pk)
    spec, _ = Spec.objects.get_or_create(
        digest=content.spec_digest, defaults={"body": content.spec, "size": content.spec_size}
    )
    version = AssetVersion.objects.create(
        asset=asset,
        number=number,
        digest=content.digest,
        spec=spec,
        schema_version=content.schema_version,
        created_by=actor.user,
        promoted_from=promoted_from,
    )
    VersionLink.objects.bulk_create(
        VersionLink(version=version, role=role, target=target) for role, target in content.links
    )
    require_linkable(content.links)
    Metric.objects.bulk_create(Metric(version=version, **metric) for metric in content.metrics)
    artifacts = VersionArtifact.objects.bulk_create(
        VersionArtifact(version=version, **artifact) for artifact in content.artifacts
    )
    keep(artifacts, version=version, actor=actor)
    write_beside(version, content.beside)
    return version


def _event(
    version: AssetVersion, content: Content, *, is_new_asset: bool, reason: str
) -> VersionRegistered:
    asset = version.asset
    return VersionRegistered(
        subject=full_reference(version),
        workspace=asset.workspace.uuid,
        digest=version.digest,
        reason=reason,
        asset=str(asset.uuid),
        version=str(version.uuid),
        kind=asset.kind,
        name=asset.name,
        number=version.number,
        schema_version=version.schema_version,
        spec_digest=content.spec_digest,
        is_new_asset=is_new_asset,
        links=[
            {
                "role": role,
                "ref": str(reference_of(target)),
                "version": str(target.uuid),
                "digest": target.digest,
            }
            for role, target in content.links
        ],
        metrics=[{**metric, "value": repr(metric["value"])} for metric in content.metrics],
        artifacts=[dict(artifact) for artifact in content.artifacts],
        **told(content.beside),
    )
