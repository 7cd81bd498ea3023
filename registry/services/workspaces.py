"""Create workspaces and change their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.preconditions import ANY_STATE, require_state, state_tag
from core.references import SLUG, check_alias
from registry import access
from registry.events import WorkspaceChanged, WorkspaceCreated
from registry.models import Workspace
from registry.permissions import Permission, Role
from registry.services import members
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.actors import Actor
    from core.preconditions import Expected

CHANGEABLE = (
    "title",
    "description",
    "protected_aliases",
    "delete_rule",
    "requires_reason",
    "is_discoverable",
)


def create(
    *,
    actor: Actor,
    slug: str,
    title: str,
    stage: str,
    description: str = "",
    protected_aliases: list[str] | None = None,
) -> Workspace:
    """Create a workspace; its creator becomes its first admin.

    Needs an administrator of the organisation. Raises InvalidInput, or Conflict for a taken slug.
    """
    access.require_organisation_admin(actor, subject=slug)
    if not SLUG.match(slug):
        raise InvalidInput.of("slug", "must be 1 to 63 of a-z, 0-9 and -, not at its ends")
    if stage not in Workspace.Stage.values:
        raise InvalidInput.of("stage", f"must be one of {', '.join(Workspace.Stage.values)}")
    workspace = Workspace(slug=slug, title=title, stage=stage, description=description)
    if protected_aliases is not None:
        workspace.protected_aliases = _checked_aliases(protected_aliases)
    with transaction.atomic():
        try:
            with transaction.atomic():
                workspace.save()
        except IntegrityError:
            raise Conflict(f"There is a workspace called {slug}.") from None
        publish(
            WorkspaceCreated(
                subject=slug, workspace=workspace.uuid, after={**_settings(workspace)}
            ),
            actor=actor,
            roles=access.roles(actor, workspace.pk),
        )
        if actor.user is not None:
            members.record_grant(
                actor=actor, workspace=workspace, role=Role.ADMIN, user=actor.user, reason="creator"
            )
    return workspace


def tag_of(workspace: Workspace) -> str:
    """Return the tag of the workspace's present settings."""
    return state_tag({"uuid": str(workspace.uuid), **_settings(workspace)})


def change(
    *,
    actor: Actor,
    slug: str,
    changes: Mapping[str, Any],
    expected: Expected = ANY_STATE,
    reason: str = "",
) -> Workspace:
    """Change settings of a workspace, those of ``CHANGEABLE``; needs the right change_workspace.

    A workspace that requires reasons requires one for this too. Raises PreconditionFailed when
    the settings are none of those ``expected``.
    """
    workspace = access.workspace_by_slug(actor, slug, permission=Permission.CHANGE_WORKSPACE)
    if unknown := sorted(set(changes) - set(CHANGEABLE)):
        raise InvalidInput.of(unknown[0], "cannot be changed")
    if changes.get("delete_rule", workspace.delete_rule) not in Workspace.DeleteRule.values:
        known = ", ".join(Workspace.DeleteRule.values)
        raise InvalidInput.of("delete_rule", f"must be one of {known}")
    check_reason(workspace, reason)
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        require_state(expected, actual=tag_of(workspace))
        before = _settings(workspace)
        for name, value in changes.items():
            checked = _checked_aliases(value) if name == "protected_aliases" else value
            setattr(workspace, name, checked)
        workspace.save(update_fields=[*changes])
        publish(
            WorkspaceChanged(
                subject=workspace.slug,
                workspace=workspace.uuid,
                before=before,
                after=_settings(workspace),
                reason=reason,
            ),
            actor=actor,
            roles=access.roles(actor, workspace.pk),
        )
    return workspace


def _settings(workspace: Workspace) -> dict[str, Any]:
    return {
        "title": workspace.title,
        "stage": workspace.stage,
        "description": workspace.description,
        "protected_aliases": list(workspace.protected_aliases),
        "delete_rule": workspace.delete_rule,
        "requires_reason": workspace.requires_reason,
        "is_discoverable": workspace.is_discoverable,
    }


def _checked_aliases(aliases: list[str]) -> list[str]:
    return sorted({check_alias(alias, field="protected_aliases") for alias in aliases})
