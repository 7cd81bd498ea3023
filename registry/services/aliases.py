"""Move aliases, by compare-and-set, with every move on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import DateTimeField
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.references import check_alias
from core.statements import Parameter, Statement, Update, insert
from registry import access
from registry.events import AliasMoved
from registry.models import Alias, AliasMove, Asset, AssetVersion
from registry.permissions import Permission
from registry.queries.aliases import moves_of
from registry.queries.life import WITHDRAWN, state_of
from registry.queries.versions import asset_by_reference, asset_reference, reference_of
from registry.services.alias_rules import require_allowed
from registry.services.locking import LOCKED_ASSET
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from core.models import User


STANDING_VERSION = Statement(
    lambda: AssetVersion.objects.filter(
        asset=Parameter("asset"), number=Parameter("number"), tombstone__isnull=True
    )
)
LOCKED_ALIAS = Statement(
    lambda: (
        Alias.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(asset=Parameter("asset"), name=Parameter("name"))
    )
)
MOVE = Update(
    lambda: Alias.objects.filter(pk=Parameter("alias")),
    version=Parameter("version"),
    moved_at=Parameter("now", DateTimeField()),
    returning="id",
)


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
    move_protected_alias for an alias that the workspace protects, in whatever spelling; what the
    workspace's alias rules ask for comes on top.
    """
    check_alias(alias, field="alias")
    found = asset_by_reference(actor, asset, field="asset")
    check_reason(found.workspace, reason)
    _require_right(actor, found, alias)
    with transaction.atomic():
        LOCKED_ASSET.one(asset=found.pk)
        target = _version(found, to)
        return move_within(
            actor=actor, asset=found, alias=alias, to=target, expected=expected, reason=reason
        )


def undo(
    *,
    actor: Actor,
    asset: str,
    alias: str,
    expected: int | Anything | None = ANYTHING,
    reason: str = "",
) -> AliasMove:
    """Point ``alias`` at what it meant before its latest move, as a new move; rights as for a move.

    Undoing an undone move brings it back. Raises Conflict where there was no move, or where the
    version that it meant then is deleted or withdrawn now.
    """
    check_alias(alias, field="alias")
    found = asset_by_reference(actor, asset, field="asset")
    check_reason(found.workspace, reason)
    _require_right(actor, found, alias)
    with transaction.atomic():
        LOCKED_ASSET.one(asset=found.pk)
        latest = moves_of(found, alias).select_related("from_version__tombstone").first()
        if latest is None:
            raise Conflict(f"{alias} was never moved.")
        target = latest.from_version
        if target is not None and getattr(target, "tombstone", None):
            raise Conflict(f"{alias} meant version {target.number} before, which was deleted.")
        return move_within(
            actor=actor,
            asset=found,
            alias=alias,
            to=target,
            expected=expected,
            reason=reason,
            undoes=latest.uuid,
        )


def _require_right(actor: Actor, asset: Asset, alias: str) -> None:
    is_protected = asset.workspace.protects(alias)
    needed = Permission.MOVE_PROTECTED_ALIAS if is_protected else Permission.MOVE_ALIAS
    access.require(actor, needed, asset.workspace, subject=f"{asset_reference(asset)}@{alias}")


def _version(asset: Asset, number: int | None) -> AssetVersion | None:
    if number is None:
        return None
    version = STANDING_VERSION.first(asset=asset.pk, number=number)
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
    undoes: UUID | None = None,
) -> AliasMove:
    """Move an alias in the current transaction.

    Checks the actor's right, and the rules of moves by hand, unless a promotion, which has its own
    gates, moves it.
    """
    if promotion is None:
        _require_right(actor, asset, alias)
        require_allowed(actor, asset, alias, to=to)
    user = _mover(actor)
    _require_standing(to)
    current = LOCKED_ALIAS.first(asset=asset.pk, name=alias)
    before = current.version if current else None
    _require_expected(alias, before, expected)
    now = timezone.now()
    _write(asset, alias, current=current, to=to, now=now)
    recorded = insert(
        AliasMove(
            asset=asset,
            name=alias,
            from_version=before,
            to_version=to,
            moved_at=now,
            moved_by=user,
            reason=reason,
        )
    )
    event = _event(recorded, promotion=promotion, undoes=undoes)
    publish(event, actor=actor, roles=access.roles(actor, asset.workspace_id))
    return recorded


def _mover(actor: Actor) -> User:
    if actor.user is None:
        raise InvalidInput.of("alias", "only a user can move an alias")
    return actor.user


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
        insert(Alias(asset=asset, name=alias, version=to, moved_at=now))
    else:
        MOVE.run(alias=current.pk, version=to.pk, now=now)


def _event(move: AliasMove, *, promotion: UUID | None, undoes: UUID | None) -> AliasMoved:
    def point(version: AssetVersion | None) -> dict[str, object]:
        if version is None:
            return {"number": None}
        return {"number": version.number, "digest": version.digest, "version": str(version.uuid)}

    return AliasMoved(
        subject=f"{asset_reference(move.asset)}@{move.name}",
        workspace=move.asset.workspace.uuid,
        digest=move.to_version.digest if move.to_version else "",
        before=point(move.from_version),
        after=point(move.to_version),
        reason=move.reason,
        asset=str(move.asset.uuid),
        alias=move.name,
        promotion=str(promotion) if promotion else None,
        undoes=str(undoes) if undoes else None,
    )
