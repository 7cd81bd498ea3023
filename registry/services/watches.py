"""Watch an asset or a whole workspace, or stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core.errors import AccessDenied, Conflict, Denial, InvalidInput, NotFound
from core.journal import publish
from registry import access
from registry.events import WatchEnded, WatchStarted
from registry.models import Asset, Watch, Workspace
from registry.permissions import Permission
from registry.queries.versions import asset_by_reference, asset_reference

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from core.models import User


def start(*, actor: Actor, workspace: str = "", asset: str = "") -> Watch:
    """Let the actor be told of what happens to an asset, or in a workspace; needs comment.

    Raises InvalidInput unless exactly one is named, Conflict if the actor watches it already.
    """
    if bool(workspace) == bool(asset):
        raise InvalidInput.of("asset", "give either an asset or a workspace")
    watcher = _person(actor)
    found = asset_by_reference(actor, asset, field="asset") if asset else None
    place = (
        found.workspace if found else access.workspace_by_slug(actor, workspace, field="workspace")
    )
    access.require(actor, Permission.COMMENT, place)
    try:
        with transaction.atomic():
            watch = Watch.objects.create(user=watcher, workspace=place, asset=found)
            event = WatchStarted(
                subject=_subject(place, found),
                workspace=place.uuid,
                asset=str(found.uuid) if found else None,
            )
            publish(event, actor=actor, roles=access.roles(actor, place.pk))
    except IntegrityError:
        raise Conflict("You watch it already.") from None
    return watch


def stop(*, actor: Actor, watch: UUID) -> None:
    """End one of the actor's own watches; raises NotFound for any other."""
    found = Watch.objects.select_related("workspace", "asset__workspace").filter(uuid=watch).first()
    if found is None:
        raise NotFound
    place, asset = found.workspace, found.asset
    if found.user != actor.user or not access.allows(actor, Permission.VIEW, place.pk):
        raise NotFound(denial=Denial("own_watch", f"watch/{watch}", place.uuid))
    with transaction.atomic():
        if not Watch.objects.filter(pk=found.pk).delete()[0]:
            raise NotFound
        event = WatchEnded(
            subject=_subject(place, asset),
            workspace=place.uuid,
            asset=str(asset.uuid) if asset else None,
        )
        publish(event, actor=actor, roles=access.roles(actor, place.pk))


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise AccessDenied("Only accounts watch something.")
    return actor.user


def _subject(workspace: Workspace, asset: Asset | None) -> str:
    return str(asset_reference(asset)) if asset else workspace.slug
