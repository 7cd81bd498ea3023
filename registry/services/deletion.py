"""Delete versions and assets, leaving tombstones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Value
from django.utils import timezone

from core.canonical import canonical_digest
from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.texts import journal_text
from registry import access
from registry.events import AssetDeleted, VersionDeleted
from registry.models import Alias, Asset, AssetTag, AssetVersion, Tombstone, Workspace
from registry.permissions import Permission
from registry.queries.dependents import holds_on
from registry.queries.versions import asset_at, asset_reference, full_reference, version_at
from registry.services import aliases
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from core.models import User
    from registry.queries.dependents import Hold


def delete_version(*, actor: Actor, version: str | UUID, reason: str) -> Tombstone:
    """Delete a version (id or reference); return what it leaves. Needs delete_version.

    Its number is never given again; its content stays as evidence and is not shown. Nothing may
    rest on it: aliases by the workspace's delete rule, open promotions and linked versions never.
    Always needs a reason. Raises InvalidInput, NotFound, Gone, AccessDenied, or Conflict with what
    holds it.
    """
    found = version_at(actor, version)
    place = found.asset.workspace
    user = _deleter(actor, place, subject=full_reference(found), reason=reason)
    with transaction.atomic():
        Asset.objects.select_for_update(no_key=True).get(pk=found.asset_id)
        # Not no_key: whoever writes a link to the version waits for this lock.
        AssetVersion.objects.select_for_update().get(pk=found.pk)
        version_at(actor, found.uuid)
        _release(found.asset, AssetVersion.objects.filter(pk=found.pk), actor=actor, reason=reason)
        tombstone = Tombstone.objects.create(
            version=found, digest=found.digest, reason=reason, deleted_by=user
        )
        Asset.objects.filter(pk=found.asset_id).update(updated_at=tombstone.deleted_at)
        publish(
            VersionDeleted(
                subject=full_reference(found),
                workspace=place.uuid,
                digest=found.digest,
                reason=reason,
                asset=str(found.asset.uuid),
                version=str(found.uuid),
                number=found.number,
            ),
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
    return tombstone


def delete_asset(*, actor: Actor, asset: str | UUID, reason: str) -> Asset:
    """Delete an asset (id or reference) with all its versions; as ``delete_version``.

    The name stays its own: registering under it makes the asset again, and continues the numbers.
    Its tags end with it.
    """
    found = asset_at(actor, asset)
    place, subject = found.workspace, str(asset_reference(found))
    user = _deleter(actor, place, subject=subject, reason=reason)
    with transaction.atomic():
        Asset.objects.select_for_update().get(pk=found.pk)
        found = asset_at(actor, found.uuid)
        standing = AssetVersion.objects.filter(asset=found, tombstone__isnull=True)
        _lock(standing)
        _release(found, standing, actor=actor, reason=reason)
        rows = standing.order_by("number").values_list("number", "digest")
        numbers = [[number, digest] for number, digest in rows.iterator()]
        now = timezone.now()
        _bury(standing, user=user, reason=reason, now=now)
        tags = AssetTag.objects.filter(asset=found)
        ended = [{"key": tag.key, **journal_text(tag.value)} for tag in tags.order_by("key")]
        tags.delete()
        found.deleted_at = found.updated_at = now
        found.save(update_fields=["deleted_at", "updated_at"])
        publish(
            AssetDeleted(
                subject=subject,
                workspace=place.uuid,
                digest=canonical_digest(numbers),
                reason=reason,
                asset=str(found.uuid),
                versions=len(numbers),
                last_number=found.last_number,
                tags=ended,
            ),
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
    return found


def _deleter(actor: Actor, place: Workspace, *, subject: str, reason: str) -> User:
    access.require(actor, Permission.DELETE_VERSION, place, subject=subject)
    check_reason(place, reason, always=True)
    if actor.user is None:
        raise InvalidInput("Only a user can delete.")
    return actor.user


def _lock(versions: QuerySet[AssetVersion]) -> None:
    """Lock many rows, which SQLite has no need of, in one statement that brings none of them."""
    if connection.features.has_select_for_update:
        locked = versions.select_for_update(of=("self",)).order_by("pk").values("pk")
        sql, params = locked.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS locked", params)  # noqa: S608


def _release(asset: Asset, versions: QuerySet[AssetVersion], *, actor: Actor, reason: str) -> None:
    """Take the aliases off ``versions`` if the workspace says so; raise Conflict while held."""
    rule = Workspace.objects.values_list("delete_rule", flat=True).get(pk=asset.workspace_id)
    if rule == Workspace.DeleteRule.MOVE_ALIASES_TO_NONE:
        pointing = Alias.objects.filter(asset=asset, version__in=versions).order_by("name")
        for name in list(pointing.values_list("name", flat=True)):
            aliases.move_within(actor=actor, asset=asset, alias=name, to=None, reason=reason)
    if holds := holds_on(versions):
        raise Conflict(
            f"{asset_reference(asset)} is in use: {_named(holds[0], actor)} points at it.",
            extra={"holds": [_shown(hold, actor) for hold in holds]},
        )


def _shown(hold: Hold, actor: Actor) -> dict[str, str | None]:
    is_visible = access.allows(actor, Permission.VIEW, hold.workspace_id)
    return {"kind": hold.kind, "subject": hold.subject if is_visible else None}


def _named(hold: Hold, actor: Actor) -> str:
    return _shown(hold, actor)["subject"] or f"a {hold.kind} in another workspace"


def _bury(versions: QuerySet[AssetVersion], *, user: User, reason: str, now: datetime) -> None:
    """Write the tombstones of ``versions`` in one statement, however many they are."""
    columns = ("version_id", "digest", "reason", "deleted_by_id", "deleted_at")
    by_name = {field.attname: field for field in Tombstone._meta.concrete_fields}
    chosen = versions.annotate(
        said=Value(reason, by_name["reason"]),
        by=Value(user.pk, by_name["id"]),
        at=Value(now, by_name["deleted_at"]),
    ).values_list(F("pk"), F("digest"), "said", "by", "at")
    sql, params = chosen.query.sql_with_params()
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(Tombstone._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({quoted}) {sql}", params)
