"""Tag assets and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import DateTimeField
from django.utils import timezone

from core.errors import InvalidInput, NotFound
from core.journal import publish
from core.statements import Parameter, Statement, Update, insert
from core.texts import check_text, journal_text
from registry import access
from registry.events import AssetTagRemoved, AssetTagSet, VersionTagRemoved, VersionTagSet
from registry.models import Asset, AssetTag, AssetVersion, VersionTag
from registry.models.tag import HEAD, MAX_KEY
from registry.permissions import Permission
from registry.queries.versions import asset_at, asset_reference, full_reference, version_at
from registry.services.locking import lock_asset, lock_version
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from core.events import Event
    from registry.models import Workspace

MAX_VALUE = 100_000
ASSET_TAG = Statement(
    lambda: AssetTag.objects.filter(asset=Parameter("asset"), key=Parameter("key"))
)
VERSION_TAG = Statement(
    lambda: VersionTag.objects.filter(version=Parameter("version"), key=Parameter("key"))
)


def _change(model: type[AssetTag | VersionTag]) -> Update:
    return Update(
        lambda: model.objects.filter(pk=Parameter("tag")),
        value=Parameter("value"),
        value_head=Parameter("head"),
        updated_at=Parameter("now", DateTimeField()),
        returning="id",
    )


CHANGED = {AssetTag: _change(AssetTag), VersionTag: _change(VersionTag)}


def set_asset_tag(
    *, actor: Actor, asset: str | UUID, key: str, value: str, reason: str = ""
) -> AssetTag:
    """Give the tag ``key`` of an asset (id or reference) a value; return the tag.

    An equal value changes nothing and is not journalled. Needs edit_asset. Raises InvalidInput,
    NotFound, Gone or AccessDenied.
    """
    found = _asset(actor, asset, reason=reason)
    _check(key, value)
    with transaction.atomic():
        lock_asset(found)
        tag = ASSET_TAG.first(asset=found.pk, key=key)
        before = tag.value if tag else None
        tag = tag or AssetTag(asset=found, key=key)
        if _write(tag, value, before=before):
            event = AssetTagSet(
                **_of_asset(found, key, reason=reason),
                before=journal_text(before),
                after=journal_text(value),
            )
            _publish(event, actor=actor, place=found.workspace)
    return tag


def set_version_tag(
    *, actor: Actor, version: str | UUID, key: str, value: str, reason: str = ""
) -> VersionTag:
    """Give the tag ``key`` of a version (id or reference) a value; as ``set_asset_tag``."""
    found = _version(actor, version, reason=reason)
    _check(key, value)
    with transaction.atomic():
        lock_version(found)
        tag = VERSION_TAG.first(version=found.pk, key=key)
        before = tag.value if tag else None
        tag = tag or VersionTag(version=found, key=key)
        if _write(tag, value, before=before):
            event = VersionTagSet(
                **_of_version(found, key, reason=reason),
                before=journal_text(before),
                after=journal_text(value),
            )
            _publish(event, actor=actor, place=found.asset.workspace)
    return tag


def remove_asset_tag(*, actor: Actor, asset: str | UUID, key: str, reason: str = "") -> None:
    """Remove a tag of an asset; raises NotFound where it has none of that key. Needs edit_asset."""
    found = _asset(actor, asset, reason=reason)
    with transaction.atomic():
        lock_asset(found)
        tag = ASSET_TAG.first(asset=found.pk, key=key)
        if tag is None:
            raise NotFound
        tag.delete()
        event = AssetTagRemoved(
            **_of_asset(found, key, reason=reason), before=journal_text(tag.value)
        )
        _publish(event, actor=actor, place=found.workspace)


def remove_version_tag(*, actor: Actor, version: str | UUID, key: str, reason: str = "") -> None:
    """Remove a tag of a version; as ``remove_asset_tag``."""
    found = _version(actor, version, reason=reason)
    with transaction.atomic():
        lock_version(found)
        tag = VERSION_TAG.first(version=found.pk, key=key)
        if tag is None:
            raise NotFound
        tag.delete()
        event = VersionTagRemoved(
            **_of_version(found, key, reason=reason), before=journal_text(tag.value)
        )
        _publish(event, actor=actor, place=found.asset.workspace)


def _asset(actor: Actor, where: str | UUID, *, reason: str) -> Asset:
    found = asset_at(actor, where)
    subject = str(asset_reference(found))
    access.require(actor, Permission.EDIT_ASSET, found.workspace, subject=subject)
    check_reason(found.workspace, reason)
    return found


def _version(actor: Actor, where: str | UUID, *, reason: str) -> AssetVersion:
    found = version_at(actor, where)
    place = found.asset.workspace
    access.require(actor, Permission.EDIT_ASSET, place, subject=full_reference(found))
    check_reason(place, reason)
    return found


def _check(key: str, value: str) -> None:
    check_text(key, field="key", limit=MAX_KEY)
    if not key or key != key.strip():
        raise InvalidInput.of("key", "must not be empty, nor start or end with white space")
    check_text(value, field="value", limit=MAX_VALUE)


def _write(tag: AssetTag | VersionTag, value: str, *, before: str | None) -> bool:
    """Store the value; tell whether it is another one."""
    if value == before:
        return False
    tag.value, tag.value_head, tag.updated_at = value, value[:HEAD], timezone.now()
    if before is None:
        insert(tag)
    else:
        change = CHANGED[type(tag)]
        change.run(tag=tag.pk, value=value, head=tag.value_head, now=tag.updated_at)
    return True


def _of_asset(asset: Asset, key: str, *, reason: str) -> dict[str, Any]:
    return {
        "subject": str(asset_reference(asset)),
        "workspace": asset.workspace.uuid,
        "reason": reason,
        "asset": str(asset.uuid),
        "key": key,
    }


def _of_version(version: AssetVersion, key: str, *, reason: str) -> dict[str, Any]:
    return {
        "subject": full_reference(version),
        "workspace": version.asset.workspace.uuid,
        "digest": version.digest,
        "reason": reason,
        "version": str(version.uuid),
        "key": key,
    }


def _publish(event: Event, *, actor: Actor, place: Workspace) -> None:
    publish(event, actor=actor, roles=access.roles(actor, place.pk))
