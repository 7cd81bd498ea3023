"""MLflow's stages, which are aliases and lifecycle states to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.errors import InvalidInput
from registry.models import Alias, Asset
from registry.models.life import ACTIVE, Lifecycle
from registry.queries.life import state_of
from registry.queries.versions import version_by_uuid
from registry.services import aliases, lifecycle

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion

NO_STAGE = "none"
ARCHIVED = "archived"
STAGE_ALIASES = ("staging", "production")
STAGES = (NO_STAGE, *STAGE_ALIASES, ARCHIVED)


def transition(
    *, actor: Actor, version: UUID, stage: str, is_archiving: bool = False, reason: str
) -> AssetVersion:
    """Bring a version into a stage: staging and production move the alias of that name, archived
    sets the lifecycle state, and none takes both away. A version is in one stage at most.

    With ``is_archiving`` the version that the alias pointed at is archived. Each step is a verb of
    its own, with its right and its journal entry; they happen together or not at all. Raises what
    ``aliases.move`` and ``lifecycle.change`` raise.
    """
    if stage not in STAGES:
        raise InvalidInput.of("stage", f"must be one of {', '.join(STAGES)}")
    if is_archiving and stage not in STAGE_ALIASES:
        raise InvalidInput.of("archive_existing_versions", f"{stage} is not an active stage")
    found = version_by_uuid(actor, version)
    with transaction.atomic():
        Asset.objects.select_for_update(no_key=True).get(pk=found.asset_id)
        _leave(found, actor=actor, stage=stage, reason=reason)
        if stage in STAGE_ALIASES:
            _enter(found, actor=actor, stage=stage, is_archiving=is_archiving, reason=reason)
        elif stage == ARCHIVED and state_of(found) != ARCHIVED:
            lifecycle.change(
                actor=actor, version=found.uuid, state=Lifecycle.State.ARCHIVED, reason=reason
            )
    return found


def _leave(version: AssetVersion, *, actor: Actor, stage: str, reason: str) -> None:
    """Take the version out of every other stage."""
    others = [name for name in STAGE_ALIASES if name != stage]
    standing = version.aliases.filter(name__in=others).order_by("name")
    for name in list(standing.values_list("name", flat=True)):
        aliases.move_within(actor=actor, asset=version.asset, alias=name, to=None, reason=reason)
    if stage != ARCHIVED and state_of(version) == ARCHIVED:
        lifecycle.change(actor=actor, version=version.uuid, state=ACTIVE, reason=reason)


def _enter(
    version: AssetVersion, *, actor: Actor, stage: str, is_archiving: bool, reason: str
) -> None:
    """Point the alias of the stage at the version."""
    current = (
        Alias.objects.select_related("version").filter(asset=version.asset, name=stage).first()
    )
    if current is not None and current.version_id == version.pk:
        return
    aliases.move_within(actor=actor, asset=version.asset, alias=stage, to=version, reason=reason)
    if is_archiving and current is not None and state_of(current.version) != ARCHIVED:
        lifecycle.change(
            actor=actor,
            version=current.version.uuid,
            state=Lifecycle.State.ARCHIVED,
            reason=reason,
        )
