"""Move aliases, by compare-and-set, with every move on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.references import check_alias
from registry import access
from registry.events import AliasMoved
from registry.models import Alias, AliasMove, Asset, AssetVersion
from registry.permissions import Permission
from registry.queries.life import WITHDRAWN, state_of
from registry.queries.versions import asset_by_reference, asset_reference, reference_of
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor


class Anything:
    """The caller does not care where the alias points."""


ANYTHING: Final = Anything()


def move(
    *,
    actor: Actor,
    asset: str,
    alias: str,
    to: int | None,
    expected: int | Anything | None = ANYTHING,
    reason: str = "",
) -> AliasMove:
    """Point ``alias`` of the asset at version number ``to``, or at none.

    ``expected`` is the number that the alias must point at for the move to happen (None: that it
    points nowhere); another one is a Conflict that tells the actual number. Needs move_alias, and
    move_protected_alias for an alias that the workspace protects, in whatever spelling.
    """
    check_alias(alias, field="alias")
    found = asset_by_reference(actor, asset, field="asset")
    check_reason(found.workspace, reason)
    _require_right(actor, found, alias)
    with transaction.atomic():
        Asset.objects.select_for_update(no_key=True).get(pk=found.pk)
        target = _version(found, to)
        return move_within(
            actor=actor, asset=found, alias=alias, to=target, expected=expected, reason=reason
        )


def _require_right(actor: Actor, asset: Asset, alias: str) -> None:
    is_protected = asset.workspace.protects(alias)
    needed = Permission.MOVE_PROTECTED_ALIAS if is_protected else Permission.MOVE_ALIAS
    access.require(actor, needed, asset.workspace, subject=f"{asset_reference(asset)}@{alias}")


def _version(asset: Asset, number: int | None) -> AssetVersion | None:
    if number is None:
        return None
    version = asset.versions.filter(number=number, tombstone__isnull=True).first()
    if version is None:
        raise InvalidInput.of("to", f"{asset_reference(asset)} has no version {number}")
    return version


def move_within(
    *,
    actor: Actor,
    asset: Asset,
    alias: str,
    to: AssetVersion | None,
    expected: int | Anything | None = ANYTHING,
    reason: str = "",
    promotion: UUID | None = None,
) -> AliasMove:
    """Move an alias in the current transaction.

    Checks the actor's right unless a promotion, which has its own gates, moves it.
    """
    if promotion is None:
        _require_right(actor, asset, alias)
    if actor.user is None:
        raise InvalidInput.of("alias", "only a user can move an alias")
    _require_standing(to)
    current = (
        Alias.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(asset=asset, name=alias)
        .first()
    )
    before = current.version if current else None
    _require_expected(alias, before, expected)
    now = timezone.now()
    _write(asset, alias, current=current, to=to, now=now)
    recorded = AliasMove.objects.create(
        asset=asset,
        name=alias,
        from_version=before,
        to_version=to,
        moved_at=now,
        moved_by=actor.user,
        reason=reason,
    )
    publish(
        _event(asset, alias, before=before, to=to, reason=reason, promotion=promotion),
        actor=actor,
        roles=access.roles(actor, asset.workspace_id),
    )
    return recorded


def _require_standing(to: AssetVersion | None) -> None:
    if to is not None and state_of(to) == WITHDRAWN:
        raise Conflict(f"{reference_of(to)} is withdrawn: no alias may be moved onto it.")


def _require_expected(
    alias: str, current: AssetVersion | None, expected: int | Anything | None
) -> None:
    actual = current.number if current else None
    if not isinstance(expected, Anything) and expected != actual:
        raise Conflict(
            f"{alias} points at {actual or 'nothing'}, not at {expected or 'nothing'}.",
            extra={"actual": actual},
        )


def _write(
    asset: Asset,
    alias: str,
    *,
    current: Alias | None,
    to: AssetVersion | None,
    now: datetime,
) -> None:
    if to is None:
        if current is None:
            raise Conflict(f"{alias} points at nothing already.")
        current.delete()
    elif current is None:
        Alias.objects.create(asset=asset, name=alias, version=to, moved_at=now)
    else:
        current.version, current.moved_at = to, now
        current.save(update_fields=["version", "moved_at"])


def _event(
    asset: Asset,
    alias: str,
    *,
    before: AssetVersion | None,
    to: AssetVersion | None,
    reason: str,
    promotion: UUID | None,
) -> AliasMoved:
    def point(version: AssetVersion | None) -> dict[str, object]:
        if version is None:
            return {"number": None}
        return {"number": version.number, "digest": version.digest, "version": str(version.uuid)}

    return AliasMoved(
        subject=f"{asset_reference(asset)}@{alias}",
        workspace=asset.workspace.uuid,
        digest=to.digest if to else "",
        before=point(before),
        after=point(to),
        reason=reason,
        asset=str(asset.uuid),
        alias=alias,
        promotion=str(promotion) if promotion else None,
    )
